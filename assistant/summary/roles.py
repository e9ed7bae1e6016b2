"""One abstract -> for each column of the table the sentence that belongs there, if any does.

A softmax regression tells what each sentence is for, from its words and those beside it, its place,
and its vector where the default encoder made one. ``benchmarks/fit_roles.py`` fits ``roles.npz``.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING

from assistant.library import StoredPaper
from assistant.summary.notes import ROLES, Notes, Role, score, tells_availability
from assistant.summary.role_words import counts

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

KINDS: tuple[tuple[Role, ...], ...] = (
    ("problem",),
    ("method",),
    ("data",),
    ("finding",),
    ("limits",),
    (),
    ("method", "data"),
    ("problem", "method"),
    ("method", "data", "finding"),
    ("data", "finding"),
)
"""What a sentence may be for; many tell what was done and to whom at once."""
_BESIDE = 0.5
"""What the words of a sentence count for the one before and the one after it."""
_VECTOR = 2.0
_FAR = 6
"""Sentences from an end of the abstract from which on more of them tell nothing."""
_CUES_DECIDE: Mapping[Role, tuple[float, float]] = {"method": (0.3, 1.0), "finding": (0.8, 0.3)}
"""Among sentences that are so nearly as likely as the likeliest, what their cues weigh."""
_DIGIT = re.compile(r"\d")


@dataclass(frozen=True)
class Model:
    """What was fitted."""

    encoder: str
    """Digest of the encoder whose vectors ``by_vectors`` reads."""
    by_words: NDArray[np.float32]
    """Weights of ``features``, shape ``(features, kinds)``."""
    by_vectors: NDArray[np.float32]
    """Those of ``features`` and ``vector_features`` together."""
    thresholds: NDArray[np.float32]
    """The probability from which a sentence fills a cell, by role, shape ``(2, roles)``.

    First without vectors, then with them.
    """


@cache
def model() -> Model:
    """The one that comes with the program."""
    import numpy as np

    with files("assistant.summary").joinpath("roles.npz").open("rb") as file:
        held = np.load(file)
        return Model(
            str(held["encoder"]),
            held["by_words"].astype(np.float32),
            held["by_vectors"].astype(np.float32),
            held["thresholds"],
        )


def read_cells(stored: StoredPaper, vectors: NDArray[np.float32] | None = None) -> Notes:
    """The notes of one paper for the table: to each role one sentence at most.

    ``vectors`` are the unit vectors of its sentences by ``model().encoder``.
    """
    fitted = model()
    texts = telling(stored)
    likely = probabilities(fitted, texts, None if vectors is None else vectors[: len(texts)])
    thresholds = fitted.thresholds[int(vectors is not None)]
    cells: dict[str, tuple[int, ...]] = {
        role: (_plainest(role, texts, likely[:, column]),)
        for column, role in enumerate(ROLES)
        if likely[:, column].max() >= thresholds[column]
    }
    return Notes(stored, cells)


def _plainest(role: Role, texts: Sequence[str], likely: NDArray[np.float32]) -> int:
    """Of the sentences that are nearly as likely as the likeliest, the one with the best cues."""
    share, weight = _CUES_DECIDE.get(role, (1.0, 0.0))
    near = [place for place in range(len(texts)) if likely[place] >= share * likely.max()]

    def plain(place: int) -> float:
        return weight * score(role, texts[place], place, len(texts)) + float(likely[place])

    return max(near, key=plain)


def telling(stored: StoredPaper) -> list[str]:
    """The sentences of an abstract up to those at its end that say where code can be had."""
    texts = [stored.sentence(index) for index in range(len(stored.sentences))]
    while len(texts) > 1 and tells_availability(texts[-1]):
        texts.pop()
    return texts


def probabilities(
    fitted: Model, texts: Sequence[str], vectors: NDArray[np.float32] | None
) -> NDArray[np.float32]:
    """How likely each sentence has each role, shape ``(sentences, roles)``.

    With vectors it is the mean of what the words tell and what both tell together.
    """
    import numpy as np

    known = features(texts)
    likely = _softmax(known @ fitted.by_words)
    if vectors is not None:
        both = np.concatenate([known, vector_features(vectors)], axis=1)
        likely = np.mean([likely, _softmax(both @ fitted.by_vectors)], axis=0)
    return np.asarray(likely @ in_kinds())


def _softmax(scores: NDArray[np.float32]) -> NDArray[np.float32]:
    import numpy as np

    raised: NDArray[np.float32] = np.exp(scores - scores.max(axis=1, keepdims=True))
    raised /= raised.sum(axis=1, keepdims=True)
    return raised


@cache
def in_kinds() -> NDArray[np.float32]:
    """Which roles a kind has, shape ``(kinds, roles)``."""
    import numpy as np

    return np.array([[role in kind for role in ROLES] for kind in KINDS], dtype=np.float32)


def features(texts: Sequence[str]) -> NDArray[np.float32]:
    """What words and places tell of each sentence, shape ``(sentences, features)``."""
    import numpy as np

    words = np.array([counts(text) for text in texts]) / 2
    nothing = np.zeros_like(words[:1])
    first, last = np.zeros((2, len(texts), 1))
    first[0] = last[-1] = 1
    parts = [
        np.array([_of(text, index, len(texts)) for index, text in enumerate(texts)]),
        words,
        _BESIDE * np.concatenate([nothing, words[:-1]]),
        _BESIDE * np.concatenate([words[1:], nothing]),
        _BESIDE * words * first,
        _BESIDE * words * last,
    ]
    return np.concatenate(parts, axis=1).astype(np.float32)


def vector_features(vectors: NDArray[np.float32]) -> NDArray[np.float32]:
    """What their vectors tell: each, and how it departs from the mean, which is the topic."""
    import numpy as np

    return np.concatenate([_VECTOR * vectors, vectors - vectors.mean(axis=0)], axis=1)


def _of(text: str, index: int, count: int) -> list[float]:
    """The form of a sentence and its place in the abstract."""
    is_last = index == count - 1
    return [
        1.0,
        float("?" in text) / 2,
        float(bool(_DIGIT.search(text))) / 2,
        len(text.split()) / 40,
        float(index == 0),
        float(index == 1),
        float(index == 2),
        float(is_last),
        float(is_last and count <= 3),
        float(is_last and count > 4),
        float(index == count - 2 and count > 2),
        float(count <= 3),
        index / (count - 1) if count > 1 else 0.5,
        1 / count,
        min(index, _FAR) / _FAR,
        min(count - 1 - index, _FAR) / _FAR,
    ]

"""One abstract -> for each column of the table the sentence that belongs there, if any does.

A softmax regression tells what each sentence is for, from its words and those beside it, its place,
and its vector where the default encoder made one. ``benchmarks/fit_roles.py`` fits ``roles.npz``.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING

from assistant.library import StoredPaper
from assistant.summary.notes import ROLES, Notes, Role
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
_DIGIT = re.compile(r"\d")


@dataclass(frozen=True)
class Model:
    """What was fitted."""

    encoder: str
    """Digest of the encoder whose vectors ``with_vectors`` reads."""
    with_vectors: NDArray[np.float32]
    """Weights, shape ``(features, kinds)``."""
    without_vectors: NDArray[np.float32]
    thresholds: NDArray[np.float32]
    """The probability from which a sentence fills a cell, with and without vectors by role."""


@cache
def model() -> Model:
    """The one that comes with the program."""
    import numpy as np

    with files("assistant.summary").joinpath("roles.npz").open("rb") as file:
        held = np.load(file)
        return Model(
            str(held["encoder"]),
            held["with_vectors"].astype(np.float32),
            held["without_vectors"].astype(np.float32),
            held["thresholds"].astype(np.float32),
        )


def read_cells(stored: StoredPaper, vectors: NDArray[np.float32] | None = None) -> Notes:
    """The notes of one paper for the table: to each role one sentence at most.

    ``vectors`` are the unit vectors of its sentences by ``model().encoder``.
    """
    fitted = model()
    weights = fitted.without_vectors if vectors is None else fitted.with_vectors
    likely = probabilities(features(stored, vectors), weights)
    best = likely.argmax(axis=0)
    thresholds = fitted.thresholds[int(vectors is None)]
    cells: dict[Role, tuple[int, ...]] = {
        role: (int(best[column]),)
        for column, role in enumerate(ROLES)
        if likely[best[column], column] >= thresholds[column]
    }
    return Notes(stored, cells)


def probabilities(
    features: NDArray[np.float32], weights: NDArray[np.float32]
) -> NDArray[np.float32]:
    """How likely each sentence has each role, shape ``(sentences, roles)``."""
    import numpy as np

    scores = features @ weights
    kinds = np.exp(scores - scores.max(axis=1, keepdims=True))
    kinds /= kinds.sum(axis=1, keepdims=True)
    return np.asarray(kinds @ in_kinds(), dtype=np.float32)


@cache
def in_kinds() -> NDArray[np.float32]:
    """Which roles a kind has, shape ``(kinds, roles)``."""
    import numpy as np

    return np.array([[role in kind for role in ROLES] for kind in KINDS], dtype=np.float32)


def features(
    stored: StoredPaper, vectors: NDArray[np.float32] | None = None
) -> NDArray[np.float32]:
    """What is known of each sentence of a paper, shape ``(sentences, features)``."""
    import numpy as np

    texts = [stored.sentence(index) for index in range(len(stored.sentences))]
    words = np.array([counts(text) for text in texts], dtype=np.float32) / 2
    nothing = np.zeros_like(words[:1])
    first, last = (np.zeros((len(texts), 1), dtype=np.float32) for _ in range(2))
    first[0] = last[-1] = 1
    parts: list[NDArray[np.float32]] = [
        np.array([_of(text, i, len(texts)) for i, text in enumerate(texts)], dtype=np.float32),
        words,
        _BESIDE * np.concatenate([nothing, words[:-1]]),
        _BESIDE * np.concatenate([words[1:], nothing]),
        _BESIDE * words * first,
        _BESIDE * words * last,
    ]
    if vectors is not None:
        parts += [_VECTOR * vectors, vectors - vectors.mean(axis=0)]
    return np.concatenate(parts, axis=1)


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

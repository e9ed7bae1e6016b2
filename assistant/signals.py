"""What speaks for a paper and its sentences: each wording of the question against each paper."""

from __future__ import annotations

from collections.abc import Sequence, Set
from dataclasses import dataclass, fields
from functools import cached_property
from statistics import fmean
from typing import TYPE_CHECKING

from assistant.late_interaction import TITLE, EncodedText, Pieces, similarities
from assistant.library import StoredPaper
from assistant.weights import PaperWeights, SentenceWeights
from assistant.words import stem, stems

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

_MOST_TF = 2.2
"""What BM25 gives at most for one word, in units of its rarity (k1 = 1.2)."""


@dataclass(frozen=True)
class Signals:
    """What speaks for a paper; each about 0 to 1, and the mean over the question's wordings."""

    chunk: float = 0.0
    """Cosine of the question and the nearest chunk of the paper."""
    sentence: float = 0.0
    """Cosine of the question and the nearest sentence."""
    words: float = 0.0
    """BM25 as a share of the most that the words of the question could reach."""
    pieces: float = 0.0
    """Late interaction: mean best cosine of the word pieces of the question."""

    def weighed(self, by: PaperWeights) -> float:
        """The weighted sum."""
        names = (field.name for field in fields(self))
        return float(sum(getattr(by, name) * getattr(self, name) for name in names))


NOTHING = Signals()
"""Of a paper that was not weighed."""


@dataclass(frozen=True)
class SentenceMatch:
    """What speaks for a sentence of a paper."""

    score: float
    """Weighted sum of the signals below."""
    similarity: float
    """Cosine of the question and the sentence; 0 while the paper waits to be indexed."""
    words: float
    """Share, 0 to 1, of the words of the question, by rarity, in the title or the sentence."""
    pieces: float
    """Late interaction with the pieces of the title and the sentence."""
    parts: tuple[float, ...] = ()
    """For each part of the question as it was asked, late interaction with the sentence alone."""


@dataclass(frozen=True)
class Wording:
    """One wording of a question and what is the same for all papers."""

    encoded: EncodedText
    rarity: dict[str, float]
    """Its telling words, and for each the inverse document frequency as in BM25."""
    pieces: NDArray[np.float32]
    """Unit vectors of its telling word pieces, shape ``(pieces, dimension)``."""
    parts: Sequence[Sequence[int]] = ()
    """Which of them are in each part of the question; none for a part without any."""

    def share(self, words: Set[str]) -> float:
        """How much of its words, by rarity, has its stem among these."""
        total = sum(self.rarity.values())
        found = sum(rarity for word, rarity in self.rarity.items() if stem(word) in words)
        return found / total if total else 0.0

    def part(self, bm25: float) -> float:
        """A BM25 score as a share of the most that its words could reach."""
        most = _MOST_TF * sum(self.rarity.values())
        return bm25 / most if most else 0.0


@dataclass(frozen=True)
class Asked:
    """A question in all its wordings, the one that was asked first."""

    wordings: Sequence[Wording]

    @cached_property
    def vectors(self) -> NDArray[np.float32]:
        """Of the wordings as wholes, shape ``(wordings, dimension)``."""
        import numpy as np

        return np.array([wording.encoded.vector for wording in self.wordings])

    @cached_property
    def pieces(self) -> NDArray[np.float32]:
        """The word pieces of all wordings below one another."""
        import numpy as np

        return np.concatenate([wording.pieces for wording in self.wordings])

    @cached_property
    def shares(self) -> NDArray[np.float32]:
        """What each of ``pieces`` counts, so that wordings count alike; adds up to 1."""
        import numpy as np

        counts = [len(wording.pieces) for wording in self.wordings]
        return np.repeat([1 / (len(counts) * max(n, 1)) for n in counts], counts)

    def matched(self, stored: bytes | None) -> Matched:
        """Its word pieces beside those of a paper, as ``Pieces.to_bytes`` gave them."""
        pieces = Pieces.from_bytes(stored) if stored else Pieces.none(self.pieces.shape[1])
        return Matched(similarities(self.pieces, pieces), pieces.starts)

    def share(self, words: Set[str]) -> float:
        """As ``Wording.share``, the mean."""
        return fmean(wording.share(words) for wording in self.wordings)


@dataclass(frozen=True)
class Matched:
    """Late interaction of a question and a paper."""

    cosines: NDArray[np.float32]
    """Of each piece of the question, down, with each of the paper, across."""
    starts: NDArray[np.uint32]
    """As in ``Pieces``; none for a paper that is not indexed."""


@dataclass(frozen=True)
class Candidate:
    """A paper that was looked at; what speaks for it is the mean over the wordings."""

    stored: StoredPaper
    asked: Asked
    cosines: NDArray[np.float32]
    """Of each wording, down, with the chunks, then the sentences; zeros if it is not indexed."""
    bm25: Sequence[float]
    """For each wording."""
    matched: Matched

    @property
    def _chunks(self) -> int:
        return int(self.cosines.shape[1]) - len(self.stored.sentences)

    @cached_property
    def _stems(self) -> frozenset[str]:
        return stems(f"{self.stored.paper.title} {self.stored.paper.abstract}")

    @cached_property
    def signals(self) -> Signals:
        """What speaks for the paper."""
        parts = zip(self.asked.wordings, self.bm25, strict=True)
        return Signals(
            chunk=_mean_best(self.cosines[:, : self._chunks]),
            sentence=_mean_best(self.cosines[:, self._chunks :]),
            words=fmean(wording.part(bm25) for wording, bm25 in parts),
            pieces=self._near(slice(None)),
        )

    def sentences(self, by: SentenceWeights) -> tuple[SentenceMatch, ...]:
        """What speaks for each of its sentences."""
        made = []
        title = stems(self.stored.paper.title)
        starts = self.matched.starts
        means = self.cosines.mean(axis=0)
        for index, (start, end) in enumerate(self.stored.sentences):
            cosine = float(means[self._chunks + index])
            words = self.asked.share(title | stems(self.stored.sentence(index)))
            pieces = self._near((starts == TITLE) | ((starts >= start) & (starts < end)))
            score = by.sentence * cosine + by.words * words + by.pieces * pieces
            parts = self._parts((starts >= start) & (starts < end))
            made.append(SentenceMatch(score, cosine, words, pieces, parts))
        return tuple(made)

    def _parts(self, which: NDArray[np.bool_]) -> tuple[float, ...]:
        """Late interaction of each part of the question as it was asked with these pieces."""
        parts = self.asked.wordings[0].parts
        if len(parts) < 2 or not which.any():
            return (0.0,) * len(parts)
        best = self.matched.cosines[:, which].max(axis=1)
        return tuple(float(best[list(pieces)].mean()) if pieces else 0.0 for pieces in parts)

    def missing(self) -> tuple[str, ...]:
        """Words of the question, as it was asked, that neither title nor abstract has."""
        asked = self.asked.wordings[0].rarity
        return tuple(word for word in asked if stem(word) not in self._stems)

    def near_title(self) -> float:
        """Late interaction with the title alone."""
        return self._near(self.matched.starts == TITLE)

    def _near(self, which: slice | NDArray[np.bool_]) -> float:
        """Late interaction with these pieces of the paper."""
        cosines = self.matched.cosines[:, which]
        return float(cosines.max(axis=1) @ self.asked.shares) if cosines.size else 0.0


def _mean_best(cosines: NDArray[np.float32]) -> float:
    """The mean, over the wordings, of the best cosine."""
    return float(cosines.max(axis=1).mean()) if cosines.size else 0.0

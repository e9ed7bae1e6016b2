"""Question -> papers: vectors (Chroma) and words (FTS5) propose, weighed signals rank them."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence, Set
from dataclasses import dataclass, fields
from functools import cached_property
from itertools import islice
from typing import TYPE_CHECKING, Protocol

from assistant.indexing import entries_of
from assistant.late_interaction import TITLE, EncodedText, Pieces, similarities, telling
from assistant.library import Library, StoredPaper
from assistant.sentences import Span
from assistant.vectors import VectorIndex
from assistant.weights import PaperWeights, SentenceWeights, Weights, weights
from assistant.words import stem, stems, telling_words

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

NEAREST = 2000
"""Entries of the vector index asked for; Chroma finds the first hundreds surely only so."""
ENTRIES_A_PAPER = 20
"""The same for each paper that is wanted, where many are."""
NEAR_PAPERS = 60
"""Papers looked at for their vectors, or as many as are wanted."""
WORD_MATCHES = 40
"""Papers looked at for their words, or as many as are wanted."""
AT_ONCE = 50
"""Papers whose word pieces are in memory together; one takes about 50 kB."""
_MOST_TF = 2.2
"""What BM25 gives at most for one word, in units of its rarity (k1 = 1.2)."""


class QuestionEncoder(Protocol):
    """Turns a question into unit vectors."""

    def encode_question(self, question: str) -> EncodedText:
        """Encode one question, as a whole and word piece by word piece."""


@dataclass(frozen=True)
class Signals:
    """What speaks for a paper; each about 0 to 1."""

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


@dataclass(frozen=True)
class Hit:
    """A paper found for a question."""

    stored: StoredPaper
    score: float
    """Weighted sum of the signals."""
    similarity: float
    """Cosine of the question and the nearest chunk of the paper."""
    sentences: tuple[SentenceMatch, ...] = ()
    """One for each sentence of the paper; none in a hit that was kept."""
    signals: Signals = Signals()
    missing: tuple[str, ...] = ()
    """Words of the question that neither title nor abstract has."""
    covered: float = 0.0
    """Share, 0 to 1, of the words of the question, by rarity, that title and abstract have."""
    weakest: float = 0.0
    """Late interaction of the two worst matched word pieces of the question."""
    title: float = 0.0
    """Late interaction with the title alone."""


class Retriever:
    """Searches one library."""

    def __init__(
        self,
        library: Library,
        index: VectorIndex,
        questions: QuestionEncoder,
        among: Sequence[str] | None = None,
        weighing: Weights | None = None,
    ) -> None:
        """All three must stay open while the retriever is used; ``among`` as in ``within``."""
        self._library = library
        self._index = index
        self._questions = questions
        self._among = among
        self._weights = weighing or weights()

    def within(self, identifiers: Iterable[str]) -> Retriever:
        """A retriever that finds only papers with these ids.

        Scores are those of a search in the whole library, so that "near enough to answer" means
        the same.
        """
        ids = tuple(identifiers)
        return Retriever(self._library, self._index, self._questions, ids, self._weights)

    def without(self, identifiers: Iterable[str]) -> Retriever:
        """A retriever that finds what this one finds, except papers with these ids."""
        hidden = set(identifiers)
        shown = self._library.identifiers() if self._among is None else self._among
        return self.within(identifier for identifier in shown if identifier not in hidden)

    def search(self, question: str, k: int) -> list[Hit]:
        """The ``k`` best papers, best first; fewer if the library has fewer.

        Raises ``LibraryStale`` if the index is damaged.
        """
        if not self._library.count() or self._among == ():
            return []
        asked = self._question(question)
        by_words = dict(
            self._library.rank_by_words(expression(asked.rarity), max(k, WORD_MATCHES), self._among)
        )
        with self._index.session():
            entries_wanted = max(NEAREST, k * ENTRIES_A_PAPER)
            nearest = self._index.nearest(asked.encoded.vector, entries_wanted, self._among)
            near = list(dict.fromkeys(n.paper_id for n in nearest))[: max(k, NEAR_PAPERS)]
            papers = self._library.fetch(dict.fromkeys([*near, *by_words]))
            entries = {paper_id: [e.id for e in entries_of(p)] for paper_id, p in papers.items()}
            cosines = {n.id: n.similarity for n in nearest}
            others = [i for ids in entries.values() for i in ids if i not in cosines]
            for i, vector in self._index.vectors_of(others).items():
                cosines[i] = float(vector @ asked.encoded.vector)
        by_words |= self._library.score_words(expression(asked.rarity), papers)
        matched: dict[str, _Matched | None] = {}
        waiting = iter(papers)
        while ids := list(islice(waiting, AT_ONCE)):
            pieces = self._library.pieces(ids)
            matched |= {paper_id: asked.matched(pieces.get(paper_id)) for paper_id in ids}
        found = [
            _Candidate(
                stored,
                [cosines.get(i, 0.0) for i in entries[paper_id]],
                by_words.get(paper_id, 0.0),
                matched[paper_id],
            )
            for paper_id, stored in papers.items()
        ]
        scored = [(c.signals(asked), c) for c in found]
        scored.sort(key=lambda pair: (-pair[0].weighed(self._weights.papers), pair[1].stored.id))
        return [
            Hit(
                candidate.stored,
                signals.weighed(self._weights.papers),
                signals.chunk,
                candidate.sentences(asked, self._weights.sentences),
                signals,
                candidate.missing(asked),
                asked.share(candidate.stems),
                candidate.weakest(),
                candidate.near_title(),
            )
            for signals, candidate in scored[:k]
        ]

    def _question(self, question: str) -> _Question:
        encoded = self._questions.encode_question(question)
        words = telling_words(question)
        count = self._library.count()
        rarity = {
            word: math.log(1 + (count - papers + 0.5) / (papers + 0.5))
            for word, papers in self._library.papers_with_words(words).items()
        }
        chosen = telling(question, encoded.spans) or list(range(len(encoded.spans)))
        return _Question(encoded, rarity, encoded.pieces[chosen])


@dataclass(frozen=True)
class _Question:
    """A question and what is the same for all papers."""

    encoded: EncodedText
    rarity: dict[str, float]
    """Its telling words, and for each the inverse document frequency as in BM25."""
    pieces: NDArray[np.float32]
    """Unit vectors of its telling word pieces, shape ``(pieces, dimension)``."""

    def matched(self, stored: bytes | None) -> _Matched | None:
        """Its pieces beside those of a paper; ``None`` where one has none."""
        if stored is None or not len(self.pieces):
            return None
        pieces = Pieces.from_bytes(stored)
        if not len(pieces.starts):
            return None
        return _Matched(similarities(self.pieces, pieces), pieces.starts)

    def share(self, words: Set[str]) -> float:
        """How much of its words, by rarity, has its stem among these."""
        total = sum(self.rarity.values())
        found = sum(rarity for word, rarity in self.rarity.items() if stem(word) in words)
        return found / total if total else 0.0


@dataclass(frozen=True)
class _Matched:
    """Late interaction of a question and a paper."""

    cosines: NDArray[np.float32]
    """Of each piece of the question, down, with each of the paper, across."""
    starts: NDArray[np.uint32]
    """As in ``Pieces``."""


@dataclass(frozen=True)
class _Candidate:
    """A paper that was looked at."""

    stored: StoredPaper
    cosines: list[float]
    """Of the question with its chunks, then with its sentences; zeros if it is not indexed."""
    bm25: float
    matched: _Matched | None

    @property
    def _chunks(self) -> int:
        return len(self.cosines) - len(self.stored.sentences)

    def signals(self, asked: _Question) -> Signals:
        most = _MOST_TF * sum(asked.rarity.values())
        return Signals(
            chunk=max(self.cosines[: self._chunks], default=0.0),
            sentence=max(self.cosines[self._chunks :], default=0.0),
            words=self.bm25 / most if most else 0.0,
            pieces=self._near(None),
        )

    def sentences(self, asked: _Question, by: SentenceWeights) -> tuple[SentenceMatch, ...]:
        matches = []
        title = stems(self.stored.paper.title)
        for index, span in enumerate(self.stored.sentences):
            cosine = self.cosines[self._chunks + index]
            words = asked.share(title | stems(self.stored.sentence(index)))
            pieces = self._near(span)
            score = by.sentence * cosine + by.words * words + by.pieces * pieces
            matches.append(SentenceMatch(score, cosine, words, pieces))
        return tuple(matches)

    @cached_property
    def stems(self) -> set[str]:
        return stems(f"{self.stored.paper.title} {self.stored.paper.abstract}")

    def missing(self, asked: _Question) -> tuple[str, ...]:
        return tuple(word for word in asked.rarity if stem(word) not in self.stems)

    def weakest(self) -> float:
        if self.matched is None:
            return 0.0
        best = sorted(self.matched.cosines.max(axis=1))
        return float(sum(best[:2]) / len(best[:2]))

    def near_title(self) -> float:
        if self.matched is None:
            return 0.0
        title = self.matched.starts == TITLE
        return float(self.matched.cosines[:, title].max(axis=1).mean()) if title.any() else 0.0

    def _near(self, span: Span | None) -> float:
        """Late interaction with the whole paper, or with the title and one sentence."""
        if self.matched is None:
            return 0.0
        cosines, starts = self.matched.cosines, self.matched.starts
        if span is not None:
            inside = (starts >= span[0]) & (starts < span[1])
            inside |= starts == TITLE
            if not inside.any():
                return 0.0
            cosines = cosines[:, inside]
        return float(cosines.max(axis=1).mean())


def expression(words: Iterable[str]) -> str:
    """An FTS5 expression that matches any of the words, whatever they contain."""
    return " OR ".join(f'"{word}"' for word in words) or '""'

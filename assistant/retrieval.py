"""Question -> papers: vectors (Chroma) and words (FTS5) propose, weighed signals rank them."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain, islice
from typing import Protocol

from assistant.indexing import entries_of
from assistant.late_interaction import EncodedText, telling
from assistant.library import Library, StoredPaper
from assistant.question_parts import parts
from assistant.signals import NOTHING, Asked, Candidate, Matched, SentenceMatch, Signals, Wording
from assistant.thesaurus import Thesaurus, thesaurus
from assistant.vectors import Neighbour, VectorIndex
from assistant.weights import Weights, weights
from assistant.words import telling_words

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


class QuestionEncoder(Protocol):
    """Turns a question into unit vectors."""

    def encode_question(self, question: str) -> EncodedText:
        """Encode one question, as a whole and word piece by word piece."""


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
    signals: Signals = NOTHING
    missing: tuple[str, ...] = ()
    """Words of the question that neither title nor abstract has."""
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
        synonyms: Thesaurus | None = None,
    ) -> None:
        """All three must stay open while the retriever is used; ``among`` as in ``within``.

        Without ``weighing`` and ``synonyms`` those that come with the program are used.
        """
        self._library = library
        self._index = index
        self._questions = questions
        self._among = among
        self._weights = weighing or weights()
        self._thesaurus = synonyms or thesaurus()

    def within(self, identifiers: Iterable[str]) -> Retriever:
        """A retriever that finds only papers with these ids.

        Scores are those of a search in the whole library, so that "near enough to answer" means
        the same.
        """
        ids = tuple(identifiers)
        return Retriever(
            self._library, self._index, self._questions, ids, self._weights, self._thesaurus
        )

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
        import numpy as np

        asked = Asked([self._wording(text) for text in self._thesaurus.wordings(question)])
        expressions = [expression(wording.rarity) for wording in asked.wordings]
        matching = [
            self._library.rank_by_words(words, max(k, WORD_MATCHES), self._among)
            for words in expressions
        ]
        with self._index.session():
            entries_wanted = max(NEAREST, k * ENTRIES_A_PAPER)
            nearest = self._index.nearest(asked.vectors, entries_wanted, self._among)
            papers = self._library.fetch(_candidates(nearest, matching, max(k, NEAR_PAPERS)))
            entries = {paper_id: [e.id for e in entries_of(p)] for paper_id, p in papers.items()}
            cosines = self._cosines(asked.wordings, nearest, entries)
        bm25 = [self._library.score_words(words, papers) for words in expressions]
        matched: dict[str, Matched] = {}
        waiting = iter(papers)
        while ids := list(islice(waiting, AT_ONCE)):
            pieces = self._library.pieces(ids)
            matched |= {paper_id: asked.matched(pieces.get(paper_id)) for paper_id in ids}
        found = [
            Candidate(
                stored,
                asked,
                np.array([[near[i] for i in entries[paper_id]] for near in cosines], np.float32),
                [words.get(paper_id, 0.0) for words in bm25],
                matched[paper_id],
            )
            for paper_id, stored in papers.items()
        ]
        by = self._weights
        found.sort(key=lambda c: (-c.signals.weighed(by.papers), c.stored.id))
        return [
            Hit(
                candidate.stored,
                candidate.signals.weighed(by.papers),
                candidate.signals.chunk,
                candidate.sentences(by.sentences),
                candidate.signals,
                candidate.missing(),
                candidate.near_title(),
            )
            for candidate in found[:k]
        ]

    def _wording(self, text: str) -> Wording:
        encoded = self._questions.encode_question(text)
        words = telling_words(text)
        count = self._library.count()
        rarity = {
            word: math.log(1 + (count - papers + 0.5) / (papers + 0.5))
            for word, papers in self._library.papers_with_words(words).items()
        }
        chosen = telling(text, encoded.spans) or list(range(len(encoded.spans)))
        spans = [encoded.spans[piece] for piece in chosen] if encoded.spans else []
        within = [
            [place for place, (first, last) in enumerate(spans) if start <= first and last <= end]
            for start, end in parts(text)
        ]
        return Wording(encoded, rarity, encoded.pieces[chosen], within)

    def _cosines(
        self,
        asked: Sequence[Wording],
        nearest: Sequence[Sequence[Neighbour]],
        entries: Mapping[str, Sequence[str]],
    ) -> list[dict[str, float]]:
        """For each wording its cosine with every entry; 0 with one that is not indexed."""
        known = [{n.id: n.similarity for n in found} for found in nearest]
        wanted = [i for ids in entries.values() for i in ids]
        others = self._index.vectors_of([i for i in wanted if any(i not in near for near in known)])
        found = []
        for wording, near in zip(asked, known, strict=True):
            cosines = {i: near.get(i, 0.0) for i in wanted}
            for i, vector in others.items():
                if i not in near:
                    cosines[i] = float(vector @ wording.encoded.vector)
            found.append(cosines)
        return found


def _candidates(
    nearest: Iterable[Sequence[Neighbour]],
    matching: Iterable[Sequence[tuple[str, float]]],
    near_papers: int,
) -> list[str]:
    """The ids of the papers that are looked at: near in any wording, or with its words."""
    near = [_first_papers(found, near_papers) for found in nearest]
    by_words = [[paper_id for paper_id, _ in found] for found in matching]
    return list(dict.fromkeys(chain(*near, *by_words)))


def _first_papers(found: Sequence[Neighbour], count: int) -> list[str]:
    papers: dict[str, None] = {}
    for neighbour in found:
        papers[neighbour.paper_id] = None
        if len(papers) == count:
            break
    return list(papers)


def expression(words: Iterable[str]) -> str:
    """An FTS5 expression that matches any of the words, whatever they contain."""
    return " OR ".join(f'"{word}"' for word in words) or '""'

"""Question -> papers: vectors (Chroma) and words (FTS5) propose, one score ranks them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

from assistant.indexing import entries_of
from assistant.library import Library, StoredPaper
from assistant.vectors import VectorIndex

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

NEAREST = 200
"""Entries of the vector index looked at; several belong to one paper."""
WORD_MATCHES = 40
"""Papers looked at for their words."""
WORD_WEIGHT = 0.5
"""Worth of the best keyword match, in units of cosine."""

_WORD = re.compile(r"\w+")
STOP_WORDS = frozenset(
    """a about an and any are as at be been between both but by can compare compared could did do
    does each either for from had has have how i if in into is it its many may might much no not of
    on one or paper papers should some studies study than that the their them then there these
    they this those to two us was we were what when where which who whom whose why will with
    within without work works would you your""".split()
)


class QuestionEncoder(Protocol):
    """A question to a unit vector of shape ``(dimension,)``."""

    def encode(self, question: str) -> NDArray[np.float32]:
        """Encode one question."""


@dataclass(frozen=True)
class Hit:
    """A paper found for a question."""

    stored: StoredPaper
    score: float
    """Chunk similarity + sentence similarity + half the relative keyword score; 0 to 2.5."""
    similarity: float
    """Cosine of the question and the nearest chunk of the paper."""
    sentence_similarities: tuple[float, ...]
    """Cosine of the question and each sentence; zeros while the paper waits to be indexed."""


class Retriever:
    """Searches one library."""

    def __init__(
        self,
        library: Library,
        index: VectorIndex,
        questions: QuestionEncoder,
        among: Sequence[str] | None = None,
    ) -> None:
        """All three must stay open while the retriever is used; ``among`` as in ``within``."""
        self._library = library
        self._index = index
        self._questions = questions
        self._among = among

    def within(self, identifiers: Iterable[str]) -> Retriever:
        """A retriever that finds only papers with these ids.

        Scores are those of a search in the whole library, so that "near enough to answer" means
        the same.
        """
        return Retriever(self._library, self._index, self._questions, tuple(identifiers))

    def search(self, question: str, k: int) -> list[Hit]:
        """The ``k`` best papers, best first; fewer if the library has fewer.

        Raises ``LibraryStale`` if the index is damaged.
        """
        if not self._library.count() or self._among == ():
            return []
        vector = self._questions.encode(question)
        words = expression(question)
        by_words = dict(self._library.rank_by_words(words, WORD_MATCHES, self._among))
        best = by_words if self._among is None else dict(self._library.rank_by_words(words, 1))
        best_words = max(best.values(), default=1.0)
        with self._index.session():
            nearest = self._index.nearest(vector, NEAREST, self._among)
            near = dict.fromkeys(n.paper_id for n in nearest)
            papers = self._library.fetch([*near, *(i for i in by_words if i not in near)])
            entries = {paper_id: [e.id for e in entries_of(p)] for paper_id, p in papers.items()}
            vectors = self._index.vectors_of([i for ids in entries.values() for i in ids])
        hits = []
        for paper_id, stored in papers.items():
            chunks = [
                float(vectors[i] @ vector) for i in entries[paper_id] if ":c" in i and i in vectors
            ]
            sentences = [
                float(vectors[i] @ vector) if i in vectors else 0.0
                for i in entries[paper_id]
                if ":s" in i
            ]
            keywords = by_words.get(paper_id, 0.0) / best_words
            similarity = max(chunks, default=0.0)
            score = similarity + max(sentences, default=0.0) + WORD_WEIGHT * keywords
            hits.append(Hit(stored, score, similarity, tuple(sentences)))
        return sorted(hits, key=lambda hit: (-hit.score, hit.stored.id))[:k]


def expression(question: str) -> str:
    """An FTS5 expression that matches any telling word of the question, whatever it contains."""
    words = [word.lower() for word in _WORD.findall(question)]
    telling = [word for word in words if word not in STOP_WORDS] or words
    return " OR ".join(f'"{word}"' for word in dict.fromkeys(telling)) or '""'

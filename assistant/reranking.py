"""Papers found -> the same papers in the order of a cross-encoder, for users who have one."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from pathlib import Path

from assistant.cross_encoder import CrossEncoder
from assistant.errors import ModelUnusable
from assistant.retrieval import Hit, Retriever

CANDIDATES = 30
"""Papers that are read by the cross-encoder for each question."""


class Reranker:
    """A cross-encoder that was trained to rank."""

    def __init__(self, folder: Path) -> None:
        """``folder`` holds the model. Raises ``ModelUnusable`` if there is no such folder."""
        self._encoder = CrossEncoder(folder, "reranker")

    def scores(self, question: str, texts: Sequence[str]) -> list[float]:
        """How well each text answers the question; higher is better, in no fixed range.

        Raises ``ModelUnusable`` if the model cannot be loaded or gives several numbers for a text.
        """
        found = self._encoder.numbers([(question, text) for text in texts])
        if found.ndim != 1:
            raise ModelUnusable(
                f"{self._encoder.folder} gives {found.shape[1]} numbers for a text, not one",
                "choose a cross-encoder that was trained to rank",
            )
        return [float(score) for score in found]


class RerankedRetriever:
    """A retriever whose papers come in the order of a cross-encoder."""

    def __init__(self, retriever: Retriever, reranker: Reranker) -> None:
        """The retriever proposes, the reranker orders."""
        self._retriever = retriever
        self._reranker = reranker

    def within(self, identifiers: Iterable[str]) -> RerankedRetriever:
        """As ``Retriever.within``."""
        return RerankedRetriever(self._retriever.within(identifiers), self._reranker)

    def without(self, identifiers: Iterable[str]) -> RerankedRetriever:
        """As ``Retriever.without``."""
        return RerankedRetriever(self._retriever.without(identifiers), self._reranker)

    def search(self, question: str, k: int) -> list[Hit]:
        """The ``k`` best papers, best first.

        The scores of the retriever are dealt out in the new order, the highest to the first paper,
        so that "near enough to answer" means what it means without a reranker.
        """
        hits = self._retriever.search(question, max(k, CANDIDATES))
        if not hits:
            return []
        texts = [f"{hit.stored.paper.title}\n{hit.stored.paper.abstract}" for hit in hits]
        scores = self._reranker.scores(question, texts)
        order = sorted(range(len(hits)), key=lambda i: -scores[i])
        return [replace(hits[i], score=hits[place].score) for place, i in enumerate(order)][:k]

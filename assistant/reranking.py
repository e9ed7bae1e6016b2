"""Papers found -> the same papers in the order of a cross-encoder, for users who have one."""

from __future__ import annotations

import os
from collections.abc import Iterable, Sequence
from dataclasses import replace
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from assistant.errors import ModelUnusable
from assistant.retrieval import Hit, Retriever

if TYPE_CHECKING:
    from sentence_transformers import CrossEncoder

CANDIDATES = 30
"""Papers that are read by the cross-encoder for each question."""


class Reranker:
    """A cross-encoder of sentence-transformers on the CPU; loads on first use."""

    def __init__(self, folder: Path) -> None:
        """``folder`` holds the model. Raises ``ModelUnusable`` if there is no such folder."""
        if not (folder / "config.json").is_file():
            raise ModelUnusable(
                f"the reranker {folder} is not a folder with a model",
                "set reranker to the folder of a cross-encoder, or remove the setting",
            )
        self.folder = folder

    def scores(self, question: str, texts: Sequence[str]) -> list[float]:
        """How well each text answers the question; higher is better, in no fixed range.

        Raises ``ModelUnusable`` if the model cannot be loaded or gives several numbers for a text.
        """
        found = self._model.predict(
            [(question, text) for text in texts], batch_size=8, show_progress_bar=False
        )
        if found.ndim != 1:
            raise ModelUnusable(
                f"{self.folder} gives {found.shape[1]} numbers for a text, not one",
                "choose a cross-encoder that was trained to rank",
            )
        return [float(score) for score in found]

    @cached_property
    def _model(self) -> CrossEncoder:
        os.environ.setdefault("HF_HUB_OFFLINE", "1")
        os.environ.setdefault("TOKENIZERS_PARALLELISM", "false")
        from sentence_transformers import CrossEncoder

        try:
            return CrossEncoder(str(self.folder), device="cpu", local_files_only=True)
        except Exception as error:  # a damaged file fails in any of four libraries
            raise ModelUnusable(
                f"{self.folder} is not a cross-encoder: {str(error)[:200]}",
                "set reranker to the folder of a cross-encoder, or remove the setting",
            ) from error


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

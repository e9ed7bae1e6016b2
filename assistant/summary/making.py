"""Papers of a library -> those on a topic, and the summary of papers, with their vectors."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from assistant.errors import UsageError
from assistant.indexing import Progress, entries_of
from assistant.library import Library, StoredPaper
from assistant.retrieval import Retriever
from assistant.summary.choosing import SAMPLE, Choice, OffTopic, choose
from assistant.summary.columns import check_columns
from assistant.summary.notes import ROLES
from assistant.summary.phrasing import Phrase
from assistant.summary.roles import model
from assistant.summary.summarizing import (
    LARGEST_SET,
    Style,
    Summary,
    summarize,
)
from assistant.thesaurus import Thesaurus
from assistant.vectors import VectorIndex

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

LONG_SET = 100
"""Papers from which on a summary tells how far it is."""


def papers_on_topic(
    topic: str,
    threshold: float,
    among: Sequence[str] | None,
    library: Library,
    index: VectorIndex,
    retriever: Retriever,
) -> Choice:
    """The papers of a library that belong to a topic, the nearest first; ``among`` ids if given."""
    hits = (retriever if among is None else retriever.within(among)).search(topic, LARGEST_SET)
    ordinary = hits
    if among is not None or library.count() > len(hits):
        ids = library.identifiers()
        sample = retriever.within(ids[:: max(1, len(ids) // SAMPLE)])
        ordinary = sample.search(topic, 2 * SAMPLE)
    vectors = paper_vectors(index, [hit.stored for hit in hits])
    return choose(hits, ordinary, vectors, threshold)


def summary_of(
    papers: Sequence[StoredPaper],
    topic: str,
    style: Style,
    index: VectorIndex,
    progress: Progress | None,
    off_topic: Sequence[OffTopic] = (),
    columns: Sequence[str] = ROLES,
    synonyms: Thesaurus | None = None,
    phrase: Phrase | None = None,
) -> Summary:
    """What the papers say, in quotes; ``progress`` hears how many are read.

    Raises ``UsageError`` for more than ``LARGEST_SET`` papers, and as ``check_columns``.
    """
    if len(papers) > LARGEST_SET:
        raise UsageError(
            f"{len(papers)} papers are more than a summary holds ({LARGEST_SET})",
            "choose fewer with a topic, a set or a filter",
        )
    check_columns(columns)
    compares = style != "table"
    vectors = paper_vectors(index, papers) if compares else {}
    reads_vectors = index.encoder.sha256 == model().encoder
    sentences = sentence_vectors(index, papers) if compares or reads_vectors else {}
    return summarize(
        papers, vectors, topic, style, progress, sentences, off_topic, columns, synonyms, phrase
    )


def paper_vectors(
    index: VectorIndex, papers: Iterable[StoredPaper]
) -> dict[str, NDArray[np.float32]]:
    """One unit vector for each paper: the direction of the sum of its chunks' vectors."""
    import numpy as np

    chunks = {
        stored.id: [entry.id for entry in entries_of(stored) if entry.is_chunk] for stored in papers
    }
    held = index.vectors_of([identifier for ids in chunks.values() for identifier in ids])
    summed = {
        paper: np.sum([held[identifier] for identifier in ids if identifier in held], axis=0)
        for paper, ids in chunks.items()
        if any(identifier in held for identifier in ids)
    }
    return {paper: vector / np.linalg.norm(vector) for paper, vector in summed.items()}


def sentence_vectors(
    index: VectorIndex, papers: Iterable[StoredPaper]
) -> dict[str, NDArray[np.float32]]:
    """The unit vectors of the sentences of each paper, shape ``(sentences, dimension)``.

    Papers that are not indexed yet are left out.
    """
    import numpy as np

    parts = {
        stored.id: [entry.id for entry in entries_of(stored) if not entry.is_chunk]
        for stored in papers
        if stored.sentences
    }
    held = index.vectors_of([identifier for ids in parts.values() for identifier in ids])
    return {
        paper: np.array([held[identifier] for identifier in ids], dtype=np.float32)
        for paper, ids in parts.items()
        if all(identifier in held for identifier in ids)
    }

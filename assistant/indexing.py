"""Papers that wait -> vectors in the index; safe to stop and repeat at any moment."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

from assistant.index_probe import probe
from assistant.late_interaction import EncodedText, pieces_of
from assistant.library import Library, StoredPaper
from assistant.sentences import chunk
from assistant.vectors import Entry, VectorIndex

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy as np
    from numpy.typing import NDArray

PAPERS_A_BATCH = 16

Progress = Callable[[str, int, int], None]
"""Called with what is being done, how much of it is done, and how much there is."""


class Encoder(Protocol):
    """Texts to unit vectors."""

    def encode(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """Encode texts in the given order, shape ``(len(texts), dimension)``."""

    def encode_chunks(self, texts: Sequence[str]) -> list[EncodedText]:
        """Encode texts with their word pieces, in the given order."""


@dataclass(frozen=True)
class Verification:
    """What ``verify`` found."""

    papers: int
    waiting: int
    """Papers in the record whose vectors are still to be made; not a fault."""
    entries: int
    problems: tuple[str, ...]


def entries_of(stored: StoredPaper) -> list[Entry]:
    """What the index holds of one paper: its chunks with the title before them, its sentences."""
    abstract, title = stored.paper.abstract, stored.paper.title
    chunks = chunk(abstract, list(stored.sentences))
    entries = [
        Entry(stored.id, f"c{i}", start, end, f"{title}\n{abstract[start:end]}")
        for i, (start, end) in enumerate(chunks)
    ]
    entries += [
        Entry(stored.id, f"s{i}", start, end, abstract[start:end])
        for i, (start, end) in enumerate(stored.sentences)
    ]
    return entries


def index_waiting(
    library: Library,
    index: VectorIndex,
    encoder: Encoder,
    progress: Progress,
    label: str = "Indexing papers",
) -> int:
    """Encode all papers that wait, batch by batch, and return how many there were.

    A batch is marked as indexed only after Chroma has it, so a stop in between repeats one batch.
    Raises ``LibraryLocked`` if another process writes, ``LibraryStale`` if the index is another
    encoder's. An index that is missing is made anew from all papers.
    """
    with library.writing():
        if index.exists:
            index.check_encoder()
        else:
            with library.transaction():
                library.mark_waiting()
            index.create()
        total = library.waiting_count()
        done = 0
        progress(label, 0, total)
        while batch := library.waiting(PAPERS_A_BATCH):
            pieces = _index_batch(batch, index, encoder)
            with library.transaction():
                library.mark_indexed(pieces)
            done += len(batch)
            progress(label, done, max(total, done))
        index.settle()
        return done


def _index_batch(
    batch: Sequence[StoredPaper], index: VectorIndex, encoder: Encoder
) -> dict[str, bytes]:
    """Add the vectors of papers to the index; returns their word pieces as they are stored."""
    import numpy as np

    entries = [entry for stored in batch for entry in entries_of(stored)]
    chunks = [entry for entry in entries if entry.is_chunk]
    sentences = [entry for entry in entries if not entry.is_chunk]
    encoded = encoder.encode_chunks([entry.text for entry in chunks])
    vectors = [item.vector for item in encoded]
    if sentences:
        vectors += list(encoder.encode([entry.text for entry in sentences]))
    index.add([*chunks, *sentences], np.array(vectors, dtype=np.float32))
    pieces = {}
    for stored in batch:
        own = [number for number, entry in enumerate(chunks) if entry.paper_id == stored.id]
        made = pieces_of(
            stored.paper.title,
            [(chunks[n].start, chunks[n].end) for n in own],
            [encoded[n] for n in own],
            [chunks[n].text for n in own],
        )
        pieces[stored.id] = made.to_bytes()
    return pieces


def remove(library: Library, index: VectorIndex, paper_ids: list[str]) -> None:
    """Remove papers from index and record, in an order that a kill cannot turn into a loss."""
    with library.writing():
        with library.transaction():
            library.mark_waiting(paper_ids)
        if index.exists:
            index.delete(paper_ids)
        with library.transaction():
            library.remove(paper_ids)


def reindex(library: Library, index: VectorIndex, encoder: Encoder, progress: Progress) -> int:
    """Build keyword and vector index anew from the record and return the number of papers."""
    with library.writing():
        encoder.encode(["a damaged encoder must fail before the old index is gone"])
        library.rebuild_words()
        with library.transaction():
            library.mark_waiting()
        index.create()
        return index_waiting(library, index, encoder, progress)


def verify(library: Library, index: VectorIndex) -> Verification:
    """Compare record and index entry by entry; changes nothing.

    Raises ``LibraryLocked`` while another process writes.
    """
    with library.writing():
        problems = library.check()
        waiting = library.waiting_count()
        held: dict[str, set[str]] = {}
        if index.exists:
            index.check_encoder()
            for identifier in index.ids():
                paper_id, part = identifier.split(":")
                held.setdefault(paper_id, set()).add(part)
            if fault := probe(index.folder):
                problems.append(f"vector index: {fault}")
                index.suspect()
        known = set()
        for stored, indexed in library.papers_with_state():
            known.add(stored.id)
            missing = {entry.part for entry in entries_of(stored)} - held.get(stored.id, set())
            if indexed and missing:
                problems.append(f"{stored.id}: {len(missing)} vectors are missing from the index")
        strangers = sorted(set(held) - known)
        problems += [f"{paper_id}: in the index but not in the record" for paper_id in strangers]
        entries = sum(len(parts) for parts in held.values())
        return Verification(library.count(), waiting, entries, tuple(problems))

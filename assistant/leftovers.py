"""Before a question is answered, what waits is indexed: a new starter library, a killed add."""

from __future__ import annotations

from collections.abc import Callable

from assistant.errors import LibraryLocked
from assistant.indexing import Progress
from assistant.library import Library
from assistant.vectors import VectorIndex

MAX_LEFTOVERS = 200
"""Papers that a question may find waiting and index before it is answered."""


def index_leftovers(
    library: Library,
    index: VectorIndex,
    work: Callable[[], object],
    progress: Progress,
    *,
    wait_seconds: float = 0,
) -> None:
    """Call ``work``, which indexes what waits, if that is little or there is no index at all.

    Waits as long for another process that writes. Raises ``LibraryLocked`` if it is still at the
    first papers; later ones are left to it.
    """
    waiting, lost = library.waiting_count(), not index.exists
    if not lost and not waiting:
        return
    if not lost and MAX_LEFTOVERS < waiting < library.count():
        progress(
            f"{waiting} papers are not indexed yet; if no other process is at it, "
            "assistant library reindex --waiting indexes them",
            0,
            0,
        )
        return
    try:
        with library.writing(wait_seconds=wait_seconds):
            if library.waiting_count() or not index.exists:
                work()
    except LibraryLocked as error:
        if lost:
            raise LibraryLocked(
                "another process is adding the first papers of this library",
                "ask again when it has finished",
            ) from error
        progress("Another process is adding papers; answering from those it has finished", 0, 0)

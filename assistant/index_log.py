"""Chroma's log of entries that its graph on disk lacks, and how to have them written into it.

Chroma writes the graph each thousand entries. Until then, whoever opens the index adds those that
came after it again: half a second for a search of a hundredth.
"""

from __future__ import annotations

import contextlib
import sqlite3
from pathlib import Path
from typing import Any

USUAL = 1000
"""Entries after which Chroma writes the graph by itself; its default."""
AT_ONCE = 2
"""The least it accepts."""
NOTICED = 64
"""Fewer entries in the log than this cost nobody anything."""
LARGEST = 100_000
"""Entries of an index whose graph, 170 MB then, is not rewritten for the sake of a few."""


def is_long(folder: Path) -> bool:
    """Whether the log of the index in ``folder`` is worth emptying."""
    return length(folder) >= NOTICED


def length(folder: Path) -> int:
    """Entries in the log; 0 if the file does not tell."""
    address = (folder / "chroma.sqlite3").resolve().as_uri()
    with (
        contextlib.suppress(sqlite3.Error),
        contextlib.closing(sqlite3.connect(f"{address}?mode=ro", uri=True)) as database,
    ):
        (count,) = database.execute("SELECT COUNT(*) FROM embeddings_queue").fetchone()
        return int(count)
    return 0


def write_after(collection: Any, entries: int) -> None:
    """Set after how many entries the graph is written; holds from the next opening on."""
    collection.modify(configuration={"hnsw": {"sync_threshold": entries}})


def touch(collection: Any) -> None:
    """Store one entry again, as often as it takes for the graph to be written."""
    found = collection.get(limit=1, include=["embeddings", "documents", "metadatas"])
    for _ in range(AT_ONCE + 1):
        collection.upsert(
            ids=found["ids"],
            embeddings=found["embeddings"],
            documents=found["documents"],
            metadatas=found["metadatas"],
        )

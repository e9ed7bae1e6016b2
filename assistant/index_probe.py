"""Whether the vector index can be searched, tried in a process that may die of it."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import Any

COLLECTION = "papers"
"""The name of the collection in Chroma."""


def probe(folder: Path) -> str:
    """Search the index for some of its own vectors, in a process of its own.

    Returns what is wrong, or nothing. Damaged files can end the process that reads them, which is
    why this one is not the caller's.
    """
    done = subprocess.run(
        [sys.executable, "-m", "assistant.index_probe", str(folder)],
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )
    if done.returncode:
        lines = done.stderr.strip().split("\n")
        return (
            lines[-1][:200]
            if done.returncode > 0
            else f"reading it ends with signal {-done.returncode}"
        )
    return ""


def _probe_here(folder: Path) -> None:
    """Each of some stored vectors must be found as its own nearest neighbour."""
    import chromadb

    collection = chromadb.PersistentClient(str(folder)).get_collection(
        COLLECTION, embedding_function=None
    )
    count = collection.count()
    for offset in range(0, count, max(1, count // 10)):
        stored = collection.get(limit=1, offset=offset, include=["embeddings"])
        found: Any = collection.query(
            query_embeddings=stored["embeddings"], n_results=min(5, count)
        )
        if min(found["distances"][0]) > 0.001:
            sys.exit(f"the vector of {stored['ids'][0]} is not found by search")


if __name__ == "__main__":
    _probe_here(Path(sys.argv[1]))

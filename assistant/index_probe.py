"""Whether the vector index can be searched, tried in a process that may die of it."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import Any

COLLECTION = "papers"
"""The name of the collection in Chroma."""
SAMPLE = 20
"""How many stored vectors are looked for."""
PATIENCE = 600
"""Seconds after which the search counts as one that never ends."""


def probe(folder: Path) -> str:
    """Search the index for some of its own vectors, in a process of its own.

    Returns what is wrong, or nothing. Damaged files can end the process that reads them, which is
    why this one is not the caller's.
    """
    try:
        done = subprocess.run(
            [sys.executable, "-m", "assistant.index_probe", str(folder)],
            capture_output=True,
            text=True,
            check=False,
            timeout=PATIENCE,
        )
    except subprocess.TimeoutExpired:
        return f"searching it did not end within {PATIENCE} seconds"
    if done.returncode:
        lines = done.stderr.strip().split("\n")
        return (
            lines[-1][:200]
            if done.returncode > 0
            else f"reading it ends with signal {-done.returncode}"
        )
    return ""


def _probe_here(folder: Path) -> None:
    """Most of some stored vectors must be found as their own nearest neighbours.

    Not all: the graph is approximate, and many equal sentences can hide an entry from it.
    """
    import chromadb

    collection = chromadb.PersistentClient(str(folder)).get_collection(
        COLLECTION, embedding_function=None
    )
    count = collection.count()
    offsets = range(0, count, max(1, count // SAMPLE))
    missed = 0
    for offset in offsets:
        stored = collection.get(limit=1, offset=offset, include=["embeddings"])
        found: Any = collection.query(
            query_embeddings=stored["embeddings"], n_results=min(5, count)
        )
        missed += min(found["distances"][0]) > 0.001
    if missed > len(offsets) / 2:
        sys.exit(f"{missed} of {len(offsets)} vectors are not found by search")


if __name__ == "__main__":
    _probe_here(Path(sys.argv[1]))

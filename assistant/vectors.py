"""The vector index in Chroma: chunks and sentences of the papers, rebuildable at any time.

Two processes that have one Chroma folder open destroy it, even if one of them only reads. So every
use opens the folder under ``index.lock`` and closes it again; uses are short.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING, Any

from assistant import index_log
from assistant.errors import LibraryStale, LibraryUnwritable
from assistant.index_errors import damaged, index_errors
from assistant.index_lock import IndexLock
from assistant.index_probe import COLLECTION, probe

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

SCHEME = 2
"""Version of how papers are cut, named and kept; an index of another one is built anew."""
WIDENING = 20
"""How many times more entries are looked for among given papers than are wanted.

Chroma's search under a filter overlooks up to a third of the nearest entries without it.
"""
PAPERS_A_FILTER = 5000
"""Papers that one filter may name; SQLite knows some 32 000 parameters at most."""


@dataclass(frozen=True)
class EncoderIdentity:
    """Which encoder made the vectors of an index."""

    name: str
    sha256: str


@dataclass(frozen=True)
class Entry:
    """One vector of the index and the piece of an abstract that it stands for."""

    paper_id: str
    part: str
    """``"c0"``, ``"c1"``, … for chunks, ``"s0"``, ``"s1"``, … for sentences."""
    start: int
    end: int
    """The piece as offsets into the abstract."""
    text: str

    @property
    def is_chunk(self) -> bool:
        """Whether it is a chunk, not a sentence."""
        return self.part.startswith("c")

    @property
    def id(self) -> str:
        """The id in Chroma."""
        return f"{self.paper_id}:{self.part}"


@dataclass(frozen=True)
class Neighbour:
    """An entry of the index near a question."""

    id: str
    """As ``Entry.id``."""
    similarity: float
    """Cosine, -1 to 1."""

    @property
    def paper_id(self) -> str:
        """The paper that the entry is a part of."""
        return self.id.partition(":")[0]


class VectorIndex:
    """The Chroma collection in ``folder``, opened for each use by one process at a time."""

    def __init__(self, folder: Path, encoder: EncoderIdentity) -> None:
        """``encoder`` is the one in use now; an index of another one is refused as stale."""
        self.folder = folder
        self.encoder = encoder
        self._lock = IndexLock(folder)
        self._in_use = folder.with_name("index.in-use")
        self._client: Any = None
        self._broken = False

    @contextmanager
    def session(self, *, replacing: bool = False) -> Iterator[None]:
        """Keep the index open for several calls; may be nested.

        ``replacing`` opens one that is about to be removed, whatever its state.
        Raises what taking the ``IndexLock`` raises, ``LibraryStale`` if a process died while it had
        the index open and the index does not work any more.
        """
        self._lock.acquire()
        outermost = self._lock.is_outermost
        try:
            if outermost:
                if not replacing:
                    self._check_after_crash()
                self._in_use.touch()
            yield
        finally:
            if outermost:
                self._close()
                if not self._broken:
                    self._in_use.unlink(missing_ok=True)
            self._lock.release()

    def suspect(self) -> None:
        """Have the next use try the index in a process of its own first."""
        self._in_use.touch()

    def _check_after_crash(self) -> None:
        if self._in_use.exists() and self._on_disk():
            self._broken = True  # the mark stays for the next use until the index is rebuilt
            if fault := probe(self.folder):
                raise damaged(self.folder, fault)
        self._broken = False

    @property
    def exists(self) -> bool:
        """Whether there is an index on disk, however many papers it holds.

        One that another version of the program cut otherwise does not count.
        """
        if not self._on_disk():
            return False
        with self._opened() as client:
            return any(
                collection.name == COLLECTION
                and (collection.metadata or {}).get("scheme") == SCHEME
                for collection in client.list_collections()
            )

    def create(self) -> None:
        """Start an empty index for the encoder, in place of whatever lies there."""
        with self.session(replacing=True):
            self._broken = False
            self._remove()
            with self._opened() as client:
                client.create_collection(
                    COLLECTION,
                    embedding_function=None,
                    metadata={
                        "scheme": SCHEME,
                        "encoder": self.encoder.name,
                        "encoder_sha256": self.encoder.sha256,
                        "normalised": True,
                    },
                    configuration={"hnsw": {"space": "cosine", "ef_search": 200}},
                )

    def check_encoder(self) -> None:
        """Raises ``LibraryStale`` if the index is missing or another encoder's."""
        with self.session():
            if not self.exists:
                raise LibraryStale(
                    "the library has no vector index", "assistant library reindex builds it"
                )
            with self._collection() as collection:
                made_by = collection.metadata or {}
        if made_by.get("encoder_sha256") != self.encoder.sha256:
            raise LibraryStale(
                f"the index was made with the encoder {made_by.get('encoder')} "
                f"({str(made_by.get('encoder_sha256'))[:8]}), but {self.encoder.name} "
                f"({self.encoder.sha256[:8]}) is set",
                "set that encoder again, or run: assistant library reindex",
            )

    def add(self, entries: Sequence[Entry], vectors: NDArray[np.float32]) -> None:
        """Store entries and vectors, shape ``(len(entries), dimension)``; may be repeated."""
        with self._collection() as collection:
            size = self._client.get_max_batch_size()
            for start in range(0, len(entries), size):
                part = entries[start : start + size]
                collection.upsert(
                    ids=[entry.id for entry in part],
                    embeddings=vectors[start : start + size],
                    documents=[entry.text for entry in part],
                    metadatas=[
                        {"paper": e.paper_id, "part": e.part, "start": e.start, "end": e.end}
                        for e in part
                    ],
                )

    def delete(self, paper_ids: Sequence[str]) -> None:
        """Remove all entries of these papers."""
        with self._collection() as collection:
            for start in range(0, len(paper_ids), 100):
                collection.delete(where={"paper": {"$in": list(paper_ids[start : start + 100])}})

    def settle(self) -> None:
        """Have the graph on disk hold all entries, so that no use adds the last ones again."""
        with self.session():
            if not index_log.is_long(self.folder) or self.count() > index_log.LARGEST:
                return
            with self._collection() as collection:
                index_log.write_after(collection, index_log.AT_ONCE)
            self._close()
            with self._collection() as collection:
                index_log.touch(collection)
                index_log.write_after(collection, index_log.USUAL)

    def nearest(
        self, vectors: NDArray[np.float32], limit: int, among: Sequence[str] | None = None
    ) -> list[list[Neighbour]]:
        """For each unit vector, shape ``(n, dimension)``, its ``limit`` nearest, best first.

        With ``among``, only entries of the papers with these ids.
        """
        with self._collection() as collection:
            count = collection.count()
            if not count or (among is not None and not among):
                return [[] for _ in vectors]
            if among is None:
                parts = [_query(collection, vectors, min(limit, count))]
            else:
                parts = [
                    _query(
                        collection,
                        vectors,
                        min(WIDENING * limit, count),
                        where={"paper": {"$in": list(among[start : start + PAPERS_A_FILTER])}},
                    )
                    for start in range(0, len(among), PAPERS_A_FILTER)
                ]
        return [
            sorted(chain(*found), key=lambda n: -n.similarity)[:limit]
            for found in zip(*parts, strict=True)
        ]

    def vectors_of(self, ids: Sequence[str]) -> dict[str, NDArray[np.float32]]:
        """The stored vectors of these entries by id; unknown ids are left out."""
        if not ids:
            return {}
        with self._collection() as collection:
            found = collection.get(ids=list(ids), include=["embeddings"])
        return dict(zip(found["ids"], found["embeddings"], strict=True))

    def ids(self) -> list[str]:
        """The ids of all entries."""
        ids: list[str] = []
        with self._collection() as collection:
            while page := collection.get(include=[], limit=5000, offset=len(ids))["ids"]:
                ids += page
        return ids

    def count(self) -> int:
        """How many entries there are."""
        with self._collection() as collection:
            return int(collection.count())

    def _on_disk(self) -> bool:
        return (self.folder / "chroma.sqlite3").is_file()

    def _remove(self) -> None:
        self._close()
        try:
            if self.folder.is_dir():
                shutil.rmtree(self.folder)
            else:
                self.folder.unlink(missing_ok=True)
        except OSError as error:
            raise LibraryUnwritable(
                f"cannot remove the old index {self.folder}: {error.strerror}", "check permissions"
            ) from error

    def _close(self) -> None:
        if self._client is not None:
            self._client.close()
            self._client = None

    @cached_property
    def _settings(self) -> Any:
        """Made once: reading them from all places takes a sixth of a search."""
        from chromadb.config import Settings

        return Settings(anonymized_telemetry=False)

    @contextmanager
    def _opened(self) -> Iterator[Any]:
        os.environ.setdefault("ANONYMIZED_TELEMETRY", "False")
        import chromadb
        from chromadb.api.shared_system_client import SharedSystemClient

        with self.session(), index_errors(self.folder):
            if self._client is None:
                try:
                    self._client = chromadb.PersistentClient(str(self.folder), self._settings)
                except BaseException:
                    # a half-started system would be handed out again for the same folder
                    SharedSystemClient.clear_system_cache()
                    raise
            yield self._client

    @contextmanager
    def _collection(self) -> Iterator[Any]:
        with self._opened() as client:
            yield client.get_collection(COLLECTION, embedding_function=None)


def _query(
    collection: Any, vectors: NDArray[np.float32], limit: int, **options: Any
) -> list[list[Neighbour]]:
    found = collection.query(
        query_embeddings=vectors, n_results=limit, include=["distances"], **options
    )
    return [
        [Neighbour(i, 1.0 - distance) for i, distance in zip(ids, distances, strict=True)]
        for ids, distances in zip(found["ids"], found["distances"], strict=True)
    ]

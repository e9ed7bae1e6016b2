"""The vector index in Chroma: chunks and sentences of the papers, rebuildable at any time."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from assistant.errors import LibraryStale, LibraryUnwritable

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

SCHEME = 1
"""Version of how papers are cut and named in the index; a change makes old indexes stale."""
_COLLECTION = "papers"


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
    def id(self) -> str:
        """The id in Chroma."""
        return f"{self.paper_id}:{self.part}"


@dataclass(frozen=True)
class Neighbour:
    """An entry of the index near a question."""

    paper_id: str
    similarity: float
    """Cosine, -1 to 1."""


class VectorIndex:
    """The Chroma collection in ``folder``; the client starts on first use."""

    def __init__(self, folder: Path, encoder: EncoderIdentity) -> None:
        """``encoder`` is the one in use now; an index of another one is refused as stale."""
        self.folder = folder
        self.encoder = encoder

    @property
    def exists(self) -> bool:
        """Whether there is anything on disk."""
        return (self.folder / "chroma.sqlite3").is_file()

    def check_encoder(self) -> None:
        """Raises ``LibraryStale`` if the index is missing or another encoder's."""
        if not self.exists:
            raise LibraryStale(
                "the library has no vector index", "assistant library reindex builds it"
            )
        made_by = self._collection.metadata or {}
        if made_by.get("scheme") != SCHEME:
            raise LibraryStale(
                "the vector index was built by another version of this program",
                "assistant library reindex builds it anew",
            )
        if made_by.get("encoder_sha256") != self.encoder.sha256:
            raise LibraryStale(
                f"the index was made with the encoder {made_by.get('encoder')}, "
                f"but {self.encoder.name} is set",
                "set that encoder again, or run: assistant library reindex",
            )

    def add(self, entries: Sequence[Entry], vectors: NDArray[np.float32]) -> None:
        """Store entries and vectors, shape ``(len(entries), dimension)``; may be repeated."""
        with _translated(self.folder):
            size = self._client.get_max_batch_size()
            for start in range(0, len(entries), size):
                part = entries[start : start + size]
                self._collection.upsert(
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
        with _translated(self.folder):
            for start in range(0, len(paper_ids), 100):
                part = list(paper_ids[start : start + 100])
                where: Any = {"paper": {"$in": part}}
                self._collection.delete(where=where)

    def nearest(self, vector: NDArray[np.float32], limit: int) -> list[Neighbour]:
        """The ``limit`` entries nearest to a unit vector of shape ``(dimension,)``, best first."""
        with _translated(self.folder):
            count = self._collection.count()
            if not count:
                return []
            found = self._collection.query(
                query_embeddings=vector[None, :], n_results=min(limit, count), include=["distances"]
            )
        ids, distances = found["ids"][0], (found["distances"] or [[]])[0]
        pairs = zip(ids, distances, strict=True)
        return [Neighbour(identifier.split(":")[0], 1.0 - d) for identifier, d in pairs]

    def vectors_of(self, ids: Sequence[str]) -> dict[str, NDArray[np.float32]]:
        """The stored vectors of these entries by id; unknown ids are left out."""
        with _translated(self.folder):
            found = self._collection.get(ids=list(ids), include=["embeddings"])
        embeddings: Any = found["embeddings"]
        return dict(zip(found["ids"], embeddings, strict=True))

    def ids(self) -> Iterator[str]:
        """The ids of all entries, a page at a time."""
        offset = 0
        while True:
            with _translated(self.folder):
                page = self._collection.get(include=[], limit=5000, offset=offset)["ids"]
            yield from page
            offset += len(page)
            if len(page) < 5000:
                return

    def count(self) -> int:
        """How many entries there are."""
        with _translated(self.folder):
            return int(self._collection.count())

    def clear(self) -> None:
        """Remove the whole index from disk; the next use starts an empty one."""
        self.close()
        try:
            shutil.rmtree(self.folder, ignore_errors=False)
        except FileNotFoundError:
            pass
        except OSError as error:
            raise LibraryUnwritable(
                f"cannot remove the old index {self.folder}: {error.strerror}", "check permissions"
            ) from error

    def close(self) -> None:
        """Let go of the files; the next use opens them again and sees what others wrote."""
        if "_client" in self.__dict__:
            self._client.close()
        self.__dict__.pop("_client", None)
        self.__dict__.pop("_collection", None)

    @cached_property
    def _client(self) -> Any:
        os.environ.setdefault("ANONYMIZED_TELEMETRY", "False")
        import chromadb
        from chromadb.config import Settings

        with _translated(self.folder):
            try:
                return chromadb.PersistentClient(
                    str(self.folder), settings=Settings(anonymized_telemetry=False)
                )
            except BaseException:
                from chromadb.api.shared_system_client import SharedSystemClient

                # a half-started system would be handed out again for the same folder
                SharedSystemClient.clear_system_cache()
                raise

    @cached_property
    def _collection(self) -> Any:
        metadata: dict[str, Any] = {
            "scheme": SCHEME,
            "encoder": self.encoder.name,
            "encoder_sha256": self.encoder.sha256,
            "normalised": True,
        }
        with _translated(self.folder):
            try:
                return self._client.get_collection(_COLLECTION, embedding_function=None)
            except Exception as error:
                if type(error).__name__ != "NotFoundError":
                    raise
            return self._client.create_collection(
                _COLLECTION,
                embedding_function=None,
                metadata=metadata,
                configuration={"hnsw": {"space": "cosine", "ef_search": 200}},
            )


@contextmanager
def _translated(folder: Path) -> Iterator[None]:
    """Turn whatever Chroma raises into the program's own errors."""
    try:
        yield
    except (LibraryStale, LibraryUnwritable):
        raise
    except OSError as error:
        raise LibraryUnwritable(
            f"cannot use the index {folder}: {error.strerror or error}",
            "check permissions and free disk space",
        ) from error
    except Exception as error:  # Chroma's Rust core raises InternalError and bare exceptions
        text = " ".join(str(error).split())[:200]
        if "readonly" in text or "unable to open" in text or "ermission" in text:
            raise LibraryUnwritable(
                f"cannot use the index {folder}: {text}", "check permissions and free disk space"
            ) from error
        raise LibraryStale(
            f"the vector index {folder} is damaged: {text}",
            "assistant library reindex builds it anew; no paper is lost",
        ) from error

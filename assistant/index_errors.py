"""What Chroma and the file system raise, turned into the program's own errors."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from assistant.errors import AssistantError, LibraryStale, LibraryUnwritable

LEAST_FREE_BYTES = 5_000_000
"""With less free space, a failed write is put down to the full disk."""


@contextmanager
def index_errors(folder: Path) -> Iterator[None]:
    """Turn whatever Chroma raises into the program's own errors."""
    try:
        yield
    except AssistantError:
        raise
    except OSError as error:
        raise LibraryUnwritable(
            f"cannot use the index {folder}: {error.strerror or error}",
            "check permissions and free disk space",
        ) from error
    except Exception as error:  # Chroma's Rust core raises InternalError and bare exceptions
        text = " ".join(str(error).split())[:200]
        if shutil.disk_usage(folder.parent).free < LEAST_FREE_BYTES:
            raise LibraryUnwritable(
                f"no space left for the index {folder}", "free some space and repeat the command"
            ) from error
        if "readonly" in text or "unable to open" in text or "ermission" in text:
            raise LibraryUnwritable(
                f"cannot use the index {folder}: {text}", "check permissions and free disk space"
            ) from error
        raise damaged(folder, text) from error


def damaged(folder: Path, what: str) -> LibraryStale:
    """The error for an index that does not work, with the way out."""
    return LibraryStale(
        f"the vector index {folder} is damaged: {what}",
        "assistant library reindex builds it anew; no paper is lost",
    )

"""One process at a time in the vector index, in turn: Chroma's files do not stand two."""

from __future__ import annotations

from pathlib import Path

import filelock

from assistant.errors import LibraryLocked, LibraryUnwritable

WAIT_SECONDS = 60
"""How long a use waits for the uses of other processes, which take a second each."""


class IndexLock:
    """The lock of an index folder; a thread that holds it may take it again.

    Whoever waits for it also holds ``index.turn``, which everyone needs first: a process that uses
    the index again and again cannot pass by one that waits.
    """

    def __init__(self, folder: Path) -> None:
        """``folder`` is the index; the locks lie beside it."""
        self._folder = folder
        self._lock = filelock.FileLock(folder.with_name("index.lock"))
        self._turn = filelock.FileLock(folder.with_name("index.turn"))

    @property
    def is_outermost(self) -> bool:
        """Whether it is held, and once only."""
        return self._lock.lock_counter == 1

    def acquire(self) -> None:
        """Take it.

        Raises ``LibraryLocked`` if others hold it for ``WAIT_SECONDS``, ``LibraryUnwritable`` if it
        cannot be made.
        """
        try:
            if self._lock.is_locked:
                self._lock.acquire()
            else:
                with self._turn.acquire(timeout=WAIT_SECONDS):
                    self._lock.acquire(timeout=WAIT_SECONDS)
        except filelock.Timeout as error:
            raise LibraryLocked(
                f"the index {self._folder} is in use by another process", "try again in a moment"
            ) from error
        except OSError as error:
            raise LibraryUnwritable(
                f"cannot lock the index {self._folder}: {error.strerror}", "check permissions"
            ) from error

    def release(self) -> None:
        """Give it back, as often as it was taken."""
        self._lock.release()

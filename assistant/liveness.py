"""Tells whether the program that left a mark in a file still runs, also after a crash."""

from __future__ import annotations

import uuid
from pathlib import Path

import filelock

from assistant.database import translated


class LifeMark:
    """A name for this program, and a lock of that name that the system drops when it ends.

    Process numbers are given to other programs in time; a held lock is not.
    """

    def __init__(self, folder: Path) -> None:
        """``folder`` is where the locks of all programs lie that are to be told apart."""
        self.name = uuid.uuid4().hex[:12]
        self._folder = folder
        self._lock: filelock.BaseFileLock | None = None

    def shown(self) -> str:
        """The name, from now on recognised as that of a running program.

        Raises ``LibraryUnwritable`` if the folder does not take the lock.
        """
        if self._lock is None:
            with translated(self._folder):
                self._lock = filelock.FileLock(self._file(self.name), timeout=0)
                self._lock.acquire()
        return self.name

    def is_alive(self, name: str | None) -> bool:
        """Whether a program of this name runs; what a dead one left is cleared away."""
        if name is None or name == self.name:
            return name is not None
        file = self._file(name)
        if not file.exists():
            return False
        try:
            with filelock.FileLock(file, timeout=0):
                pass
        except (filelock.Timeout, OSError):
            return True
        file.unlink(missing_ok=True)
        return False

    def close(self) -> None:
        """Take the mark away: the program ends."""
        if self._lock is not None:
            self._lock.release()
            self._file(self.name).unlink(missing_ok=True)

    def _file(self, name: str) -> Path:
        return self._folder / f"chat-{name}.lock"

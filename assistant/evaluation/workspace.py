"""The folder of one evaluation: its throw-away library and its results, locked, then removed."""

from __future__ import annotations

import hashlib
import json
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import filelock

from assistant.config import cache_dir
from assistant.errors import LibraryLocked, OutputUnwritable
from assistant.evaluation.results import ResultLog


class Workspace:
    """``work``/``name``; a run that was stopped finds there what it left."""

    def __init__(self, name: str, work: Path | None = None) -> None:
        """Without ``work``, the folder is in the cache."""
        self.folder = (work or cache_dir() / "evaluations") / name

    @property
    def library(self) -> Path:
        """Where the throw-away library is."""
        return self.folder / "library"

    def results(self, settings: dict[str, Any]) -> ResultLog:
        """The results of a run with these settings."""
        key = hashlib.sha256(json.dumps(settings, sort_keys=True).encode()).hexdigest()[:12]
        return ResultLog(self.folder / f"results-{key}.jsonl")

    @contextmanager
    def held(self) -> Iterator[None]:
        """Keep other processes out. Raises ``LibraryLocked``, ``OutputUnwritable``."""
        lock = filelock.FileLock(self.folder.with_name(f"{self.folder.name}.lock"), timeout=0)
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
            lock.acquire()
        except filelock.Timeout as error:
            raise LibraryLocked(
                f"another evaluation of the same papers is running in {self.folder}",
                "wait until it has finished, or give this one a folder of its own with --work",
            ) from error
        except OSError as error:
            raise OutputUnwritable(
                f"cannot use the folder {self.folder}: {error.strerror}",
                "check permissions and free disk space, or choose another with --work",
            ) from error
        try:
            yield
        finally:
            lock.release()
            if not self.folder.exists():
                Path(lock.lock_file).unlink(missing_ok=True)

    def remove(self) -> None:
        """Delete the folder; what cannot be deleted stays."""
        shutil.rmtree(self.folder, ignore_errors=True)

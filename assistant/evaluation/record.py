"""A finished run as one JSON object, to be kept and compared with later ones."""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from assistant.errors import OutputUnwritable, UsageError
from assistant.evaluation.results import Result
from assistant.evaluation.summary import Summary

FORMAT = 1
"""Version of the file; a later program refuses what it cannot compare."""


@dataclass(frozen=True)
class Run:
    """What was asked, of what, how, and what came of it."""

    program: dict[str, str]
    settings: dict[str, Any]
    models: dict[str, Any]
    data: dict[str, Any]
    """Digests and sizes of questions and papers."""
    results: tuple[Result, ...]

    def to_json(self, summary: Summary) -> dict[str, Any]:
        """Everything, with the means of ``summary``, which must be this run's."""
        return {
            "format": FORMAT,
            "program": self.program,
            "settings": self.settings,
            "models": self.models,
            "data": self.data,
            "summary": asdict(summary),
            "results": [result.to_json() for result in self.results],
        }


def questions_sha256(digests: Iterable[str]) -> str:
    """Digest of a set of questions, whatever their order."""
    return hashlib.sha256(" ".join(sorted(digests)).encode()).hexdigest()


def check_place(file: Path) -> None:
    """Raises ``OutputUnwritable`` if ``write`` will not be able to: hours may lie between."""
    if file.is_dir() or not os.access(file if file.exists() else file.absolute().parent, os.W_OK):
        raise OutputUnwritable(f"cannot write {file}", "check the folder and its permissions")


def write(run: dict[str, Any], file: Path) -> None:
    """Write ``Run.to_json``. Raises ``OutputUnwritable``."""
    try:
        file.write_text(json.dumps(run, ensure_ascii=False, indent=1) + "\n", "utf-8")
    except OSError as error:
        raise OutputUnwritable(
            f"cannot write {file}: {error.strerror}", "check the folder and its permissions"
        ) from error


def read(file: Path) -> Run:
    """Read what ``write`` wrote. Raises ``UsageError`` if it is something else."""
    try:
        values = json.loads(file.read_text("utf-8"))
        if values["format"] != FORMAT:
            raise UsageError(
                f"{file} was written by another version of this program", "measure once more"
            )
        results = tuple(Result.from_json(row) for row in values["results"])
        return Run(
            **{name: values[name] for name in ("program", "settings", "models", "data")},
            results=results,
        )
    except OSError as error:
        raise UsageError(
            f"cannot read {file}: {error.strerror}", "check the path after --against"
        ) from error
    except (ValueError, TypeError, KeyError, AttributeError) as error:
        raise UsageError(
            f"{file} is not a file that assistant eval --json wrote", "check --against"
        ) from error

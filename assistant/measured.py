"""What ``assistant models check`` found, kept by the SHA-256 of the model's file."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

from assistant.catalog import pulled_dir
from assistant.errors import OutputUnwritable


def file() -> Path:
    """Where it is kept; it need not exist."""
    return pulled_dir() / "checks.json"


def writes_freely(sha256: str) -> bool | None:
    """Whether the model of this digest was found to write freely; ``None`` if not checked."""
    return _found(sha256, "writes_freely")


def writes_paragraphs(sha256: str) -> bool | None:
    """The same of paragraphs, which older checks did not measure."""
    return _found(sha256, "writes_paragraphs")


def keep(sha256: str, figures: dict[str, Any]) -> None:
    """Remember what was measured, ``writes_freely`` among it; an earlier check is replaced.

    Raises ``OutputUnwritable``.
    """
    fresh = file().with_name(f"{file().name}.{os.getpid()}.part")
    try:
        fresh.parent.mkdir(parents=True, exist_ok=True)
        fresh.write_text(json.dumps(_read() | {sha256: figures}, indent=1) + "\n", "utf-8")
        fresh.replace(file())
    except OSError as error:
        raise OutputUnwritable(
            f"cannot write {file()}: {error.strerror}",
            "check permissions and free disk space, or choose another folder with ASSISTANT_DATA",
        ) from error


def _found(sha256: str, what: str) -> bool | None:
    found = _read().get(sha256)
    return bool(found[what]) if isinstance(found, dict) and what in found else None


def _read() -> dict[str, Any]:
    """All that is kept; what cannot be read counts as not measured."""
    try:
        found = json.loads(file().read_text("utf-8"))
    except (OSError, ValueError, RecursionError):
        return {}
    return found if isinstance(found, dict) else {}

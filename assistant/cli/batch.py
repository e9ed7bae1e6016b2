"""Files of questions or queries: JSON Lines, each line read by itself; and files as they are."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from assistant.errors import AssistantError


def read_batch(file: Path, *keys: str) -> Iterator[tuple[int, dict[str, Any], str]]:
    """Line number, object and what is wrong with it (nothing if it is fine) of each line.

    An object must have text under one of ``keys``. Raises ``AssistantError`` if the file cannot be
    read.
    """
    for number, line in enumerate(read_text(file).split("\n"), start=1):
        if not line.strip():
            continue
        try:
            item = json.loads(line)
        except (ValueError, RecursionError):
            yield number, {}, "broken JSON"
            continue
        if isinstance(item, dict) and any(isinstance(item.get(key), str) for key in keys):
            yield number, item, ""
        else:
            known = item if isinstance(item, dict) else {}
            yield number, known, f'expected an object with a "{keys[0]}"'


def read_text(file: Path) -> str:
    """The whole file, or standard input for ``-``; raises ``AssistantError``."""
    try:
        return sys.stdin.read() if str(file) == "-" else file.read_text("utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        reason = getattr(error, "strerror", None) or "not UTF-8 text"
        raise AssistantError(f"cannot read {file}: {reason}", "check the path") from error

"""A file of JSON Lines -> its objects; a line that is none is an error that names it."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from assistant.errors import AssistantError

Record = dict[str, Any]


def objects(file: Path) -> Iterator[tuple[int, Record]]:
    """Each line's number, from 1, and the object on it; empty lines are passed over.

    Raises ``AssistantError`` if the file cannot be read or a line is no JSON object.
    """
    try:
        text = file.read_text("utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        reason = getattr(error, "strerror", None) or "not UTF-8 text"
        raise AssistantError(f"cannot read {file}: {reason}", "check the path") from error
    for number, line in enumerate(text.split("\n"), start=1):
        if not line.strip():
            continue
        try:
            found = json.loads(line)
        except (ValueError, RecursionError) as error:
            raise bad_line(file, number, "broken JSON") from error
        if not isinstance(found, dict):
            raise bad_line(file, number, "not a JSON object")
        yield number, found


def bad_line(file: Path, number: int, reason: str) -> AssistantError:
    """The error for a line that cannot be used."""
    return AssistantError(f"{file}:{number}: {reason}", "mend the line or take it out")

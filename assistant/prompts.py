"""Loads ``prompts/*.md``: every word that is said to a model."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from string import Template

from assistant.config import package_data
from assistant.errors import AssistantError

_FIELD = re.compile(r"\$(\w+)")
_ROLE = re.compile(r"^# (system|user|assistant)\n", re.MULTILINE)


@dataclass(frozen=True)
class Message:
    """One message of a chat prompt."""

    role: str
    content: str


@cache
def load(name: str, fields: frozenset[str]) -> tuple[Message, ...]:
    """The messages of ``prompts/NAME.md``; a heading ``# role`` starts each.

    Raises ``AssistantError`` if its ``$fields`` are not exactly ``fields``.
    """
    text = package_data(f"prompts/{name}.md").read_text("utf-8")
    found = frozenset(_FIELD.findall(text))
    if found != fields:
        raise AssistantError(
            f"prompts/{name}.md has the fields {sorted(found)}, not {sorted(fields)}",
            "restore the file, or reinstall the program",
        )
    parts = _ROLE.split(text)[1:]
    return tuple(
        Message(role, content.strip())
        for role, content in zip(parts[::2], parts[1::2], strict=True)
    )


def render(name: str, **values: str) -> list[Message]:
    """The messages with every field filled in; a value is never searched for fields itself."""
    messages = load(name, frozenset(values))
    return [Message(m.role, Template(m.content).substitute(values)) for m in messages]

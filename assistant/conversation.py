"""Follow-up questions made self-contained with the question they follow."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

_REFERS_BACK = re.compile(
    r"\b(it|its|they|them|their|these|those|this|the same|also|instead|(does|do|of|by|than|at) that"
    r"|the (method|model|paper|approach|authors?|result|technique|system|study))\b"
    r"|^(and|but|so|then|what about)\b",
    re.IGNORECASE,
)
SHORT = 4
"""A question of so few words leans on what went before, unless it names something."""
_NAME = re.compile(r"(?<!^)\b\w*[A-Z0-9]\w*")


@dataclass(frozen=True)
class Turn:
    """One message of the conversation so far."""

    role: Literal["user", "assistant"]
    content: str


def resolve(question: str, history: Sequence[Turn]) -> str:
    """The question to search for: with the last one before it, if it refers back to that."""
    previous = next((turn.content for turn in reversed(history) if turn.role == "user"), None)
    if previous is None:
        return question
    short = len(question.split()) <= SHORT and not _NAME.search(question)
    if short or _REFERS_BACK.search(question):
        return f"{previous} {question}"
    return question

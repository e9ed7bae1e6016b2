"""What is said to a server's model, and what it says back: special tokens, thoughts."""

from __future__ import annotations

import re
from collections.abc import Sequence

from assistant.prompts import Message

_BREAK = "\u2060"
"""Word joiner: invisible, without a width, and in the name of no special token."""
_TOKEN_NAME = re.compile(r"[<◁](?=[^\s<>]{1,60}[>▷]|\|[^<>\n]{1,60}\|>)|\[(?=/?[A-Za-z]\w*\])")
"""The first letter of what a server may take for a special token: ``</s>``, ``[INST]``."""
_MARK = r"(?:think|thinking|thought|reasoning)"
_THOUGHTS = re.compile(
    rf"\A.*(?:</{_MARK}>|\[/THINK\]|◁/think▷)|\A\s*(?:<{_MARK}>|\[THINK\]|◁think▷).*",
    re.DOTALL | re.IGNORECASE,
)
"""Thoughts up to their end, whose beginning may stand in the prompt, or thoughts cut off."""


def chat(messages: Sequence[Message]) -> list[dict[str, str]]:
    """The messages as they are sent.

    The system's is put before the user's first, as some models know no system. Names of special
    tokens are broken by an invisible character: no message can end itself or begin another.
    """
    system = [m.content for m in messages if m.role == "system"]
    others = [m for m in messages if m.role != "system"]
    contents = [m.content for m in others]
    contents[0] = "\n\n".join([*system, contents[0]])
    return [
        {"role": message.role, "content": plain(content)}
        for message, content in zip(others, contents, strict=True)
    ]


def plain(text: str) -> str:
    """The text with the name of every special token broken."""
    return _TOKEN_NAME.sub(lambda match: match.group() + _BREAK, text)


def without_thoughts(text: str) -> tuple[str, bool]:
    """What a model answers, with unbroken names of tokens, and whether it thought before."""
    answer, thoughts = _THOUGHTS.subn("", text)
    return answer.replace(_BREAK, "").strip(), thoughts > 0

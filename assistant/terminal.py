"""Text from strangers made fit for a terminal."""

from __future__ import annotations

import re

_UNSAFE = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]")


_JOINER = re.compile(r"(?<!\w)\u200d")
"""Between pictures: terminals disagree about how wide the joined picture is."""


def safe(text: str) -> str:
    """One line without anything a terminal could obey: controls and direction overrides."""
    return " ".join(_JOINER.sub("", _UNSAFE.sub("", text)).split())


class LineFiller:
    """Wraps text that arrives piece by piece."""

    def __init__(self, width: int) -> None:
        self._width = width
        self._column = 0

    def fill(self, text: str, *, on_new_line: bool = False) -> str:
        """The text with a space or line break before each word, as the line so far demands."""
        out = ["\n"] if on_new_line and self._column else []
        self._column = 0 if out else self._column
        for word in safe(text).split():
            if self._column and self._column + 1 + len(word) > self._width:
                out.append("\n")
                self._column = 0
            elif self._column:
                out.append(" ")
                self._column += 1
            out.append(word)
            self._column += len(word)
        return "".join(out)


def as_sentence(reason: str | None) -> str:
    """A reason as a sentence of its own, with nothing a terminal would obey."""
    text = safe(reason or "").strip().rstrip(".")
    return f"{text[:1].upper()}{text[1:]}." if text else ""

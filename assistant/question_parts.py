"""A question that asks for several things -> its parts."""

from __future__ import annotations

import re

SHORTEST = 3
"""Words of a part; a shorter one belongs to its neighbour."""

_BORDER = re.compile(
    r"(?:[,;?:]|(?<!\s))\s+(?:and|or)\s+"
    r"(?=(?:(?:at|in|on|by|for|to|up to|with|from|of|over|against|under)\s+)?"
    r"(?:which|what|how|where|who|when|why)\b)|[?;:]\s+(?=\w)",
    re.IGNORECASE,
)
"""Before "and which" or "and up to what", or after the end of a clause."""


def parts(question: str) -> list[tuple[int, int]]:
    """Start and end of each part, in their order; one of the whole if it asks for one thing."""
    borders = [border.span() for border in _BORDER.finditer(question)]
    starts, ends = [0, *(end for _, end in borders)], [*(start for start, _ in borders)]
    found: list[tuple[int, int]] = []
    for start, end in zip(starts, [*ends, len(question)], strict=True):
        before = question[slice(*found[-1])] if found else ""
        if found and min(len(before.split()), len(question[start:end].split())) < SHORTEST:
            found[-1] = (found[-1][0], end)
        else:
            found.append((start, end))
    return found

"""Acronyms that a text spells out."""

from __future__ import annotations

import re
from itertools import accumulate

_BRACKETED = re.compile(r"\(([A-Za-z][\w-]{1,9})s?\)")
_WORD = re.compile(r"[^\W_]+")


def expansions(text: str) -> dict[str, str]:
    """Each acronym that stands in brackets behind the words it is made of, and these words."""
    found = {}
    for match in _BRACKETED.finditer(text):
        letters = [char.lower() for char in match[1] if char.isalnum()]
        if sum(char.isupper() for char in match[1]) < 2:
            continue
        before = _WORD.findall(text[max(0, match.start() - 120) : match.start()])
        for words in accumulate(reversed(before[-2 * len(letters) :]), lambda a, b: f"{b} {a}"):
            if _made_of(letters, words.lower()):
                found[match[1]] = words
                break
    return found


def _made_of(letters: list[str], words: str) -> bool:
    """Whether the letters begin with that of the first word and stand in the words, each in turn.

    At least half of the words give one of their first letters.
    """
    if not words.startswith(letters[0]):
        return False
    place = -1
    for letter in letters:
        place = words.find(letter, place + 1)
        if place < 0:
            return False
    split = words.split()
    return 2 * sum(word[0] in letters for word in split) >= len(split) <= len(letters) + 2

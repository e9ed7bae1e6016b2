"""Acronyms that a text spells out."""

from __future__ import annotations

import re
from collections.abc import Mapping
from itertools import accumulate

_BRACKETED = re.compile(r"\(([A-Za-z][\w-]{1,9}?)s?\)")
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


def in_one_form(one: str, other: str, source: str) -> tuple[str, str]:
    """Both texts with the words of ``source`` for acronyms that only one of them uses."""
    words_of = {
        acronym: words
        for acronym, words in expansions(source).items()
        if not all(re.search(_bare(acronym), text) for text in (one, other))
    }
    return spelled_out(one, words_of), spelled_out(other, words_of)


def spelled_out(text: str, words_of: Mapping[str, str]) -> str:
    """The text with words in place of acronyms, each once where both stand."""
    for acronym, words in words_of.items():
        name = re.escape(acronym)
        text = re.sub(rf"\s*\({name}s?\)", "", text)
        text = re.sub(_bare(acronym), words, text)
    return text


def _bare(acronym: str) -> str:
    """A pattern of the acronym, not in brackets."""
    return rf"(?<![\w(-]){re.escape(acronym)}s?(?!\w)"


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

"""Citation keys: the short ASCII names by which a text refers to its papers."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import count, product
from string import ascii_lowercase

from assistant.papers import Paper

_PART = 20
"""Characters of each of the parts of a key."""
_LETTERS = str.maketrans(
    {"ß": "ss", "ø": "o", "ł": "l", "đ": "d", "ð": "d", "þ": "th", "æ": "ae", "œ": "oe", "ı": "i"}
)
_SMALL = frozenset("a an the on of for in to and with from by at is are do does how what".split())
_SUFFIXES = frozenset(("jr", "sr", "ii", "iii", "iv"))


def ascii_words(text: str) -> list[str]:
    """The words in lower case, accents dropped; words without any ASCII letter or digit are not."""
    folded = unicodedata.normalize("NFKD", text.casefold().translate(_LETTERS))
    plain = "".join(char for char in folded if not unicodedata.combining(char))
    return re.findall(r"[a-z0-9]+", re.sub(r"['’]", "", plain))


def keys(papers: Sequence[Paper]) -> list[str]:
    """A key for each paper, in their order, no two the same.

    A paper has the same key in any company, unless another one there has that key as well: then
    all of these get a letter, in the order of their ids.
    """
    plain = [_key(paper) for paper in papers]
    shared = {key for key, times in Counter(plain).items() if times > 1}
    taken = set(plain)
    made = list(plain)
    letters = {key: _letters() for key in shared}
    for index in sorted(range(len(papers)), key=lambda i: (papers[i].id, i)):
        if plain[index] in shared:
            named = (plain[index] + letter for letter in letters[plain[index]])
            made[index] = next(key for key in named if key not in taken)
            taken.add(made[index])
    return made


def _unaccented(text: str) -> str:
    """The text without the accents and braces that LaTeX puts between letters."""
    return re.sub(r"\\(?:[cvHukrdbt](?=[{ ])|[^A-Za-z0-9\s])|[{}]", "", text)


def _key(paper: Paper) -> str:
    """``vaswani2017attention``: surname, organisation or first word; year; word of the title."""
    words = ascii_words(_unaccented(paper.title))
    words = [word for word in words if word not in _SMALL] or words
    name = _surname(paper.authors[0]) if paper.authors else ""
    name = name or next(iter(ascii_words(paper.organisation or "")), "")
    if not name and words:
        name, *words = words
    parts = (name[:_PART], str(paper.year or ""), words[0][:_PART] if words else "")
    return "".join(parts) if parts[0] or parts[2] else paper.id


def _surname(name: str) -> str:
    """``Łukasz Kaiser`` or ``Kaiser, Łukasz`` -> ``kaiser``."""
    family, comma, _ = _unaccented(name).partition(",")
    words = ascii_words(family.replace("-", ""))
    while len(words) > 1 and words[-1] in _SUFFIXES:
        words.pop()
    return "".join(words) if comma else "".join(words[-1:])


def _letters() -> Iterator[str]:
    """a, b, ..., z, aa, ab, ..."""
    for length in count(1):
        for letters in product(ascii_lowercase, repeat=length):
            yield "".join(letters)

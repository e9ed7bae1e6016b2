"""The words of a question that say what it is about."""

from __future__ import annotations

import re
from functools import cache, lru_cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from snowballstemmer.porter_stemmer import PorterStemmer

STOP_WORDS = frozenset(
    """a about an and any are as at be been between both but by can compare compared could did do
    does each either for from had has have how i if in into is it its many may might much no not of
    on one or paper papers should some studies study than that the their them then there these
    they this those to two us was we were what when where which who whom whose why will with
    within without work works would you your""".split()
)

_WORD = re.compile(r"\w+")


def telling_words(text: str) -> list[str]:
    """Its words in lower case, each once, without stop words; all of them if it has no others."""
    words = [word.lower() for word in _WORD.findall(text)]
    return list(dict.fromkeys([w for w in words if w not in STOP_WORDS] or words))


def solid(text: str) -> str:
    """In small letters without blanks and hyphens, as names are written in several ways."""
    return re.sub(r"[\s\u2010-\u2015-]", "", text).lower()


@lru_cache(maxsize=50_000)
def stem(word: str) -> str:
    """The stem of a word in lower case, as the keyword index cuts it (Porter 1980)."""
    stemmed: str = _stemmer().stemWord(word)
    return stemmed


@lru_cache(maxsize=1000)
def stems(text: str) -> frozenset[str]:
    """The stems of all words of a text; those of a sentence are asked for again and again."""
    return frozenset(stem(word.lower()) for word in _WORD.findall(text))


@cache
def _stemmer() -> PorterStemmer:
    import snowballstemmer

    return snowballstemmer.stemmer("porter")

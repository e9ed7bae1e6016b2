"""Which papers may answer: only those of some years, sources, authors or of a set."""

from __future__ import annotations

import difflib
import json
import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass, replace

from assistant.errors import UsageError
from assistant.library import Library
from assistant.papers import clean_text
from assistant.sets import PaperSets

Years = tuple[int | None, int | None]
"""The first and the last year, both included; ``None`` leaves that side open."""

_YEARS = re.compile(r"\s*(?:([0-9]{4})|([0-9]{4})?\s*[-–]\s*([0-9]{4})?)\s*")
_ACCENTS = re.compile("[\u0300-\u036f]+")
_WORD = re.compile(r"[^\W_]+")
_UNDECOMPOSED = str.maketrans(
    {"ø": "o", "ł": "l", "đ": "d", "ð": "d", "ı": "i", "æ": "ae", "œ": "oe", "þ": "th"}
)
"""Small letters that Unicode does not take apart into a letter and an accent."""


@dataclass(frozen=True)
class Filters:
    """What a paper must fulfil, all of it; without anything given, every paper does."""

    years: Years = (None, None)
    """A paper without a year is in no span of years."""
    sources: tuple[str, ...] = ()
    """Names of sources, whatever their case; a paper is from one of them."""
    authors: tuple[str, ...] = ()
    """Each is the beginning of a name, or of several names, of one of the paper's authors."""
    set_name: str | None = None

    def __bool__(self) -> bool:
        return self != Filters()

    @property
    def place(self) -> str:
        """Where is looked, in words: ``the set “thesis” from 2019 on by “Ito”``."""
        whole = "the library" if self.set_name is None else f"the set “{self.set_name}”"
        return " ".join([whole, *self._facts()])

    def _facts(self) -> list[str]:
        first, last = self.years
        facts = []
        if first is not None and first == last:
            facts.append(f"from {first}")
        elif first is not None:
            facts.append(f"from {first} on" if last is None else f"from {first} to {last}")
        elif last is not None:
            facts.append(f"from {last} or before")
        if self.authors:
            facts.append("by " + " and ".join(f"“{name}”" for name in self.authors))
        if self.sources:
            facts.append("from the source " + " or ".join(f"“{name}”" for name in self.sources))
        return facts

    def _parts(self) -> list[Filters]:
        """One for each thing that is asked of a paper, the set aside."""
        parts = [Filters(years=self.years), Filters(sources=self.sources)]
        return [part for part in (*parts, *(Filters(authors=(a,)) for a in self.authors)) if part]


EVERY_PAPER = Filters()


def parse_years(text: str) -> Years:
    """``2019``, ``2019-2023``, ``2019-`` or ``-2020`` as first and last year.

    Raises ``UsageError`` for anything else.
    """
    examples = "examples: --year 2019, --year 2019-2023, --year 2019-, --year -2020"
    match = _YEARS.fullmatch(text)
    only, first, last = match.groups() if match else (None, None, None)
    if not (only or first or last):
        raise UsageError(f"{text[:40]!r} is no year and no span of years", examples)
    if only:
        return int(only), int(only)
    years = int(first) if first else None, int(last) if last else None
    if first and last and first > last:
        raise UsageError(f"the years {text[:40]!r} end before they begin", examples)
    return years


def members(library: Library, filters: Filters) -> list[str] | None:
    """The ids of the papers that fulfil the filters; ``None`` where nothing is asked of them.

    In the order of adding, with a set in the order in which they were put there. Raises
    ``UsageError`` for an unknown set.
    """
    if not filters:
        return None
    conditions: list[str] = []
    values: list[object] = []
    for sign, year in zip((">=", "<="), filters.years, strict=True):
        if year is not None:
            conditions.append(f"year {sign} ?")
            values.append(year)
    if filters.sources:
        marks = ", ".join("?" * len(filters.sources))
        conditions.append(f"source COLLATE NOCASE IN ({marks})")
        values += map(clean_text, filters.sources)
    fits = " AND ".join(conditions) or "TRUE"
    query = f"SELECT id, authors FROM papers WHERE {fits} ORDER BY number"
    if filters.set_name is not None:
        query = (
            "SELECT papers.id, authors FROM set_papers JOIN papers USING (number)"
            f" WHERE set_id = ? AND {fits} ORDER BY place"
        )
        values.insert(0, PaperSets(library).key(filters.set_name))
    wanted = [_words(author) for author in filters.authors]
    return [
        identifier
        for identifier, authors in library.rows(query, values)
        if not wanted or _are_among(wanted, authors)
    ]


def why_none(library: Library, filters: Filters) -> str:
    """Why no paper fulfils the filters, in words, with a spelling that may have been meant."""
    if not library.count():
        return "the library holds no papers"
    place = replace(filters, years=(None, None), sources=(), authors=()).place
    if filters.set_name is not None and not members(library, Filters(set_name=filters.set_name)):
        return f"{place} is empty"
    for part in filters._parts():
        if members(library, part) == []:
            return f"no paper in the library is {part._facts()[0]}{_advice(library, part)}"
    return f"no paper in {place} is {' '.join(filters._facts())}"


def _are_among(wanted: list[list[str]], authors: str) -> bool:
    """Whether every wanted author is one of these, a JSON list of names."""
    folded = fold(authors)
    if not all(word in folded for words in wanted for word in words):
        return False
    names = [_words(name) for name in json.loads(authors)]
    return all(
        any(all(any(w.startswith(word) for w in name) for word in words) for name in names)
        for words in wanted
    )


def _words(name: str) -> list[str]:
    return _WORD.findall(fold(name))


def fold(text: str) -> str:
    """Without case and accents: ``Müller-Łoś`` -> ``muller-los``."""
    if text.isascii():
        return text.casefold()
    apart = unicodedata.normalize("NFKD", text)  # which may bring capitals: 𝐀 -> A
    apart = unicodedata.normalize("NFKD", apart.casefold())
    return _ACCENTS.sub("", apart).translate(_UNDECOMPOSED)


def _advice(library: Library, part: Filters) -> str:
    """What may have been meant instead; may be empty."""
    if part.sources:
        known = [str(row[0]) for row in library.rows("SELECT DISTINCT source FROM papers")]
        near = _nearest(part.sources[0], known)
    elif part.authors:
        names = library.rows("SELECT DISTINCT value FROM papers, json_each(authors)")
        near = _nearest_author(part.authors[0], (str(row[0]) for row in names))
    else:
        ((first, last),) = library.rows("SELECT min(year), max(year) FROM papers")
        return "; none has a year" if first is None else f"; they are from {first} to {last}"
    return f"; did you mean “{near}”?" if near else ""


def _nearest(name: str, known: Iterable[str]) -> str | None:
    by_key = {fold(one): one for one in known}
    return next((by_key[key] for key in difflib.get_close_matches(fold(name), by_key, n=1)), None)


def _nearest_author(name: str, known: Iterable[str]) -> str | None:
    """The author who has a word most like the longest word of the name, with its first letter."""
    longest = max(_words(name), key=len, default="")
    by_word = {word: one for one in known for word in _words(one) if word[:1] == longest[:1]}
    near = difflib.get_close_matches(longest, by_word, n=1, cutoff=0.7)
    return next((by_word[word] for word in near), None)

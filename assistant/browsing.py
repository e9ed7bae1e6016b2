"""The library as a screen shows it: which papers match, and a light row for each."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass

from assistant.library import Library
from assistant.papers import clean_text
from assistant.sets import PaperSets

MOST_WORDS = 32
"""Words of a text that count; who pastes an abstract finds it by its first ones."""
ROWS_A_QUERY = 500


@dataclass(frozen=True)
class Row:
    """What a list shows of a paper."""

    number: int
    """Place in the order of adding; names the paper in this module."""
    id: str
    title: str
    year: int | None
    author: str
    """The first author, else the organisation, else empty."""
    source: str
    kind: str


def matching(
    library: Library,
    text: str = "",
    *,
    year_from: int | None = None,
    year_to: int | None = None,
    source: str | None = None,
    set_name: str | None = None,
) -> list[int]:
    """The numbers of the papers that fit everything given.

    Every word of ``text`` must be the beginning of a word in title, abstract, authors or
    organisation; then the best match is first (BM25). A text that is a paper's id finds that paper,
    first. Without text, or with a single character, the order is that of adding. Years are
    inclusive; a paper without one fits no limit. Raises ``UsageError`` for an unknown set.
    """
    conditions: list[tuple[str, object]] = []
    if year_from is not None:
        conditions.append(("year >= ?", year_from))
    if year_to is not None:
        conditions.append(("year <= ?", year_to))
    if source is not None:
        conditions.append(("source = ?", source))
    if set_name is not None:
        key = PaperSets(library).key(set_name)
        conditions.append(("number IN (SELECT number FROM set_papers WHERE set_id = ?)", key))
    fits = " AND ".join(condition for condition, _ in conditions) or "TRUE"
    values = [value for _, value in conditions]
    text = clean_text(text).strip()
    if text and not conditions:
        return _found(library, text)
    fitting = sorted(
        row[0] for row in library.rows(f"SELECT number FROM papers WHERE {fits}", values)
    )
    if not text:
        return fitting
    allowed = set(fitting)
    return [number for number in _found(library, text) if number in allowed]


def _found(library: Library, text: str) -> list[int]:
    found = library.rows("SELECT number FROM papers WHERE id = ?", (text.lower(),))
    if words := beginnings(text):
        rank = "bm25(typed, 2.0, 1.0, 2.0, 1.0), " if len(text) > 1 else ""
        query = f"SELECT rowid FROM typed WHERE typed MATCH ? ORDER BY {rank}rowid"
        found += library.rows(query, (words,))
    return list(dict.fromkeys(row[0] for row in found))


def beginnings(text: str) -> str:
    """An FTS5 expression for all words of a text as beginnings, whatever it contains; may be empty.

    ``state-of`` is found where a word that begins with "of" comes straight after "state".
    """
    words = text.replace('"', " ").split()
    telling = dict.fromkeys(word for word in words if any(char.isalnum() for char in word))
    return " ".join(f'"{word}" *' for word in list(telling)[:MOST_WORDS])


def rows(library: Library, numbers: Sequence[int]) -> list[Row]:
    """The rows of these papers in the order given; papers removed meanwhile are left out."""
    found: dict[int, Row] = {}
    for start in range(0, len(numbers), ROWS_A_QUERY):
        part = numbers[start : start + ROWS_A_QUERY]
        query = (
            "SELECT number, id, title, year, authors, organisation, source, kind FROM papers"
            f" WHERE number IN ({','.join('?' * len(part))})"
        )
        for number, identifier, title, year, authors, organisation, *rest in library.rows(
            query, part
        ):
            author = next(iter(json.loads(authors)), None) or organisation or ""
            found[number] = Row(number, identifier, title, year, author, *rest)
    return [found[number] for number in numbers if number in found]


def sources(library: Library) -> list[tuple[str, int]]:
    """Every source with how many papers are from it, in the order of names."""
    query = "SELECT source, count(*) FROM papers GROUP BY source ORDER BY source"
    return [(name, count) for name, count in library.rows(query)]


def years(library: Library) -> tuple[int, int] | None:
    """The first and the last year of any paper; ``None`` if no paper has one."""
    ((first, last),) = library.rows("SELECT min(year), max(year) FROM papers")
    return None if first is None else (first, last)

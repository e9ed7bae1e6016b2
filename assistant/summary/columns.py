"""Columns of a summary's table: the roles of sentences, and words of the reader's own."""

from __future__ import annotations

import re
from collections.abc import Sequence

from assistant.errors import UsageError
from assistant.library import StoredPaper
from assistant.summary.notes import ROLES, Notes
from assistant.thesaurus import Thesaurus
from assistant.words import STOP_WORDS, stem, telling_words

MOST_COLUMNS = 12
SPREAD = 2
"""How many other words may stand among those of a column."""

_WORD = re.compile(r"\w+")


def check_columns(columns: Sequence[str]) -> None:
    """Raise ``UsageError`` for columns that are none: too many, empty, or the same twice."""
    different = {column.lower() for column in columns}
    if not 1 <= len(columns) <= MOST_COLUMNS or len(different) < len(columns):
        raise UsageError(
            f"a table has 1 to {MOST_COLUMNS} different columns", f"example: {','.join(ROLES)}"
        )
    for column in columns:
        if not any(map(str.isalnum, column)) or STOP_WORDS.issuperset(telling_words(column)):
            raise UsageError(f"the column {column!r} names nothing", "name what it should tell of")


def with_columns(note: Notes, columns: Sequence[str], synonyms: Thesaurus) -> Notes:
    """The notes for these columns alone.

    A role may be written with capitals. A column that is no role gets the first sentence with all
    its words together, in whatever inflection, or else with the terms that the thesaurus has for
    them; or none.
    """
    found: dict[str, tuple[int, ...]] = {}
    for column in columns:
        if column.lower() in ROLES:
            found[column] = note.sentences.get(column.lower(), ())[:1]
        else:
            place = _mentioning(note.stored, synonyms.wordings(column)[:2])
            found[column] = () if place is None else (place,)
    return Notes(note.stored, {column: places for column, places in found.items() if places})


def _mentioning(stored: StoredPaper, wordings: Sequence[str]) -> int | None:
    for wording in wordings:
        wanted = {stem(word) for word in telling_words(wording)}
        for index in range(len(stored.sentences)):
            said = [stem(word.lower()) for word in _WORD.findall(stored.sentence(index))]
            spread = len(wanted) + SPREAD
            if any(wanted <= set(said[i : i + spread]) for i in range(len(said))):
                return index
    return None

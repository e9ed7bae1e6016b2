"""Named sets of papers of one library, kept in its ``library.sqlite``."""

from __future__ import annotations

import difflib
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass

from assistant.errors import UsageError
from assistant.library import Library
from assistant.papers import clean_text

LONGEST_NAME = 80
"""Characters."""


@dataclass(frozen=True)
class PaperSet:
    """A set as a list shows it."""

    name: str
    papers: int
    """How many papers are in it."""


@dataclass(frozen=True)
class DeletedSet:
    """What ``restore`` needs to bring a deleted set back."""

    name: str
    identifiers: tuple[str, ...]


class PaperSets:
    """The sets of one library; names differ in more than case.

    A change needs no ``Library.writing``: it waits for a transaction of another process at most.
    Every method given the name of a set that does not exist raises ``UsageError``.
    """

    def __init__(self, library: Library) -> None:
        self._library = library

    def overview(self) -> list[PaperSet]:
        """All sets in the order of their names."""
        query = (
            "SELECT name, count(number) FROM sets LEFT JOIN set_papers ON set_id = sets.id"
            " GROUP BY sets.id"
        )
        found = [PaperSet(name, count) for name, count in self._library.rows(query)]
        return sorted(found, key=lambda one: _key(one.name))

    def members(self, name: str) -> list[str]:
        """The ids of the papers in a set, in the order in which they were put there."""
        query = (
            "SELECT papers.id FROM set_papers JOIN papers USING (number)"
            " WHERE set_id = ? ORDER BY place"
        )
        return [row[0] for row in self._library.rows(query, (self.key(name),))]

    def key(self, name: str) -> int:
        """The ``sets.id`` of a set, whatever the case of the name."""
        found = self._find(name)
        if found is None:
            names = [one.name for one in self.overview()]
            near = difflib.get_close_matches(_key(name), map(_key, names), n=1)
            near = [known for known in names if _key(known) in near]
            hint = f"did you mean {near[0]}?" if near else "assistant sets list prints the sets"
            raise UsageError(f"there is no set {name[:LONGEST_NAME]!r}", hint)
        return found

    def add(self, name: str, identifiers: Iterable[str]) -> int:
        """Put papers into a set, made if there is none; returns how many were not in it before.

        Raises ``UsageError`` for a name that is empty or too long and for ids without a paper, and
        then changes nothing.
        """
        wanted = list(dict.fromkeys(identifiers))
        with self._library.transaction():
            known = self._library.fetch(wanted)
            for identifier in wanted:
                if identifier not in known:
                    raise UsageError(
                        f"no paper has the id {identifier!r}", "assistant list prints the ids"
                    )
            return self._put(name, wanted)

    def take_out(self, name: str, identifiers: Iterable[str]) -> int:
        """Take papers out of a set; returns how many were in it."""
        with self._library.transaction():
            key = self.key(name)
            return self._library.change(
                "DELETE FROM set_papers WHERE set_id = ?"
                " AND number = (SELECT number FROM papers WHERE id = ?)",
                [(key, identifier) for identifier in dict.fromkeys(identifiers)],
            )

    def rename(self, old: str, new: str) -> None:
        """Give a set another name.

        Raises ``UsageError`` if the new name is empty, too long or another set's.
        """
        with self._library.transaction():
            key, name = self.key(old), checked_name(new)
            if self._find(name) not in (None, key):
                raise UsageError(f"there is a set {name!r} already", "choose another name")
            self._library.change("UPDATE sets SET name = ? WHERE id = ?", [(name, key)])

    def delete(self, name: str) -> DeletedSet:
        """Delete a set, not its papers."""
        with self._library.transaction():
            key = self.key(name)
            ((stored,),) = self._library.rows("SELECT name FROM sets WHERE id = ?", (key,))
            deleted = DeletedSet(stored, tuple(self.members(name)))
            self._library.change("DELETE FROM sets WHERE id = ?", [(key,)])
            return deleted

    def restore(self, deleted: DeletedSet) -> None:
        """Bring a set back, less the papers removed since; joined with a set now of that name."""
        with self._library.transaction():
            self._put(deleted.name, deleted.identifiers)

    def _put(self, name: str, identifiers: Iterable[str]) -> int:
        key = self._find(name)
        if key is None:
            self._library.change("INSERT INTO sets (name) VALUES (?)", [(checked_name(name),)])
            key = self.key(name)
        return self._library.change(
            "INSERT OR IGNORE INTO set_papers (set_id, number)"
            " SELECT ?, number FROM papers WHERE id = ?",
            [(key, identifier) for identifier in identifiers],
        )

    def _find(self, name: str) -> int | None:
        sets = self._library.rows("SELECT id, name FROM sets")
        return next((key for key, known in sets if _key(known) == _key(name)), None)


def checked_name(name: str) -> str:
    """The name with single spaces and nothing around it.

    Raises ``UsageError`` if it is empty or longer than ``LONGEST_NAME``.
    """
    name = _clean(name)
    if not name:
        raise UsageError("the name of the set is empty", "example: assistant sets add thesis ID")
    if len(name) > LONGEST_NAME:
        raise UsageError(
            f"the name of the set has {len(name)} characters",
            f"it can have {LONGEST_NAME} at most",
        )
    return name


def _clean(name: str) -> str:
    return unicodedata.normalize("NFC", " ".join(clean_text(name).split()))


def _key(name: str) -> str:
    return _clean(name).casefold()

"""The record of truth: papers, their sentences and the keyword index, in one SQLite file."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, fields, replace
from pathlib import Path
from typing import Any

import filelock

from assistant.database import connect, make, rebuild_words, translated
from assistant.errors import AssistantError, LibraryMissing, UsageError
from assistant.papers import Paper, title_key
from assistant.sentences import Span

_COLUMNS = tuple(field.name for field in fields(Paper))
_JSON = {"authors", "numbers"}
_FILLABLE = ("author_count", "organisation", "year", "date", "doi", "arxiv_id", "url", "venue")


RECORD = "library.sqlite"
"""Name of the file that makes a folder a library."""


@dataclass(frozen=True)
class StoredPaper:
    """A paper as it lies in the library."""

    id: str
    paper: Paper
    sentences: tuple[Span, ...]
    """Offsets into ``paper.abstract``."""

    def sentence(self, index: int) -> str:
        """The text of sentence ``index``, a slice of the abstract."""
        start, end = self.sentences[index]
        return self.paper.abstract[start:end]


class Library:
    """One folder with ``library.sqlite`` and, beside it, whatever is built from it."""

    def __init__(self, path: Path, connection: sqlite3.Connection) -> None:
        self.path = path
        self._db = connection
        self._lock = filelock.FileLock(path / "write.lock")

    @classmethod
    def open(cls, path: Path) -> Library:
        """Open an existing library.

        Raises ``LibraryMissing``, ``LibraryStale`` (newer version, not a library) or
        ``LibraryUnwritable``.
        """
        file = path / RECORD
        if not file.is_file():
            raise LibraryMissing(
                f"there is no library at {path}", "assistant add PATH makes one; check --library"
            )
        return cls(path, connect(file))

    @classmethod
    def create(cls, path: Path) -> Library:
        """Open the library at ``path``, making an empty one first if there is none."""
        file = path / RECORD
        if not file.is_file():
            with translated(path):
                path.mkdir(parents=True, exist_ok=True)
                with filelock.FileLock(path / "write.lock", timeout=10):
                    if not file.is_file():
                        make(file)
        return cls.open(path)

    def close(self) -> None:
        """Close the connection; the object is of no use afterwards."""
        self._db.close()

    @contextmanager
    def writing(self, wait_seconds: float = 0) -> Iterator[None]:
        """Hold the one write lock of the library; may be nested.

        Raises ``LibraryLocked`` if another process holds it and goes on to for ``wait_seconds``.
        """
        with translated(self.path):
            self._lock.acquire(timeout=wait_seconds)
        try:
            yield
        finally:
            self._lock.release()

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """All changes inside are kept together or, on any error, not at all."""
        self._db.execute("BEGIN IMMEDIATE")
        try:
            yield
            self._db.execute("UPDATE meta SET value = value + 1 WHERE key = 'revision'")
            self._db.execute("COMMIT")
        except BaseException:
            self._db.rollback()
            raise

    def rows(self, query: str, parameters: Any = ()) -> list[Any]:
        """All rows of an SQL query."""
        with translated(self.path):
            return self._db.execute(query, parameters).fetchall()

    def change(self, statement: str, rows: Iterable[Sequence[object]]) -> int:
        """Run an SQL statement for each row of parameters; returns how many rows it changed.

        Inside ``transaction``.
        """
        return self._db.executemany(statement, rows).rowcount

    def snapshot(self) -> str:
        """Names the library and its state: it changes with every change of the content."""
        meta = dict(self.rows("SELECT key, value FROM meta"))
        return f"{meta['uuid'][:8]}-{meta['revision']}"

    def count(self) -> int:
        """How many papers the library holds."""
        return int(self.rows("SELECT count(*) FROM papers")[0][0])

    def kinds(self) -> dict[str, int]:
        """How many papers are there with their abstract, how many with a synopsis."""
        return dict(self.rows("SELECT kind, count(*) FROM papers GROUP BY kind"))

    def identifiers(self) -> list[str]:
        """The ids of all papers in the order of adding."""
        return [str(row[0]) for row in self.rows("SELECT id FROM papers ORDER BY number")]

    def get(self, identifier: str) -> StoredPaper:
        """The paper with this id or unambiguous beginning of one.

        Raises ``UsageError`` if there is none or more than one.
        """
        rows = self._select("WHERE id = ?", (identifier,)) or self._select(
            "WHERE ?1 <> '' AND id >= ?1 AND id < ?1 || char(0x10FFFF) LIMIT 2", (identifier,)
        )
        if len(rows) != 1:
            what = "no paper has" if not rows else "several papers share"
            raise UsageError(f"{what} the id {identifier!r}", "assistant list prints the ids")
        return rows[0]

    def fetch(self, identifiers: Iterable[str]) -> dict[str, StoredPaper]:
        """The papers with these full ids; ids without a paper are left out."""
        wanted = list(identifiers)
        found: dict[str, StoredPaper] = {}
        for start in range(0, len(wanted), 500):
            part = wanted[start : start + 500]
            marks = ",".join("?" * len(part))
            found.update((row.id, row) for row in self._select(f"WHERE id IN ({marks})", part))
        return found

    def papers(self) -> Iterator[StoredPaper]:
        """All papers in the order of adding, a page at a time."""
        last = 0
        while page := self._page("number > ?", (last,)):
            yield from (paper for _, paper in page)
            last = page[-1][0]

    def waiting(self, limit: int) -> list[StoredPaper]:
        """Up to ``limit`` papers whose vectors are not in the index yet."""
        return [paper for _, paper in self._page("indexed = 0", (), limit)]

    def waiting_count(self) -> int:
        """How many papers wait to be indexed."""
        query = "SELECT count(*) FROM papers WHERE indexed = 0"
        return int(self.rows(query)[0][0])

    def papers_with_state(self) -> Iterator[tuple[StoredPaper, bool]]:
        """All papers in the order of adding, each with whether it is indexed."""
        waiting = {row[0] for row in self.rows("SELECT id FROM papers WHERE indexed = 0")}
        for stored in self.papers():
            yield stored, stored.id not in waiting

    def duplicate_of(self, paper: Paper) -> str | None:
        """The id of a stored paper that is the same one, or ``None``.

        Compared by DOI, else arXiv id, else title; papers whose DOIs or arXiv ids differ are
        different papers even under one title.
        """
        for column in ("doi", "arxiv_id"):
            if value := getattr(paper, column):
                query = f"SELECT id FROM papers WHERE {column} = ?"
                if rows := self.rows(query, (value,)):
                    return str(rows[0][0])
        query = """
            SELECT id FROM papers WHERE title_key = :key
            AND (doi IS NULL OR :doi IS NULL) AND (arxiv_id IS NULL OR :arxiv_id IS NULL)
        """
        keys = {"key": title_key(paper.title), "doi": paper.doi, "arxiv_id": paper.arxiv_id}
        rows = self.rows(query, keys)
        return str(rows[0][0]) if rows else None

    def insert(self, paper: Paper, sentences: list[Span]) -> str:
        """Store a paper that is not in the library yet; it then waits to be indexed."""
        identifier = paper.id
        while self.rows("SELECT 1 FROM papers WHERE id = ?", (identifier,)):
            identifier = "p" + f"{int(identifier[1:], 16) + 1:010x}"[-10:]
        values = {name: getattr(paper, name) for name in _COLUMNS}
        values |= {name: json.dumps(values[name], ensure_ascii=False) for name in _JSON}
        values |= {"id": identifier, "title_key": title_key(paper.title)}
        values["spans"] = json.dumps(sentences)
        names = ", ".join(values)
        marks = ", ".join("?" * len(values))
        self._db.execute(f"INSERT INTO papers ({names}) VALUES ({marks})", list(values.values()))
        return identifier

    def fill_in(self, identifier: str, paper: Paper) -> bool:
        """Take over facts that the stored record lacks; True if there were any."""
        stored = self.get(identifier).paper
        new = {
            name: getattr(paper, name)
            for name in _FILLABLE
            if getattr(stored, name) is None and getattr(paper, name) is not None
        }
        if not stored.authors and paper.authors:
            new["authors"] = json.dumps(paper.authors, ensure_ascii=False)
        for name, value in new.items():
            self._db.execute(f"UPDATE papers SET {name} = ? WHERE id = ?", (value, identifier))
        return bool(new)

    def remove(self, identifiers: Iterable[str]) -> None:
        """Delete papers."""
        self._db.executemany("DELETE FROM papers WHERE id = ?", [(i,) for i in identifiers])

    def mark_indexed(self, pieces: Mapping[str, bytes]) -> None:
        """Note that all vectors of these papers are in the index, and keep their word pieces."""
        self._db.executemany(
            "INSERT OR REPLACE INTO pieces SELECT number, ?2 FROM papers WHERE id = ?1",
            list(pieces.items()),
        )
        rows = [(identifier,) for identifier in pieces]
        self._db.executemany("UPDATE papers SET indexed = 1 WHERE id = ?", rows)

    def pieces(self, identifiers: Iterable[str]) -> dict[str, bytes]:
        """The word pieces of these papers by id, as ``mark_indexed`` was given them."""
        query = (
            "SELECT papers.id, pieces.vectors FROM papers JOIN pieces USING (number)"
            " WHERE papers.id IN (SELECT value FROM json_each(?)) AND papers.indexed"
        )
        return dict(self.rows(query, (json.dumps(list(identifiers)),)))

    def mark_waiting(self, identifiers: Iterable[str] | None = None) -> None:
        """Note that these papers, or all, have to be indexed again."""
        if identifiers is None:
            self._db.execute("UPDATE papers SET indexed = 0")
        else:
            rows = [(identifier,) for identifier in identifiers]
            self._db.executemany("UPDATE papers SET indexed = 0 WHERE id = ?", rows)

    def rank_by_words(
        self, expression: str, limit: int, among: Sequence[str] | None = None
    ) -> list[tuple[str, float]]:
        """Ids and BM25 scores (higher is better) of the papers matching an FTS5 expression.

        With ``among``, only of the papers with these ids; their scores stay the same.
        """
        only = "" if among is None else " AND papers.id IN (SELECT value FROM json_each(?))"
        query = (
            "SELECT papers.id, -bm25(words, 2.0, 1.0) AS score FROM words"
            " CROSS JOIN papers ON papers.number = words.rowid"
            f" WHERE words MATCH ?{only} ORDER BY score DESC, papers.number LIMIT ?"
        )
        ids = [] if among is None else [json.dumps(list(among))]
        return [(str(i), float(s)) for i, s in self.rows(query, (expression, *ids, limit))]

    def score_words(self, expression: str, identifiers: Iterable[str]) -> dict[str, float]:
        """The same scores of given papers, those that match not at all left out."""
        ids = list(identifiers)
        return dict(self.rank_by_words(expression, len(ids), ids))

    def papers_with_words(self, words: Iterable[str]) -> dict[str, int]:
        """For each word, how many papers have it in title or abstract in any inflection."""
        query = "SELECT count(*) FROM words WHERE words MATCH ?"
        return {word: int(self.rows(query, (f'"{word}"',))[0][0]) for word in words}

    def check(self) -> list[str]:
        """What is wrong with the record itself; empty if nothing is."""
        problems = [
            f"library.sqlite: {row[0]}"
            for row in self.rows("PRAGMA integrity_check")
            if row[0] != "ok"
        ]
        for name in ("words", "typed"):
            try:
                self._db.execute(f"INSERT INTO {name} ({name}, rank) VALUES ('integrity-check', 1)")
            except AssistantError as error:
                problems.append(f"keyword index {name}: {error.message}")
        return problems

    def rebuild_words(self) -> None:
        """Build the keyword indexes anew from the papers; outside a transaction."""
        rebuild_words(self._db)

    def _select(self, clause: str, parameters: Iterable[object]) -> list[StoredPaper]:
        names = ", ".join(("id", "spans", *_COLUMNS))
        rows = self.rows(f"SELECT {names} FROM papers {clause}", tuple(parameters))
        return [_stored(row) for row in rows]

    def _page(
        self, condition: str, parameters: tuple[object, ...], limit: int = 500
    ) -> list[tuple[int, StoredPaper]]:
        names = ", ".join(("number", "id", "spans", *_COLUMNS))
        query = f"SELECT {names} FROM papers WHERE {condition} ORDER BY number LIMIT {limit}"
        return [(row[0], _stored(row[1:])) for row in self.rows(query, parameters)]


def _stored(row: tuple[object, ...]) -> StoredPaper:
    identifier, spans, *values = row
    facts = dict(zip(_COLUMNS, values, strict=True))
    facts |= {name: tuple(json.loads(str(facts[name]))) for name in _JSON}
    sentences = tuple((start, end) for start, end in json.loads(str(spans)))
    return StoredPaper(str(identifier), replace(_EMPTY, **facts), sentences)  # type: ignore[arg-type]


_EMPTY = Paper(title="", abstract="")

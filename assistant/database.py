"""The file ``library.sqlite``: its tables and version, opening it, and its failures translated."""

from __future__ import annotations

import sqlite3
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import filelock

from assistant.errors import AssistantError, LibraryLocked, LibraryStale, LibraryUnwritable

VERSION = 3
"""``PRAGMA user_version``; a library with a higher one was written by a newer program."""

APPLICATION_ID = 0x50415052
"""``PRAGMA application_id``: the letters PAPR, so that a stranger's database is recognised."""

_WORDS = """
CREATE VIRTUAL TABLE words USING fts5 (
    title, abstract, content='papers', content_rowid='number',
    tokenize="porter unicode61 remove_diacritics 2"
);
"""

_TYPED = """
CREATE VIRTUAL TABLE typed USING fts5 (         -- words unstemmed, searched by their beginnings
    title, abstract, authors, organisation, content='papers', content_rowid='number',
    tokenize="unicode61 remove_diacritics 2"
);
"""

_TABLES = """
CREATE TABLE meta (key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;

CREATE TABLE papers (
    number       INTEGER PRIMARY KEY,           -- order of adding
    id           TEXT NOT NULL UNIQUE,
    title        TEXT NOT NULL,
    abstract     TEXT NOT NULL,
    title_key    TEXT NOT NULL,                 -- folded title, for duplicates
    authors      TEXT NOT NULL,                 -- JSON list of names
    author_count INTEGER,
    organisation TEXT,
    year         INTEGER,
    date         TEXT,
    doi          TEXT,
    arxiv_id     TEXT,
    url          TEXT,
    venue        TEXT,
    numbers      TEXT NOT NULL,                 -- JSON list
    source       TEXT NOT NULL,
    line         INTEGER,
    kind         TEXT NOT NULL,
    spans        TEXT NOT NULL,                 -- JSON list of [start, end] of the sentences
    indexed      INTEGER NOT NULL DEFAULT 0     -- 1 once all its vectors are in the index
);
CREATE INDEX papers_title_key ON papers (title_key);
CREATE INDEX papers_doi ON papers (doi) WHERE doi IS NOT NULL;
CREATE INDEX papers_arxiv_id ON papers (arxiv_id) WHERE arxiv_id IS NOT NULL;
CREATE INDEX papers_waiting ON papers (indexed) WHERE indexed = 0;

CREATE TRIGGER papers_inserted AFTER INSERT ON papers BEGIN
    INSERT INTO words (rowid, title, abstract) VALUES (new.number, new.title, new.abstract);
END;
CREATE TRIGGER papers_deleted AFTER DELETE ON papers BEGIN
    INSERT INTO words (words, rowid, title, abstract)
    VALUES ('delete', old.number, old.title, old.abstract);
END;
CREATE TRIGGER papers_updated AFTER UPDATE OF title, abstract ON papers BEGIN
    INSERT INTO words (words, rowid, title, abstract)
    VALUES ('delete', old.number, old.title, old.abstract);
    INSERT INTO words (rowid, title, abstract) VALUES (new.number, new.title, new.abstract);
END;
"""

_ADDED_IN_2 = (
    _TYPED,
    "INSERT INTO typed (typed) VALUES ('rebuild')",
    """
CREATE TRIGGER typed_inserted AFTER INSERT ON papers BEGIN
    INSERT INTO typed (rowid, title, abstract, authors, organisation)
    VALUES (new.number, new.title, new.abstract, new.authors, new.organisation);
END
""",
    """
CREATE TRIGGER typed_deleted AFTER DELETE ON papers BEGIN
    INSERT INTO typed (typed, rowid, title, abstract, authors, organisation)
    VALUES ('delete', old.number, old.title, old.abstract, old.authors, old.organisation);
END
""",
    """
CREATE TRIGGER typed_updated AFTER UPDATE OF title, abstract, authors, organisation ON papers BEGIN
    INSERT INTO typed (typed, rowid, title, abstract, authors, organisation)
    VALUES ('delete', old.number, old.title, old.abstract, old.authors, old.organisation);
    INSERT INTO typed (rowid, title, abstract, authors, organisation)
    VALUES (new.number, new.title, new.abstract, new.authors, new.organisation);
END
""",
    "CREATE INDEX papers_source_year ON papers (source, year)",
    """
CREATE TABLE sets (
    id   INTEGER PRIMARY KEY,
    name TEXT NOT NULL UNIQUE COLLATE NOCASE
)
""",
    """
CREATE TABLE set_papers (
    place  INTEGER PRIMARY KEY,                 -- order of adding
    set_id INTEGER NOT NULL,
    number INTEGER NOT NULL,                    -- papers.number
    UNIQUE (set_id, number)
)
""",
    "CREATE INDEX set_papers_number ON set_papers (number)",
    """
CREATE TRIGGER papers_leave_sets AFTER DELETE ON papers BEGIN
    DELETE FROM set_papers WHERE number = old.number;
END
""",
    """
CREATE TRIGGER sets_deleted AFTER DELETE ON sets BEGIN
    DELETE FROM set_papers WHERE set_id = old.id;
END
""",
)
"""What version 2 has beyond version 1, statement by statement."""

_ADDED_IN_3 = (
    """
CREATE TABLE pieces (
    number  INTEGER PRIMARY KEY,                -- papers.number
    vectors BLOB NOT NULL                       -- late_interaction.Pieces
)
""",
    """
CREATE TRIGGER pieces_deleted AFTER DELETE ON papers BEGIN
    DELETE FROM pieces WHERE number = old.number;
END
""",
)
"""What version 3 has beyond version 2."""


class _Connection(sqlite3.Connection):
    """A connection that raises the program's own errors."""

    folder = Path()

    def execute(self, sql: str, parameters: Any = (), /) -> sqlite3.Cursor:
        with translated(self.folder):
            return super().execute(sql, parameters)

    def executemany(self, sql: str, parameters: Any, /) -> sqlite3.Cursor:
        with translated(self.folder):
            return super().executemany(sql, parameters)


def connect(file: Path) -> sqlite3.Connection:
    """Open the database of an existing library, brought to ``VERSION`` first if it is older.

    Raises ``LibraryStale`` if it is not one, is damaged, or was written by a newer program.
    """
    with translated(file.parent):
        connection = sqlite3.connect(
            file, isolation_level=None, timeout=30, check_same_thread=False, factory=_Connection
        )
        connection.folder = file.parent
        (application,) = connection.execute("PRAGMA application_id").fetchone()
        (version,) = connection.execute("PRAGMA user_version").fetchone()
    if application != APPLICATION_ID:
        connection.close()
        raise LibraryStale(f"{file} is not a library of this program", "check --library")
    if version > VERSION:
        connection.close()
        raise LibraryStale(
            f"the library {file.parent} has version {version}, this program knows {VERSION}",
            "update the program: pip install --upgrade",
        )
    if version < VERSION:
        try:
            _migrate(connection)
        except BaseException:
            connection.close()
            raise
    return connection


def _migrate(connection: sqlite3.Connection) -> None:
    """Bring it to ``VERSION``, all or nothing, unless another process has just done it."""
    connection.execute("BEGIN IMMEDIATE")
    try:
        (version,) = connection.execute("PRAGMA user_version").fetchone()
        if version < VERSION:
            for statement in (*(_ADDED_IN_2 if version < 2 else ()), *_ADDED_IN_3):
                connection.execute(statement)
            connection.execute(f"PRAGMA user_version = {VERSION}")
        connection.execute("COMMIT")
    except BaseException:
        connection.rollback()
        raise


def make(file: Path) -> None:
    """Make an empty database, first under another name, so that no half-made one is seen."""
    fresh = file.with_suffix(".new")
    fresh.unlink(missing_ok=True)
    connection = sqlite3.connect(fresh, isolation_level=None)
    connection.executescript(_WORDS + _TABLES)
    for statement in (*_ADDED_IN_2, *_ADDED_IN_3):
        connection.execute(statement)
    rows = [("uuid", uuid.uuid4().hex), ("revision", "0")]
    connection.executemany("INSERT INTO meta VALUES (?, ?)", rows)
    connection.execute(f"PRAGMA application_id = {APPLICATION_ID}")
    connection.execute(f"PRAGMA user_version = {VERSION}")
    connection.execute("PRAGMA journal_mode = WAL")
    connection.close()
    fresh.replace(file)


def rebuild_words(connection: sqlite3.Connection) -> None:
    """Make both keyword indexes anew, even ones too damaged to be dropped."""
    for name, definition in (("words", _WORDS), ("typed", _TYPED)):
        try:
            connection.execute(f"DROP TABLE IF EXISTS {name}")
        except AssistantError:
            connection.execute("PRAGMA writable_schema = ON")
            connection.execute(f"DELETE FROM sqlite_master WHERE name = '{name}'")
            connection.execute("PRAGMA writable_schema = RESET")
        for part in ("data", "idx", "docsize", "config", "content"):
            connection.execute(f"DROP TABLE IF EXISTS {name}_{part}")
        connection.execute(definition)
        connection.execute(f"INSERT INTO {name} ({name}) VALUES ('rebuild')")


@contextmanager
def translated(path: Path, file: Path | None = None) -> Iterator[None]:
    """Turn the failures of SQLite and the file system into the program's own.

    ``path`` is the folder of the library, ``file`` the database in use if it is not the record.
    """
    try:
        yield
    except filelock.Timeout as error:
        raise LibraryLocked(
            f"another process is writing to the library {path}",
            "wait until it has finished, then repeat the command",
        ) from error
    except sqlite3.DatabaseError as error:
        text = str(error)
        if "locked" in text:
            raise LibraryLocked(f"the library {path} is busy", "try again in a moment") from error
        if "not a database" in text or "malformed" in text:
            again = "no paper is in it" if file else "add the papers again"
            raise LibraryStale(
                f"{file or path / 'library.sqlite'} is damaged: {text}",
                f"restore it from a backup, or move it away; {again}",
            ) from error
        raise LibraryUnwritable(
            f"cannot use {file or f'the library {path}'}: {text}",
            "check permissions and free disk space",
        ) from error
    except OSError as error:
        raise LibraryUnwritable(
            f"cannot use the library {path}: {error.strerror or error}",
            "check permissions and free disk space, or choose another with --library",
        ) from error

"""Conversations kept in one SQLite file: every finished answer, and the question in progress."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from assistant.answers import Answer
from assistant.config import Config, own_library
from assistant.database import translated
from assistant.errors import LibraryStale, UsageError
from assistant.liveness import LifeMark
from assistant.records import dump_answer, load_answer

VERSION = 1
"""``PRAGMA user_version``; a file with a higher one was written by a newer program."""
LONGEST_TITLE = 80
"""Characters."""
KEPT_DELETED_DAYS = 7
"""After so long, a deleted conversation can no longer be brought back."""

_TIME = "%Y-%m-%d %H:%M:%S"
_TABLES = """
CREATE TABLE conversations (
    id         INTEGER PRIMARY KEY AUTOINCREMENT,
    title      TEXT NOT NULL,
    created_at TEXT NOT NULL,
    changed_at TEXT NOT NULL,
    deleted_at TEXT,
    pending    TEXT NOT NULL DEFAULT '',        -- the question that is being answered
    owner      TEXT                             -- mark of the program that has it open
);
CREATE TABLE exchanges (
    conversation INTEGER NOT NULL REFERENCES conversations (id),
    position     INTEGER NOT NULL,              -- 0, 1, 2, ...
    question     TEXT NOT NULL,
    answer       TEXT NOT NULL,                 -- JSON, see records.py
    words        TEXT NOT NULL,                 -- the answer as text, to search
    asked_at     TEXT NOT NULL,
    model        TEXT NOT NULL,
    PRIMARY KEY (conversation, position)
) WITHOUT ROWID;
"""


@dataclass(frozen=True)
class Exchange:
    """A question and its answer."""

    question: str
    answer: Answer
    asked_at: str
    """ISO 8601, UTC, to the second."""
    model: str
    """Name of the model that worded it."""


@dataclass(frozen=True)
class Conversation:
    """Questions and answers in the order in which they were asked."""

    id: int
    title: str
    created_at: str
    changed_at: str
    exchanges: tuple[Exchange, ...]
    pending: str = ""
    """The question that was being answered when the program ended."""


@dataclass(frozen=True)
class Summary:
    """A conversation as a list shows it."""

    id: int
    title: str
    changed_at: str
    exchanges: int
    """How many questions were answered."""


class ConversationStore:
    """The conversations about one library; each change is on disk when the call returns.

    All methods raise ``LibraryUnwritable`` if the disk is full or forbids it and ``LibraryLocked``
    if another process holds the file for longer than five seconds.
    """

    def __init__(self, file: Path) -> None:
        """Open ``file``, making it first if there is none.

        Raises ``LibraryStale`` if it was written by a newer program or is damaged.
        """
        self._file = file
        self._mark = LifeMark(file.parent)
        with translated(file.parent, file):
            file.parent.mkdir(parents=True, exist_ok=True)
            self._db = sqlite3.connect(
                file, isolation_level=None, timeout=5, check_same_thread=False
            )
            with self._transaction():
                (version,) = self._db.execute("PRAGMA user_version").fetchone()
                if version == 0:
                    for statement in _TABLES.split(";"):
                        self._db.execute(statement)
                    self._db.execute(f"PRAGMA user_version = {VERSION}")
        if version > VERSION:
            self.close()
            raise LibraryStale(
                f"{file} was written by a newer version of this program",
                "update the program: pip install --upgrade",
            )

    def close(self) -> None:
        """Close the file; the object is of no use afterwards."""
        self._db.close()
        self._mark.close()

    def begin(self, question: str) -> int:
        """Start a conversation, titled after its first question, and return its id."""
        title = " ".join(question.split())[:LONGEST_TITLE]
        now = utc_now()
        with self._transaction():
            cursor = self._db.execute(
                "INSERT INTO conversations (title, created_at, changed_at, owner)"
                " VALUES (?, ?, ?, ?)",
                (title, now, now, self._mark.shown()),
            )
            return int(cursor.lastrowid or 0)

    def set_pending(self, identifier: int, question: str) -> None:
        """Note the question that is being answered; empty if none is."""
        self._change(identifier, "pending = ?, owner = ?", question, self._mark.shown())

    def append(self, identifier: int, exchange: Exchange) -> int:
        """Keep a finished answer and return its position; nothing is pending afterwards."""
        with self._transaction():
            (position,) = self._db.execute(
                "SELECT coalesce(max(position) + 1, 0) FROM exchanges WHERE conversation = ?",
                (identifier,),
            ).fetchone()
            self._put(identifier, position, exchange)
        return int(position)

    def replace(self, identifier: int, position: int, exchange: Exchange) -> None:
        """Put another answer in the place of one."""
        with self._transaction():
            self._put(identifier, position, exchange)

    def load(self, identifier: int) -> Conversation:
        """The whole conversation.

        An answer that cannot be read becomes a refusal that says so. Raises ``UsageError`` if there
        is no conversation with this id.
        """
        head = self._rows(
            "SELECT title, created_at, changed_at, pending FROM conversations WHERE id = ?",
            identifier,
        )
        if not head:
            raise UsageError(
                f"no conversation has the number {identifier}", "assistant conversations list"
            )
        title, created_at, changed_at, pending = head[0]
        rows = self._rows(
            "SELECT question, answer, asked_at, model FROM exchanges"
            " WHERE conversation = ? ORDER BY position",
            identifier,
        )
        exchanges = tuple(
            Exchange(question, _loaded(question, answer), asked_at, model)
            for question, answer, asked_at, model in rows
        )
        return Conversation(identifier, title, created_at, changed_at, exchanges, pending)

    def summaries(self, text: str = "") -> list[Summary]:
        """The conversations that contain ``text``, in any case, the last changed first."""
        pattern = "%" + "".join("\\" * (c in "%_\\") + c for c in text.strip()) + "%"
        rows = self._rows(
            "SELECT id, title, changed_at,"
            " (SELECT count(*) FROM exchanges WHERE conversation = id) FROM conversations"
            " WHERE deleted_at IS NULL AND (title LIKE ?1 ESCAPE '\\' OR EXISTS ("
            "  SELECT 1 FROM exchanges WHERE conversation = id"
            "  AND (question LIKE ?1 ESCAPE '\\' OR words LIKE ?1 ESCAPE '\\')))"
            " ORDER BY changed_at DESC, id DESC",
            pattern,
        )
        return [Summary(*row) for row in rows]

    def rename(self, identifier: int, title: str) -> None:
        """Give a conversation another title; an empty one changes nothing."""
        title = " ".join(title.split())[:LONGEST_TITLE]
        if title:
            self._change(identifier, "title = ?", title)

    def delete(self, identifier: int) -> None:
        """Take a conversation out of the list; ``restore`` brings it back."""
        self._change(identifier, "deleted_at = ?, owner = NULL", utc_now())

    def restore(self, identifier: int) -> None:
        """Bring a deleted conversation back."""
        self._change(identifier, "deleted_at = NULL")

    def purge(self) -> None:
        """Forget what was deleted more than ``KEPT_DELETED_DAYS`` ago."""
        with self._transaction():
            old = f"deleted_at < datetime('now', '-{KEPT_DELETED_DAYS} days')"
            self._db.execute(
                "DELETE FROM exchanges WHERE conversation IN"
                f" (SELECT id FROM conversations WHERE {old})"
            )
            self._db.execute(f"DELETE FROM conversations WHERE {old}")

    def take(self, identifier: int) -> None:
        """Note that this program has the conversation open; a deleted one comes back.

        Raises ``UsageError`` if another program that is running has.
        """
        with self._transaction():
            rows = self._rows("SELECT owner FROM conversations WHERE id = ?", identifier)
            if rows and rows[0][0] != self._mark.name and self._mark.is_alive(rows[0][0]):
                raise UsageError(
                    "this conversation is open in another window", "go on there, or close it there"
                )
            self._db.execute(
                "UPDATE conversations SET owner = ?, deleted_at = NULL WHERE id = ?",
                (self._mark.shown(), identifier),
            )

    def release(self, identifier: int) -> None:
        """Note that the program ended in order; a conversation without an answer goes."""
        with self._transaction():
            self._db.execute(
                "UPDATE conversations SET owner = NULL, pending = '' WHERE id = ?", (identifier,)
            )
            self._db.execute(
                "DELETE FROM conversations WHERE id = ?1"
                " AND NOT EXISTS (SELECT 1 FROM exchanges WHERE conversation = ?1)",
                (identifier,),
            )

    def left_open(self) -> int | None:
        """The last conversation whose program ended without ``release``, or ``None``."""
        rows = self._rows(
            "SELECT id, owner FROM conversations WHERE owner IS NOT NULL AND deleted_at IS NULL"
            " ORDER BY changed_at DESC, id DESC"
        )
        return next((int(i) for i, owner in rows if not self._mark.is_alive(owner)), None)

    def _put(self, identifier: int, position: int, exchange: Exchange) -> None:
        record = json.dumps(dump_answer(exchange.answer), ensure_ascii=False)
        self._db.execute(
            "INSERT OR REPLACE INTO exchanges VALUES (?, ?, ?, ?, ?, ?, ?)",
            (
                *(identifier, position, exchange.question, record),
                *(exchange.answer.text, exchange.asked_at, exchange.model),
            ),
        )
        self._db.execute(
            "INSERT INTO conversations (id, title, created_at, changed_at) VALUES (?1, ?2, ?3, ?3)"
            " ON CONFLICT (id) DO UPDATE SET changed_at = ?3, pending = '', deleted_at = NULL",
            (identifier, exchange.question[:LONGEST_TITLE], utc_now()),
        )

    def _change(self, identifier: int, assignment: str, *values: object) -> None:
        with self._transaction():
            self._db.execute(
                f"UPDATE conversations SET {assignment} WHERE id = ?", (*values, identifier)
            )

    def _rows(self, query: str, *parameters: object) -> list[Any]:
        with translated(self._file.parent, self._file):
            return self._db.execute(query, parameters).fetchall()

    @contextmanager
    def _transaction(self) -> Iterator[None]:
        with translated(self._file.parent, self._file):
            self._db.execute("BEGIN IMMEDIATE")
            try:
                yield
                self._db.execute("COMMIT")
            except BaseException:
                self._db.rollback()
                raise


def _loaded(question: str, record: str) -> Answer:
    try:
        return load_answer(json.loads(record))
    except (AttributeError, KeyError, TypeError, ValueError):
        return Answer(question, refused=True, reason="the answer that was kept here is damaged")


def store_file(settings: Config) -> Path:
    """Where the conversations are kept that go with the user's library."""
    return own_library(settings) / "conversations.sqlite"


def utc_now() -> str:
    """The time as ``Exchange.asked_at`` holds it."""
    return datetime.now(UTC).strftime(_TIME)


def local_time(moment: str) -> str:
    """A stored time as the clock of this computer shows it, to the minute."""
    utc = datetime.strptime(moment, _TIME).replace(tzinfo=UTC)
    return utc.astimezone().strftime("%Y-%m-%d %H:%M")

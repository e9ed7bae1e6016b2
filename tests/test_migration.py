"""A library of version 1 is brought up to date when it is opened."""

import sqlite3
import subprocess
import sys

import pytest

from assistant import database
from assistant.browsing import matching
from assistant.errors import AssistantError
from assistant.library import Library
from assistant.papers import Paper
from assistant.sets import PaperSets

VERSION_1 = """
CREATE VIRTUAL TABLE words USING fts5 (
    title, abstract, content='papers', content_rowid='number',
    tokenize="porter unicode61 remove_diacritics 2"
);
CREATE TABLE meta (key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE papers (
    number       INTEGER PRIMARY KEY,
    id           TEXT NOT NULL UNIQUE,
    title        TEXT NOT NULL,
    abstract     TEXT NOT NULL,
    title_key    TEXT NOT NULL,
    authors      TEXT NOT NULL,
    author_count INTEGER,
    organisation TEXT,
    year         INTEGER,
    date         TEXT,
    doi          TEXT,
    arxiv_id     TEXT,
    url          TEXT,
    venue        TEXT,
    numbers      TEXT NOT NULL,
    source       TEXT NOT NULL,
    line         INTEGER,
    kind         TEXT NOT NULL,
    spans        TEXT NOT NULL,
    indexed      INTEGER NOT NULL DEFAULT 0
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
INSERT INTO meta VALUES ('uuid', '0123456789abcdef'), ('revision', '7');
INSERT INTO papers VALUES
    (2, 'p0000000001', 'Bees', 'Bees fly. They hum.', 'bees', '["Ada Müller"]', 1, NULL, 2001, NULL,
     NULL, NULL, NULL, NULL, '[]', 'old.csv', 3, 'abstract', '[[0, 9], [10, 19]]', 1),
    (5, 'p0000000002', 'Wasps', 'Wasps sting.', 'wasps', '[]', 2, 'Hive Lab', NULL, NULL,
     NULL, NULL, NULL, NULL, '[]', 'old.csv', 4, 'abstract', '[[0, 12]]', 0);
PRAGMA application_id = 0x50415052;
PRAGMA user_version = 1;
"""


@pytest.fixture
def old(tmp_path):
    connection = sqlite3.connect(tmp_path / "library.sqlite")
    connection.executescript(VERSION_1)
    connection.execute("PRAGMA journal_mode = WAL")
    connection.close()
    return tmp_path


def content(path):
    """Version, all of the old tables, and the names of all tables."""
    connection = sqlite3.connect(path / "library.sqlite")
    (version,) = connection.execute("PRAGMA user_version").fetchone()
    names = {row[0] for row in connection.execute("SELECT name FROM sqlite_master")}
    tables = [connection.execute(f"SELECT * FROM {name}").fetchall() for name in ("meta", "papers")]
    connection.close()
    return version, tables, names


def schema(path):
    connection = sqlite3.connect(path / "library.sqlite")
    rows = connection.execute("SELECT type, name, tbl_name FROM sqlite_master").fetchall()
    connection.close()
    return sorted(rows)


def test_an_old_library_gains_what_is_new_and_keeps_the_rest(old, tmp_path):
    _, before, _ = content(old)
    library = Library.open(old)
    version, after, _ = content(old)
    assert version == database.VERSION and after == before
    assert library.snapshot() == "01234567-7" and library.waiting_count() == 1
    assert library.check() == []
    assert matching(library, "mull") == [2] and matching(library, "hive l") == [5]
    sets = PaperSets(library)
    sets.add("insects", ["p0000000002", "p0000000001"])
    with library.transaction():
        library.remove(["p0000000002"])
        library.insert(Paper("Ants", "Ants dig."), [(0, 9)])
    assert sets.members("insects") == ["p0000000001"]
    assert library.check() == [] and matching(library, "dig") == [3]
    library.close()
    Library.create(tmp_path / "new").close()
    assert schema(old) == schema(tmp_path / "new")


def test_many_processes_may_open_it_at_once(old):
    code = (
        "import sys; from pathlib import Path; sys.stdin.readline()\n"
        "from assistant.library import Library\n"
        "library = Library.open(Path(sys.argv[1])); print(library.count(), library.check())\n"
    )
    processes = [
        subprocess.Popen(
            [sys.executable, "-c", code, str(old)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        for _ in range(4)
    ]
    for process in processes:
        process.stdin.write("\n")
        process.stdin.flush()
    for process in processes:
        assert process.communicate(timeout=600) == ("2 []\n", "")
    assert content(old)[0] == database.VERSION


def test_what_fails_half_way_leaves_the_old_library(old):
    connection = sqlite3.connect(old / "library.sqlite")
    connection.execute("CREATE TABLE set_papers (in_the_way)")
    connection.close()
    before = content(old)
    with pytest.raises(AssistantError, match="set_papers"):
        Library.open(old)
    assert content(old) == before

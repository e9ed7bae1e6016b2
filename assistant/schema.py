"""The tables of ``library.sqlite`` and the version they carry."""

from __future__ import annotations

VERSION = 1
"""``PRAGMA user_version``; a library with a higher one was written by a newer program."""

APPLICATION_ID = 0x50415052
"""``PRAGMA application_id``: the letters PAPR, so that a stranger's database is recognised."""

TABLES = """
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

CREATE VIRTUAL TABLE words USING fts5 (
    title, abstract, content='papers', content_rowid='number',
    tokenize="porter unicode61 remove_diacritics 2"
);
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

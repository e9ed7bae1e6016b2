"""The starter library: synopses that let a newcomer ask before adding anything."""

from __future__ import annotations

import hashlib
import shutil
import tomllib
from importlib.resources import files
from pathlib import Path

from assistant.config import data_dir
from assistant.library import Library
from assistant.papers import Paper
from assistant.sentences import split_sentences

NOTICE = (
    "The starter library holds synopses written for this program, not the papers' own abstracts."
)


def folder() -> Path:
    """Where the library of the starter papers is kept; its name changes with their text."""
    digest = hashlib.sha256(_text().encode()).hexdigest()
    return data_dir() / "starter" / digest[:10]


def starter_papers() -> list[Paper]:
    """The papers of ``synopses.toml``, each with ``kind="synopsis"``."""
    return [
        Paper(
            title=entry["title"],
            abstract=entry["synopsis"].strip(),
            year=entry.get("year"),
            author_count=entry.get("author_count"),
            arxiv_id=entry.get("arxiv_id"),
            source="synopses.toml",
            kind="synopsis",
        )
        for entry in tomllib.loads(_text())["paper"]
    ]


def fill(library: Library) -> int:
    """Add the starter papers that are not in the library yet; returns how many those were."""
    added = 0
    with library.writing(), library.transaction():
        for paper in starter_papers():
            if library.duplicate_of(paper) is None:
                library.insert(paper, split_sentences(paper.abstract))
                added += 1
    return added


def remove_older() -> None:
    """Delete the starter libraries of other versions, with the sets that were made of them."""
    for path in folder().parent.iterdir():
        if path != folder() and (path / "library.sqlite").is_file():
            shutil.rmtree(path, ignore_errors=True)


def _text() -> str:
    return files(__package__).joinpath("synopses.toml").read_text("utf-8")

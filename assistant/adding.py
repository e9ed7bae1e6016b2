"""Files -> papers in the library: read, recognise duplicates, store, each step accounted for."""

from __future__ import annotations

import io
import sys
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import partial
from itertools import islice
from pathlib import Path

from assistant.errors import SourceUnreadable, UsageError
from assistant.indexing import Progress
from assistant.library import Library
from assistant.papers import Paper
from assistant.sentences import split_sentences
from assistant.sources import READERS, Reader, Rejection, Source, choose, names

PAPERS_A_TRANSACTION = 500


_SUFFIXES = {
    f".{suffix}": next(reader for reader in READERS if reader.name == name)
    for suffix, name in (("csv", "csv"), ("tsv", "tsv"), ("jsonl", "jsonl"), ("ndjson", "jsonl"))
}
"""What a file is called decides only where its content does not, so that the error is about it."""


@dataclass
class AddReport:
    """What became of everything that was read."""

    read: int = 0
    """Records that are papers: ``added + merged``."""
    added: int = 0
    merged: int = 0
    """Records of papers the library, or this input, already had."""
    filled_in: int = 0
    """Merged records that gave a stored paper a fact it lacked."""
    undated: int = 0
    """Papers whose source prints a date without a year, and no year was given."""
    files: int = 0
    rejected: list[Rejection] = field(default_factory=list)
    skipped: list[str] = field(default_factory=list)
    """Files found in a folder that hold no papers."""


def add(
    library: Library,
    paths: Iterable[str],
    progress: Progress,
    *,
    format_name: str | None = None,
    crawl_year: int | None = None,
) -> AddReport:
    """Read every path (file, folder, ``-`` for standard input) into the library.

    Papers are stored in transactions of 500; the caller indexes them afterwards. A file that
    cannot be read is one rejection and the others go on.

    Raises ``LibraryLocked`` if another process writes, ``UsageError`` for an unknown format.
    """
    forced = _reader(format_name)
    report = AddReport()
    with library.writing():
        for source, in_folder in _sources(paths, crawl_year, report):
            progress(f"Reading {source.name}", report.files, 0)
            try:
                reader = forced or _chosen(source)
                source.sample()
                _read_into(library, source, reader, report)
            except SourceUnreadable as error:
                if in_folder:
                    report.skipped.append(error.message)
                else:
                    reason = error.message.removeprefix(f"{source.name}: ")
                    hint = f" ({error.hint})" if error.hint else ""
                    report.rejected.append(Rejection(source.name, None, reason + hint))
            else:
                report.files += 1
    return report


def _read_into(library: Library, source: Source, reader: Reader, report: AddReport) -> None:
    items = reader.read(source)
    while batch := list(islice(items, PAPERS_A_TRANSACTION)):
        with library.transaction():
            for item in batch:
                if isinstance(item, Rejection):
                    report.rejected.append(item)
                else:
                    _store(library, item, report)


def _store(library: Library, paper: Paper, report: AddReport) -> None:
    report.read += 1
    report.undated += paper.date is not None and paper.year is None
    if duplicate := library.duplicate_of(paper):
        report.merged += 1
        report.filled_in += library.fill_in(duplicate, paper)
    else:
        library.insert(paper, split_sentences(paper.abstract))
        report.added += 1


def _chosen(source: Source) -> Reader:
    reader = choose(source.sample()) or _SUFFIXES.get(Path(source.name).suffix.lower())
    if reader is None:
        raise SourceUnreadable(
            f"{source.name}: not recognised as one of the formats {', '.join(names())}",
            "name it with --format if it is one of them",
        )
    return reader


def _drained(path: Path) -> bytes:
    """All of a pipe, which can be read only once."""
    try:
        return path.read_bytes()
    except OSError as error:
        raise SourceUnreadable(f"{path}: {error.strerror}", "give a file instead") from error


def _reader(name: str | None) -> Reader | None:
    if name is None:
        return None
    for reader in READERS:
        if reader.name == name:
            return reader
    raise UsageError(f"unknown format {name!r}", f"known formats: {', '.join(names())}")


def _sources(
    paths: Iterable[str], year: int | None, report: AddReport
) -> Iterator[tuple[Source, bool]]:
    """Every file with whether it was found in a folder rather than named."""
    for name in paths:
        path = Path(name)
        if name == "-":
            data = sys.stdin.buffer.read()
            yield Source("standard input", partial(io.BytesIO, data), year), False
        elif path.is_dir():
            before = report.files
            for file in sorted(path.rglob("*")):
                hidden = any(part.startswith(".") for part in file.relative_to(path).parts)
                if file.is_file() and not hidden:
                    yield Source.of_file(file, year), True
            if report.files == before:
                reason = "no readable papers in this folder"
                report.rejected.append(Rejection(str(path), None, reason))
        elif path.exists() and not path.is_file():
            yield Source(name, partial(io.BytesIO, _drained(path)), year), False
        else:
            yield Source.of_file(path, year), False

"""What a reader is given (a source of lines) and what it gives back (papers and rejections)."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, Protocol

from assistant.errors import SourceUnreadable
from assistant.papers import Paper, clean_text

SAMPLE_BYTES = 64 * 1024
"""How much of a file is looked at to recognise its format."""
MAX_ABSTRACT = 100_000
"""Characters; a longer "abstract" is a whole document, not an abstract."""

_MAGIC = {
    b"%PDF": "a PDF",
    b"PK\x03\x04": "a zip archive or office document",
    b"\x1f\x8b": "a gzip archive",
    b"\x89PNG": "a PNG image",
    b"SQLite format 3": "an SQLite database",
    b"GGUF": "a GGUF model",
}


@dataclass(frozen=True)
class Rejection:
    """Something in the input that could not become a paper."""

    source: str
    line: int | None
    reason: str

    def __str__(self) -> str:
        """``file:line: reason``, as compilers print it."""
        place = self.source if self.line is None else f"{self.source}:{self.line}"
        return f"{place}: {self.reason}"


@dataclass(frozen=True)
class Source:
    """One input, read as often as needed, line by line, whatever its encoding."""

    name: str
    open: Callable[[], BinaryIO]
    crawl_year: int | None = None
    """The year that dates printed without one belong to."""

    @classmethod
    def of_file(cls, path: Path, crawl_year: int | None = None) -> Source:
        """The file at ``path``; it is not opened yet."""
        return cls(clean_text(str(path)), lambda: path.open("rb"), crawl_year)

    def sample(self) -> str:
        """The first 64 KiB as text.

        Raises ``SourceUnreadable`` for empty and binary files and those that cannot be opened.
        """
        try:
            with closing(self.open()) as stream:
                head = stream.read(SAMPLE_BYTES)
        except OSError as error:
            raise SourceUnreadable(
                f"{self.name}: {error.strerror or error}", "check the path and its permissions"
            ) from error
        if not head.strip():
            raise SourceUnreadable(f"{self.name}: the file is empty", "nothing to add in it")
        kind = next((kind for magic, kind in _MAGIC.items() if head.startswith(magic)), None)
        if kind or (not _is_utf16(head) and _looks_binary(head)):
            raise SourceUnreadable(
                f"{self.name}: {kind or 'a binary file'}, not text",
                "export the papers as JSON Lines, CSV or TSV, or copy the listing page as text",
            )
        if _is_utf16(head):
            return head.decode("utf-16", errors="replace")
        return "\n".join(_decode(line) for line in head.split(b"\n")).removeprefix("\ufeff")

    def lines(self) -> Iterator[str]:
        """Every line without its line end; UTF-8, UTF-16 with a byte-order mark, or Windows-1252.

        Raises ``SourceUnreadable`` if reading fails midway.
        """
        try:
            with closing(self.open()) as stream:
                head = stream.read(2)
                if _is_utf16(head):
                    stream.seek(0)
                    for text in io.TextIOWrapper(stream, "utf-16", errors="replace", newline="\n"):
                        yield text.rstrip("\r\n")
                    return
                first = True
                stream.seek(0)
                for raw in stream:
                    text = _decode(raw.rstrip(b"\n")).removesuffix("\r")
                    yield text.removeprefix("\ufeff") if first else text
                    first = False
        except OSError as error:
            raise SourceUnreadable(f"{self.name}: {error.strerror or error}") from error


class Reader(Protocol):
    """One input format."""

    name: str
    """The word for it after ``--format``."""

    def recognises(self, sample: str) -> bool:
        """Whether the beginning of a file (``Source.sample``) is in this format."""

    def read(self, source: Source) -> Iterator[Paper | Rejection]:
        """The papers in file order, and a rejection with its line for each record that is none.

        Raises ``SourceUnreadable`` when the file as a whole is not in this format.
        """


def accept(paper: Paper) -> Paper | Rejection:
    """The paper, or why a record with such a title and abstract is none."""
    reason = None
    if not paper.title.strip():
        reason = "no title"
    elif not paper.abstract.strip():
        reason = f"no abstract for {shorten(paper.title)!r}"
    elif len(paper.abstract) > MAX_ABSTRACT:
        reason = f"the abstract has {len(paper.abstract)} characters, more than {MAX_ABSTRACT}"
    return Rejection(paper.source, paper.line, reason) if reason else paper


def shorten(text: str, width: int = 60) -> str:
    """The text on one line, cut at ``width`` characters."""
    text = " ".join(text.split())
    return text if len(text) <= width else text[: width - 1] + "…"


def _is_utf16(head: bytes) -> bool:
    return head[:2] in (b"\xff\xfe", b"\xfe\xff")


def _looks_binary(head: bytes) -> bool:
    control = sum(byte < 32 and byte not in (9, 10, 12, 13, 27) for byte in head)
    return control > len(head) / 50


def _decode(raw: bytes) -> str:
    try:
        return raw.decode("utf-8")
    except UnicodeDecodeError:
        return raw.decode("cp1252", errors="replace")

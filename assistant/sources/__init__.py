"""Input files -> papers: one reader per format behind one small interface."""

from __future__ import annotations

from assistant.sources.base import Reader, Rejection, Source
from assistant.sources.jsonl import JsonLinesReader
from assistant.sources.listing import ListingReader
from assistant.sources.table import CsvReader, TsvReader

READERS: tuple[Reader, ...] = (JsonLinesReader(), ListingReader(), TsvReader(), CsvReader())
"""In the order in which they are asked whether they recognise a file."""

__all__ = ["READERS", "Reader", "Rejection", "Source", "choose", "names"]


def names() -> list[str]:
    """The formats that ``--format`` accepts."""
    return [reader.name for reader in READERS]


def choose(sample: str) -> Reader | None:
    """The reader whose format the beginning of a file shows, or ``None``."""
    return next((reader for reader in READERS if reader.recognises(sample)), None)

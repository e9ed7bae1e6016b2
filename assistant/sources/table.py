"""CSV and TSV: a header row, then a paper a row."""

from __future__ import annotations

import csv
from collections.abc import Iterator

from assistant.errors import SourceUnreadable
from assistant.papers import Paper
from assistant.sources.base import Rejection, Source
from assistant.sources.fields import has_column, to_paper

csv.field_size_limit(2**27)


class CsvReader:
    """Columns parted by commas or semicolons."""

    name = "csv"
    delimiters = ",;"

    def recognises(self, sample: str) -> bool:
        """The first line, parted by one of the delimiters, names at least a title column."""
        header = _first_line(sample)
        return any(has_column(_cells(header, d), "title") for d in self.delimiters if d in header)

    def read(self, source: Source) -> Iterator[Paper | Rejection]:
        """Raises ``SourceUnreadable`` without a title or abstract column."""
        header = next((line for line in source.lines() if line.strip()), "")
        delimiter = max(self.delimiters, key=header.count)
        rows = csv.reader(
            (line.replace("\0", "") + "\n" for line in source.lines()),
            delimiter=delimiter,
            strict=True,
        )
        columns: list[str] | None = None
        while True:
            first = rows.line_num + 1
            try:
                row = next(rows)
            except StopIteration:
                return
            except csv.Error as error:
                where, reason = rows.line_num, f"broken row ({error})"
                if "unexpected end" in str(error):
                    where, reason = (
                        first,
                        "a quotation mark that is never closed, to the end of file",
                    )
                yield Rejection(source.name, where, reason)
                continue
            if not any(cell.strip() for cell in row):
                continue
            if columns is None:
                columns = _checked_columns(row, source.name)
                continue
            if len(row) > len(columns):
                yield Rejection(
                    source.name, first, f"{len(row)} cells in a table of {len(columns)} columns"
                )
                continue
            yield to_paper(dict(zip(columns, row, strict=False)), source.name, first)


class TsvReader(CsvReader):
    """Columns parted by tabs."""

    name = "tsv"
    delimiters = "\t"


def _first_line(sample: str) -> str:
    return next((line for line in sample.split("\n") if line.strip()), "")


def _cells(line: str, delimiter: str) -> list[str]:
    try:
        return next(csv.reader([line], delimiter=delimiter), [])
    except csv.Error:
        return []


def _checked_columns(columns: list[str], name: str) -> list[str]:
    for wanted in ("title", "abstract"):
        if not has_column(columns, wanted):
            raise SourceUnreadable(
                f"{name}: no {wanted} column among {', '.join(columns)[:80]}",
                f"name one column of the first row {wanted!r}",
            )
    return columns

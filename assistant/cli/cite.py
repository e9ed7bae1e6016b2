"""``assistant cite``: papers as BibTeX or as lines of plain text."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from enum import StrEnum
from typing import Annotated

import typer

from assistant.cli.session import session
from assistant.errors import UsageError


class CitationFormat(StrEnum):
    """What ``--format`` accepts."""

    BIBTEX = "bibtex"
    TEXT = "text"


def cite(
    context: typer.Context,
    identifiers: Annotated[
        list[str],
        typer.Argument(
            metavar="ID…", help="Ids or their first letters; - reads them, one a line, from a pipe."
        ),
    ],
    form: Annotated[
        CitationFormat, typer.Option("--format", help="BibTeX entries, or one plain line each.")
    ] = CitationFormat.BIBTEX,
) -> None:
    """Cite papers: BibTeX entries or plain lines, each paper once."""
    from assistant.bibliography import bibtex, citation

    run = session(context)
    wanted = list(named(identifiers))
    if not wanted:
        raise UsageError("no ids were given", "example: assistant cite p00b293fb73")
    assistant = run.assistant()
    try:
        found = {stored.id: stored.paper for stored in map(assistant.library.get, wanted)}
        if form is CitationFormat.TEXT:
            sys.stdout.write("".join(f"{citation(paper)}\n" for paper in found.values()))
        else:
            sys.stdout.write(bibtex(found.values()))
        run.announce_library(assistant)
    finally:
        assistant.close()


def named(identifiers: list[str]) -> Iterator[str]:
    """The ids; for ``-``, the first word of each line, so that ``assistant list`` can be piped."""
    for identifier in identifiers:
        if identifier == "-":
            yield from (line.split()[0] for line in sys.stdin if line.strip())
        elif identifier.strip():
            yield identifier

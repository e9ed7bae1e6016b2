"""``assistant cite``: papers as BibTeX or as lines of plain text."""

from __future__ import annotations

import json
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
            metavar="ID…", help="Ids or their first letters; - reads what list or find print."
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
    """The ids; ``-`` stands for those on standard input."""
    for identifier in identifiers:
        if identifier == "-":
            for line in sys.stdin:
                yield from _piped(line)
        elif identifier.strip():
            yield identifier


def _piped(line: str) -> Iterator[str]:
    """The ids in a line of ``list`` or ``find``, with or without ``--json``."""
    if not line.lstrip().startswith("{"):
        yield from line.split()[:1]
        return
    try:
        printed = json.loads(line)
        yield from [str(paper["id"]) for paper in printed.get("results", [printed])]
    except (ValueError, KeyError, TypeError) as error:
        raise UsageError(
            f"no paper is named in {line.strip()[:60]!r}",
            "example: assistant find pruning --json | assistant summarize -",
        ) from error

"""``add``, ``find``, ``show``, ``list`` and ``remove``: what is in the library."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from assistant.cli.batch import read_batch
from assistant.cli.choosing import AuthorOption, SetOption, SourceOption, YearOption, chosen
from assistant.cli.session import notice, print_json, session, width
from assistant.errors import ExitCode, UsageError
from assistant.terminal import safe

if TYPE_CHECKING:
    from assistant.adding import AddReport
    from assistant.library import Library, StoredPaper
    from assistant.retrieval import Hit

JsonOption = Annotated[bool, typer.Option("--json", help="Print JSON.")]
SHOWN = 20
"""Rejections that are printed one by one."""
A_PAGE = 500
"""Papers that are read at once."""


def add(
    context: typer.Context,
    paths: Annotated[list[str], typer.Argument(help="Files or folders; - reads standard input.")],
    format_name: Annotated[
        str | None,
        typer.Option("--format", help="listing, jsonl, csv or tsv; found by content without it."),
    ] = None,
    year: Annotated[
        int | None,
        typer.Option(min=1500, max=2999, help="Year of dates that are printed without one."),
    ] = None,
    json_output: JsonOption = False,
) -> None:
    """Add papers: copied listing pages, JSON Lines, CSV or TSV."""
    run = session(context)
    assistant = run.assistant()
    try:
        report = assistant.add(paths, format_name=format_name, crawl_year=year)
        library = assistant.library
        if json_output:
            print_json(_report_json(report) | {"library": {"papers": library.count()}})
        else:
            typer.echo(
                f"{report.read} read, {report.added} added, {report.merged} merged with papers "
                f"already there, {len(report.rejected)} rejected; "
                f"the library has {library.count()} papers."
            )
            if report.undated:
                notice(f"{report.undated} dates have no year; give it with --year")
            for item in report.skipped:
                notice(f"skipped {item}")
        name_rejected(report, "; --json lists all")
    finally:
        run.reporter.stop()
        assistant.close()
    if report.rejected:
        raise typer.Exit(ExitCode.ERROR)


def name_rejected(report: AddReport, where: str = "") -> None:
    """The records that were rejected, one by one, at most ``SHOWN``; ``where`` all are listed."""
    for rejection in report.rejected[:SHOWN]:
        notice(f"assistant: rejected {rejection}")
    if len(report.rejected) > SHOWN:
        notice(f"assistant: rejected {len(report.rejected) - SHOWN} more{where}")


def find(
    context: typer.Context,
    query: Annotated[str | None, typer.Argument(help="What the papers should be about.")] = None,
    k: Annotated[int, typer.Option("-k", min=1, help="How many papers.")] = 10,
    json_output: JsonOption = False,
    batch: Annotated[
        Path | None, typer.Option(help='File of queries, JSON Lines with "id" and "query".')
    ] = None,
    jsonl: Annotated[
        bool, typer.Option("--jsonl", help="With --batch: print one JSON object a query.")
    ] = False,
    year: YearOption = None,
    source: SourceOption = None,
    author: AuthorOption = None,
    set_name: SetOption = None,
) -> None:
    """Find papers, with the sentences that made them match."""
    from assistant.filters import members, why_none
    from assistant.render import headline, hit_json

    if (query is None) == (batch is None):
        raise UsageError("give a query or --batch FILE", 'example: assistant find "pruning"')
    filters = chosen(year, source, author, set_name)
    run = session(context)
    assistant = run.assistant()
    found = failed = False
    none_of = ""
    try:
        if members(assistant.library, filters) == []:
            none_of = f": {why_none(assistant.library, filters)}"
        for place, identifier, text, problem in _queries(query, batch):
            hits: list[Hit] = []
            try:
                if problem:
                    raise UsageError(problem)
                hits = assistant.find(text, k, filters=filters)
            except UsageError as error:
                if batch is None:
                    raise
                failed = True
                notice(f"assistant: {place}: {error.message}")
            found = found or bool(hits)
            if json_output or jsonl:
                results = [hit_json(hit) for hit in hits]
                print_json({"id": identifier, "query": text, "results": results})
                continue
            for number, hit in enumerate(hits, start=1):
                typer.echo(f"{number:3}. {headline(hit.stored)}")
                for sentence in hit_json(hit, sentences=1)["sentences"]:
                    typer.echo(f"     > {safe(sentence['text'])}")
        run.announce_library(assistant)
    finally:
        run.reporter.stop()
        assistant.close()
    if failed:
        raise typer.Exit(ExitCode.ERROR)
    if not found:
        notice(f"nothing found{none_of}")
        raise typer.Exit(ExitCode.NOTHING_FOUND)


def show(
    context: typer.Context,
    identifier: Annotated[str, typer.Argument(metavar="ID", help="Id or its first letters.")],
    json_output: JsonOption = False,
) -> None:
    """Show one paper with its abstract."""
    import textwrap

    from assistant.render import paper_json

    assistant = session(context).assistant()
    stored = assistant.library.get(identifier)
    if json_output:
        print_json(paper_json(stored))
        return
    paper = stored.paper
    typer.echo(textwrap.fill(safe(paper.title), width()))
    if paper.authors:
        typer.echo(textwrap.fill(safe(", ".join(paper.authors)), width()))
    elif paper.author_count:
        typer.echo(f"{paper.author_count} authors" if paper.author_count > 1 else "1 author")
    facts = [paper.organisation, paper.venue, paper.date, paper.year, paper.link]
    line = " · ".join(safe(str(fact)) for fact in facts if fact)
    typer.echo("\n".join(filter(None, [line, f"{stored.id} · from {safe(paper.source)}"])))
    if paper.kind == "synopsis":
        typer.echo("A synopsis written for this program, not the paper's abstract.")
    typer.echo("\n" + textwrap.fill(safe(paper.abstract), width()))


def list_papers(
    context: typer.Context,
    json_output: JsonOption = False,
    year: YearOption = None,
    source: SourceOption = None,
    author: AuthorOption = None,
    set_name: SetOption = None,
) -> None:
    """List all papers in the order of adding, or those of a set in the order put there."""
    from assistant.filters import members, why_none
    from assistant.render import paper_json

    filters = chosen(year, source, author, set_name)
    run = session(context)
    assistant = run.assistant()
    among = members(assistant.library, filters)
    for stored in _papers(assistant.library, among):
        if json_output:
            print_json(paper_json(stored))
        else:
            sys.stdout.write(paper_line(stored) + "\n")
    run.announce_library(assistant)
    if among == []:
        notice(why_none(assistant.library, filters))
        raise typer.Exit(ExitCode.NOTHING_FOUND)


def paper_line(stored: StoredPaper) -> str:
    """Id and headline."""
    from assistant.render import headline

    return f"{stored.id}  {headline(stored).replace(f' {stored.id}', '')}"


def remove(
    context: typer.Context,
    identifiers: Annotated[list[str], typer.Argument(metavar="ID…", help="Ids of papers.")],
    yes: Annotated[bool, typer.Option("--yes", "-y", help="Do not ask.")] = False,
    json_output: JsonOption = False,
) -> None:
    """Remove papers from the library."""
    from assistant.library import Library

    assistant = session(context).assistant()
    library = Library.open(assistant.own_library)
    found = [library.get(identifier) for identifier in dict.fromkeys(identifiers)]
    library.close()
    if not yes:
        if not sys.stdin.isatty():
            raise UsageError("removing needs a confirmation", "add --yes")
        for stored in found:
            notice(f"{stored.id}  {safe(stored.paper.title)}")
        typer.confirm(f"Remove {len(found)} paper(s)?", abort=True, err=True)
    assistant.remove([stored.id for stored in found])
    if json_output:
        print_json({"removed": [stored.id for stored in found]})
    else:
        typer.echo(f"{len(found)} removed.")


def _papers(library: Library, among: list[str] | None) -> Iterator[StoredPaper]:
    """All papers, or those with the ids given."""
    if among is None:
        yield from library.papers()
        return
    for start in range(0, len(among), A_PAGE):
        page = among[start : start + A_PAGE]
        found = library.fetch(page)
        yield from (found[identifier] for identifier in page if identifier in found)


def _report_json(report: AddReport) -> dict[str, object]:
    return {
        "files": report.files,
        "read": report.read,
        "added": report.added,
        "merged": report.merged,
        "filled_in": report.filled_in,
        "rejected": [vars(rejection) for rejection in report.rejected],
        "skipped": report.skipped,
        "dates_without_year": report.undated,
    }


def _queries(query: str | None, batch: Path | None) -> Iterator[tuple[str, Any, str, str]]:
    """Place, id and text of each query, and what is wrong with it."""
    if batch is None:
        yield "", None, query or "", ""
        return
    for number, item, problem in read_batch(batch, "query", "question"):
        text = item.get("query") or item.get("question") or ""
        yield f"{batch}:{number}", item.get("id"), str(text), problem

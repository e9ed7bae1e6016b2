"""``assistant library``: the state of the library as a whole."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import typer

from assistant.cli.session import notice, print_json, session
from assistant.errors import ExitCode, LibraryUnwritable

app = typer.Typer(
    help="Look after the library: status, verify, reindex, export.",
    no_args_is_help=True,
    rich_markup_mode=None,
)
JsonOption = Annotated[bool, typer.Option("--json", help="Print JSON.")]


@app.command(epilog="Example: assistant library status --json")
def status(context: typer.Context, json_output: JsonOption = False) -> None:
    """Show where the library is, what it holds and whether its index is ready."""
    from assistant.starter import NOTICE

    assistant = session(context).assistant()
    library = assistant.library
    kinds = library.kinds()
    facts = {
        "path": str(library.path),
        "starter": assistant.uses_starter,
        "papers": library.count(),
        "abstracts": kinds.get("abstract", 0),
        "synopses": kinds.get("synopsis", 0),
        "waiting": library.waiting_count(),
        "index": assistant.index.exists,
        "encoder": assistant.config.encoder,
        "model": assistant.config.endpoint or assistant.config.model,
        "snapshot": library.snapshot(),
    }
    if json_output:
        print_json(facts)
        return
    typer.echo(f"library   {facts['path']}")
    typer.echo(f"papers    {facts['papers']}")
    if facts["synopses"]:
        typer.echo(f"synopses  {facts['synopses']}. {NOTICE}")
    if facts["starter"]:
        typer.echo("          Your own library is empty; add papers with: assistant add PATH")
    if facts["waiting"] or not facts["index"]:
        typer.echo(f"waiting   {facts['waiting']} papers are indexed with the next question or add")
    else:
        typer.echo("index     ready")
    typer.echo(f"encoder   {facts['encoder']}")
    typer.echo(f"model     {facts['model']}")


@app.command(epilog="Example: assistant library verify")
def verify(context: typer.Context, json_output: JsonOption = False) -> None:
    """Check record and index against each other."""
    run = session(context)
    assistant = run.assistant()
    result = assistant.verify()
    if json_output:
        print_json(vars(result))
    else:
        typer.echo(
            f"{result.papers} papers, {result.entries} entries in the index, "
            f"{result.waiting} papers waiting to be indexed, {len(result.problems)} problems"
        )
        for problem in result.problems:
            typer.echo(f"  {problem}")
        if result.problems:
            notice("assistant library reindex mends the index; no paper is lost")
    if result.problems:
        raise typer.Exit(ExitCode.LIBRARY)


@app.command(epilog="Example: assistant --library papers/ library reindex")
def reindex(
    context: typer.Context,
    waiting: Annotated[
        bool, typer.Option("--waiting", help="Only the papers that are not indexed yet.")
    ] = False,
) -> None:
    """Build the keyword and vector index anew from the record."""
    run = session(context)
    assistant = run.assistant()
    try:
        count = assistant.reindex(only_waiting=waiting)
    finally:
        run.reporter.stop()
        assistant.close()
    typer.echo(f"{count} papers indexed.")


@app.command(epilog="Example: assistant library export > papers.jsonl")
def export(
    context: typer.Context,
    output: Annotated[
        Path | None, typer.Option("--output", "-o", help="File; standard output without it.")
    ] = None,
) -> None:
    """Write all papers as JSON Lines, which add reads back."""
    import json

    from assistant.render import paper_json

    run = session(context)
    assistant = run.assistant()
    try:
        stream = output.open("w", encoding="utf-8") if output else sys.stdout
        for stored in assistant.library.papers():
            stream.write(json.dumps(paper_json(stored), ensure_ascii=False) + "\n")
        stream.flush()
    except OSError as error:
        raise LibraryUnwritable(
            f"cannot write {output or 'the output'}: {error.strerror}", "check the path"
        ) from error
    run.announce_library(assistant)

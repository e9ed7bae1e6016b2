"""``assistant sets``: named sets of papers."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Annotated

import typer

from assistant.cli.papers import JsonOption, paper_line
from assistant.cli.session import notice, print_json, session
from assistant.errors import UsageError
from assistant.terminal import safe

if TYPE_CHECKING:
    from assistant.library import Library

app = typer.Typer(
    help="Keep papers in named sets: list, show, add, remove, rename, delete.",
    no_args_is_help=True,
    rich_markup_mode=None,
)
NameArgument = Annotated[str, typer.Argument(metavar="NAME", help="Name of the set.")]
IdsArgument = Annotated[
    list[str],
    typer.Argument(metavar="ID…", help="Ids or their first letters; - reads them from a pipe."),
]


@app.command("list", epilog="Example: assistant sets list --json")
def list_sets(context: typer.Context, json_output: JsonOption = False) -> None:
    """List the sets with the number of papers in each."""
    from assistant.sets import PaperSets

    run = session(context)
    assistant = run.assistant()
    found = PaperSets(assistant.library).overview()
    if json_output:
        print_json([vars(one) for one in found])
    else:
        for one in found:
            typer.echo(f"{one.papers:6}  {safe(one.name)}")
        if not found:
            notice("there are no sets; assistant sets add NAME ID makes one")
    run.announce_library(assistant)


@app.command(epilog="Example: assistant sets show thesis")
def show(context: typer.Context, name: NameArgument, json_output: JsonOption = False) -> None:
    """List the papers of a set in the order put there."""
    from assistant.sets import PaperSets

    library = session(context).assistant().library
    members = PaperSets(library).members(name)
    if json_output:
        print_json({"name": name, "papers": members})
        return
    found = library.fetch(members)
    for identifier in members:
        typer.echo(paper_line(found[identifier]))


@app.command(epilog="Example: assistant sets add thesis p00b293fb73")
def add(
    context: typer.Context,
    name: NameArgument,
    identifiers: IdsArgument,
    json_output: JsonOption = False,
) -> None:
    """Put papers into a set, which is made if there is none of that name."""
    from assistant.sets import PaperSets

    library = session(context).assistant().library
    sets = PaperSets(library)
    added = sets.add(name, _full_ids(library, identifiers))
    papers = len(sets.members(name))
    if json_output:
        print_json({"name": name, "added": added, "papers": papers})
    else:
        typer.echo(f"{added} added; the set has {papers} papers.")


@app.command(epilog="Example: assistant sets remove thesis p00b293fb73")
def remove(
    context: typer.Context,
    name: NameArgument,
    identifiers: IdsArgument,
    json_output: JsonOption = False,
) -> None:
    """Take papers out of a set; they stay in the library."""
    from assistant.sets import PaperSets

    library = session(context).assistant().library
    sets = PaperSets(library)
    sets.key(name)
    removed = sets.take_out(name, _full_ids(library, identifiers))
    papers = len(sets.members(name))
    if json_output:
        print_json({"name": name, "removed": removed, "papers": papers})
    else:
        typer.echo(f"{removed} taken out; the set has {papers} papers.")


@app.command(epilog="Example: assistant sets rename thesis 'chapter 2'")
def rename(
    context: typer.Context,
    old: Annotated[str, typer.Argument(metavar="OLD", help="Name of the set.")],
    new: Annotated[str, typer.Argument(metavar="NEW", help="Its name from now on.")],
) -> None:
    """Give a set another name."""
    from assistant.sets import PaperSets

    PaperSets(session(context).assistant().library).rename(old, new)
    typer.echo(f"Renamed to {safe(new)}.")


@app.command(epilog="Example: assistant sets delete thesis")
def delete(context: typer.Context, name: NameArgument, json_output: JsonOption = False) -> None:
    """Delete a set; its papers stay in the library."""
    from assistant.sets import PaperSets

    deleted = PaperSets(session(context).assistant().library).delete(name)
    if json_output:
        print_json({"name": deleted.name, "papers": deleted.identifiers})
    else:
        typer.echo(f"The set {safe(deleted.name)} with {len(deleted.identifiers)} papers deleted.")


def _full_ids(library: Library, identifiers: list[str]) -> list[str]:
    """The ids in full, those from standard input in the place of ``-``."""
    named: list[str] = []
    for identifier in identifiers:
        named += sys.stdin.read().split() if identifier == "-" else [identifier]
    if not named:
        raise UsageError("no ids", "example: assistant sets add thesis p00b293fb73")
    return [library.get(identifier).id for identifier in named]

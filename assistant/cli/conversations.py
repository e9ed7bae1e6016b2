"""``assistant conversations``: what the chat has kept, listed, shown, exported, deleted."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from assistant.cli.session import notice, print_json, session
from assistant.errors import ExitCode, UsageError
from assistant.terminal import safe

if TYPE_CHECKING:
    from assistant.conversations import ConversationStore

app = typer.Typer(
    help="List, show, rename, export and delete the conversations of the chat.",
    no_args_is_help=True,
    rich_markup_mode=None,
)
Number = Annotated[int, typer.Argument(metavar="NUMBER", help="As the list prints it.")]


@app.command("list", epilog="Example: assistant conversations list pruning")
def list_conversations(
    context: typer.Context,
    text: Annotated[str, typer.Argument(help="Words of a title, question or answer.")] = "",
    json_output: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
) -> None:
    """List the conversations, the last changed first."""
    from assistant.conversations import local_time

    with _store(context) as store:
        found = store.summaries(text)
    for one in found:
        if json_output:
            print_json(vars(one))
        else:
            typer.echo(
                f"{one.id:4}  {local_time(one.changed_at)}  {one.exchanges:3}  {safe(one.title)}"
            )
    if not found:
        notice("no conversations")
        raise typer.Exit(ExitCode.NOTHING_FOUND)


@app.command("show", epilog="Example: assistant conversations show 3 --format json")
def show(
    context: typer.Context,
    number: Number,
    format_name: Annotated[
        str, typer.Option("--format", help="md, html, json or bib; bib is what the answers cite.")
    ] = "md",
    output: Annotated[
        Path | None, typer.Option(help="Write to this file, never over another one.")
    ] = None,
) -> None:
    """Print a conversation with its sources, or write it to a file."""
    from assistant.export import FORMATS, write_new

    make = FORMATS.get(format_name)
    if make is None:
        raise UsageError(f"unknown format {format_name!r}", f"known: {', '.join(FORMATS)}")
    with _store(context) as store:
        text = make(store.load(number))
    if output is None:
        typer.echo(text)
    else:
        typer.echo(str(write_new(output, text)))


@app.command("rename", epilog='Example: assistant conversations rename 3 "Pruning"')
def rename(context: typer.Context, number: Number, title: str) -> None:
    """Give a conversation another title."""
    with _store(context) as store:
        store.load(number)
        store.rename(number, title)


@app.command("delete", epilog="Example: assistant conversations delete 3")
def delete(
    context: typer.Context,
    number: Number,
    undo: Annotated[bool, typer.Option("--undo", help="Bring it back instead.")] = False,
) -> None:
    """Delete a conversation; for a week it can be brought back."""
    with _store(context) as store:
        store.load(number)
        if undo:
            store.restore(number)
        else:
            store.delete(number)
            notice(f"deleted; to bring it back: assistant conversations delete {number} --undo")


@contextmanager
def _store(context: typer.Context) -> Iterator[ConversationStore]:
    from assistant.conversations import ConversationStore, store_file

    store = ConversationStore(store_file(session(context).config()))
    try:
        yield store
    finally:
        store.close()

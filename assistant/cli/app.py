"""The command tree and the options that stand before every command."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import typer

from assistant import __version__
from assistant.cli import ask, chat, cite, conversations, doctor, library, models, papers, sets
from assistant.cli import eval as evaluation
from assistant.cli import replay as replaying
from assistant.cli import summarize as summarizing
from assistant.cli import verify as verifying
from assistant.cli.session import Session

app = typer.Typer(
    help="Ask questions of your own library of paper abstracts, offline, every sentence cited.",
    epilog='Example: assistant ask "What did RoBERTa change about BERT?"',
    invoke_without_command=True,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
    rich_markup_mode=None,
)


def _version(wanted: bool) -> None:
    if wanted:
        typer.echo(f"assistant {__version__}")
        raise typer.Exit


@app.callback()
def _options(
    context: typer.Context,
    library: Annotated[
        Path | None,
        typer.Option(help="Folder of the library; your own default library without it."),
    ] = None,
    config: Annotated[Path | None, typer.Option(help="Another config file.")] = None,
    version: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Print the version.")
    ] = False,
) -> None:
    context.obj = Session(library, config)
    if context.invoked_subcommand is None:
        if sys.stdin.isatty() and sys.stdout.isatty():
            context.invoke(chat.chat, context)
        else:
            typer.echo(context.get_help())


app.command(
    "ask", epilog='Example: assistant ask "What did RoBERTa change about BERT?" --papers 3'
)(ask.ask)
app.command("chat", epilog="Example: assistant chat --last")(chat.chat)
app.command("summarize", epilog='Example: assistant summarize "pruning of language models"')(
    summarizing.summarize
)
app.command("verify", epilog="Example: assistant verify answer.json")(verifying.verify)
app.command("replay", epilog="Example: assistant replay answer.json")(replaying.replay)
app.add_typer(conversations.app, name="conversations")
app.command("add", epilog="Example: assistant add exports/ page.txt --year 2025")(papers.add)
app.command("find", epilog='Example: assistant find "pruning at initialization" -k 5')(papers.find)
app.command("show", epilog="Example: assistant show p00b293fb73")(papers.show)
app.command("list", epilog="Example: assistant list --json | head")(papers.list_papers)
app.command("remove", epilog="Example: assistant remove p00b293fb73 --yes")(papers.remove)
app.command("cite", epilog="Example: assistant cite p00b293fb73 --format text")(cite.cite)
app.add_typer(models.app, name="models")
app.add_typer(library.app, name="library")
app.add_typer(sets.app, name="sets")
app.command("eval", epilog="Example: assistant eval questions.jsonl --papers pages/*.txt")(
    evaluation.evaluate
)
app.command("doctor", epilog="Example: assistant doctor")(doctor.doctor)

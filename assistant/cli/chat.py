"""``assistant chat``: the terminal interface, also in a browser; and its key map on paper."""

from __future__ import annotations

import os
import select
import signal
import sys
import threading
import time
from typing import TYPE_CHECKING, Annotated

import typer

from assistant.cli.choosing import EndpointOption, ModelOption
from assistant.cli.session import session
from assistant.errors import LibraryMissing, UsageError

if TYPE_CHECKING:
    from assistant.config import Config

ORDERLY_END_SECONDS = 2
"""How long the program has to end by itself when its terminal is gone."""


def chat(
    context: typer.Context,
    last: Annotated[
        bool, typer.Option("--last", help="Go on with the conversation that changed last.")
    ] = False,
    resume: Annotated[
        int | None,
        typer.Option(metavar="NUMBER", help="Go on with one of: assistant conversations list."),
    ] = None,
    model: ModelOption = None,
    endpoint: EndpointOption = None,
    keys: Annotated[bool, typer.Option("--keys", help="Print the key map.")] = False,
    web: Annotated[
        bool, typer.Option("--web", help="Serve the chat to browsers on this computer.")
    ] = False,
    port: Annotated[int, typer.Option(min=1, max=65535, help="Port for --web.")] = 8000,
    no_animation: Annotated[
        bool, typer.Option("--no-animation", help="Nothing moves by itself.")
    ] = False,
) -> None:
    """Chat with the library in the terminal."""
    run = session(context)
    settings = run.config(model=model, endpoint=endpoint)
    if keys:
        from assistant.tui.keys import key_map_text

        typer.echo(key_map_text())
        return
    if web:
        from assistant.tui.web import serve

        options = [*run.global_options(), "chat", *(["--model", model] if model else [])]
        options += [] if endpoint is None else ["--endpoint", endpoint]
        serve(settings, [*options, *(["--no-animation"] if no_animation else [])], port)
        return
    from assistant.config import own_library
    from assistant.engine_client import ADDRESS_VARIABLE
    from assistant.library import RECORD
    from assistant.tui.app import ChatApp
    from assistant.tui.shelf import LAST

    if not (sys.stdin.isatty() and sys.stdout.isatty()) and "TEXTUAL_DRIVER" not in os.environ:
        raise UsageError("the chat needs a terminal", 'one question: assistant ask "QUESTION"')
    if os.environ.get("TERM", "dumb") == "dumb" and "TEXTUAL_DRIVER" not in os.environ:
        raise UsageError("this terminal (TERM=dumb) cannot show the chat", "use: assistant ask")
    if settings.library and not (own_library(settings) / RECORD).is_file():
        raise LibraryMissing(
            f"there is no library at {settings.library}", "assistant add PATH makes one"
        )
    if resume is not None:
        _check_conversation(settings, resume)
    app = ChatApp(settings, resume=LAST if last else resume)
    if no_animation:
        app.animation_level = "none"
    if hasattr(select, "poll") and (sys.stdin.isatty() or ADDRESS_VARIABLE in os.environ):
        threading.Thread(target=_end_without_terminal, daemon=True).start()
    app.run()
    raise typer.Exit(app.return_code or 0)


def _check_conversation(settings: Config, number: int) -> None:
    from assistant.conversations import ConversationStore, store_file

    store = ConversationStore(store_file(settings))
    try:
        store.load(number)
    finally:
        store.close()


def _end_without_terminal() -> None:
    """End the chat whose terminal, or whose server of a browser tab, is gone.

    A signal should have told the program so, but not every terminal sends one.
    """
    watch = select.poll()
    watch.register(sys.stdin.fileno(), 0)
    while not any(event & (select.POLLHUP | select.POLLERR) for _, event in watch.poll()):
        time.sleep(1)
    time.sleep(ORDERLY_END_SECONDS)
    os._exit(128 + signal.SIGHUP)

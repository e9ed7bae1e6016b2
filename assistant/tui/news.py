"""What the engine says of its state and of papers being added -> the status line and messages."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from textual.content import Content

from assistant import browsing
from assistant.config import default_library
from assistant.library import Library
from assistant.protocol import Added, Cancelled, Event, Failed, Opened, Progress, Ready
from assistant.terminal import safe
from assistant.tui.library_screen import LibraryScreen
from assistant.tui.welcome import Welcome

if TYPE_CHECKING:
    from assistant.tui.app import ChatApp


def about_state(app: ChatApp, event: Event) -> None:
    """Show what is loaded, is being loaded, or could not be."""
    if isinstance(event, Opened):
        _opened(app, event)
    elif isinstance(event, Progress):
        count = f" {event.done}/{event.total}" if event.total > 1 else ""
        app.status = replace(app.status, model=f"{event.what}{count}", ready=False)
    elif isinstance(event, Ready):
        manner = f" ({event.manner})" if event.manner else ""
        app.status = replace(app.status, model=f"{event.model}{manner}", ready=True)
        if event.warning and event.warning != app.warned:
            app.warned = event.warning
            app.notify(event.warning, severity="warning", timeout=15)
    elif isinstance(event, Failed):
        model = "not loaded; your next question tries again"
        app.status = replace(app.status, model=model, ready=False)
        if not app.chat.is_answering:  # else the answer's own failure says the same
            app.notify(_text(event), severity="error", timeout=15)
        if not app.chat.exchanges:
            app.chat_screen.query_one(Welcome).show_failure(_text(event))


def about_adding(app: ChatApp, event: Event) -> None:
    """Show how far adding has come, and what became of it."""
    if isinstance(event, Progress):
        if app.adding is not None:
            app.status = replace(app.status, adding=(event.what, event.done, event.total))
        return
    app.adding = None
    app.status = replace(app.status, adding=None)
    if isinstance(event, Added):
        text = f"{event.read} read, {event.added} added, {event.merged} already there, "
        text += f"{len(event.rejected)} rejected."
        app.report = None
        if event.rejected or event.skipped or event.undated:
            app.report = _report(event, text)
            text += " Press v in the library (F2) to read more."
        app.notify(text, timeout=10)
    elif isinstance(event, Cancelled):
        app.notify(
            "Adding was stopped. What was stored stays; adding the same file again finishes it.",
            timeout=10,
        )
    elif isinstance(event, Failed):
        app.notify(f"Adding failed: {_text(event)}", severity="error", timeout=15)


def _opened(app: ChatApp, event: Opened) -> None:
    name = f"Library {safe(Path(event.path).name)[:30]}"
    if event.uses_starter:
        name = "Starter library"
    elif Path(event.path) == default_library():
        name = "Your library"
    if app.library_path not in (None, event.path):  # from the starter to the user's own
        app.marked.clear()
        app.chat.set_name = None
        app.status = replace(app.status, set_name=None)
    app.library_path = event.path
    app.status = replace(app.status, library=f"{name}: {event.papers} papers")
    app.run_worker(_show_examples(app, event), exclusive=True, group="examples")
    for screen in app.screen_stack:
        if isinstance(screen, LibraryScreen):
            screen.reload()


async def _show_examples(app: ChatApp, opened: Opened) -> None:
    def last_titles(library: Library) -> list[str]:
        numbers = browsing.matching(library)[-3:]
        return [row.title for row in browsing.rows(library, numbers)]

    titles = await app.read(last_titles) or []
    app.chat_screen.query_one(Welcome).show(uses_starter=opened.uses_starter, titles=titles)


def _text(event: Failed) -> str:
    return f"{event.message} ({event.hint})" if event.hint else event.message


def _report(event: Added, text: str) -> Content:
    lines = [text]
    if event.undated:
        lines.append(f"{event.undated} dates have no year; add the file again with its year.")
    lines += [f"rejected {line}" for line in event.rejected]
    lines += [f"skipped {line}" for line in event.skipped]
    return Content("\n".join(safe(line) for line in lines))

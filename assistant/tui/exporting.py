"""Asks where to write something, and writes it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from assistant.export import suggested_name, write_new
from assistant.tui.dialogs import TextDialog, user_path

if TYPE_CHECKING:
    from assistant.tui.app import ChatApp


async def export(app: ChatApp, title: str, make: Mapping[str, Callable[[], str]]) -> None:
    """Write what ``make`` gives for the ending of the name that the user chooses.

    The first ending is suggested. To be called in a worker.
    """
    endings = ", ".join(make)
    name = await app.push_screen_wait(
        TextDialog(
            "Export to",
            str(_folder() / suggested_name(title, next(iter(make)))),
            hint=f"The ending, {endings}, is the format. Nothing is overwritten.",
        )
    )
    if not name:
        return
    path = user_path(name)
    text = make.get(path.suffix.lstrip(".").lower())
    if text is None:
        app.notify(f"The ending must be one of {endings}.", severity="error")
        return
    written = await app.done(lambda: write_new(path, text()))
    if written is not None:
        app.notify(f"Written to {written}")


def _folder() -> Path:
    try:
        return Path.cwd()
    except OSError:
        return Path.home()

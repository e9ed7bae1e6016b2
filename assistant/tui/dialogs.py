"""Small windows over a screen: a line of text, a text to read, a link to open, files to add."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import Horizontal, Vertical, VerticalScroll
from textual.content import Content
from textual.screen import ModalScreen
from textual.suggester import Suggester
from textual.validation import Integer
from textual.visual import VisualType
from textual.widgets import Button, Input, Static

from assistant.errors import AssistantError
from assistant.terminal import safe

_CLOSE = Binding("escape", "close", "Close")


class TextDialog(ModalScreen[str | None]):
    """Asks for one line of text; ``None`` if it was closed."""

    BINDINGS = [_CLOSE]

    def __init__(self, title: str, text: str = "", *, hint: str = "") -> None:
        super().__init__()
        self._title = title
        self._text = text
        self._hint = hint

    def compose(self) -> ComposeResult:
        """Title, line, hint."""
        with Vertical(classes="dialog") as dialog:
            dialog.border_title = Content(self._title)
            yield Input(self._text, id="text")
            yield Static(
                Content(self._hint or "Enter accepts, Esc closes."), classes="hint", markup=False
            )

    def on_input_submitted(self, event: Input.Submitted) -> None:
        """Hand the text over, unless it is empty."""
        if event.value.strip():
            self.dismiss(event.value.strip())

    def action_close(self) -> None:
        """Close without a text."""
        self.dismiss(None)


class ReadDialog(ModalScreen[None]):
    """A text to read; closes with Esc or Enter."""

    BINDINGS = [_CLOSE, Binding("enter,f1", "close", "Close", show=False)]

    def __init__(self, title: str, content: VisualType) -> None:
        super().__init__()
        self._title = title
        self._content = content

    def compose(self) -> ComposeResult:
        """The text, which scrolls."""
        with VerticalScroll(classes="dialog tall") as dialog:
            dialog.border_title = Content(self._title)
            dialog.border_subtitle = "Esc closes"
            yield Static(self._content)

    def action_close(self) -> None:
        """Close."""
        self.dismiss(None)


class LinkDialog(ModalScreen[bool]):
    """Shows a link in full before it is opened; ``True`` to open it."""

    BINDINGS = [_CLOSE]

    def __init__(self, address: str) -> None:
        super().__init__()
        self._address = address

    def compose(self) -> ComposeResult:
        """The address and two buttons."""
        with Vertical(classes="dialog") as dialog:
            dialog.border_title = "Open this address in the browser?"
            yield Static(Content(safe(self._address)), markup=False)
            with Horizontal(classes="buttons"):
                yield Button("Open", id="open", variant="primary")
                yield Button("Close", id="close")

    def on_button_pressed(self, event: Button.Pressed) -> None:
        """Open it, or not."""
        self.dismiss(event.button.id == "open")

    def action_close(self) -> None:
        """Do not open it."""
        self.dismiss(False)


@dataclass(frozen=True)
class FilesToAdd:
    """What ``AddDialog`` asks for."""

    paths: tuple[str, ...]
    year: int | None


class AddDialog(ModalScreen[FilesToAdd | None]):
    """Asks for a file or folder; the path completes as it is typed."""

    BINDINGS = [_CLOSE]

    def compose(self) -> ComposeResult:
        """Path and year."""
        with Vertical(classes="dialog") as dialog:
            dialog.border_title = "Add papers"
            yield Input(
                id="path",
                placeholder="File or folder; → completes",
                suggester=PathSuggester(use_cache=False),
            )
            yield Input(
                id="year",
                placeholder="Year of dates that are printed without one (may stay empty)",
                validators=[Integer(1500, 2999)],
                valid_empty=True,
                restrict=r"\d{0,4}",
            )
            yield Static("Enter adds, Tab goes to the year, Esc closes.", classes="hint")

    def on_input_submitted(self) -> None:
        """Hand path and year over once both can be used."""
        path = user_path(self.query_one("#path", Input).value.strip())
        year = self.query_one("#year", Input)
        if not self.query_one("#path", Input).value.strip() or not _exists(path):
            self.notify(f"There is no {path}", severity="error", markup=False)
        elif not year.is_valid:
            self.notify("The year must lie between 1500 and 2999", severity="error")
        else:
            self.dismiss(FilesToAdd((str(path),), int(year.value) if year.value else None))

    def action_close(self) -> None:
        """Add nothing."""
        self.dismiss(None)


class PathSuggester(Suggester):
    """Completes the path of a file or folder."""

    async def get_suggestion(self, value: str) -> str | None:
        """The first path in alphabetical order that begins so."""
        folder, name = os.path.split(value)
        try:
            names = sorted(
                entry.name + ("/" if entry.is_dir() else "")
                for entry in user_path(folder or ".").iterdir()
                if entry.name.startswith(name) and (name or not entry.name.startswith("."))
            )
        except (OSError, ValueError):
            return None
        return os.path.join(folder, names[0]) if names else None  # noqa: PTH118


def user_path(name: str) -> Path:
    """A path as typed, with ``~`` understood where it names somebody."""
    try:
        return Path(name).expanduser()
    except RuntimeError:
        return Path(name)


def _exists(path: Path) -> bool:
    try:
        return path.exists()
    except (OSError, ValueError):  # too long, no permission, a NUL in it
        return False


def error_text(error: AssistantError) -> str:
    """What happened and what to do, in one line."""
    return f"{error.message} ({error.hint})" if error.hint else error.message

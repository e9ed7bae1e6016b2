"""Chooses one of the sets, or all papers."""

from __future__ import annotations

from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import Vertical
from textual.content import Content
from textual.screen import ModalScreen
from textual.widgets import OptionList
from textual.widgets.option_list import Option

from assistant.terminal import safe

EVERYTHING = ""
"""What the dialog returns for all papers."""


class SetDialog(ModalScreen[str | None]):
    """Returns the name of a set, ``EVERYTHING``, or ``None`` if it was closed."""

    BINDINGS = [Binding("escape", "close", "Close")]

    def __init__(self, sets: list[tuple[str, int]], current: str | None) -> None:
        """``sets`` are names with how many papers each has."""
        super().__init__()
        self._names = [EVERYTHING, *(name for name, _ in sets)]
        self._labels = [Content("All papers"), *(Content(f"{safe(n)} ({c})") for n, c in sets)]
        self._current = current or EVERYTHING

    def compose(self) -> ComposeResult:
        """The list."""
        with Vertical(classes="dialog") as dialog:
            dialog.border_title = "Answer from"
            yield OptionList(*(Option(label) for label in self._labels))

    def on_mount(self) -> None:
        """Begin at the set in use."""
        if self._current in self._names:
            self.query_one(OptionList).highlighted = self._names.index(self._current)

    def on_option_list_option_selected(self, event: OptionList.OptionSelected) -> None:
        """Hand over the name."""
        self.dismiss(self._names[event.option_index])

    def action_close(self) -> None:
        """Change nothing."""
        self.dismiss(None)

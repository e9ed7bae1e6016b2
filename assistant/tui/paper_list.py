"""A list of papers of any length: only the rows in view are fetched and drawn."""

from __future__ import annotations

from collections.abc import Iterable
from typing import ClassVar

from rich.cells import cell_len, set_cell_size
from rich.segment import Segment
from textual import events
from textual.geometry import Region, Size
from textual.message import Message
from textual.scroll_view import ScrollView
from textual.strip import Strip

from assistant.browsing import Row
from assistant.terminal import safe
from assistant.tui import bindings

AHEAD = 60
"""Rows fetched before and after those in view."""
YEAR_WIDTH = 5
AUTHOR_WIDTH = 22
AUTHOR_FROM = 70
"""Columns from which on the author is shown, where one is known."""


class PaperList(ScrollView, can_focus=True):
    """Papers by their numbers; asks for rows with ``Wanted`` and gets them with ``put``."""

    COMPONENT_CLASSES: ClassVar[set[str]] = {
        "paper-list--row",
        "paper-list--cursor",
        "paper-list--cursor-focus",
    }
    BINDINGS = bindings.PAPER_LIST

    class Wanted(Message):
        """These rows are in view, or nearly, and not there yet."""

        def __init__(self, numbers: list[int]) -> None:
            super().__init__()
            self.numbers = numbers

    class Moved(Message):
        """The cursor is on another paper, or on none."""

        def __init__(self, number: int | None) -> None:
            super().__init__()
            self.number = number

    def __init__(self, marked: set[str]) -> None:
        """``marked`` holds the ids of marked papers and may change at any time."""
        super().__init__(id="papers")
        self._marked = marked
        self._numbers: list[int] = []
        self._rows: dict[int, Row] = {}
        self._asked: set[int] = set()
        self._cursor = 0

    @property
    def numbers(self) -> list[int]:
        """All papers of the list."""
        return self._numbers

    @property
    def current(self) -> Row | None:
        """The row under the cursor, if it is there already."""
        if self._cursor < len(self._numbers):
            return self._rows.get(self._numbers[self._cursor])
        return None

    def show(self, numbers: list[int], *, fresh: bool = True) -> None:
        """Show these papers from the first one; ``fresh`` fetches all rows anew."""
        self._numbers = numbers
        self._cursor = 0
        if fresh:
            self._rows.clear()
        self._asked.clear()
        self.virtual_size = Size(self.size.width, len(numbers))
        self.scroll_home(animate=False)
        self._moved()

    def put(self, rows: Iterable[Row]) -> None:
        """Take in rows that were wanted."""
        for row in rows:
            self._rows[row.number] = row
        self.refresh()
        self.post_message(self.Moved(self._current_number()))

    def on_resize(self, event: events.Resize) -> None:
        """Fit the rows to the new width."""
        self.virtual_size = Size(event.size.width, len(self._numbers))
        self._want()

    def watch_scroll_y(self, old: float, new: float) -> None:
        """Ask for the rows that come into view."""
        super().watch_scroll_y(old, new)
        self._want()

    def render_line(self, y: int) -> Strip:
        """One paper: mark, year, title, author."""
        width = self.size.width
        place = y + int(self.scroll_offset.y)
        on_cursor = place == self._cursor and bool(self._numbers)
        name = "row"
        if on_cursor:
            name = "cursor-focus" if self.has_focus else "cursor"
        style = self.get_component_rich_style(f"paper-list--{name}")
        text = self._text(place, width) if place < len(self._numbers) else ""
        return Strip([Segment(set_cell_size(text, width), style)], width)

    def action_move(self, by: int) -> None:
        """Move the cursor by rows."""
        self._go(self._cursor + by)

    def action_move_page(self, by: int) -> None:
        """Move the cursor by screens."""
        self._go(self._cursor + by * max(1, self.size.height - 1))

    def action_move_to(self, place: int) -> None:
        """Move the cursor to a row; -1 is the last."""
        self._go(place if place >= 0 else len(self._numbers) - 1)

    def on_click(self, event: events.Click) -> None:
        """Move the cursor to the row clicked."""
        self._go(event.y + int(self.scroll_offset.y))

    def on_focus(self) -> None:
        """Draw the cursor as active."""
        self.refresh()

    def on_blur(self) -> None:
        """Draw the cursor as inactive."""
        self.refresh()

    def _go(self, place: int) -> None:
        if self._numbers:
            self._cursor = min(max(0, place), len(self._numbers) - 1)
            self.scroll_to_region(
                Region(0, self._cursor, 1, 1), animate=False, force=True, immediate=True
            )
            self._moved()

    def _moved(self) -> None:
        self._want()
        self.refresh()
        self.post_message(self.Moved(self._current_number()))

    def _current_number(self) -> int | None:
        return self._numbers[self._cursor] if self._cursor < len(self._numbers) else None

    def _want(self) -> None:
        top = int(self.scroll_offset.y)
        near = self._numbers[max(0, top - AHEAD) : top + self.size.height + AHEAD]
        missing = [n for n in near if n not in self._rows and n not in self._asked]
        if missing:
            self._asked.update(missing)
            self.post_message(self.Wanted(missing))

    def _text(self, place: int, width: int) -> str:
        row = self._rows.get(self._numbers[place])
        if row is None:
            return "  …"
        mark = "✓ " if row.id in self._marked else "  "
        year = f"{row.year or '':<{YEAR_WIDTH}}"
        author = ""
        if width >= AUTHOR_FROM and row.author:
            author = " " + _fitted(safe(row.author), AUTHOR_WIDTH)
        room = width - cell_len(mark) - YEAR_WIDTH - cell_len(author) - 1
        return f"{mark}{year}{_fitted(safe(row.title[:500]), room)}{author}"


def _fitted(text: str, width: int) -> str:
    """The text in exactly ``width`` cells, cut with an ellipsis if it is longer."""
    if cell_len(text) > width:
        return set_cell_size(text, max(0, width - 1)) + "…"
    return set_cell_size(text, width)

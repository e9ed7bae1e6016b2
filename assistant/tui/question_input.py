"""Where a question is typed: Enter sends, Shift or Alt with Enter breaks the line."""

from __future__ import annotations

from collections.abc import Sequence

from textual import events
from textual.message import Message
from textual.widgets import TextArea

from assistant.tui import bindings


class QuestionInput(TextArea):
    """A text area of one to six lines, with the questions asked before under Up and Down."""

    BINDINGS = bindings.QUESTION

    class Sent(Message):
        """The question was sent."""

        def __init__(self, text: str) -> None:
            super().__init__()
            self.text = text

    def __init__(self) -> None:
        super().__init__(
            id="question",
            show_line_numbers=False,
            soft_wrap=True,
            tab_behavior="focus",
            highlight_cursor_line=False,
            placeholder="Ask a question. Enter sends, Alt+Enter breaks the line, F1 helps.",
        )
        self._asked: Sequence[str] = ()
        self._place = 0
        """Which earlier question is shown; ``len(self._asked)`` is the one being typed."""
        self._draft = ""

    def remember(self, asked: Sequence[str]) -> None:
        """Offer these questions under Up, the last one first."""
        self._asked = asked
        self._place = len(asked)

    def put(self, text: str) -> None:
        """Show a text to be edited, the cursor at its end."""
        self.text = text
        self.move_cursor(self.document.end)

    async def _on_key(self, event: events.Key) -> None:
        """Leave Enter with its modifiers to the bindings; the area would take it for a letter."""
        if event.key in ("enter", "shift+enter", "alt+enter", "ctrl+enter"):
            event.prevent_default()
            event.stop()
            if event.key == "enter":
                self.action_send()
            else:
                self.action_break_line()
            return
        await super()._on_key(event)

    def action_send(self) -> None:
        """Send what is typed, even if it is nothing."""
        self.post_message(self.Sent(self.text.strip()))

    def action_break_line(self) -> None:
        """Begin a new line."""
        self.insert("\n")

    def action_older(self) -> None:
        """Move up or, on the first line, show the question asked before."""
        if self.cursor_location[0] > 0 or self._place == 0:
            self.action_cursor_up()
            return
        if self._place == len(self._asked):
            self._draft = self.text
        self._place -= 1
        self.put(self._asked[self._place])

    def action_newer(self) -> None:
        """Move down or, on the last line, show the question asked after."""
        if self.cursor_location[0] < self.document.line_count - 1 or self._place >= len(
            self._asked
        ):
            self.action_cursor_down()
            return
        self._place += 1
        self.put(self._asked[self._place] if self._place < len(self._asked) else self._draft)

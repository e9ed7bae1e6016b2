"""The kept conversations: searched, resumed, renamed, deleted and brought back, exported."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from textual import work
from textual.app import ComposeResult
from textual.content import Content
from textual.screen import Screen
from textual.widgets import Footer, Input, OptionList
from textual.widgets.option_list import Option

from assistant.conversations import ConversationStore, Summary, local_time
from assistant.terminal import safe
from assistant.tui import bindings
from assistant.tui.dialogs import TextDialog
from assistant.tui.status_bar import StatusBar

if TYPE_CHECKING:
    from assistant.tui.app import ChatApp


class ConversationsScreen(Screen[None]):
    """Lists the conversations, the last changed first."""

    BINDINGS = bindings.CONVERSATIONS

    def __init__(self) -> None:
        super().__init__()
        self._summaries: list[Summary] = []

    @property
    def program(self) -> ChatApp:
        """The application, with its own attributes."""
        return cast("ChatApp", self.app)

    def compose(self) -> ComposeResult:
        """State, search, list, keys."""
        yield StatusBar(id="status")
        yield Input(placeholder="Search titles, questions and answers", id="search")
        yield OptionList(id="conversations")
        yield Footer(compact=True, show_command_palette=False)

    def on_mount(self) -> None:
        """Show all conversations."""
        self.query_one(OptionList).focus()
        self.reload()

    def on_input_changed(self) -> None:
        """Search as one types."""
        self.reload()

    def on_input_submitted(self) -> None:
        """From the search to the list."""
        self.query_one(OptionList).focus()

    @work(exclusive=True, group="reload")
    async def reload(self) -> None:
        """Look anew at what is kept."""
        text = self.query_one("#search", Input).value
        found = await self.program.keep(lambda store: store.summaries(text))
        if found is None or not self.query(OptionList):  # failed, or the screen was left
            return
        self._summaries = found
        options = self.query_one(OptionList)
        place = options.highlighted or 0
        options.clear_options()
        if not found:
            options.add_option(
                Option(Content("No conversation yet, or none that fits."), disabled=True)
            )
        for summary in found:
            options.add_option(Option(_label(summary)))
        options.highlighted = min(place, len(found) - 1) if found else None

    def on_option_list_option_selected(self) -> None:
        """Resume on Enter or click."""
        self.action_resume()

    def action_leave(self) -> None:
        """From the search to the list, from the list to the chat."""
        options = self.query_one(OptionList)
        if options.has_focus:
            self.app.pop_screen()
        else:
            options.focus()

    def action_search(self) -> None:
        """Go to the search field."""
        self.query_one(Input).focus()

    @work
    async def action_resume(self) -> None:
        """Go on with the conversation under the cursor."""
        summary = self._current()
        if summary is not None and await self.program.shelf.open(summary.id):
            self.app.pop_screen()

    @work
    async def action_rename(self) -> None:
        """Give the conversation another title."""
        summary = self._current()
        if summary is None:
            return
        title = await self.app.push_screen_wait(TextDialog("Title", summary.title))
        if title:
            await self.program.shelf.rename(summary.id, title)
            self.reload()

    @work
    async def action_delete(self) -> None:
        """Delete the conversation; it can be brought back."""
        summary = self._current()
        if summary is None:
            return
        if await self.program.shelf.delete(summary.id):
            self.notify(f"“{summary.title}” deleted; z brings it back.", markup=False)
            self.reload()

    @work
    async def action_undo(self) -> None:
        """Bring back what was deleted last."""
        await self.program.shelf.restore()
        self.reload()

    @work
    async def action_export(self) -> None:
        """Write the conversation to a file."""
        summary = self._current()
        if summary is not None:

            def load(store: ConversationStore):  # type: ignore[no-untyped-def]  # noqa: ANN202
                return store.load(summary.id)

            conversation = await self.program.keep(load)
            if conversation is not None:
                await self.program.shelf.export(conversation)

    def _current(self) -> Summary | None:
        place = self.query_one(OptionList).highlighted
        return self._summaries[place] if place is not None and self._summaries else None


def _label(summary: Summary) -> Content:
    answers = f"{summary.exchanges} answer{'s' if summary.exchanges != 1 else ''}"
    return Content("").join(
        [
            Content(safe(summary.title)),
            Content(f"\n  {local_time(summary.changed_at)} · {answers}"),
        ]
    )

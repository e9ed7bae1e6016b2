"""The chat as a Textual application: screens, and what they share."""

from __future__ import annotations

import asyncio
import contextlib
import gc
import os
import signal
import sys
import traceback
from collections.abc import Callable, Iterable
from dataclasses import replace
from typing import Any, TypeVar

from rich.text import Text
from textual import work
from textual.app import App, SystemCommand
from textual.content import Content
from textual.message import Message
from textual.notifications import SeverityLevel
from textual.reactive import reactive
from textual.screen import ModalScreen, Screen

from assistant.config import Config, cache_dir
from assistant.conversations import ConversationStore
from assistant.engine_client import EngineClient
from assistant.errors import AssistantError
from assistant.library import Library
from assistant.protocol import Reply, Summarized
from assistant.sets import DeletedSet, PaperSets
from assistant.tui import bindings, desktop, news, summary_dialog
from assistant.tui.backend import Backend, Preferences
from assistant.tui.chat import Chat
from assistant.tui.chat_screen import ChatScreen
from assistant.tui.conversations_screen import ConversationsScreen
from assistant.tui.dialogs import ReadDialog, error_text
from assistant.tui.keys import key_table, only
from assistant.tui.library_screen import LibraryScreen
from assistant.tui.live_summary import LiveSummary, Wanted
from assistant.tui.shelf import Shelf
from assistant.tui.status_bar import Status
from assistant.tui.summary_screen import SummaryScreen
from assistant.tui.terminal_keys import teach_alt_enter
from assistant.tui.themes import DEFAULT, THEMES

Result = TypeVar("Result")
SWITCH_SECONDS = 0.001
"""How long another thread may keep the interpreter while a key waits; a fifth of the usual time."""


class ChatApp(App[None]):
    """Holds the backend, the open conversation and the state that all screens show."""

    TITLE = "paper-assistant"
    CSS_PATH = "styles.tcss"
    HORIZONTAL_BREAKPOINTS = [(0, "-narrow"), (100, "-wide")]
    BINDINGS = bindings.EVERYWHERE

    status: reactive[Status] = reactive(Status())

    class Replied(Message):
        """The engine said something."""

        def __init__(self, reply: Reply) -> None:
            super().__init__()
            self.reply = reply

    class NotKept(Message):
        """Something of the conversation could not be written to disk."""

        def __init__(self, error: AssistantError) -> None:
            super().__init__()
            self.error = error

    def __init__(
        self,
        settings: Config,
        *,
        resume: int | None = None,
        engine: type[EngineClient] = EngineClient,
    ) -> None:
        """``resume`` is the id of a conversation to go on with, or ``LAST``."""
        super().__init__()
        teach_alt_enter()
        self.preferences = Preferences()
        for name in list(self.available_themes):
            self.unregister_theme(name)
        for theme in THEMES:
            self.register_theme(theme)
        remembered = self.preferences.get("theme", DEFAULT)
        self.theme = remembered if remembered in self.available_themes else DEFAULT
        self.backend = Backend(settings, lambda reply: self.tell(self.Replied(reply)), engine)
        self.marked: set[str] = set()
        """Ids of the papers that are marked in the library."""
        self.summary = LiveSummary(self.backend)
        """The summary that was made last, or is being made."""
        self._deleted_sets: list[DeletedSet] = []
        self._resume = resume
        self.library_path: str | None = None
        """The library that questions go to, once it is opened."""
        self.adding: int | None = None
        """The request to add papers that is at work."""
        self.warned = ""
        """What was said of a model on another computer, to be said once."""
        self.report: Content | None = None
        """What is to be said of the files that were added last, beyond numbers."""
        self.chat_screen = ChatScreen(self.new_chat())
        self.shelf = Shelf(self)

    @property
    def chat(self) -> Chat:
        """The conversation that is open."""
        return self.chat_screen.chat

    def tell(self, message: Message) -> None:
        """Post a message from any thread, also while the program ends."""
        if self.is_running:
            self.post_message(message)

    async def on_mount(self) -> None:
        """Show the chat at once and load everything behind it."""
        sys.setswitchinterval(SWITCH_SECONDS)
        gc.set_threshold(10_000, 10, 100)  # a full look through memory stops the keys for 0.1 s
        loop = asyncio.get_running_loop()
        for name, end in (("SIGTERM", self.exit), ("SIGHUP", self._end_without_terminal)):
            with contextlib.suppress(NotImplementedError, AttributeError, ValueError, RuntimeError):
                loop.add_signal_handler(getattr(signal, name), end)
        await self.push_screen(self.chat_screen)
        self.backend.start()
        self.run_worker(self.shelf.open_first(self._resume))

    async def read(self, work: Callable[[Library], Result]) -> Result | None:
        """Do something with the library's record; a failure is shown and gives ``None``."""
        return await self.done(lambda: work(self.backend.library()))

    async def keep(self, work: Callable[[ConversationStore], Result]) -> Result | None:
        """Do something with the kept conversations; a failure is shown and gives ``None``."""
        return await self.done(lambda: work(self.backend.store()))

    async def done(self, work: Callable[[], Result]) -> Result | None:
        """Do something in the thread of the record; a failure is shown and gives ``None``."""
        try:
            return await asyncio.wrap_future(self.backend.run(work))
        except AssistantError as error:
            self.notify(error_text(error), severity="error", markup=False)
            return None

    @staticmethod
    def sets(library: Library) -> list[tuple[str, int]]:
        """The sets with how many papers each has; to be given to ``read``."""
        return [(one.name, one.papers) for one in PaperSets(library).overview()]

    def notify(
        self,
        message: str,
        *,
        title: str = "",
        severity: SeverityLevel = "information",
        timeout: float | None = None,
        markup: bool = False,
    ) -> None:
        """Show a message, as text and only once at a time."""
        if all(message != shown.message for shown in self._notifications):
            super().notify(message, title=title, severity=severity, timeout=timeout, markup=markup)

    def use_set(self, name: str | None) -> None:
        """Answer from the papers of this set only, or from all."""
        self.chat.set_name = name
        self.status = replace(self.status, set_name=name)
        text = (
            f"Answers come from the set “{name}” only." if name else "Answers come from all papers."
        )
        self.notify(text, markup=False)

    def add_papers(self, paths: tuple[str, ...], year: int | None) -> None:
        """Add files in the background."""
        self.adding = self.backend.add(paths, year)
        self.status = replace(self.status, adding=("Adding papers", 0, 0))

    def stop_adding(self) -> None:
        """Stop adding; what was stored stays."""
        if self.adding is not None:
            self.backend.cancel_add(self.adding)

    def remember(self, name: str, value: str) -> None:
        """Remember a choice for the next time; if that fails, only until the end."""
        self.backend.run(lambda: self.preferences.set(name, value))

    @work
    async def ask_for_summary(
        self, set_name: str | None = None, again: Wanted | None = None
    ) -> None:
        """Have the user choose papers, at first those of this set, and style; and summarize.

        Topic and limit are at first those of ``again``.
        """
        wanted = await summary_dialog.ask(self, set_name, again)
        if wanted is not None:
            self.summary.start(wanted)
            if not isinstance(self.screen, SummaryScreen):
                await self.push_screen(SummaryScreen(self.summary))
            await self._show_summary()

    async def _show_summary(self) -> None:
        for screen in self.screen_stack:
            if isinstance(screen, SummaryScreen):
                await screen.show()

    @work
    async def copy(self, text: str, what: str, suffix: str = "txt") -> None:
        """Copy a text as far as this terminal can; otherwise save it and say where."""
        self.notify(await desktop.copy(self, text, what, suffix), markup=False, timeout=10)

    async def on_chat_app_replied(self, event: Replied) -> None:
        """Hand what the engine says to whom it concerns."""
        reply = event.reply
        if reply.id > 0 and self.summary.receive(reply):
            await self._show_summary()
            if isinstance(reply.event, Summarized) and not isinstance(self.screen, SummaryScreen):
                self.notify("The summary is ready; F9 shows it.")
        elif reply.id > 0:
            await self.chat_screen.receive(reply)
        elif reply.id < 0:
            news.about_adding(self, reply.event)
        else:
            news.about_state(self, reply.event)
            await self.chat_screen.set_ready(self.status.ready)

    def on_chat_app_not_kept(self, event: NotKept) -> None:
        """Say that the conversation goes on without being kept."""
        self.notify(
            f"This conversation is not being kept: {error_text(event.error)}",
            severity="warning",
            markup=False,
        )

    def action_help(self) -> None:
        """Show the key map, made from the bindings."""
        if not isinstance(self.screen, ReadDialog):
            self.push_screen(ReadDialog("Keys", key_table()))

    def action_library(self) -> None:
        """Show the library, or leave it."""
        self._toggle(LibraryScreen, lambda: LibraryScreen(self.marked, self._deleted_sets))

    def action_conversations(self) -> None:
        """Show the conversations, or leave them."""
        self._toggle(ConversationsScreen, ConversationsScreen)

    def action_summary(self) -> None:
        """Show the last summary, or leave it; without one, ask for what is to be summarized."""
        if self.summary.wanted is None and not isinstance(self.screen, SummaryScreen):
            if not isinstance(self.screen, ModalScreen):
                self.ask_for_summary(self.chat.set_name)
        else:
            self._toggle(SummaryScreen, lambda: SummaryScreen(self.summary))

    def action_next_theme(self) -> None:
        """Go over to the next theme and remember it."""
        names = [theme.name for theme in THEMES]
        self.action_use_theme(names[(names.index(self.theme) + 1) % len(names)])

    def action_use_theme(self, name: str) -> None:
        """Go over to a theme and remember it."""
        self.theme = name
        self.remember("theme", name)

    def action_help_quit(self) -> None:
        """Say how to end, where Ctrl+C is pressed out of habit."""
        self.notify("F10 ends the program; Esc cancels an answer.")

    async def action_quit(self) -> None:
        """End; nothing is lost."""
        self.chat.cancel()
        self.exit()

    def on_unmount(self) -> None:
        """Let go of the engine and all files."""
        self._put_away()

    def _fatal_error(self) -> None:
        """Write the error of a bug to a file; on the screen, one line says where."""
        file = cache_dir() / "chat.log"
        with contextlib.suppress(OSError):
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(traceback.format_exc(), encoding="utf-8")
        text = f"assistant: an error in the program ended the chat; it is described in {file}"
        self._exit_renderables.append(Text(text))
        self._close_messages_no_wait()

    def _put_away(self) -> None:
        """A conversation with a question in progress stays open, to be resumed by itself."""
        if not self.chat.is_answering:
            self.chat.release()
        self.backend.close()

    def _end_without_terminal(self) -> None:
        """The terminal was closed: nothing can be drawn any more."""
        self._put_away()
        os._exit(128 + signal.SIGHUP)

    def get_system_commands(self, screen: Screen[Any]) -> Iterable[SystemCommand]:
        """Every action of this screen and of the program, for the palette."""
        for node in (screen, self):
            for binding in only(node.BINDINGS):
                if binding.action != "command_palette":
                    action = binding.action

                    async def run(node: Any = node, action: str = action) -> None:
                        await node.run_action(action)

                    what = binding.tooltip or binding.description
                    yield SystemCommand(binding.description, what, run)
        for theme in THEMES:
            yield SystemCommand(
                f"Theme: {theme.name}",
                "Change the colours",
                lambda name=theme.name: self.action_use_theme(name),
            )

    def _toggle(self, kind: type[Screen[None]], make: Callable[[], Screen[None]]) -> None:
        if isinstance(self.screen, kind):
            self.pop_screen()
            return
        while isinstance(
            self.screen, LibraryScreen | ConversationsScreen | SummaryScreen
        ) and not isinstance(self.screen, kind):
            self.pop_screen()
        if isinstance(self.screen, ChatScreen):
            self.push_screen(make())

    def new_chat(self) -> Chat:
        """A conversation that begins."""
        chat = Chat(self.backend, lambda error: self.tell(self.NotKept(error)))
        chat.set_name = self.status.set_name
        return chat

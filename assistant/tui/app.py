"""The chat as a Textual application: screens, and what they share."""

from __future__ import annotations

import asyncio
import contextlib
import io
import os
import signal
from collections.abc import Callable, Iterable
from dataclasses import replace
from pathlib import Path
from typing import Any, TypeVar

from textual import work
from textual.app import App, SystemCommand
from textual.content import Content
from textual.message import Message
from textual.reactive import reactive
from textual.screen import Screen

from assistant import browsing
from assistant.config import Config, default_library
from assistant.conversations import Conversation, ConversationStore
from assistant.engine_client import EngineClient
from assistant.errors import AssistantError
from assistant.export import FORMATS, suggested_name, write_new
from assistant.library import Library
from assistant.protocol import Added, Cancelled, Failed, Opened, Progress, Ready, Reply
from assistant.sets import PaperSets
from assistant.terminal import safe
from assistant.tui import bindings, clipboard
from assistant.tui.backend import Backend, Preferences
from assistant.tui.chat import Chat
from assistant.tui.chat_screen import ChatScreen
from assistant.tui.conversations_screen import ConversationsScreen
from assistant.tui.dialogs import ReadDialog, TextDialog, error_text
from assistant.tui.keys import key_table, only
from assistant.tui.library_screen import LibraryScreen
from assistant.tui.status_bar import Status
from assistant.tui.terminal_keys import teach_alt_enter
from assistant.tui.themes import DEFAULT, THEMES
from assistant.tui.welcome import Welcome

Result = TypeVar("Result")
LAST = -1
"""In place of a conversation's id: the one that changed last."""


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
        self._resume = resume
        self._adding: int | None = None
        self._chat_screen = ChatScreen(self._new_chat())

    @property
    def chat(self) -> Chat:
        """The conversation that is open."""
        return self._chat_screen.chat

    def tell(self, message: Message) -> None:
        """Post a message from any thread, also while the program ends."""
        if self.is_running:
            self.post_message(message)

    async def on_mount(self) -> None:
        """Show the chat at once and load everything behind it."""
        loop = asyncio.get_running_loop()
        for name in ("SIGTERM", "SIGHUP"):
            with contextlib.suppress(NotImplementedError, AttributeError, ValueError, RuntimeError):
                loop.add_signal_handler(getattr(signal, name), self._end_without_terminal)
        await self.push_screen(self._chat_screen)
        self.backend.start()
        self.open_last()

    @work
    async def open_last(self) -> None:
        """Go on where the user wants to, or where the program ended without notice."""
        await self.keep(lambda store: store.purge())
        if self._resume == LAST:
            summaries = await self.keep(lambda store: store.summaries())
            if summaries:
                await self.open_conversation(summaries[0].id)
        elif self._resume is not None:
            await self.open_conversation(self._resume)
        else:
            left_open = await self.keep(lambda store: store.left_open())
            if left_open is not None and await self.open_conversation(left_open):
                self.notify(
                    "The program ended unexpectedly; this is the conversation up to the last"
                    " finished answer. Ctrl+N begins a new one.",
                    timeout=10,
                )

    async def read(self, work: Callable[[Library], Result]) -> Result | None:
        """Do something with the library's record; a failure is shown and gives ``None``."""
        return await self._done(lambda: work(self.backend.library()))

    async def keep(self, work: Callable[[ConversationStore], Result]) -> Result | None:
        """Do something with the kept conversations; a failure is shown and gives ``None``."""
        return await self._done(lambda: work(self.backend.store()))

    async def _done(self, work: Callable[[], Result]) -> Result | None:
        try:
            return await asyncio.wrap_future(self.backend.run(work))
        except AssistantError as error:
            self.notify(error_text(error), severity="error", markup=False)
            return None

    @staticmethod
    def sets(library: Library) -> list[tuple[str, int]]:
        """The sets with how many papers each has; to be given to ``read``."""
        return [(one.name, one.papers) for one in PaperSets(library).overview()]

    async def open_conversation(self, identifier: int | None) -> bool:
        """Put this conversation away and open another, or a new one; tells whether it did."""
        if self.chat.is_answering:
            self.notify("An answer is on its way; Esc cancels it.")
            return False
        chat, pending = self._new_chat(), ""
        if identifier is not None:

            def take(store: ConversationStore) -> Conversation:
                conversation = store.load(identifier)
                store.take(identifier)
                return conversation

            conversation = await self.keep(take)
            if conversation is None:
                return False
            pending = conversation.pending
        self.chat.release()
        if identifier is not None and conversation is not None:
            chat.resume(conversation)
        await self._chat_screen.show_chat(chat, pending)
        return True

    async def rename_conversation(self, identifier: int, title: str) -> None:
        """Give a kept conversation, which may be the open one, another title."""
        if identifier == self.chat.identifier:
            self.chat.rename(title)
        await self.keep(lambda store: store.rename(identifier, title))

    async def delete_conversation(self, identifier: int) -> None:
        """Delete a kept conversation; if it is the open one, a new one begins."""
        if identifier == self.chat.identifier:
            await self.open_conversation(None)
        await self.keep(lambda store: store.delete(identifier))

    async def export(self, conversation: Conversation) -> None:
        """Ask where to write a conversation, and write it; call it in a worker."""
        name = await self.push_screen_wait(
            TextDialog(
                "Export to",
                str(Path.cwd() / suggested_name(conversation.title, "md")),
                hint=f"The ending, {', '.join(FORMATS)}, is the format. Nothing is overwritten.",
            )
        )
        if not name:
            return
        path = Path(name).expanduser()
        make = FORMATS.get(path.suffix.lstrip(".").lower())
        if make is None:
            self.notify(f"The ending must be one of {', '.join(FORMATS)}.", severity="error")
            return
        written = await self._done(lambda: write_new(path, make(conversation)))
        if written is not None:
            self.notify(f"Written to {written}", markup=False)

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
        self._adding = self.backend.add(paths, year)
        self.status = replace(self.status, adding=("Adding papers", 0, 0))

    def stop_adding(self) -> None:
        """Stop adding; what was stored stays."""
        if self._adding is not None:
            self.backend.cancel_add(self._adding)

    def remember(self, name: str, value: str) -> None:
        """Remember a choice for the next time; if that fails, only until the end."""
        self.backend.run(lambda: self.preferences.set(name, value))

    @work
    async def copy(self, text: str, what: str, suffix: str = "txt") -> None:
        """Copy a text as far as this terminal can; otherwise save it and say where."""
        if self.is_web:
            self.deliver_text(io.StringIO(text), save_filename=f"{what}.{suffix}")
            self.notify(f"Handed to the browser as a file: {what}.{suffix}")
            return
        if await asyncio.to_thread(clipboard.copy_with_program, text):
            self.notify(f"Copied: {what}")
            return
        self.copy_to_clipboard(text)
        if clipboard.terminal_copies():
            self.notify(f"Copied by the terminal: {what}")
            return
        try:
            path = await asyncio.to_thread(clipboard.save_copy, text, suffix)
        except OSError as error:
            self.notify(f"The {what} could not be saved: {error.strerror}", severity="error")
        else:
            self.notify(
                f"This terminal may not copy; the {what} is saved in\n{path}",
                markup=False,
                timeout=10,
            )

    async def on_chat_app_replied(self, event: Replied) -> None:
        """Hand what the engine says to whom it concerns."""
        reply = event.reply
        if reply.id > 0:
            await self._chat_screen.receive(reply)
        elif reply.id < 0:
            self._about_adding(reply)
        else:
            self._about_state(reply)
            await self._chat_screen.set_ready(self.status.ready)

    def on_chat_app_not_kept(self, event: NotKept) -> None:
        """Say that the conversation goes on without being kept."""
        self.notify(
            f"This conversation is not being kept: {error_text(event.error)}",
            severity="warning",
            markup=False,
        )

    def _about_state(self, reply: Reply) -> None:
        event = reply.event
        if isinstance(event, Opened):
            name = _name(event)
            self.status = replace(self.status, library=f"{name}: {event.papers} papers")
            self._show_examples(event)
            for screen in self.screen_stack:
                if isinstance(screen, LibraryScreen):
                    screen.reload()
        elif isinstance(event, Progress):
            count = f" {event.done}/{event.total}" if event.total > 1 else ""
            self.status = replace(self.status, model=f"{event.what}{count}", ready=False)
        elif isinstance(event, Ready):
            small = "" if event.writes_freely else " (very small)"
            self.status = replace(self.status, model=f"{event.model}{small}", ready=True)
        elif isinstance(event, Failed):
            self.status = replace(self.status, model="no model: see the message", ready=False)
            text = f"{event.message} ({event.hint})" if event.hint else event.message
            self.notify(text, severity="error", markup=False, timeout=15)

    def _about_adding(self, reply: Reply) -> None:
        event = reply.event
        if isinstance(event, Progress):
            if self._adding is not None:
                adding = (event.what, event.done, event.total)
                self.status = replace(self.status, adding=adding)
            return
        self._adding = None
        self.status = replace(self.status, adding=None)
        if isinstance(event, Added):
            text = f"{event.read} read, {event.added} added, {event.merged} already there, "
            text += f"{len(event.rejected)} rejected."
            self.notify(text, timeout=10)
            if event.rejected or event.skipped or event.undated:
                self.push_screen(ReadDialog("Added papers", _report(event, text)))
        elif isinstance(event, Cancelled):
            self.notify("Adding was stopped; what was stored stays.")
        elif isinstance(event, Failed):
            text = f"{event.message} ({event.hint})" if event.hint else event.message
            self.notify(f"Adding failed: {text}", severity="error", markup=False, timeout=15)

    @work(exclusive=True, group="examples")
    async def _show_examples(self, opened: Opened) -> None:
        def last_titles(library: Library) -> list[str]:
            numbers = browsing.matching(library)[-3:]
            return [row.title for row in browsing.rows(library, numbers)]

        titles = await self.read(last_titles) or []
        self._chat_screen.query_one(Welcome).show(uses_starter=opened.uses_starter, titles=titles)

    def action_help(self) -> None:
        """Show the key map, made from the bindings."""
        if not isinstance(self.screen, ReadDialog):
            self.push_screen(ReadDialog("Keys", key_table()))

    def action_library(self) -> None:
        """Show the library, or leave it."""
        self._toggle(LibraryScreen, lambda: LibraryScreen(self.marked))

    def action_conversations(self) -> None:
        """Show the conversations, or leave them."""
        self._toggle(ConversationsScreen, ConversationsScreen)

    def action_next_theme(self) -> None:
        """Go over to the next theme and remember it."""
        names = [theme.name for theme in THEMES]
        self.action_use_theme(names[(names.index(self.theme) + 1) % len(names)])

    def action_use_theme(self, name: str) -> None:
        """Go over to a theme and remember it."""
        self.theme = name
        self.remember("theme", name)

    async def action_quit(self) -> None:
        """End; nothing is lost."""
        self.chat.cancel()
        self.exit()

    def on_unmount(self) -> None:
        """Let go of the engine and all files."""
        self._put_away()

    def _put_away(self) -> None:
        """A conversation with a question in progress stays open, to be resumed by itself."""
        if not self.chat.is_answering:
            self.chat.release()
        self.backend.close()

    def _end_without_terminal(self) -> None:
        """The terminal was closed, or the computer is shut down: nothing can be drawn any more."""
        self._put_away()
        os._exit(128 + signal.SIGTERM)

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
        if isinstance(self.screen, LibraryScreen | ConversationsScreen):
            self.pop_screen()
        if isinstance(self.screen, ChatScreen):
            self.push_screen(make())

    def _new_chat(self) -> Chat:
        chat = Chat(self.backend, lambda error: self.tell(self.NotKept(error)))
        chat.set_name = self.status.set_name
        return chat


def _name(opened: Opened) -> str:
    if opened.uses_starter:
        return "Starter library"
    path = Path(opened.path)
    return "Your library" if path == default_library() else f"Library {path.name[:30]}"


def _report(event: Added, text: str) -> Content:
    lines = [text]
    if event.undated:
        lines.append(f"{event.undated} dates have no year; add the file again with its year.")
    lines += [f"rejected {line}" for line in event.rejected]
    lines += [f"skipped {line}" for line in event.skipped]
    return Content("\n".join(safe(line) for line in lines))

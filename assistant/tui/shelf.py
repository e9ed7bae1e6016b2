"""The kept conversations, opened, put away, deleted and exported while the chat runs."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from assistant.conversations import Conversation, ConversationStore
from assistant.export import FORMATS
from assistant.tui.exporting import export

if TYPE_CHECKING:
    from assistant.tui.app import ChatApp

LAST = -1
"""In place of a conversation's id: the one that changed last."""


class Shelf:
    """What can be done with conversations, whichever of them is open."""

    def __init__(self, app: ChatApp) -> None:
        self._app = app
        self._deleted: list[int] = []

    async def open_first(self, resume: int | None) -> None:
        """Go on where the user wants to, or where the program ended without notice."""
        await self._app.keep(lambda store: store.purge())
        if resume == LAST:
            summaries = await self._app.keep(lambda store: store.summaries())
            if summaries:
                await self.open(summaries[0].id)
        elif resume is not None:
            await self.open(resume)
        else:
            left_open = await self._app.keep(lambda store: store.left_open())
            if left_open is not None and await self.open(left_open):
                self._app.notify(
                    "The program ended unexpectedly; this is the conversation up to the last"
                    " finished answer. Ctrl+N begins a new one.",
                    timeout=10,
                )

    async def open(self, identifier: int | None) -> bool:
        """Put the open conversation away and open another, or a new one; tells whether it did."""
        if self._app.chat.is_answering:
            self._app.notify("An answer is on its way; Esc cancels it.")
            return False
        chat, pending = self._app.new_chat(), ""
        if identifier is not None:

            def take(store: ConversationStore) -> Conversation:
                store.take(identifier)
                return store.load(identifier)

            conversation = await self._app.keep(take)
            if conversation is None:
                return False
            if identifier != self._app.chat.identifier:
                self._app.chat.release()
            chat.resume(conversation)
            pending = conversation.pending
        else:
            self._app.chat.release()
        await self._app.chat_screen.show_chat(chat, pending)
        return True

    async def rename(self, identifier: int, title: str) -> None:
        """Give a conversation, which may be the open one, another title."""
        if identifier == self._app.chat.identifier:
            self._app.chat.rename(title)
        await self._app.keep(lambda store: store.rename(identifier, title))

    async def delete(self, identifier: int) -> bool:
        """Delete a conversation; if it is the open one, a new one begins. Tells whether it did."""
        if identifier == self._app.chat.identifier and not await self.open(None):
            return False
        await self._app.keep(lambda store: store.delete(identifier))
        self._deleted.append(identifier)
        return True

    async def restore(self) -> None:
        """Bring back the conversation that was deleted last."""
        if not self._deleted:
            self._app.notify("Nothing was deleted since the program was started.")
            return
        identifier = self._deleted.pop()
        await self._app.keep(lambda store: store.restore(identifier))

    async def export(self, conversation: Conversation) -> None:
        """Ask where to write a conversation, and write it; call it in a worker."""
        make = {ending: partial(form, conversation) for ending, form in FORMATS.items()}
        await export(self._app, conversation.title, make)

"""The chat's door to everything slow: the engine, the library's record, kept conversations.

Nothing here knows Textual. Work on the record runs in one thread, in the order in which it was
given, so that the interface never waits for a disk.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path
from typing import Any, TypeVar

from assistant.config import Config, data_dir
from assistant.conversations import ConversationStore, store_file
from assistant.engine_client import EngineClient
from assistant.errors import AssistantError, LibraryMissing
from assistant.library import Library
from assistant.protocol import Add, Added, Cancelled, Failed, Opened, Reply, Request

Result = TypeVar("Result")


class Backend:
    """What one running chat needs, closed with it."""

    def __init__(
        self,
        settings: Config,
        receive: Callable[[Reply], None],
        engine: type[EngineClient] = EngineClient,
    ) -> None:
        """``receive`` gets every reply of the engine, in a thread that is not the caller's."""
        self.settings = settings
        self._receive = receive
        self._make_engine = engine
        self.engine = engine(settings, self._heard)
        self._adder: EngineClient | None = None
        self._records = ThreadPoolExecutor(1, thread_name_prefix="records")
        self._sender = ThreadPoolExecutor(1, thread_name_prefix="sender")
        self._library: Library | None = None
        self._library_path: Path | None = None
        self._store: ConversationStore | None = None

    def start(self) -> None:
        """Start the engine without waiting for it; it tells what it has opened and loaded."""
        self._send_soon(self.engine, 0, None)

    def send(self, request: Request) -> None:
        """Send a request to the engine without waiting; a failure comes as a ``Failed`` reply."""
        self._send_soon(self.engine, request.id, request)

    def add(self, paths: tuple[str, ...], year: int | None) -> int:
        """Add papers in a process of their own and return the id of the request."""
        if self._adder is None:
            self._adder = self._make_engine(self.settings, self._heard_adder, background=True)
        request = Add(self._adder.next_id(), paths, year)
        self._send_soon(self._adder, request.id, request)
        return request.id

    def cancel_add(self, identifier: int) -> None:
        """Stop adding; what was stored so far stays."""
        if self._adder is not None:
            self._adder.cancel(identifier)

    def run(self, work: Callable[[], Result]) -> Future[Result]:
        """Do ``work`` in the thread of the record, after all that was given before."""
        return self._records.submit(work)

    def library(self) -> Library:
        """The library that questions go to; only inside ``run``.

        Raises ``LibraryMissing`` until the engine has opened one.
        """
        if self._library is None:
            if self._library_path is None:
                raise LibraryMissing("the library is still being opened", "wait a moment")
            self._library = Library.open(self._library_path)
        return self._library

    def store(self) -> ConversationStore:
        """The conversations about the user's library; only inside ``run``."""
        if self._store is None:
            self._store = ConversationStore(store_file(self.settings))
        return self._store

    def close(self) -> None:
        """End the engine and close all files."""
        self.engine.close()
        if self._adder is not None:
            self._adder.close()
        self._sender.shutdown(wait=False, cancel_futures=True)
        self._records.shutdown(wait=True)
        if self._library is not None:
            self._library.close()
        if self._store is not None:
            self._store.close()

    def _heard(self, reply: Reply) -> None:
        if isinstance(reply.event, Opened):
            path = Path(reply.event.path)
            self.run(lambda: self._use_library(path))
        self._receive(reply)

    def _heard_adder(self, reply: Reply) -> None:
        """Replies about added papers carry negative ids, to be told from those to questions."""
        if isinstance(reply.event, Added | Failed | Cancelled):
            self._send_soon(self.engine, 0, None, refresh=True)
            self._sender.submit(self._end_adder)
        self._receive(Reply(-reply.id or ADDING, reply.event))

    def _end_adder(self) -> None:
        """Give the memory of its encoder back."""
        adder, self._adder = self._adder, None
        if adder is not None:
            adder.close()

    def _use_library(self, path: Path) -> None:
        self._library_path = path
        if self._library is not None and self._library.path != path:
            self._library.close()
            self._library = None

    def _send_soon(
        self, engine: EngineClient, identifier: int, request: Request | None, refresh: bool = False
    ) -> None:
        def send() -> None:
            try:
                if refresh:
                    engine.refresh()
                elif request is None:
                    engine.start()
                else:
                    engine.send(request)
            except AssistantError as error:
                heard = self._heard if engine is self.engine else self._heard_adder
                heard(Reply(identifier, Failed(error.message, error.hint)))

        self._sender.submit(send)


ADDING = -1_000_000
"""The id of replies about adding in general, such as its progress."""


class Preferences:
    """Choices that the chat remembers: the theme, whether evidence is shown, the set in use."""

    def __init__(self) -> None:
        self._file = data_dir() / "chat.json"
        try:
            values = json.loads(self._file.read_text("utf-8"))
        except (OSError, ValueError):
            values = {}
        self._values: dict[str, Any] = values if isinstance(values, dict) else {}

    def get(self, name: str, default: str) -> str:
        """The remembered choice."""
        value = self._values.get(name, default)
        return value if isinstance(value, str) else default

    def set(self, name: str, value: str) -> None:
        """Remember a choice.

        Raises ``OSError`` if it cannot be written; it is then remembered until the program ends.
        """
        if self._values.get(name) != value:
            self._values[name] = value
            self._file.parent.mkdir(parents=True, exist_ok=True)
            fresh = self._file.with_suffix(".new")
            fresh.write_text(json.dumps(self._values, indent=1), "utf-8")
            fresh.replace(self._file)

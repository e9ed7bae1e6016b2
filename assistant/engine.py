"""A process of its own that holds library, index and models and answers one request after another.

Native libraries print, block and, at worst, crash; here none of it reaches a screen. Run as
``python -m assistant.engine ADDRESS SETTINGS`` by ``engine_client``: it listens on a local socket
and ends when its standard input is closed, so that it never outlives the program that started it.
"""

from __future__ import annotations

import contextlib
import json
import os
import queue
import shutil
import sys
import threading
import traceback
from multiprocessing import AuthenticationError
from multiprocessing.connection import Connection, Listener
from pathlib import Path

from assistant.answers import Finished
from assistant.api import Assistant
from assistant.config import Config
from assistant.errors import AssistantError, Interrupted, UsageError
from assistant.filters import Filters, members
from assistant.interrupting import interrupt
from assistant.protocol import (
    FOLDER_PREFIX,
    KEY_VARIABLE,
    Add,
    Added,
    Answered,
    Ask,
    Cancel,
    Cancelled,
    Event,
    Failed,
    Opened,
    Progress,
    Ready,
    Refresh,
    Reply,
    Request,
    Summarize,
    Summarized,
    dump_reply,
    load_request,
)
from assistant.summary.choosing import Candidate, OffTopic, check_any, off_topic


class Engine:
    """One assistant, one worker, any number of clients."""

    def __init__(self, settings: Config) -> None:
        self._assistant = Assistant(settings, self._progress)
        self._requests: queue.Queue[tuple[Connection | None, Request]] = queue.Queue()
        self._clients: list[Connection] = []
        self._state: dict[type[Event], Event] = {}
        """The last word on library and model, for clients that come later."""
        self._sending = threading.Lock()
        self._current: tuple[Connection | None, int] | None = None
        self._stopped: set[tuple[Connection | None, int]] = set()

    def serve(self, listener: Listener) -> None:
        """Accept clients for ever; each is listened to in a thread of its own."""
        threading.Thread(target=self._work, daemon=True).start()
        while True:
            with contextlib.suppress(AuthenticationError, OSError, EOFError):
                client = listener.accept()
                with self._sending:
                    self._clients.append(client)
                    for event in self._state.values():
                        client.send_bytes(dump_reply(Reply(0, event)))
                threading.Thread(target=self._listen, args=(client,), daemon=True).start()

    def prepare(self) -> None:
        """Have the library opened and the models loaded before the first question."""
        self._requests.put((None, Refresh()))

    def _listen(self, client: Connection) -> None:
        try:
            while True:
                request = load_request(client.recv_bytes())
                if isinstance(request, Cancel):
                    self._stop((client, request.id))
                else:
                    self._requests.put((client, request))
        except (EOFError, OSError):
            with self._sending:
                self._clients.remove(client)
            if self._current and self._current[0] is client:
                self._stop(self._current)

    def _stop(self, request: tuple[Connection | None, int]) -> None:
        self._stopped.add(request)
        if self._current == request:
            model = self._assistant.loaded_model
            if model is not None:
                model.cancel.set()
            else:
                interrupt()  # a model that is only just being found

    def _work(self) -> None:
        while True:
            client, request = self._requests.get()
            self._current = (client, request.id)
            model = self._assistant.loaded_model
            if model is not None:
                model.cancel.clear()
            try:
                self._check_stopped()
                self._do(client, request)
            except Interrupted:
                self._send(client, request.id, Cancelled())
            except AssistantError as error:
                self._send(client, request.id, Failed(error.message, error.hint))
            except Exception as error:
                traceback.print_exc()
                text = f"{type(error).__name__}: {error}"
                self._send(client, request.id, Failed(f"an error in the program: {text}"))
            finally:
                self._stopped.discard(self._current)
                self._current = None

    def _check_stopped(self) -> None:
        if self._current in self._stopped:
            raise Interrupted("stopped")

    def _do(self, client: Connection | None, request: Request) -> None:
        if isinstance(request, Ask):
            self._answer(client, request)
        elif isinstance(request, Add):
            self._add(client, request)
        elif isinstance(request, Summarize):
            self._summarize(client, request)
        else:
            self._open()

    def _open(self) -> None:
        """Open what questions need, and tell all clients about each step."""
        self._assistant.refresh()
        self._announce_library()
        _ = self._assistant.retriever
        if host := self._assistant.config.endpoint:
            self._progress(f"Connecting to {host}", 0, 0)
        model = self._assistant.model
        self._progress(f"Loading {model.label}", 0, 0)
        model.load()
        self._send(None, 0, Ready(model.label, model.manner, model.warning))

    def _announce_library(self) -> None:
        library = self._assistant.library
        opened = Opened(str(library.path), library.count(), self._assistant.uses_starter)
        self._send(None, 0, opened)

    def _answer(self, client: Connection | None, request: Ask) -> None:
        if Ready not in self._state or self._assistant.is_outdated():
            try:
                self._open()
            except AssistantError as error:
                self._send(None, 0, Failed(error.message, error.hint))
                raise
        seed = self._assistant.config.seed + request.attempt
        for event in self._assistant.ask(
            request.question, request.history, filters=Filters(set_name=request.set_name), seed=seed
        ):
            self._check_stopped()
            if isinstance(event, Finished):
                answered = Answered(event, self._assistant.model.label)
                self._send(client, request.id, answered)
            else:
                self._send(client, request.id, event)

    def _summarize(self, client: Connection | None, request: Summarize) -> None:
        if self._assistant.is_outdated():
            self._open()
        library = self._assistant.library
        ids = list(request.papers)
        if request.set_name is not None:
            ids = members(library, Filters(set_name=request.set_name)) or []
        whole = request.threshold is not None and not (request.papers or request.set_name)
        found = library.fetch(ids)
        papers = [found[identifier] for identifier in ids if identifier in found]
        if not papers and not whole:
            raise UsageError("there are no papers to summarize", "mark others, or fill the set")

        def progress(what: str, done: int, total: int) -> None:
            self._check_stopped()
            self._send(client, request.id, Progress(what, done, total))

        left_out: list[OffTopic] = []
        near_misses: tuple[Candidate, ...] = ()
        if request.threshold is not None:
            progress("Looking for papers on the topic", 0, 0)
            among = None if whole else list(found)
            choice = self._assistant.on_topic(request.topic, request.threshold, among=among)
            check_any(choice)
            left_out = off_topic(choice, papers)
            near_misses = choice.near_misses if whole else ()
            papers = choice.papers
        progress("Reading abstracts", 0, len(papers))
        summary = self._assistant.summarize(
            papers, request.topic, request.style, progress, left_out
        )
        self._check_stopped()
        made = Summarized(summary, library.count(), library.snapshot(), near_misses)
        self._send(client, request.id, made)

    def _add(self, client: Connection | None, request: Add) -> None:
        report = self._assistant.add(request.paths, crawl_year=request.year)
        added = Added(
            report.read,
            report.added,
            report.merged,
            report.undated,
            tuple(map(str, report.rejected)),
            tuple(report.skipped),
        )
        self._send(client, request.id, added)

    def _progress(self, what: str, done: int, total: int) -> None:
        self._check_stopped()
        self._send(None, 0, Progress(what, done, total))

    def _send(self, client: Connection | None, identifier: int, event: Event) -> None:
        """Send to one client, or to all; who has gone away is not missed."""
        message = dump_reply(Reply(identifier, event))
        with self._sending:
            if client is None:
                self._state[type(event)] = event
                if isinstance(event, Ready):
                    self._state.pop(Progress, None)
                    self._state.pop(Failed, None)
            for receiver in self._clients if client is None else [client]:
                with contextlib.suppress(OSError):
                    receiver.send_bytes(message)


def _end_with_parent() -> None:
    while sys.stdin.buffer.read(4096):
        pass
    folder = Path(sys.argv[1]).parent
    if folder.name.startswith(FOLDER_PREFIX):
        shutil.rmtree(folder, ignore_errors=True)
    os._exit(0)


def main() -> None:
    """Serve at the address given until standard input ends."""
    address, settings, *options = sys.argv[1:]
    if "--background" in options and hasattr(os, "nice"):
        os.nice(10)
    engine = Engine(Config(**json.loads(settings)))
    threading.Thread(target=_end_with_parent, daemon=True).start()
    with Listener(address, authkey=bytes.fromhex(os.environ[KEY_VARIABLE])) as listener:
        if "--background" not in options:
            engine.prepare()
        engine.serve(listener)


if __name__ == "__main__":
    main()

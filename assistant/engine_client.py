"""Starts the engine, sends it requests and hands its replies on; imports nothing heavy."""

from __future__ import annotations

import contextlib
import json
import os
import secrets
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable
from multiprocessing import AuthenticationError
from multiprocessing.connection import Client, Connection
from pathlib import Path

from assistant.answers import Found, Sentence
from assistant.config import Config, cache_dir
from assistant.errors import AssistantError, EngineLost
from assistant.protocol import (
    FOLDER_PREFIX,
    KEY_VARIABLE,
    Add,
    Ask,
    Cancel,
    Failed,
    Progress,
    Refresh,
    Reply,
    Request,
    Summarize,
    dump_request,
    load_reply,
)

ADDRESS_VARIABLE = "ASSISTANT_ENGINE_ADDRESS"
"""Where this and ``KEY_VARIABLE`` are in the environment, an engine runs already and is used."""
START_SECONDS = 120
"""How long the engine may take until it listens; loading models comes after that."""
RESTART_SECONDS = 5
"""How long an engine that ended soon after its start waits until it is started anew."""
_UNFINISHED = (Found, Sentence, Progress)
LARGEST_LOG = 1_000_000
"""Bytes of ``engine.log``; a larger one is begun anew."""


def log_file() -> Path:
    """Where the engine and the native libraries in it print."""
    return cache_dir() / "engine.log"


class EngineProcess:
    """A running engine and the address under which it listens."""

    def __init__(self, settings: Config, *, background: bool = False) -> None:
        """Start it; ``background`` gives way to other processes and loads nothing beforehand.

        Raises ``EngineLost`` if it cannot be started.
        """
        self._folder = Path(tempfile.mkdtemp(prefix=FOLDER_PREFIX))
        self.address = str(self._folder / "engine")
        self.key = secrets.token_hex(16)
        options = ["--background"] if background else []
        self._command = [
            *(sys.executable, "-m", "assistant.engine"),
            *(self.address, json.dumps(vars(settings)), *options),
        ]
        self._changing = threading.Lock()
        self._stopped = threading.Event()
        try:
            self.process = self._start()
        except EngineLost:
            shutil.rmtree(self._folder, ignore_errors=True)
            raise

    def _start(self) -> subprocess.Popen[bytes]:
        try:
            log_file().parent.mkdir(parents=True, exist_ok=True)
            if log_file().exists() and log_file().stat().st_size > LARGEST_LOG:
                log_file().unlink()
            with log_file().open("ab") as log:
                return subprocess.Popen(
                    self._command,
                    stdin=subprocess.PIPE,
                    stdout=log,
                    stderr=log,
                    env=os.environ | {KEY_VARIABLE: self.key},
                    start_new_session=True,
                )
        except OSError as error:
            raise EngineLost(
                f"the engine cannot be started: {error.strerror}",
                "check permissions and free disk space",
            ) from error

    def keep_running(self) -> None:
        """Start it anew at the same address whenever it ends, until ``stop``; run in a thread."""
        while True:
            started = time.monotonic()
            self.process.wait()
            lived = time.monotonic() - started
            if self._stopped.wait(RESTART_SECONDS if lived < START_SECONDS else 0):
                return
            with self._changing, contextlib.suppress(EngineLost):
                if self._stopped.is_set():
                    return
                Path(self.address).unlink(missing_ok=True)
                if self.process.stdin:
                    self.process.stdin.close()
                self.process = self._start()

    def environment(self) -> dict[str, str]:
        """What another process needs in its environment to use this engine."""
        return {ADDRESS_VARIABLE: self.address, KEY_VARIABLE: self.key}

    def how_it_ended(self) -> str:
        """In words, once it has ended."""
        with contextlib.suppress(subprocess.TimeoutExpired):
            self.process.wait(5)
        code = self.process.returncode
        if code is not None and code < 0:
            return f"it was ended by {signal.Signals(-code).name}"
        return f"it ended with code {code}"

    def stop(self) -> None:
        """End it and remove its socket."""
        self._stopped.set()
        with self._changing:
            self.process.kill()
        self.process.wait()
        if self.process.stdin:
            self.process.stdin.close()
        shutil.rmtree(self._folder, ignore_errors=True)


class EngineClient:
    """A partner of an engine, which it starts when first needed and again if it died.

    ``receive`` is called in a thread of the client with every reply. If the engine dies, all
    requests in progress are replied to with ``Failed``.
    """

    def __init__(
        self, settings: Config, receive: Callable[[Reply], None], *, background: bool = False
    ) -> None:
        self._settings = settings
        self._receive = receive
        self._background = background
        self._engine: EngineProcess | None = None
        self._connection: Connection | None = None
        self._opening = threading.Lock()
        self._in_progress: set[int] = set()
        self._cancelled: set[int] = set()
        """Requests that were cancelled, perhaps before they were sent."""
        self._sending = threading.Lock()
        self._last_id = 0
        self._closed = False

    def start(self) -> None:
        """Start the engine or connect to the running one; does nothing if that is done.

        Raises ``EngineLost``. May take seconds: call it in a thread.
        """
        with self._opening:
            if self._connection is not None or self._closed:
                return
            self._connection = None if self._background else self._shared()
            if self._connection is None:
                self._engine = EngineProcess(self._settings, background=self._background)
                self._connection = self._connect(self._engine)
            threading.Thread(target=self._listen, args=(self._connection,), daemon=True).start()

    def next_id(self) -> int:
        """A number for the next request."""
        self._last_id += 1
        return self._last_id

    def send(self, request: Request) -> None:
        """Send a request, starting the engine if need be; raises ``EngineLost``."""
        self.start()
        if isinstance(request, Ask | Add | Summarize):
            self._in_progress.add(request.id)
        try:
            self._send(request)
            if request.id in self._cancelled:
                self._send(Cancel(request.id))
        except OSError as error:
            self._in_progress.discard(request.id)
            raise EngineLost("the engine has ended", "ask again; it will be restarted") from error

    def cancel(self, identifier: int) -> None:
        """Stop a request, also one that is still to be sent; its last reply is ``Cancelled``."""
        self._cancelled.add(identifier)
        with contextlib.suppress(OSError):
            self._send(Cancel(identifier))

    def _send(self, request: Request) -> None:
        """Raises ``OSError`` if there is no engine."""
        connection = self._connection
        if connection is None:
            raise OSError("no engine")
        with self._sending:
            connection.send_bytes(dump_request(request))

    def refresh(self) -> None:
        """Have the engine look anew at the library."""
        self.send(Refresh())

    def close(self) -> None:
        """Let go of the engine; one that this client started ends."""
        self._closed = True
        if self._connection is not None:
            with contextlib.suppress(OSError):
                self._connection.close()
        if self._engine is not None:
            self._engine.stop()

    def _shared(self) -> Connection | None:
        """A connection to the engine that the environment names; waits until that listens."""
        address, key = os.environ.get(ADDRESS_VARIABLE), os.environ.get(KEY_VARIABLE)
        patience = time.monotonic() + START_SECONDS
        while address and key and Path(address).parent.exists() and time.monotonic() < patience:
            try:
                return Client(address, authkey=bytes.fromhex(key))
            except (OSError, EOFError):
                time.sleep(0.05)
            except (ValueError, AuthenticationError):
                break
        return None

    def _connect(self, engine: EngineProcess) -> Connection:
        patience = time.monotonic() + START_SECONDS
        while True:
            try:
                return Client(engine.address, authkey=bytes.fromhex(engine.key))
            except (OSError, EOFError, AuthenticationError) as error:
                if engine.process.poll() is not None or time.monotonic() > patience:
                    raise self._lost("the engine did not start") from error
                time.sleep(0.02)

    def _listen(self, connection: Connection) -> None:
        try:
            while True:
                reply = load_reply(connection.recv_bytes())
                if not isinstance(reply.event, _UNFINISHED):
                    self._in_progress.discard(reply.id)
                self._receive(reply)
        except (EOFError, OSError, TypeError):  # TypeError: closed while it was read from
            if self._closed:
                return
            lost = self._lost("the engine has ended unexpectedly")
            with self._opening:
                self._connection = None
                if self._engine is not None:
                    self._engine.stop()
                    self._engine = None
            failed, self._in_progress = [0, *self._in_progress], set()
            for identifier in failed:
                self._receive(Reply(identifier, Failed(lost.message, lost.hint)))

    def _lost(self, what: str) -> AssistantError:
        ended = f": {self._engine.how_it_ended()}" if self._engine else ""
        return EngineLost(
            f"{what}{ended}", f"ask again, it is started anew; details are in {log_file()}"
        )

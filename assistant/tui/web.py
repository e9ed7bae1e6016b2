"""The chat in a browser on this computer, through textual-serve; all tabs share one engine."""

from __future__ import annotations

import asyncio
import hmac
import logging
import os
import secrets
import shlex
import socket
import sys
import threading
from collections.abc import Sequence
from pathlib import Path

from aiohttp import web
from aiohttp.typedefs import Handler, Middleware
from textual_serve.server import Server

from assistant.config import Config, cache_dir
from assistant.engine_client import EngineProcess
from assistant.errors import UsageError

HOST = "127.0.0.1"
END_SECONDS = 10
"""How long the tabs may take to end when the server ends."""
_POLICY = (
    "default-src 'none'; script-src 'self' 'unsafe-inline'; style-src 'self' 'unsafe-inline'; "
    "font-src 'self'; img-src 'self' data: blob:; connect-src 'self' {socket}; "
    "frame-ancestors 'none'; base-uri 'none'; form-action 'none'"
)
"""What the page may load: nothing but its own."""


def log_file() -> Path:
    """Where the server and the tabs' processes write what goes wrong."""
    return cache_dir() / "web.log"


class GuardedServer(Server):
    """Answers only who knows the key, and only pages of its own.

    Without this, any web site open in the same browser, and any other user of the computer, could
    drive the chat: a web socket is not bound to the site it comes from.
    """

    def __init__(self, command: str, listening: socket.socket) -> None:
        """``command`` is run for every tab; ``listening`` is a socket bound to ``HOST``."""
        port = listening.getsockname()[1]
        super().__init__(
            command,
            HOST,
            port,
            title="paper-assistant",
            public_url=f"http://{_authority(HOST, port)}",
            templates_path=Path(__file__).parent / "templates",
        )
        self._listening = listening
        self._tabs: set[asyncio.Task[web.WebSocketResponse]] = set()
        self.key = secrets.token_urlsafe(16)

    @property
    def address(self) -> str:
        """What the user opens."""
        return f"{self.public_url}/?key={self.key}"

    def serve(self, debug: bool = False) -> None:
        """Serve until SIGINT or SIGTERM."""
        web.run_app(
            self._make_app(),
            sock=self._listening,
            print=lambda _: print(f"The chat is at {self.address}\nCtrl-C ends it.", flush=True),
            access_log=None,
            shutdown_timeout=END_SECONDS,
        )

    async def on_startup(self, app: web.Application) -> None:
        """Keep quiet until the address can be opened."""

    async def on_shutdown(self, app: web.Application) -> None:
        """End the tabs' processes and wait for them."""
        for tab in self._tabs:
            tab.cancel()
        if self._tabs:
            await asyncio.wait(self._tabs, timeout=END_SECONDS)

    async def handle_websocket(self, request: web.Request) -> web.WebSocketResponse:
        """Serve one tab, in a task that the end of the server can cancel."""
        tab = asyncio.create_task(super().handle_websocket(request))
        self._tabs.add(tab)
        tab.add_done_callback(self._tabs.discard)
        return await tab

    async def _make_app(self) -> web.Application:
        app = await super()._make_app()
        app.middlewares.append(self._guard())
        return app

    def _guard(self) -> Middleware:
        own, other_name = (_authority(name, self.port) for name in (HOST, "localhost"))
        cookie = f"assistant-key-{self.port}"  # cookies do not tell ports apart
        headers = {
            "Content-Security-Policy": _POLICY.format(socket=f"ws://{own}"),
            "Referrer-Policy": "no-referrer",
            "X-Content-Type-Options": "nosniff",
            "Cache-Control": "no-store",
        }

        @web.middleware
        async def guard(request: web.Request, handler: Handler) -> web.StreamResponse:
            origin = request.headers.get("Origin")
            if request.host == other_name and request.path == "/" and origin is None:
                raise web.HTTPFound(f"{self.public_url}{request.path_qs}")
            if request.host != own or origin not in (None, self.public_url):
                raise web.HTTPForbidden(text="This address is for this computer only.")
            given = request.query.get("key") or request.cookies.get(cookie) or ""
            if not hmac.compare_digest(given.encode(errors="replace"), self.key.encode()):
                raise web.HTTPForbidden(
                    text="Open the address that `assistant chat --web` printed."
                )
            if request.query.get("key") and request.path == "/":
                answer = web.HTTPFound("/")
                answer.set_cookie(cookie, self.key, httponly=True, samesite="Strict")
                raise answer
            if request.path == "/":
                page = await handler(request)
                page.headers.update(headers)
                return page
            return await handler(request)

        return guard


def serve(settings: Config, options: Sequence[str], port: int) -> None:
    """Serve the chat until Ctrl-C; ``options`` stand before the command in each tab's process.

    Raises ``UsageError`` if the port is taken, ``EngineLost`` if the engine cannot be started.
    """
    listening = _listen(port)
    engine = EngineProcess(settings)
    try:
        logging.basicConfig(filename=log_file(), level=logging.WARNING)
        threading.Thread(target=engine.keep_running, daemon=True).start()
        os.environ.update(engine.environment())
        command = shlex.join([sys.executable, "-m", "assistant", *options])
        GuardedServer(f"exec {command} 2>>{shlex.quote(str(log_file()))}", listening).serve()
    finally:
        engine.stop()


def _listen(port: int) -> socket.socket:
    listening = socket.socket()
    listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listening.bind((HOST, port))
        listening.listen()
    except OSError as error:
        listening.close()
        raise UsageError(
            f"port {port} cannot be used: {error.strerror}", "choose another with --port"
        ) from error
    return listening


def _authority(host: str, port: int) -> str:
    return host if port == 80 else f"{host}:{port}"

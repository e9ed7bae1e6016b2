"""The chat in a browser on this computer, through textual-serve; all tabs share one engine."""

from __future__ import annotations

import contextlib
import hmac
import os
import secrets
import shlex
import socket
import sys
from collections.abc import Sequence
from pathlib import Path

from aiohttp import web
from aiohttp.typedefs import Handler, Middleware
from textual_serve.server import Server

from assistant.config import Config
from assistant.engine_client import EngineProcess
from assistant.errors import UsageError

HOST = "127.0.0.1"
_COOKIE = "assistant-key"


class GuardedServer(Server):
    """Answers only who knows the key, and only pages of its own.

    Without this, any web site open in the same browser, and any other user of the computer, could
    drive the chat: a web socket is not bound to the site it comes from.
    """

    def __init__(self, command: str, port: int) -> None:
        super().__init__(
            command,
            HOST,
            port,
            title="paper-assistant",
            templates_path=Path(__file__).parent / "templates",
        )
        self.key = secrets.token_urlsafe(16)

    @property
    def address(self) -> str:
        """What the user opens."""
        return f"{self.public_url}/?key={self.key}"

    async def on_startup(self, app: web.Application) -> None:
        """Say where the chat is."""
        print(f"The chat is at {self.address}\nCtrl-C ends it.", flush=True)

    def initialize_logging(self) -> None:
        """Keep quiet: every line of the log would be about the library of this page."""

    async def _make_app(self) -> web.Application:
        app = await super()._make_app()
        app.middlewares.append(self._guard())
        return app

    def _guard(self) -> Middleware:
        own_hosts = {f"{HOST}:{self.port}", f"localhost:{self.port}"}

        @web.middleware
        async def guard(request: web.Request, handler: Handler) -> web.StreamResponse:
            origin = request.headers.get("Origin")
            foreign = origin is not None and origin.removeprefix("http://") not in own_hosts
            if request.host not in own_hosts or foreign:
                raise web.HTTPForbidden(text="This address is for this computer only.")
            given = request.query.get("key") or request.cookies.get(_COOKIE) or ""
            if not hmac.compare_digest(given.encode(), self.key.encode()):
                raise web.HTTPForbidden(
                    text="Open the address that `assistant chat --web` printed."
                )
            if request.query.get("key") and request.path == "/":
                answer = web.HTTPFound("/")
                answer.set_cookie(_COOKIE, self.key, httponly=True, samesite="Strict")
                raise answer
            return await handler(request)

        return guard


def serve(settings: Config, options: Sequence[str], port: int) -> None:
    """Serve the chat until Ctrl-C; ``options`` stand before the command in each tab's process.

    Raises ``UsageError`` if the port is taken, ``EngineLost`` if the engine cannot be started.
    """
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((HOST, port))
        except OSError as error:
            raise UsageError(
                f"port {port} cannot be used: {error.strerror}", "choose another with --port"
            ) from error
    command = [sys.executable, "-m", "assistant", *options]
    engine = EngineProcess(settings)
    try:
        os.environ.update(engine.environment())
        with contextlib.suppress(KeyboardInterrupt):
            GuardedServer(shlex.join(command), port).serve()
    finally:
        engine.stop()

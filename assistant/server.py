"""An OpenAI-compatible server such as llama.cpp's, vLLM or Ollama: its client, key and failures.

With ``pulling.py`` this is the only file that reaches other computers, and it reaches only the one
that the setting ``endpoint`` names.
"""

from __future__ import annotations

import ipaddress
import os
from functools import cached_property
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

if TYPE_CHECKING:
    import openai

KEY_VARIABLES = ("ASSISTANT_ENDPOINT_KEY", "OPENAI_API_KEY")
"""Where the key comes from, the first that is set; it is never stored and never printed."""
_HEADERS = frozenset(
    "host accept accept-encoding connection content-type content-length user-agent".split()
)
CONNECT_SECONDS = 5
SILENT_SECONDS = 120
"""How long a server may say nothing: it reads the prompt, and perhaps loads the model first."""
LONGEST_REASON = 160
"""Characters of what a server says about its failure."""


def key_variable() -> str:
    """The environment variable that the key is read from; empty if there is no key."""
    return next((name for name in KEY_VARIABLES if os.environ.get(name, "").strip()), "")


class Server:
    """A server by its URL, which holds no secret."""

    def __init__(self, url: str) -> None:
        self.url = url.rstrip("/")
        self.host = urlsplit(url).netloc
        self._key = os.environ.get(key_variable(), "").strip()

    @property
    def is_here(self) -> bool:
        """Whether what is sent to it stays on this computer."""
        name = urlsplit(self.url).hostname or ""
        try:
            address = ipaddress.ip_address(name)
        except ValueError:
            return name == "localhost"
        return address.is_loopback or address.is_unspecified

    @cached_property
    def client(self) -> openai.AsyncOpenAI:
        """A client that follows no redirect: nobody agreed to anything being sent there."""
        import openai

        return openai.AsyncOpenAI(
            base_url=self.url,
            api_key=self._key or "none",
            max_retries=0,
            timeout=openai.Timeout(SILENT_SECONDS, connect=CONNECT_SECONDS),
            http_client=openai.DefaultAsyncHttpxClient(
                follow_redirects=False,
                trust_env=not self.is_here,
                event_hooks={"request": [self._strip]},
            ),
        )

    async def close(self) -> None:
        """Close the connections."""
        if "client" in self.__dict__:
            await self.client.close()

    @property
    def path_hint(self) -> str:
        """What to do where the server answers, but not as it should."""
        if self.url.endswith("/v1"):
            return f"check the endpoint: {self.url}"
        return f"endpoints usually end in /v1: {self.url}/v1"

    def failure(self, error: Exception) -> tuple[str, str]:
        """What happened and what to do, without the key."""
        import openai

        if isinstance(error, openai.APIStatusError):
            return self._refusal(error)
        if type(error.__cause__).__name__ in ("ConnectError", "ConnectTimeout"):
            cause = self._short(str(error.__cause__))
            return (
                f"the server at {self.host} cannot be reached" + (f": {cause}" if cause else ""),
                f"start it, or check the endpoint: {self.url}",
            )
        if isinstance(error, TimeoutError | openai.APITimeoutError):
            return (
                f"the server at {self.host} was silent for too long",
                "it may be busy, or loading a model: see its log, then ask again",
            )
        if isinstance(error, openai.APIConnectionError | EOFError):
            return f"the server at {self.host} broke off", "see its log, and whether it runs"
        if isinstance(error, openai.APIError):
            return f"the server at {self.host} fails: {self._short(error.message)}", "see its log"
        what = self._short(f"{type(error).__name__}: {error}")
        return f"what the server at {self.host} sends is not understood: {what}", self.path_hint

    def refuses_request(self, error: Exception) -> bool:
        """Whether the server does not take what was asked of it, or not in this form."""
        import openai

        return isinstance(error, openai.BadRequestError | openai.UnprocessableEntityError)

    async def _strip(self, request: Any) -> None:
        """Take all headers away that the server does not need, and that of a key that is none."""
        needed = _HEADERS | ({"authorization"} if self._key else set())
        for name in set(request.headers) - needed:
            del request.headers[name]

    def _refusal(self, error: openai.APIStatusError) -> tuple[str, str]:
        """The same for a status of HTTP other than success."""
        status, said = error.status_code, self._said(error.body)
        what = f"the server at {self.host} answers with HTTP {status}"
        if status in (401, 403):
            variable = key_variable()
            hint = f"check the key in {variable}" if variable else f"set {KEY_VARIABLES[0]}"
            return f"{what}: it refuses access", hint
        if 300 <= status < 400:
            return f"{what}: it points to another address", "make that one the endpoint"
        what += f": {said}" if said else ""
        return what, self.path_hint if status in (404, 405) else "see its log"

    def _said(self, body: object) -> str:
        for name in ("error", "message", "detail"):
            if isinstance(body, dict) and name in body:
                body = body[name]
        return self._short(body) if isinstance(body, str) and "<" not in body[:20] else ""

    def _short(self, text: str) -> str:
        """The beginning of a text in one line."""
        line = " ".join((text.replace(self._key, "…") if self._key else text).split())
        return f"{line[:LONGEST_REASON]}…" if len(line) > LONGEST_REASON else line

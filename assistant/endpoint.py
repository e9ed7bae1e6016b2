"""Sentences out of a server's model, by the interface that OpenAI gave to llama.cpp, vLLM, Ollama.

A server writes freely: it can be held neither to tokens nor to choices, to a form only if it takes
llama.cpp's grammars.
"""

from __future__ import annotations

import asyncio
import difflib
import json
import threading
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import PurePosixPath
from typing import TYPE_CHECKING, Any, cast

from assistant.errors import ModelLost, ModelUnusable
from assistant.loop_thread import LoopThread
from assistant.prompts import Message
from assistant.remote_text import chat, without_thoughts
from assistant.server import Server

if TYPE_CHECKING:
    from assistant.marker_form import MarkerForm


LIST_SECONDS = 20
"""How long the server may take to say which models it has."""
SENTENCE_SECONDS = 300
"""How long one sentence or paragraph may take."""
THINKING_TOKENS = 2048
"""Room for the thoughts of a model that was seen to think."""
LONGEST_REPLY = 20_000
"""Characters, with thoughts; a server that sends more is no longer listened to."""
THOUGHTS = ("reasoning_content", "reasoning")
"""Fields beside the text in which servers send what a model thinks."""
_TEMPERATURE = 0.5


@dataclass(frozen=True)
class _Reply:
    """What a model said apart from its thoughts."""

    text: str
    is_cut: bool
    """Whether the tokens were used up."""
    has_thoughts: bool


class RemoteModel:
    """One model of a server with one owner.

    ``cancel`` may be set from any thread or signal handler: whatever is waited for then ends
    within a fifth of a second and raises ``Interrupted``, and the connection is closed, so that
    the server can stop too.
    """

    writes_freely = True
    writes_paragraphs = False
    manner = ""
    """Why it does not write freely: it does."""

    def __init__(self, url: str, name: str = "") -> None:
        """Ask the server which models it has; without a ``name`` the first one writes.

        Raises ``ModelUnusable`` if it cannot be reached, refuses, or has no such model.
        """
        self._server = Server(url)
        self.cancel = threading.Event()
        self._room = 0
        """Tokens for thoughts before each sentence, once the model was seen to think."""
        self._takes_grammars = True
        """Until it refuses one."""
        try:
            self.models = self._list()
            """The names of all models that the server has, in its order."""
            self.name = self._named(name) if name else self.models[0]
        except BaseException:
            self.close()
            raise
        self._is_chosen = bool(name)

    @property
    def label(self) -> str:
        """Name and host as people read them."""
        return f"{_shown(self.name)} at {self._server.host}"

    @property
    def identity(self) -> dict[str, str]:
        """Which model it is, as ``--json`` prints it; a server gives no checksum."""
        return {"name": self.name, "sha256": "", "endpoint": self._server.url}

    @property
    def choice(self) -> str:
        """Which model writes, if nobody has named it; else empty."""
        if self._is_chosen:
            return ""
        first = f", the first of its {len(self.models)} models; --model names another"
        return f"{self.label} writes{first if len(self.models) > 1 else ''}."

    @property
    def warning(self) -> str:
        """What is sent to another computer; empty if nothing is."""
        if self._server.is_here:
            return ""
        return (
            "The question, and the cited sentences with the titles of their papers, are sent to "
            f"{self._server.host}."
        )

    def tokens(self, text: str) -> list[int]:
        """The bytes of a text: no server tells its tokens, and no text has more of them."""
        return list(text.encode())

    def stream(
        self,
        messages: Sequence[Message],
        *,
        max_tokens: int,
        allowed: frozenset[int] | None = None,
        seed: int = 0,
        form: MarkerForm | None = None,
    ) -> Iterator[str]:
        """The next message, in one piece: what was a thought is only known at its end.

        ``allowed`` cannot be told to a server; ``form`` is told as a grammar, which llama.cpp
        obeys, some servers refuse, and others overlook. Names of special tokens in a message are
        broken by an invisible character, which is taken out of what comes back.

        Raises ``Interrupted`` once ``cancel`` is set, ``ModelLost`` if the server fails.
        """
        reply = self._reply(messages, max_tokens, seed, form)
        if reply.is_cut and reply.has_thoughts and not self._room:
            self._room = THINKING_TOKENS
            reply = self._reply(messages, max_tokens, seed, form)
        yield reply.text

    def choose(
        self, messages: Sequence[Message], choices: Sequence[str], seed: int = 0
    ) -> str | None:
        """Nothing: a server cannot be held to choices, so that its model has no say."""
        return None

    def load(self) -> None:
        """Nothing is to be loaded here."""

    def check(self) -> None:
        """Have the model write a little; raises ``ModelLost`` if it does not."""
        self._reply([Message("user", "Say yes.")], 4, 0)

    def close(self) -> None:
        """Close the connections."""
        if "_loop" in self.__dict__:
            self._loop.close()
            del self._loop

    def _list(self) -> list[str]:
        try:
            reply = self._loop.run(self._models(), self)
        except Exception as error:  # whatever comes of what a server sends
            raise ModelUnusable(*self._server.failure(error)) from error
        try:
            names = [str(model["id"]) for model in json.loads(reply)["data"]]
        except (ValueError, TypeError, KeyError, RecursionError) as error:
            raise ModelUnusable(
                f"{self._server.url} is no OpenAI-compatible server: it gives no list of models",
                self._server.path_hint,
            ) from error
        if not names:
            raise ModelUnusable(
                f"the server at {self._server.host} has no model",
                "have it load one, then ask again",
            )
        return names

    def _named(self, name: str) -> str:
        """The model that is meant by a name, which may lack Ollama's tag or a file's folder."""
        for model in self.models:
            if name in (model, model.removesuffix(":latest"), _shown(model)):
                return model
        near = difflib.get_close_matches(name, map(_shown, self.models), n=1)
        others = f"it has: {', '.join(map(_shown, self.models[:5]))}"
        raise ModelUnusable(
            f"the server at {self._server.host} has no model {name!r}",
            f"did you mean {near[0]}?" if near else others,
        )

    def _reply(
        self,
        messages: Sequence[Message],
        max_tokens: int,
        seed: int,
        form: MarkerForm | None = None,
    ) -> _Reply:
        grammar = form.gbnf if form and self._takes_grammars else ""
        try:
            return self._loop.run(self._written(messages, max_tokens, seed, grammar), self)
        except Exception as error:  # whatever comes of what a server sends
            if grammar and self._server.refuses_request(error):
                self._takes_grammars = False
                return self._reply(messages, max_tokens, seed)
            raise ModelLost(*self._server.failure(error)) from error

    async def _models(self) -> str:
        async with asyncio.timeout(LIST_SECONDS):
            return await self._server.client.get("/models", cast_to=str)

    async def _written(
        self, messages: Sequence[Message], max_tokens: int, seed: int, grammar: str
    ) -> _Reply:
        drawn: dict[str, Any] = {"temperature": _TEMPERATURE, "seed": seed}
        text, answer, ended = "", "", ""
        thinks = thinks_aloud = False
        async with asyncio.timeout(SENTENCE_SECONDS):
            stream = await self._server.client.chat.completions.create(
                model=self.name,
                messages=cast("Any", chat(messages)),
                max_tokens=max_tokens + self._room,
                stream=True,
                extra_body={"grammar": grammar} if grammar else None,
                **drawn if seed else {"temperature": 0.0},
            )
            async with stream:
                async for chunk in stream:
                    for choice in chunk.choices[:1]:
                        text += choice.delta.content or ""
                        thinks |= any(getattr(choice.delta, name, None) for name in THOUGHTS)
                        ended = choice.finish_reason or ended
                    answer, thinks_aloud = without_thoughts(text)
                    if len(self.tokens(answer)) > max_tokens or len(text) > LONGEST_REPLY:
                        ended = "length"
                        break
        if not ended:
            raise EOFError
        return _Reply(answer, ended == "length", thinks or thinks_aloud)

    @cached_property
    def _loop(self) -> LoopThread:
        return LoopThread("endpoint", self._server.close)


def _shown(model: str) -> str:
    """The name of a model for people; some servers give the path of its file."""
    return PurePosixPath(model).stem if model.endswith(".gguf") else model

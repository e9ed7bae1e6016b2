"""Tokens out of a local GGUF model: streamed, held to allowed tokens, stopped at any moment."""

from __future__ import annotations

import codecs
import contextlib
import ctypes
import threading
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from assistant import amx, memory
from assistant.chat_template import begins_to_think, plain_tokens, prompt_tokens, without_thinking
from assistant.errors import Interrupted, ModelUnusable, PromptTooLong
from assistant.gguf import check_gguf, silence
from assistant.interrupting import computing
from assistant.prompts import Message

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from assistant.marker_form import MarkerForm

_TEMPERATURE = 0.5


@dataclass
class Work:
    """How many tokens were read and written, and in how many wall seconds."""

    read: int = 0
    read_seconds: float = 0.0
    written: int = 0
    written_seconds: float = 0.0

    @property
    def read_per_second(self) -> float:
        """Tokens; 0 if none was read."""
        return self.read / self.read_seconds if self.read else 0.0

    @property
    def written_per_second(self) -> float:
        """Tokens; 0 if none was written."""
        return self.written / self.written_seconds if self.written else 0.0


@dataclass(frozen=True)
class _Held:
    """The prompt that the model has read last."""

    prompt: list[int]
    stem: int
    """So many tokens were read by themselves."""
    logits: NDArray[np.float32]


class LocalModel:
    """One llama.cpp model with one owner; it loads on first use.

    ``cancel`` may be set from any thread or signal handler: reading a prompt and writing both end
    within a token and raise ``Interrupted``.
    """

    def __init__(
        self,
        path: Path,
        name: str,
        sha256: str,
        threads: int,
        context: int,
        *,
        writes_freely: bool = True,
        writes_paragraphs: bool = False,
        manner: str = "",
    ) -> None:
        """``context`` is in tokens; ``manner`` says why a model does not write freely.

        Raises ``ModelUnusable`` if ``path`` is no GGUF file.
        """
        check_gguf(path)
        self.writes_freely = writes_freely
        self.writes_paragraphs = writes_paragraphs
        self.manner = manner
        self.work = Work()
        self.path = path
        self.name = name
        self.sha256 = sha256
        self.cancel = threading.Event()
        self._threads = threads
        self._context = context
        self._held: _Held | None = None

    @property
    def label(self) -> str:
        """The name as people read it."""
        return self.name

    @property
    def identity(self) -> dict[str, str]:
        """Which model it is, as ``--json`` prints it."""
        return {"name": self.name, "sha256": self.sha256}

    @property
    def warning(self) -> str:
        """What is sent to another computer: nothing."""
        return ""

    def tokens(self, text: str) -> list[int]:
        """The model's tokens for plain text."""
        return plain_tokens(self._llama, text)

    def stream(
        self,
        messages: Sequence[Message],
        *,
        max_tokens: int,
        allowed: frozenset[int] | None = None,
        seed: int = 0,
        form: MarkerForm | None = None,
    ) -> Iterator[str]:
        """Write the next message, piece by piece, until the model ends it.

        Seed 0 takes the likeliest token each time; any other draws at temperature 0.5, the same
        text for the same seed. Only tokens in ``allowed`` are written, if it is given; no three
        tokens occur in the same order twice, in a message of ``form`` between two markers. It has
        that form unless ``max_tokens`` cut it. What the messages before the last have in common
        with those read before is not read again; what is written never depends on it. What the
        model reasons before it answers is left out.

        Raises ``Interrupted`` once ``cancel`` is set, ``PromptTooLong`` if prompt and answer do
        not fit the context, ``ModelUnusable`` if the model fails.
        """
        return without_thinking(
            self._written(messages, max_tokens=max_tokens, allowed=allowed, seed=seed, form=form)
        )

    def _written(
        self,
        messages: Sequence[Message],
        *,
        max_tokens: int,
        allowed: frozenset[int] | None = None,
        seed: int = 0,
        form: MarkerForm | None = None,
    ) -> Iterator[str]:
        """As ``stream``, with the reasoning."""
        import numpy as np

        llama = self._llama
        prompt = self._fitting(messages, max_tokens)
        mask = None
        if allowed is not None:
            mask = np.full(llama.n_vocab(), -np.inf, dtype=np.float32)
            mask[list(allowed | self._ends)] = 0.0
        logits = self._read(messages, prompt)
        written: list[int] = []
        text = b""
        run = 0
        """Where in ``written`` the words begin that may not be repeated."""
        random = np.random.default_rng(seed) if seed else None
        decoder = codecs.getincrementaldecoder("utf-8")(errors="ignore")
        for _ in range(max_tokens):
            if mask is not None:
                logits = logits + mask
            for token in _would_repeat(written[run:]):
                logits[token] = -np.inf
            if random is not None:
                logits = _draw(logits, random)
            best = self._best(logits, text, form)
            if best is None:
                return
            written.append(best)
            piece = llama.detokenize([best])
            text += piece
            if form and (b"[" in piece or b"]" in piece):
                run = len(written)
            yield decoder.decode(piece)
            started = time.perf_counter()
            self._eval([best])
            self.work.written += 1
            self.work.written_seconds += time.perf_counter() - started
            logits = self._logits()

    def _best(
        self, logits: NDArray[np.float32], text: bytes, form: MarkerForm | None
    ) -> int | None:
        """The likeliest token that can follow ``text``; ``None`` to end the message."""
        import numpy as np

        if form is None:
            token = int(np.argmax(logits))
            return None if token in self._ends or not np.isfinite(logits[token]) else token
        possible = np.flatnonzero(np.isfinite(logits))
        for token in possible[np.argsort(-logits[possible], kind="stable")].tolist():
            if token in self._ends:
                if form.is_whole(text.decode(errors="replace")):
                    return None
            elif (piece := self._llama.detokenize([token])) and form.allows(
                (text + piece).decode(errors="replace")
            ):
                return int(token)
        return None

    def choose(self, messages: Sequence[Message], choices: Sequence[str], seed: int = 0) -> str:
        """Write one of ``choices`` as the next message: decoding is held to their tokens.

        Wherever they part, the likelier token decides, or a draw as in ``stream``; what they share
        costs no decision. Raises as ``stream`` does.
        """
        import numpy as np

        random = np.random.default_rng(seed) if seed else None
        end = min(self._ends)
        left = {(*self.tokens(choice), end): choice for choice in choices}
        logits = self._read(messages, self._fitting(messages, max(map(len, left))))
        written = 0
        while len(left) > 1:
            shared = _shared_length(list(left))
            if shared > written:
                self._eval(list(next(iter(left))[written:shared]))
                written = shared
                logits = self._logits()
            if random is not None:
                logits = _draw(logits, random)
            best = max({tokens[written] for tokens in left}, key=lambda token: float(logits[token]))
            left = {tokens: text for tokens, text in left.items() if tokens[written] == best}
        return next(iter(left.values()))

    @property
    def template(self) -> str:
        """Its chat template; empty if the file has none. Loads the model."""
        return str(self._llama.metadata.get("tokenizer.chat_template", ""))

    def reasons(self) -> bool:
        """Whether it reasons before an answer, although it is told not to."""
        question = [Message("user", "How many legs has a spider?")]
        return begins_to_think(self._written(question, max_tokens=8))

    def load(self) -> None:
        """Load the model now instead of on first use; raises ``ModelUnusable``."""
        _ = self._llama

    def close(self) -> None:
        """Free the model's memory."""
        if "_llama" in self.__dict__:
            self._llama.close()
            del self._llama
            self._held = None

    def _fitting(self, messages: Sequence[Message], room: int) -> list[int]:
        """The prompt's tokens, if ``room`` more fit into the context."""
        prompt = prompt_tokens(self._llama, messages)
        if len(prompt) + room > self._llama.n_ctx():
            raise PromptTooLong(
                f"prompt and answer have {len(prompt) + room} tokens at most, the context"
                f" {self._llama.n_ctx()}",
                "set a larger context, or ask a shorter question",
            )
        return prompt

    def _read(self, messages: Sequence[Message], prompt: list[int]) -> NDArray[np.float32]:
        """Evaluate the prompt and return the scores of the token after it.

        Scores depend a little on which tokens are evaluated together. So the messages before the
        last are always evaluated by themselves, and nothing but them, or the same prompt as a
        whole, is taken over from before: the same prompt always gives the same scores.
        """
        llama = self._llama
        stem = self._stem(messages, prompt)
        if self._held is None or self._held.prompt != prompt:
            same = self._held and self._held.prompt[: self._held.stem] == prompt[:stem]
            self._held = None
            llama.n_tokens = stem if same else 0
            started = time.perf_counter()
            self.work.read += len(prompt) - llama.n_tokens
            if not same:
                self._eval(prompt[:stem])
            self._eval(prompt[stem:])
            self.work.read_seconds += time.perf_counter() - started
            self._held = _Held(prompt, stem, self._logits())
        llama.n_tokens = len(prompt)
        return self._held.logits.copy()

    def _stem(self, messages: Sequence[Message], prompt: list[int]) -> int:
        """How many tokens the prompt begins with whatever the last message says."""
        *before, last = messages
        bare = prompt_tokens(self._llama, [*before, Message(last.role, "")])
        return min(_shared_length([tuple(prompt), tuple(bare)]), len(prompt) - 1)

    def _eval(self, tokens: list[int]) -> None:
        if self.cancel.is_set():
            raise Interrupted("stopped")
        llama = self._llama
        computing.append(self)
        try:
            llama.eval(tokens)
        except RuntimeError as error:
            llama.n_tokens = 0
            self._held = None
            if self.cancel.is_set():
                raise Interrupted("stopped") from error
            raise ModelUnusable(
                f"the model {self.name} failed: {error}", "try a smaller context"
            ) from error
        finally:
            computing.remove(self)

    def _logits(self) -> NDArray[np.float32]:
        import llama_cpp
        import numpy as np

        pointer = llama_cpp.llama_get_logits_ith(self._llama.ctx, -1)
        logits: NDArray[np.float32] = np.ctypeslib.as_array(
            pointer, (self._llama.n_vocab(),)
        ).copy()
        return logits

    @cached_property
    def _ends(self) -> frozenset[int]:
        """Tokens that end a message."""
        import llama_cpp

        vocabulary = llama_cpp.llama_model_get_vocab(self._llama.model)
        return frozenset(
            token
            for token in (
                self._llama.token_eos(),
                *self._llama.tokenize(b"<|im_end|>", False, True),
            )
            if llama_cpp.llama_vocab_is_eog(vocabulary, token)
        )

    @cached_property
    def _llama(self) -> Any:
        import llama_cpp

        memory.check(self.path)
        silence()
        computing.append(self)
        try:
            with contextlib.redirect_stderr(None), amx.avoided():
                llama = llama_cpp.Llama(
                    str(self.path),
                    n_ctx=self._context,
                    n_batch=256,
                    n_threads=self._threads,
                    n_threads_batch=self._threads,
                    seed=0,
                    verbose=False,
                )
        except (ValueError, OSError, RuntimeError) as error:
            raise ModelUnusable(
                f"{self.path} cannot be loaded as a model: {error}",
                "it may be cut off, or of a kind this version of llama.cpp does not know",
            ) from error
        finally:
            computing.remove(self)
        self._abort = llama_cpp.ggml_abort_callback(lambda _: self.cancel.is_set())
        llama_cpp.llama_set_abort_callback(llama.ctx, self._abort, ctypes.c_void_p())
        return llama


def _draw(logits: NDArray[np.float32], random: np.random.Generator) -> NDArray[np.float32]:
    """Scores whose maximum is a draw at ``_TEMPERATURE`` (the Gumbel-max trick)."""
    noise = random.gumbel(size=logits.shape)
    return (logits / _TEMPERATURE + noise).astype(logits.dtype)


def _shared_length(sequences: list[tuple[int, ...]]) -> int:
    """How many tokens all sequences begin with in common."""
    first, last = min(sequences), max(sequences)
    pairs = zip(first, last, strict=False)
    return next((i for i, (a, b) in enumerate(pairs) if a != b), min(len(first), len(last)))


def _would_repeat(written: list[int]) -> list[int]:
    """The tokens that would complete three tokens in an order that was written before."""
    if len(written) < 2:
        return []
    last = written[-2:]
    return [written[i + 2] for i in range(len(written) - 2) if written[i : i + 2] == last]

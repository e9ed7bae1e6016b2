"""Coroutines for callers that are none: run in a thread, waited for, stopped at any moment."""

from __future__ import annotations

import asyncio
import signal
import threading
from collections.abc import Awaitable, Callable, Coroutine
from concurrent.futures import wait
from typing import Any, TypeVar

from assistant.errors import Interrupted
from assistant.interrupting import Cancellable, computing

Result = TypeVar("Result")
LOOK_SECONDS = 0.1
"""How often somebody who waits looks whether to stop."""
END_SECONDS = 2
"""How long ``close`` waits for what is still running."""


class LoopThread:
    """An event loop in a thread of its own, which does not keep the program from ending."""

    def __init__(self, name: str, at_end: Callable[[], Awaitable[None]]) -> None:
        """``at_end`` is awaited in the loop when it is closed."""
        self._at_end = at_end
        self._loop = asyncio.new_event_loop()
        self._ended = asyncio.Event()
        self._thread = threading.Thread(target=self._serve, name=name, daemon=True)
        self._thread.start()

    def run(self, work: Coroutine[Any, Any, Result], owner: Cancellable) -> Result:
        """The result of ``work``, or what it raises.

        Raises ``Interrupted`` within ``LOOK_SECONDS`` of ``owner.cancel`` being set; ``work`` is
        then cancelled wherever it waits.
        """
        computing.append(owner)  # from here on, a signal sets cancel and raises nothing here
        try:
            future = asyncio.run_coroutine_threadsafe(work, self._loop)
            while not future.done():
                if owner.cancel.is_set():
                    future.cancel()
                    raise Interrupted("stopped")
                wait([future], timeout=LOOK_SECONDS)
            return future.result()
        finally:
            computing.remove(owner)

    def close(self) -> None:
        """Cancel what is still running, and end."""
        if self._thread.is_alive():
            self._loop.call_soon_threadsafe(self._ended.set)
            self._thread.join(END_SECONDS)

    def _serve(self) -> None:
        if hasattr(signal, "pthread_sigmask"):
            # the command line lets this signal end the program, which a closed socket must not
            signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGPIPE})
        with asyncio.Runner(loop_factory=lambda: self._loop) as runner:
            runner.run(self._until_ended())

    async def _until_ended(self) -> None:
        await self._ended.wait()
        await self._at_end()

"""The summary that is open, without a screen: asked for, read, cancelled."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from assistant.protocol import Cancelled, Failed, Progress, Reply, Summarize, Summarized
from assistant.summary.summarizing import Style
from assistant.tui.backend import Backend


@dataclass(frozen=True)
class Wanted:
    """What is to be summarized, and how."""

    topic: str
    """What the summary is headed."""
    style: Style
    papers: tuple[str, ...] = ()
    set_name: str | None = None
    threshold: float | None = None
    """The relevance from which papers are on the topic; ``None`` takes all of them."""

    def is_of_the_same(self, other: Wanted) -> bool:
        """Whether both are about the same papers, on whatever topic."""
        return (self.papers, self.set_name) == (other.papers, other.set_name)


class LiveSummary:
    """At most one summary at a time; the last one stays until the next is finished."""

    def __init__(self, backend: Backend) -> None:
        self._backend = backend
        self._request = 0
        self.phase: Literal["idle", "working", "failed"] = "idle"
        self.wanted: Wanted | None = None
        """What was asked for last."""
        self.progress = ""
        """How far it is, in words, while it is being made."""
        self.message = ""
        """What went wrong, in phase "failed"."""
        self.made: Summarized | None = None
        """The last summary."""

    def start(self, wanted: Wanted) -> None:
        """Have a summary made; one that is being made is given up."""
        self.cancel()
        self.wanted, self.phase, self.progress = wanted, "working", "Waiting for the engine"
        self._request = self._backend.engine.next_id()
        self._backend.send(Summarize(self._request, **vars(wanted)))

    def cancel(self) -> bool:
        """Give up the summary that is being made; tells whether there was one."""
        working = self.phase == "working"
        if working:
            self._backend.engine.cancel(self._request)
            self._request, self.phase = 0, "idle"
        return working

    def receive(self, reply: Reply) -> bool:
        """Take in a reply; tells whether it was one about the summary."""
        event = reply.event
        if reply.id != self._request:
            return False
        if isinstance(event, Progress):
            count = f": {event.done} of {event.total}" if event.total else ""
            self.progress = f"{event.what}{count}"
        elif isinstance(event, Summarized):
            self.made, self.phase = event, "idle"
        elif isinstance(event, Failed):
            self.message = f"{event.message} ({event.hint})" if event.hint else event.message
            self.phase = "failed"
        elif isinstance(event, Cancelled):
            self.phase = "idle"
        return True

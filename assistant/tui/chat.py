"""One conversation while it is going on, without a screen: asked, answered, kept, cancelled."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Future
from dataclasses import dataclass, field
from typing import Any, Literal

from assistant.answers import Answer, AnswerSentence, CitedSource, Found, Sentence
from assistant.conversation import Turn
from assistant.conversations import (
    LONGEST_TITLE,
    Conversation,
    ConversationStore,
    Exchange,
    utc_now,
)
from assistant.errors import AssistantError
from assistant.protocol import Answered, Ask, Cancelled, Failed, Reply
from assistant.tui.backend import Backend

Phase = Literal["waiting", "searching", "answering", "done", "failed", "cancelled"]


@dataclass
class LiveExchange:
    """A question and as much of its answer as there is."""

    question: str
    phase: Phase = "waiting"
    """Waiting is for the models to be loaded."""
    sentences: list[AnswerSentence] = field(default_factory=list)
    sources: list[CitedSource] = field(default_factory=list)
    answer: Answer | None = None
    """The whole answer, in phase "done"."""
    model: str = ""
    asked_at: str = ""
    message: str = ""
    """What went wrong, in phase "failed"."""
    attempt: int = 0
    """How often the question was answered before."""
    replaced: LiveExchange | None = None
    """What stood in its place before it was answered again or edited."""
    verdict: str = ""
    """What the sources say of a yes/no question."""

    @classmethod
    def of(cls, kept: Exchange) -> LiveExchange:
        """An exchange that was kept."""
        return cls(
            kept.question,
            "done",
            list(kept.answer.sentences),
            list(kept.answer.sources),
            kept.answer,
            kept.model,
            kept.asked_at,
            verdict=kept.answer.verdict,
        )


@dataclass(frozen=True)
class InProgress:
    """A question that was being answered."""

    position: int
    question: str


class Chat:
    """The conversation that is open."""

    def __init__(self, backend: Backend, report: Callable[[AssistantError], None]) -> None:
        """``report`` hears, in another thread, of what could not be kept on disk."""
        self._backend = backend
        self._report = report
        self.exchanges: list[LiveExchange] = []
        self.title = ""
        self._is_titled = False
        self.engine_is_ready = False
        self.set_name: str | None = None
        """Answers come from the papers of this set only."""
        self._kept_id: list[int] = []
        """The id in the store, once there is one; used in the thread of the record only."""
        self._request = 0
        self._asking: LiveExchange | None = None
        self._before: LiveExchange | None = None
        """What the exchange that is being answered anew looked like."""

    @property
    def is_answering(self) -> bool:
        """Whether an answer is on its way."""
        return self._asking is not None

    @property
    def question_in_progress(self) -> str:
        """The question that is being answered; empty if none is."""
        return self._asking.question if self._asking else ""

    @property
    def questions(self) -> list[str]:
        """What was asked, the first question first."""
        return [exchange.question for exchange in self.exchanges]

    def ask(self, question: str, replacing: int | None = None) -> int:
        """Ask, at the end or in the place of an earlier exchange, and return the position."""
        if replacing is None:
            position, self._before = len(self.exchanges), None
            self.exchanges.append(LiveExchange(question))
        else:
            position, self._before = replacing, self.exchanges[replacing]
            again = question == self._before.question
            self.exchanges[position] = LiveExchange(question)
            self.exchanges[position].attempt = self._before.attempt + 1 if again else 0
        self._asking = exchange = self.exchanges[position]
        exchange.asked_at = utc_now()
        exchange.phase = "searching" if self.engine_is_ready else "waiting"
        if not self._is_titled and not any(e.answer for e in self.exchanges):
            self.title = " ".join(question.split())[:LONGEST_TITLE]
        self._keep(lambda: self._keep_pending(question))
        self._request = self._backend.engine.next_id()
        self._backend.send(
            Ask(
                self._request,
                question,
                self._history(position),
                self.set_name,
                exchange.attempt,
            )
        )
        return position

    def receive(self, reply: Reply) -> int | None:
        """Take in a reply and return the position of the exchange it changed, if it did."""
        exchange, event = self._asking, reply.event
        if exchange is None or reply.id != self._request:
            return None
        position = self.exchanges.index(exchange)
        if isinstance(event, Found):
            exchange.phase, exchange.verdict = "answering", event.verdict
        elif isinstance(event, Sentence):
            exchange.sentences.append(event.sentence)
            known = {source.number for source in exchange.sources}
            exchange.sources += [one for one in event.sources if one.number not in known]
        elif isinstance(event, Answered):
            answer = event.finished.answer
            exchange.sentences, exchange.sources = answer.sentences, answer.sources
            exchange.answer, exchange.model, exchange.phase = answer, event.model, "done"
            self._finish(position, exchange)
        elif isinstance(event, Failed):
            exchange.phase, exchange.message = "failed", event.message
            exchange.message += f" ({event.hint})" if event.hint else ""
            self._abandon(position)
        elif isinstance(event, Cancelled):
            self._abandon(position)
        return position

    def set_ready(self, ready: bool) -> int | None:
        """Note whether the models are loaded; returns the position of an exchange that waited."""
        self.engine_is_ready = ready
        if ready and self._asking is not None and self._asking.phase == "waiting":
            self._asking.phase = "searching"
            return self.exchanges.index(self._asking)
        return None

    def cancel(self) -> InProgress | None:
        """Stop answering, at once as far as one can see, and return what was stopped."""
        exchange = self._asking
        if exchange is None:
            return None
        self._backend.engine.cancel(self._request)
        exchange.phase = "cancelled"
        stopped = InProgress(self.exchanges.index(exchange), exchange.question)
        self._abandon(stopped.position)
        return stopped

    def bring_back(self, position: int) -> bool:
        """Exchange an answer for the one it replaced; tells whether there is one."""
        exchange = self.exchanges[position]
        before = exchange.replaced
        if self.is_answering or before is None or before.answer is None:
            return False
        exchange.replaced, before.replaced = None, exchange
        self.exchanges[position] = before
        kept = Exchange(before.question, before.answer, before.asked_at, before.model)
        place = sum(e.answer is not None for e in self.exchanges[:position])
        self._keep(lambda: self._keep_answer(kept, place))
        return True

    def rename(self, title: str) -> None:
        """Give the conversation another title."""
        self.title = " ".join(title.split())[:LONGEST_TITLE] or self.title
        self._is_titled = True
        self._keep_if_begun(lambda store, i: store.rename(i, title))

    def release(self) -> None:
        """The conversation is put away in order."""
        self._keep_if_begun(lambda store, i: store.release(i))

    def resume(self, conversation: Conversation) -> None:
        """Go on with a kept conversation that this program has taken."""
        self.exchanges = [LiveExchange.of(kept) for kept in conversation.exchanges]
        self.title = conversation.title
        self._is_titled = True
        self._kept_id = [conversation.id]

    def snapshot(self) -> Conversation:
        """The conversation as it is now, with its finished answers."""
        finished = [(e, e.answer) for e in self.exchanges if e.answer is not None]
        first = finished[0][0].asked_at if finished else utc_now()
        last = finished[-1][0].asked_at if finished else first
        return Conversation(
            self._kept_id[0] if self._kept_id else 0,
            self.title or "Conversation",
            first,
            last,
            tuple(Exchange(e.question, answer, e.asked_at, e.model) for e, answer in finished),
        )

    @property
    def identifier(self) -> int | None:
        """The id under which the conversation is kept, or ``None`` so far."""
        return self._kept_id[0] if self._kept_id else None

    def _history(self, position: int) -> tuple[Turn, ...]:
        turns = []
        for exchange in self.exchanges[:position]:
            if exchange.answer is not None:
                turns.append(Turn("user", exchange.question))
                turns.append(Turn("assistant", exchange.answer.text))
        return tuple(turns[-6:])

    def _finish(self, position: int, exchange: LiveExchange) -> None:
        answer = exchange.answer
        assert answer is not None
        self._asking, replaced, self._before = None, self._before, None
        exchange.replaced = replaced
        kept = Exchange(exchange.question, answer, exchange.asked_at, exchange.model)
        place = sum(e.answer is not None for e in self.exchanges[:position])
        replacing = replaced is not None and replaced.answer is not None
        self._keep(lambda: self._keep_answer(kept, place if replacing else None))

    def _abandon(self, position: int) -> None:
        """Leave no half answer: what stood there before comes back, or the question goes."""
        self._asking, before, self._before = None, self._before, None
        if before is not None:
            self.exchanges[position] = before
        elif self.exchanges[position].phase == "cancelled":
            del self.exchanges[position]
        self._keep_if_begun(lambda store, i: store.set_pending(i, ""))

    def _keep_pending(self, question: str) -> None:
        if not self._kept_id:
            self._kept_id.append(self._backend.store().begin(question))
        self._backend.store().set_pending(self._kept_id[0], question)

    def _keep_answer(self, exchange: Exchange, place: int | None) -> None:
        if not self._kept_id:
            self._kept_id.append(self._backend.store().begin(exchange.question))
        if place is None:
            if not self._backend.store().append(self._kept_id[0], exchange):
                self._backend.store().rename(self._kept_id[0], self.title)
        else:
            self._backend.store().replace(self._kept_id[0], place, exchange)

    def _keep_if_begun(self, work: Callable[[ConversationStore, int], None]) -> None:
        def change() -> None:
            for identifier in self._kept_id:
                work(self._backend.store(), identifier)

        self._keep(change)

    def _keep(self, work: Callable[[], Any]) -> None:
        def done(future: Future[Any]) -> None:
            error = future.exception()
            if isinstance(error, AssistantError):
                self._report(error)

        self._backend.run(work).add_done_callback(done)

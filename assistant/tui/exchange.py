"""One question and its answer on the screen, with markers that can be pointed at.

Other passages of text with markers are shown in the same way: a class of them registers what
``targets_of`` and ``content_of`` give for it.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from functools import singledispatch

from textual import events
from textual.content import Content
from textual.geometry import Region
from textual.message import Message
from textual.style import Style
from textual.widgets import Static

from assistant.answers import REFUSAL, AnswerSentence
from assistant.library import StoredPaper
from assistant.sentences import Span
from assistant.terminal import as_sentence, safe
from assistant.tui.chat import LiveExchange

NEAREST = 5
"""How many of the nearest papers a refusal shows."""
_TARGET = "target"


@dataclass(frozen=True)
class Target:
    """What a marker leads to."""

    number: int
    """As in the marker."""
    stored: StoredPaper
    spans: tuple[Span, ...] = ()
    """The cited sentences; none for a paper that is merely near."""
    sentence: AnswerSentence | None = None
    """The sentence of the answer that cites it."""


@singledispatch
def targets_of(passage: object) -> list[Target]:
    """What the markers of a passage lead to, in reading order."""
    raise TypeError(f"{type(passage).__name__} cannot be shown")


@singledispatch
def content_of(passage: object, selected: int | None) -> Content:
    """A passage as text with styles; quotes stand in quotation marks, markers in brackets.

    ``selected`` is the index of the target pointed at.
    """
    raise TypeError(f"{type(passage).__name__} cannot be shown")


@targets_of.register
def _(exchange: LiveExchange) -> list[Target]:
    if exchange.answer is not None and exchange.answer.refused:
        hits = exchange.answer.retrieved[:NEAREST]
        return [Target(number, hit.stored) for number, hit in enumerate(hits, start=1)]
    papers = {source.number: source.stored for source in exchange.sources}
    return [
        Target(number, papers[number], spans, sentence)
        for sentence in exchange.sentences
        for number, spans in sentence.cited.items()
        if number in papers
    ]


class ExchangeView(Static):
    """Shows one passage; the marker pointed at is reversed and its sentence underlined."""

    class Pointed(Message):
        """A marker was pointed at with the mouse."""

        def __init__(self, view: ExchangeView, target: int) -> None:
            super().__init__()
            self.view = view
            self.target = target

    def __init__(self, exchange: object) -> None:
        super().__init__()
        self.exchange = exchange
        self.selected: int | None = None
        """Index of the target pointed at."""

    def on_mount(self) -> None:
        """Show what there is so far."""
        self.show()

    def show(self) -> None:
        """Show the exchange as it is now."""
        self.update(content_of(self.exchange, self.selected))

    def select(self, target: int | None) -> None:
        """Point at a target, or at none."""
        if target != self.selected:
            self.selected = target
            self.update(content_of(self.exchange, target), layout=False)  # it takes no other room

    def region_of(self, target: int) -> Region | None:
        """Where the marker of a target is, in cells of this widget; ``None`` if not yet laid out.

        Lines are searched for the marker's meta data, since only the renderer knows how they wrap.
        """
        width, height = self.size
        for y, strip in enumerate(self.render_lines(Region(0, 0, width, height))):
            for segment in strip:
                if segment.style and segment.style.meta.get(_TARGET) == target:
                    return Region(0, y, width, 1)
        return None

    def on_mouse_move(self, event: events.MouseMove) -> None:
        """Point at the marker under the mouse."""
        self._point(event)

    def on_click(self, event: events.Click) -> None:
        """Point at the marker or source that was clicked."""
        self._point(event)

    def _point(self, event: events.MouseEvent) -> None:
        target = event.style.meta.get(_TARGET)
        if isinstance(target, int) and target != self.selected:
            self.post_message(self.Pointed(self, target))


@content_of.register
def _(exchange: LiveExchange, selected: int | None) -> Content:
    parts = [Content.styled(f"› {_lines(exchange.question)}\n", "bold $primary"), Content("\n")]
    if exchange.answer is not None and exchange.answer.refused:
        parts += _refusal(exchange, selected)
    else:
        if exchange.verdict:
            parts.append(Content.styled(f"{safe(exchange.verdict)}\n\n", "bold"))
        parts += _sentences(exchange, selected)
        parts += _remark(exchange)
        parts += _sources(exchange)
    parts.append(Content.styled(_status(exchange), "$text-muted"))
    return Content("").join(parts).rstrip()


def _sentences(exchange: LiveExchange, selected: int | None) -> list[Content]:
    parts: list[Content] = []
    known = {source.number for source in exchange.sources}
    target = 0
    for sentence in exchange.sentences:
        numbers = [number for number in sentence.cited if number in known]
        chosen = selected is not None and target <= selected < target + len(numbers)
        style = "italic " if sentence.origin == "quoted" else ""
        style += "underline" if chosen else ""
        if parts:
            parts.append(Content("\n" if sentence.begins else " "))
        if sentence.lead:
            parts.append(Content(f"{safe(sentence.lead)} "))
        parts.append(Content.styled(safe(sentence.body), style.strip()))
        parts.append(Content(" "))
        for number in numbers:
            parts.append(marker(f"[{number}]", target, target == selected))
            target += 1
    return [*parts, Content("\n\n")] if parts else []


def _remark(exchange: LiveExchange) -> list[Content]:
    """What the papers of the answer do not mention of the question."""
    reason = exchange.answer and exchange.answer.reason
    return [Content(f"{as_sentence(reason)}\n\n")] if reason else []


def _sources(exchange: LiveExchange) -> list[Content]:
    parts = []
    first: dict[int, int] = {}
    for index, target in enumerate(targets_of(exchange)):
        first.setdefault(target.number, index)
    for source in exchange.sources:
        line = marker(f"[{source.number}]", first.get(source.number, 0), chosen=False)
        parts += [line, Content.styled(f" {headline(source.stored)}\n", "$text-muted")]
    return [*parts, Content("\n")] if parts else []


def _refusal(exchange: LiveExchange, selected: int | None) -> list[Content]:
    assert exchange.answer is not None
    reason = as_sentence(exchange.answer.reason)
    parts = [Content.styled(f"{REFUSAL}", "bold"), Content(f" {reason}\n\n")]
    targets = targets_of(exchange)
    if targets:
        parts.append(Content("The nearest papers:\n"))
    for index, target in enumerate(targets):
        parts += [
            marker(f"[{target.number}]", index, index == selected),
            Content(f" {headline(target.stored)}\n"),
        ]
    return [*parts, Content("\n")]


def marker(text: str, target: int, chosen: bool) -> Content:
    """A text that leads to a target, reversed if that is pointed at."""
    style = Style.parse("bold reverse" if chosen else "bold") + Style.from_meta({_TARGET: target})
    return Content(text).stylize(style)


def headline(stored: StoredPaper) -> str:
    """Title and year, cut to about two lines."""
    year = f" ({stored.paper.year})" if stored.paper.year else ""
    title = safe(stored.paper.title).rstrip(".")
    title = f"{title[:200]}…" if len(title) > 200 else title
    return f"{title}{year}" + (" [synopsis]" if stored.paper.kind == "synopsis" else "")


def _status(exchange: LiveExchange) -> str:
    if exchange.phase == "waiting":
        return "Answered as soon as everything is loaded, see the first line…  Esc cancels"
    if exchange.phase == "searching":
        return "Searching the library…  Esc cancels"
    if exchange.phase == "answering":
        return "Wording and checking…  Esc cancels"
    if exchange.phase == "failed":
        return f"No answer: {safe(exchange.message)}"
    answer = exchange.answer
    if answer is None or answer.refused:
        return ""
    made = Counter(sentence.maker for sentence in answer.sentences)
    parts = []
    if made["model"]:
        parts.append(f"{made['model']} worded by {safe(exchange.model)} and checked")
    if made["rule"]:
        parts.append(f"{made['rule']} shortened by rule")
    if made["quote"]:
        parts.append(f"{made['quote']} “quoted”")
    lost = f" · the model was lost: {safe(answer.lost)}" if answer.lost else ""
    return f"{', '.join(parts)} · {answer.timings.total_s:.1f} s{lost}"


def _lines(text: str) -> str:
    return "\n  ".join(safe(line) for line in text.strip().splitlines())

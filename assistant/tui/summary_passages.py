"""A summary as passages that a ``ConversationView`` shows: sections, papers of a table, sources."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from textual.content import Content

from assistant.answers import AnswerSentence, CitedSource
from assistant.library import StoredPaper
from assistant.sentences import Span
from assistant.summary.choosing import Candidate
from assistant.summary.formats import NOT_STATED, paper_by_paper
from assistant.summary.summarizing import Summary
from assistant.terminal import safe
from assistant.tui.exchange import Target, content_of, headline, marker, targets_of

SOURCES_A_PASSAGE = 50
"""Sources that are drawn anew together when one of them is pointed at."""


@dataclass(frozen=True)
class Line:
    """What one paper says, one cell of its row, or what was compared."""

    sides: tuple[tuple[AnswerSentence, ...], ...]
    """The quotes; a dash stands between sides that are opposed."""
    label: str = ""
    """The role that a cell tells; it has no quotes where the paper does not state it."""
    lead: str = ""
    """What a summary says before the quotes, made by rule."""


@dataclass(frozen=True)
class SummaryPassage:
    """A heading and the lines under it."""

    heading: str
    lines: tuple[Line, ...]
    papers: dict[int, StoredPaper]
    """By the numbers of the markers."""


@dataclass(frozen=True)
class SourcesPassage:
    """Some of the sources."""

    heading: str
    sources: tuple[CitedSource, ...]


@dataclass(frozen=True)
class Left:
    """A paper that is not summarized, as it is not on the topic."""

    number: int
    """Of its marker; those of the sources come before."""
    stored: StoredPaper
    why: str
    """What is said after the title."""
    spans: tuple[Span, ...] = ()
    """The sentence that matched best."""


@dataclass(frozen=True)
class LeftPassage:
    """Papers off the topic, or nearly on it."""

    heading: str
    papers: tuple[Left, ...]


@dataclass(frozen=True)
class UnreadPassage:
    """The papers without an abstract."""

    papers: tuple[StoredPaper, ...]


def passages(summary: Summary, near_misses: Sequence[Candidate] = ()) -> list[object]:
    """The whole summary, from top to bottom, and the papers that are not in it."""
    papers = {source.number: source.stored for source in summary.sources}
    found: list[object] = []
    if summary.style == "table":
        found += _rows(summary, papers)
    else:
        for section in summary.sections:
            lines = tuple(Line((tuple(said),)) for said in paper_by_paper(section))
            if lines or not section.parts or summary.names_parts:
                found.append(SummaryPassage(section.heading, lines, papers))
            for part in section.parts:
                compared = tuple(Line(made.sides, lead=made.lead) for made in part.statements)
                heading = part.name if summary.names_parts else section.heading
                found.append(SummaryPassage(heading, compared, papers))
        for start in range(0, len(summary.sources), SOURCES_A_PASSAGE):
            sources = tuple(summary.sources[start : start + SOURCES_A_PASSAGE])
            found.append(SourcesPassage("" if start else "Sources", sources))
    if summary.empty:
        found.append(UnreadPassage(tuple(summary.empty)))
    return [*found, *_left(summary, near_misses)]


def _left(summary: Summary, near_misses: Sequence[Candidate]) -> Iterator[LeftPassage]:
    """The papers that are off the topic, then those that are nearly on it."""
    off = [(left.stored, f"because {left.reason}", None) for left in summary.off_topic]
    near = [(m.stored, f"relevance {m.relevance:.2f}", m.sentence) for m in near_misses]
    number = len(summary.sources) + 1
    for heading, papers in (("Off topic", off), ("Nearly on topic", near)):
        for start in range(0, len(papers), SOURCES_A_PASSAGE):
            part = papers[start : start + SOURCES_A_PASSAGE]
            left = tuple(
                Left(number + place, stored, why, () if at is None else (stored.sentences[at],))
                for place, (stored, why, at) in enumerate(part)
            )
            yield LeftPassage("" if start else heading, left)
            number += len(part)


def _rows(summary: Summary, papers: dict[int, StoredPaper]) -> Iterator[SummaryPassage]:
    """The table, a passage for each paper and in it a line for each cell."""
    for note, section in zip(summary.notes, summary.sections, strict=True):
        quoted = {sentence.spans[0]: sentence for sentence in section.sentences}
        places = {c: note.sentences.get(c, ())[:1] for c in summary.columns}
        lines = tuple(
            Line(tuple((quoted[note.stored.sentences[place]],) for place in found), column)
            for column, found in places.items()
        )
        yield SummaryPassage(headline(note.stored), lines, papers)


@targets_of.register
def _(passage: SummaryPassage) -> list[Target]:
    return [
        Target(number, passage.papers[number], sentence.spans[i : i + 1], sentence)
        for line in passage.lines
        for side in line.sides
        for sentence in side
        for i, number in enumerate(sentence.citations)
    ]


@targets_of.register
def _(passage: SourcesPassage) -> list[Target]:
    return [Target(s.number, s.stored, tuple(s.quotes)) for s in passage.sources]


@targets_of.register
def _(passage: LeftPassage) -> list[Target]:
    return [Target(left.number, left.stored, left.spans) for left in passage.papers]


@targets_of.register
def _(passage: UnreadPassage) -> list[Target]:
    return []


@content_of.register
def _(passage: SummaryPassage, selected: int | None) -> Content:
    parts = [_heading(passage.heading)]
    target = 0
    for line in passage.lines:
        parts.append(Content.styled(f"{line.label:8} ", "bold") if line.label else Content("• "))
        if line.lead:
            parts.append(Content(f"{safe(line.lead)} "))
        elif not line.sides:
            parts.append(Content.styled(NOT_STATED, "$text-muted"))
        for place, side in enumerate(line.sides):
            if place:
                parts.append(Content("– "))
            for sentence in side:
                count = len(sentence.citations)
                chosen = selected is not None and target <= selected < target + count
                style = "italic underline" if chosen else "italic"
                lead = f"{safe(sentence.lead)} " if sentence.lead else ""
                parts += [Content(lead), Content.styled(safe(sentence.body), style), Content(" ")]
                for number in sentence.citations:
                    parts += [marker(f"[{number}]", target, target == selected), Content(" ")]
                    target += 1
        parts.append(Content("\n"))
    return Content("").join(parts).rstrip()


@content_of.register
def _(passage: SourcesPassage, selected: int | None) -> Content:
    parts = [_heading(passage.heading)]
    for target, source in enumerate(passage.sources):
        parts.append(marker(f"[{source.number}]", target, target == selected))
        parts.append(Content.styled(f" {headline(source.stored)}\n", "$text-muted"))
    return Content("").join(parts).rstrip()


@content_of.register
def _(passage: LeftPassage, selected: int | None) -> Content:
    parts = [_heading(passage.heading)]
    for target, left in enumerate(passage.papers):
        parts.append(marker(f"[{left.number}]", target, target == selected))
        parts.append(Content(f" {headline(left.stored)}, {safe(left.why)}\n"))
    return Content("").join(parts).rstrip()


@content_of.register
def _(passage: UnreadPassage, selected: int | None) -> Content:
    lines = [f"• {headline(stored)}\n" for stored in passage.papers]
    return Content("").join([_heading("Not read, as they have no abstract"), *map(Content, lines)])


def _heading(text: str) -> Content:
    return Content.styled(f"{safe(text)}\n", "bold $primary") if text else Content("")

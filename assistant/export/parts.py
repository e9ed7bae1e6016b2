"""What all formats tell of a conversation, as plain text."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from assistant import __version__
from assistant.answers import Answer, AnswerSentence, CitedSource
from assistant.bibliography import bibtex
from assistant.library import StoredPaper
from assistant.links import web_address
from assistant.retrieval import Hit
from assistant.terminal import as_sentence, safe

if TYPE_CHECKING:
    from assistant.conversations import Conversation, Exchange

NEAREST = 3
"""Papers named under a refusal."""

_READING = (
    "Sentences in “quotation marks” are quoted from an abstract; … shows where one was cut. The "
    "others are worded, by the model named below or by rule, from what they cite. Whose a sentence "
    "is, up to a colon before it, is told by rule. Under each answer stand the sentences that it "
    "cites."
)
_SYNOPSES = (
    " Papers marked [synopsis] are in the library with a synopsis written for this program, not "
    "with their abstract."
)


@dataclass(frozen=True)
class Named:
    """A paper in a list."""

    title: str
    """Ends as a sentence does if no year follows."""
    facts: str
    """``(2019). [synopsis]`` or what is known of it."""
    link: str | None
    """An address that is safe to follow."""
    other_link: str
    """One that is not and may only be shown; mostly empty."""


def named(stored: StoredPaper) -> Named:
    """How a list of sources names the paper."""
    paper = stored.paper
    title = safe(paper.title)
    if not paper.year and not title.endswith((".", "?", "!")):
        title += "."
    year = f"({paper.year})." if paper.year else ""
    kind = "[synopsis]" if paper.kind == "synopsis" else ""
    link = web_address(paper.link)
    other_link = "" if link else safe(paper.link or "")
    return Named(title, " ".join(filter(None, [year, kind])), link, other_link)


def facts(conversation: Conversation) -> str:
    """When the conversation took place, and what wrote it down."""
    begun, changed = moment(conversation.created_at), moment(conversation.changed_at)
    when = begun if changed == begun else f"{begun} to {changed}"
    return f"{when} · paper-assistant {__version__}"


def reading(conversation: Conversation) -> str:
    """How to tell what is quoted from what is worded."""
    kinds = {stored.paper.kind for stored in _shown(conversation)}
    return _READING + (_SYNOPSES if "synopsis" in kinds else "")


def made_by(exchange: Exchange) -> str:
    """When the question was asked and who worded how much of the answer."""
    made = Counter(sentence.maker for sentence in exchange.answer.sentences)
    parts = [f"Asked {moment(exchange.asked_at)}"]
    if made["model"]:
        parts.append(f"{made['model']} worded by {safe(exchange.model)}")
    if made["rule"]:
        parts.append(f"{made['rule']} shortened by rule")
    if made["quote"]:
        parts.append(f"{made['quote']} quoted")
    if exchange.answer.reason and not is_refusal(exchange.answer):
        parts.append(safe(exchange.answer.reason))
    return " · ".join(parts)


def is_refusal(answer: Answer) -> bool:
    """Whether there is nothing but the nearest papers to show."""
    return answer.refused or not answer.sentences


def refusal(answer: Answer) -> str:
    """That there is no answer, and why."""
    return f"{safe(answer.text)} {as_sentence(answer.reason)}".strip()


def nearest(answer: Answer) -> list[Hit]:
    """The papers to name where there is no answer, best first; none where there is one."""
    return answer.retrieved[:NEAREST] if is_refusal(answer) else []


def words(sentence: AnswerSentence) -> str:
    """The sentence with its lead, without its markers; a quote stands in quotation marks."""
    return safe(f"{sentence.lead} {sentence.body}")


def citations(answer: Answer, sentence: AnswerSentence) -> Iterator[tuple[int, str]]:
    """The number of each source that a sentence cites, with what it cites of it if known."""
    abstracts = {source.number: source.stored.paper.abstract for source in answer.sources}
    for number, spans in sentence.cited.items():
        abstract = abstracts.get(number, "")
        yield number, safe(" ".join(abstract[start:end] for start, end in spans))


def quotes(source: CitedSource) -> list[str]:
    """The sentences cited from a source."""
    abstract = source.stored.paper.abstract
    return [safe(abstract[start:end]) for start, end in source.quotes]


def bibliography(conversation: Conversation) -> str:
    """BibTeX of exactly the cited papers, each once, in the order of first citation."""
    cited: dict[str, StoredPaper] = {}
    for exchange in conversation.exchanges:
        for source in exchange.answer.sources:
            cited.setdefault(source.stored.id, source.stored)
    return bibtex(stored.paper for stored in cited.values())


def moment(stamp: str) -> str:
    """``2026-03-01 10:15 UTC`` from any ISO 8601 time; other text as it stands."""
    try:
        time = datetime.fromisoformat(stamp)
    except ValueError:
        return safe(stamp)
    time = time.replace(tzinfo=UTC) if time.tzinfo is None else time.astimezone(UTC)
    return time.strftime("%Y-%m-%d %H:%M UTC")


def _shown(conversation: Conversation) -> Iterator[StoredPaper]:
    for exchange in conversation.exchanges:
        yield from (source.stored for source in exchange.answer.sources)
        yield from (hit.stored for hit in nearest(exchange.answer))

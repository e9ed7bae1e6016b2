"""What an answer is, and the events in which it comes."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal

from assistant.conversation import Turn
from assistant.evidence import Evidence
from assistant.filters import EVERY_PAPER, Filters
from assistant.library import StoredPaper
from assistant.retrieval import Hit
from assistant.sentences import Span

if TYPE_CHECKING:
    from assistant.claims.stance import Stance

Origin = Literal["written", "quoted"]
REFUSAL = "The library does not answer this question."


@dataclass(frozen=True)
class AnswerSentence:
    """One sentence of an answer and what carries it."""

    text: str
    citations: tuple[int, ...]
    """For each sentence that it rests on, the number of its source."""
    origin: Origin
    support: float
    """0 to 1; 1 for a quote."""
    note: str = ""
    """Why the model's sentence was replaced by a quote or a shortened quote, if it was."""
    spans: tuple[Span, ...] = ()
    """For each citation, the cited sentence as offsets into the abstract of that source."""
    score: float = 0.0
    """How well the cited sentence bears on the question, as ``evidence.rank`` weighs it."""
    stance: Stance = ""
    """What the cited sentence says of a yes/no question or statement, where it settles it."""
    lead: str = ""
    """What introduces it, made by rule from facts of the paper; no part of the text."""
    begins: bool = False
    """Whether it begins a line: the next paper of a list or comparison."""
    shown: Span | None = None
    """The text of a quote as offsets into the abstract; ``None`` for the whole cited sentence."""

    @property
    def body(self) -> str:
        """The text on one line; a quote in quotation marks, with ``…`` where it was cut."""
        text = " ".join(self.text.split())
        if self.origin != "quoted":
            return text
        if self.shown is None:
            return f"“{text}”"
        ((start, end),), (first, last) = self.spans, self.shown
        return f"“{'… ' if first > start else ''}{text}{' …' if last < end else ''}”"

    @property
    def maker(self) -> Literal["model", "rule", "quote"]:
        """Who made it: the model, a rule that shortened the evidence, or the paper's authors."""
        if self.origin == "quoted":
            return "quote"
        return "rule" if self.note else "model"

    @property
    def cited(self) -> dict[int, tuple[Span, ...]]:
        """The sentences it rests on by the number of their source, in the order of its markers."""
        found: dict[int, tuple[Span, ...]] = dict.fromkeys(self.citations, ())
        for number, span in zip(self.citations, self.spans, strict=False):
            found[number] += (span,)
        return found


@dataclass
class CitedSource:
    """A paper that the answer cites, with the sentences cited from it."""

    number: int
    stored: StoredPaper
    quotes: list[Span] = field(default_factory=list)
    """Offsets into the abstract: what the answer rests on, then what else bears on the question."""


@dataclass
class Timings:
    """Wall seconds since the question was taken up; ``None`` for what did not happen."""

    load_s: float = 0.0
    """Preparing library and models, before the question."""
    retrieve_s: float = 0.0
    first_token_s: float | None = None
    """Until the first sentence was there, checked."""
    total_s: float = 0.0


@dataclass(frozen=True)
class Asked:
    """How a question was asked, the settings aside."""

    history: tuple[Turn, ...] = ()
    quotes_only: bool = False
    filters: Filters = EVERY_PAPER
    without: tuple[str, ...] = ()
    """Ids of papers that were left out."""
    seed: int = 0


@dataclass
class Answer:
    """What is known at the end."""

    question: str
    sentences: list[AnswerSentence] = field(default_factory=list)
    sources: list[CitedSource] = field(default_factory=list)
    retrieved: list[Hit] = field(default_factory=list)
    considered: list[Evidence] = field(default_factory=list)
    """The next best sentences that were not used, best first."""
    searched_for: str = ""
    """The question as it was searched for: with what it left to the conversation."""
    confidence: float = 0.0
    """The probability, 0 to 1, that the library answers the question."""
    refused: bool = False
    reason: str | None = None
    """Of a refusal, why; of an answer, which parts of the question its papers do not mention."""
    verdict: str = ""
    """What the sources say of a yes/no question or a statement, in a line made by rule."""
    lost: str = ""
    """Why the model stopped writing in mid-answer, the rest being quoted; empty if it did not."""
    timings: Timings = field(default_factory=Timings)
    asked: Asked | None = None
    """``None`` for what was no question, and where it is not kept."""

    @property
    def text(self) -> str:
        """The sentences with their markers; quotes stand in quotation marks."""
        return " ".join(with_markers(s) for s in self.sentences) if self.sentences else REFUSAL


@dataclass(frozen=True)
class Found:
    """The papers that were found, before anything is written."""

    hits: tuple[Hit, ...]
    verdict: str = ""
    """As in ``Answer``."""


@dataclass(frozen=True)
class Sentence:
    """The next checked sentence, with the sources it cites, each once."""

    sentence: AnswerSentence
    sources: tuple[CitedSource, ...]


@dataclass(frozen=True)
class Finished:
    """The whole answer, also if it is a refusal."""

    answer: Answer


Event = Found | Sentence | Finished


def with_markers(sentence: AnswerSentence) -> str:
    """``text [1]``, or ``“text” [1]`` for a quote, behind what introduces it."""
    markers = "".join(f"[{number}]" for number in sentence.cited)
    return " ".join(filter(None, (sentence.lead, sentence.body, markers)))

"""Question -> cited answer, as a stream of events: select, write, check, quote."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import Literal, Protocol

from assistant import evidence
from assistant.answerability import confidence, unmentioned
from assistant.claims.stance import Stance
from assistant.conversation import Turn, resolve
from assistant.errors import ModelLost
from assistant.evidence import Evidence
from assistant.filters import EVERY_PAPER, Filters
from assistant.introducing import Introductions
from assistant.library import StoredPaper
from assistant.paragraphs import Passage, passages
from assistant.planning import plan
from assistant.retrieval import Hit
from assistant.sentences import Span
from assistant.trimming import trim
from assistant.verdict import Relates
from assistant.writing import Follows, LanguageModel, Unwritten, Written, write

Origin = Literal["written", "quoted"]
MAX_QUESTION = 4000
"""Characters; a longer text is not a question."""
REFUSAL = "The library does not answer this question."
MOST_PAPERS = 12
"""Papers at most for a question that asks which papers there are."""


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


class Retriever(Protocol):
    """What answering needs of retrieval."""

    def search(self, question: str, k: int) -> list[Hit]:
        """The ``k`` best papers, best first."""


def answer(
    question: str,
    retriever: Retriever,
    load_model: Callable[[], LanguageModel] | None,
    *,
    standalone: str | None = None,
    papers: int = 5,
    sentences: int = 4,
    least_confidence: float = 0.22,
    seed: int = 0,
    follows: Follows | None = None,
    relates: Relates | None = None,
    load_seconds: float = 0.0,
) -> Iterator[Event]:
    """Answer from ``papers`` papers in about ``sentences`` sentences.

    A question that asks for papers gets a sentence of each that belongs. What else the cited papers
    say about it is quoted beside the answer.

    ``standalone`` is the question to search for if it differs from the one asked (follow-ups).
    Below ``least_confidence``, 0 to 1, the answer is a refusal. ``load_model`` is called only when
    there is something to write; without it all is quoted. What is left when the model is lost is
    quoted too. With ``follows``, a reworded sentence must also follow from its evidence by that;
    with ``relates``, what a sentence says of a yes/no question may also be told by that.
    """
    started = time.perf_counter()
    search_for = standalone or question
    result = Answer(question, searched_for=search_for, timings=Timings(load_s=load_seconds))
    result.retrieved = retriever.search(search_for, max(papers, MOST_PAPERS))
    result.confidence = round(confidence(search_for, result.retrieved), 4)
    result.refused = result.confidence < least_confidence
    planned = plan(
        question,
        search_for,
        result.retrieved,
        papers,
        sentences,
        confident=not result.refused,
        relates=relates,
    )
    result.considered, result.verdict = list(planned.considered), planned.verdict
    result.timings.retrieve_s = time.perf_counter() - started
    yield Found(tuple(result.retrieved), result.verdict)
    told = [item for item, _ in planned.told]
    for item in told if result.verdict else ():
        _cite(result.sources, item)  # the verdict has their numbers already
    introductions = Introductions(search_for, told)
    stances = dict(planned.told)
    apart = evidence.sets_apart(search_for, [item.stored for item in told])
    before: set[str] = set()
    for written, items in _sentences(question, told, load_model, seed, follows, result):
        sources = [_cite(result.sources, item) for item in items]
        papers_cited = {item.stored.id: item.stored for item in items}
        settled = {stance for item in items if (stance := stances[item])}
        made = replace(
            written,
            citations=tuple(source.number for source in sources),
            spans=tuple(item.stored.sentences[item.index] for item in items),
            score=max(item.score for item in items),
            begins=apart and bool(before) and before != papers_cited.keys(),
            stance=settled.pop() if len(settled) == 1 else "",
            lead=introductions.lead(
                [*papers_cited.values()], written.text, quoted=written.origin == "quoted"
            ),
        )
        before = set(papers_cited)
        result.sentences.append(made)
        if result.timings.first_token_s is None:
            result.timings.first_token_s = time.perf_counter() - started
        yield Sentence(made, tuple({source.number: source for source in sources}.values()))
    for item in planned.beside:
        _cite(result.sources, item)
    if not planned.told:
        result.refused = True
        result.reason = planned.refusal or _reason(result.retrieved)
    elif missing := _missing(question, planned.unsaid, result.sources):
        result.reason = f"the papers cited do not mention {', '.join(missing)}"
    result.timings.total_s = load_seconds + time.perf_counter() - started
    yield Finished(result)


def _missing(question: str, term: str, sources: Sequence[CitedSource]) -> list[str]:
    """What the question names and the sources do not mention."""
    names = unmentioned(question, [source.stored for source in sources])
    whole = [f"“{term}”"] if term else []
    return [*whole, *(name for name in names if name not in term)]


def standalone(question: str, history: Sequence[Turn], retriever: Retriever) -> str:
    """The question as it is to be searched for after what was said before."""
    return resolve(question, history, lambda text: confidence(text, retriever.search(text, 10)))


def with_markers(sentence: AnswerSentence) -> str:
    """``text [1]``, or ``“text” [1]`` for a quote, behind what introduces it."""
    markers = "".join(f"[{number}]" for number in sentence.cited)
    return " ".join(filter(None, (sentence.lead, sentence.body, markers)))


def _sentences(
    question: str,
    told: Sequence[Evidence],
    load_model: Callable[[], LanguageModel] | None,
    seed: int,
    follows: Follows | None,
    result: Answer,
) -> Iterator[tuple[AnswerSentence, tuple[Evidence, ...]]]:
    """The sentences that tell all of that evidence, each with what it rests on."""
    found: Iterable[Passage] = [Passage(tuple(told), None)]
    if told and load_model and (model := load_model()).writes_paragraphs:
        found = passages(model, question, told, seed, follows)
    for passage in found:
        if isinstance(passage.made, Written):
            yield _written(passage.made), passage.evidence
            continue
        if passage.made:
            result.lost = passage.made.message
        for item in passage.evidence:
            yield _sentence(question, item, load_model, seed, follows, result), (item,)


def _sentence(
    question: str,
    item: Evidence,
    load_model: Callable[[], LanguageModel] | None,
    seed: int,
    follows: Follows | None,
    result: Answer,
) -> AnswerSentence:
    """The sentence made from ``item``; notes in ``result`` if the model is lost."""
    made: Written | Unwritten = Unwritten(result.lost)
    if load_model is not None and not result.lost:
        try:
            made = write(load_model(), question, item, seed, follows)
        except ModelLost as error:
            result.lost = error.message
            made = Unwritten(result.lost)
    if isinstance(made, Written):
        return _written(made)
    whole = item.stored.sentences[item.index]
    start, end = shown = trim(result.searched_for, item, follows)
    text = item.stored.paper.abstract[start:end]
    part = None if shown == whole else shown
    return AnswerSentence(text, (), "quoted", 1.0, made.reason, shown=part)


def _written(made: Written) -> AnswerSentence:
    return AnswerSentence(made.text, (), "written", round(made.support, 3), made.note)


def _cite(sources: list[CitedSource], item: Evidence) -> CitedSource:
    """The source of this evidence, numbered in the order of first citation, with its quote."""
    source = next((s for s in sources if s.stored.id == item.stored.id), None)
    if source is None:
        source = CitedSource(len(sources) + 1, item.stored)
        sources.append(source)
    span = item.stored.sentences[item.index]
    if span not in source.quotes:
        source.quotes.append(span)
    return source


def _reason(hits: Sequence[Hit]) -> str:
    if not hits:
        return "the library holds no papers"
    missing = hits[0].missing
    if missing:
        return (
            f"no paper in the library says enough about it; the nearest lacks: {', '.join(missing)}"
        )
    return "no paper in the library is near enough to the question"

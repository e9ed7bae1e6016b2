"""Question -> cited answer, as a stream of events: select, write, check, quote."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Protocol

from assistant import evidence
from assistant.answerability import confidence, unmentioned
from assistant.answers import (
    Answer,
    AnswerSentence,
    CitedSource,
    Event,
    Finished,
    Found,
    Sentence,
    Timings,
)
from assistant.conversation import Turn, resolve
from assistant.errors import ModelLost
from assistant.evidence import Evidence
from assistant.introducing import Introductions
from assistant.planning import plan
from assistant.retrieval import Hit
from assistant.trimming import trim
from assistant.writing import Follows, LanguageModel, Unwritten, Written, write

if TYPE_CHECKING:
    from assistant.verdict import Relates

MAX_QUESTION = 4000
"""Characters; a longer text is not a question."""
MOST_PAPERS = 12
"""Papers at most for a question that asks which papers there are."""


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


def _sentences(
    question: str,
    told: Sequence[Evidence],
    load_model: Callable[[], LanguageModel] | None,
    seed: int,
    follows: Follows | None,
    result: Answer,
) -> Iterator[tuple[AnswerSentence, tuple[Evidence, ...]]]:
    """The sentences that tell all of that evidence, each with what it rests on."""
    if not (told and load_model and load_model().writes_paragraphs):
        for item in told:
            yield _sentence(question, item, load_model, seed, follows, result), (item,)
        return
    from assistant.paragraphs import passages  # most models write none

    for passage in passages(load_model(), question, told, seed, follows):
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

"""How an answer came about: what was searched for, found, used and left, and why."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from assistant.answering import MOST_PAPERS
from assistant.answers import Answer
from assistant.config import Config
from assistant.definitions import mentions, term_of
from assistant.evidence import (
    AS_NEAR,
    FARTHEST,
    FARTHEST_BESIDE,
    FARTHEST_OF_ONE,
    MORE_QUOTED,
    MOST_COMPARED,
    MOST_NAMED,
    OTHER_PAPER_COST,
    Evidence,
    compares,
)
from assistant.named_papers import named
from assistant.planning import in_full
from assistant.question_kinds import asks_for_papers, asks_quantity
from assistant.render import headline, wrapped
from assistant.retrieval import Hit
from assistant.terminal import safe
from assistant.verdict import statement

_NOT_NAMED = f"only the papers that the question names are compared, {MOST_NAMED} at most"
_NOT_NEAR = f"only the nearest papers are compared, {MOST_COMPARED} at most"


def explanation_json(answer: Answer, settings: Config) -> dict[str, Any]:
    """The object that ``ask --explain --json`` adds to the answer as ``explanation``."""
    numbers = {source.stored.id: source.number for source in answer.sources}
    return {
        "searched_for": answer.searched_for,
        "taken_as": taken_as(answer),
        "confidence": answer.confidence,
        "least_confidence": settings.least_confidence,
        "papers": [
            {
                "id": hit.stored.id,
                "number": numbers.get(hit.stored.id),
                "score": round(hit.score, 4),
                "signals": {name: round(value, 4) for name, value in vars(hit.signals).items()},
                "left": why_paper_left(answer, rank, settings),
            }
            for rank, hit in enumerate(answer.retrieved)
        ],
        "used": [
            {
                "evidence": abstract[start:end],
                "number": number,
                "score": round(sentence.score, 4),
                "origin": sentence.origin,
                "support": sentence.support,
                "stance": sentence.stance or None,
                "note": sentence.note or None,
                "shown": list(sentence.shown) if sentence.shown else None,
            }
            for sentence in answer.sentences
            for number, (start, end) in zip(sentence.citations, sentence.spans, strict=True)
            for abstract in [answer.sources[number - 1].stored.paper.abstract]
        ],
        "left": [
            {
                "id": item.stored.id,
                "evidence": item.text,
                "score": round(item.score, 4),
                "why": why_left(answer, item, settings),
            }
            for item in answer.considered
        ],
    }


def explanation_text(answer: Answer, settings: Config, width: int, writer: str = "") -> str:
    """The same for the terminal, with the model that worded it if there is one."""
    facts = explanation_json(answer, settings)
    lines = [
        *wrapped("Searched for: ", safe(facts["searched_for"]), width),
        *wrapped("Taken as: ", facts["taken_as"], width),
        f"Confidence: {facts['confidence']:.2f} that the library answers it; "
        f"an answer needs {facts['least_confidence']:.2f}",
        *([f"Worded by: {safe(writer)}"] if writer else []),
        "",
        "Papers found, by their score:",
    ]
    for hit, paper in zip(answer.retrieved, facts["papers"], strict=True):
        lines += wrapped(f"  {hit.score:5.2f} {_marker(paper['number'])} ", _paper(hit), width)
        if paper["left"]:
            lines += wrapped(" " * 13, f"not drawn on: {paper['left']}", width)
    lines += ["", "Sentences used, by how well they bear on the question:"]
    for used in facts["used"]:
        note = f" ({safe(used['note'])})" if used["note"] else ""
        made = "shortened by rule" if used["origin"] == "written" and note else used["origin"]
        made += " in part" if used["shown"] else ""
        how = f"{made}{note}, support {used['support']:.2f}"
        how += f", {used['stance']} it" if used["stance"] else ""
        lines += wrapped(
            f"  {used['score']:5.2f} {_marker(used['number'])} ",
            f"{safe(used['evidence'])} - {how}",
            width,
        )
    lines += ["", "Sentences considered and left:"]
    for item, left in zip(answer.considered, facts["left"], strict=True):
        lines += wrapped(
            f"  {item.score:5.2f}      ", f"{safe(item.text)} - {left['id']}: {left['why']}", width
        )
    return "\n".join(_with_none(lines))


def taken_as(answer: Answer) -> str:
    """What kind of question it is taken for, which decides how many papers are drawn on."""
    question = answer.searched_for
    if asks_for_papers(question):
        kind = "a question for papers"
    elif _compares(answer):
        kind = "a question about several things"
    else:
        kind = "a question about one thing"
    if term := _term(answer):
        return f"a question for what “{term}” means"
    if answer.question == question and (said := statement(question)):
        return f"{kind}, held against the papers: “{said.text.rstrip('.')}”"
    return f"{kind}, asking for a quantity" if asks_quantity(question) else kind


def _term(answer: Answer) -> str | None:
    return term_of(in_full(answer.question, answer.searched_for))


def _compares(answer: Answer) -> bool:
    return compares(answer.searched_for, [hit.stored for hit in answer.retrieved])


def _names_several(answer: Answer) -> bool:
    return len(named(answer.searched_for, [hit.stored for hit in answer.retrieved])) > 1


def why_paper_left(answer: Answer, rank: int, settings: Config) -> str | None:
    """Why nothing of the paper at this place, counted from 0, is in the answer.

    ``None`` for one that is cited.
    """
    hit = answer.retrieved[rank]
    if any(source.stored.id == hit.stored.id for source in answer.sources):
        return None
    if answer.refused:
        return "the question is not answered"
    if (term := _term(answer)) and not mentions(hit.stored.paper, term):
        return f"it does not mention “{term}”"
    if asks_for_papers(answer.searched_for):
        return f"its score is under {AS_NEAR:g} of the best, or the {MOST_PAPERS} places are taken"
    if _names_several(answer):
        return _NOT_NAMED
    if rank >= settings.papers:
        return f"not among the first {settings.papers} (--papers)"
    if _compares(answer):
        return _NOT_NEAR
    return "its sentences bear less on the question than those used"


def why_left(answer: Answer, item: Evidence, settings: Config) -> str:
    """Why a sentence that was considered is not in the answer."""
    if answer.refused:
        return "the question is not answered"
    if asks_for_papers(answer.searched_for):
        return "one sentence of each paper is used"
    source = next((s for s in answer.sources if s.stored.id == item.stored.id), None)
    if source and item.stored.sentences[item.index] in source.quotes:
        return "quoted beside the answer"
    best = max(sentence.score for sentence in answer.sentences)
    if _compares(answer):
        if not source:
            return _NOT_NAMED if _names_several(answer) else _NOT_NEAR
        own = [s.score for s in answer.sentences if source.number in s.citations]
        behind, farthest = max(own) - item.score, FARTHEST
    elif source:
        behind, farthest = best - item.score, FARTHEST_BESIDE
        if behind <= farthest:
            return f"{settings.sentences + MORE_QUOTED} sentences are said or quoted (--sentences)"
    else:
        near = item.stored.id == answer.retrieved[0].stored.id
        behind = best - item.score + (0 if near else OTHER_PAPER_COST)
        farthest = FARTHEST_OF_ONE
    if behind > farthest:
        return f"more than {farthest:g} behind the best"
    if len(answer.sentences) < settings.sentences:
        return "the answer has no room for it"
    return f"the answer has its {len(answer.sentences)} sentences (--sentences)"


def _paper(hit: Hit) -> str:
    signals = ", ".join(f"{name} {value:.2f}" for name, value in vars(hit.signals).items())
    return f"{headline(hit.stored)} ({signals})"


def _marker(number: int | None) -> str:
    return f"[{number}]".ljust(4) if number else " " * 4


def _with_none(lines: list[str]) -> Iterator[str]:
    """The lines, with a word under headings that nothing follows."""
    for line, after in zip(lines, [*lines[1:], ""], strict=True):
        yield line
        if line.endswith(":") and not after:
            yield "  none"

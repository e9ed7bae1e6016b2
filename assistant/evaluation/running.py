"""Asks the questions one by one, and measures each answer; what was asked before is kept."""

from __future__ import annotations

import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from assistant import evidence
from assistant.answering import standalone
from assistant.answers import Answer, Finished
from assistant.api import Assistant
from assistant.errors import ModelLost
from assistant.evaluation import scoring
from assistant.evaluation.gold import Names
from assistant.evaluation.questions import Question
from assistant.evaluation.results import Result, ResultLog
from assistant.evaluation.scoring import Part
from assistant.indexing import Progress

if TYPE_CHECKING:
    from assistant.retrieval import Hit

FOUND = 10
"""Papers looked for where no answer is wanted."""


@dataclass(frozen=True)
class Plan:
    """What is measured, and how the questions are asked for it."""

    parts: frozenset[Part]
    quotes_only: bool = False
    take_away: bool = False
    """Whether each question is asked a second time, with its gold papers hidden."""
    seed: int | None = None

    @property
    def needs_model(self) -> bool:
        """Whether the language model has something to write."""
        return Part.ANSWERS in self.parts and not self.quotes_only

    def needs_answer(self, question: Question) -> bool:
        """Whether looking for papers is not enough."""
        wanted = {Part.ANSWERS, Part.REFUSING}
        if question.gold_sentences:
            wanted.add(Part.EVIDENCE)
        return bool(self.parts & wanted)


@dataclass(frozen=True)
class Task:
    """A question, to be asked with all papers or without its own."""

    question: Question
    taken_away: bool

    @property
    def key(self) -> tuple[str, bool]:
        """``Result.key`` of what comes of it."""
        return self.question.digest, self.taken_away


def tasks(questions: Sequence[Question], plan: Plan) -> list[Task]:
    """Every asking, in order."""
    found = []
    for question in questions:
        found.append(Task(question, taken_away=False))
        if plan.take_away and question.gold:
            found.append(Task(question, taken_away=True))
    return found


def run(
    assistant: Assistant,
    todo: Sequence[Task],
    names: Names,
    plan: Plan,
    log: ResultLog,
    progress: Progress,
) -> list[Result]:
    """The results of all tasks in order; each new one is in ``log`` before the next is asked.

    Raises what ``Assistant.ask`` raises, and ``ModelLost`` for an answer that lost its model.
    """
    kept = log.read()
    done = sum(task.key in kept for task in todo)
    results = []
    if done < len(todo):
        first = next(task for task in todo if task.key not in kept)
        _given(assistant, first, names, plan)  # loads the models, at no question's cost
        progress("Asking questions", done, len(todo))
    for task in todo:
        result = kept.get(task.key)
        if result is None:
            result = ask(assistant, task, names, plan)
            log.append(result)
            done += 1
            progress("Asking questions", done, len(todo))
        results.append(result)
    return results


def ask(assistant: Assistant, task: Task, names: Names, plan: Plan) -> Result:
    """Ask one question and measure what comes."""
    question = task.question
    cpu, wall = time.process_time(), time.perf_counter()
    given, hits = _given(assistant, task, names, plan)
    cost = {"CPU s": time.process_time() - cpu, "wall s": time.perf_counter() - wall}
    answerable = False if task.taken_away else question.answerable
    cited = [source.stored.id for source in given.sources] if given else []
    found: dict[str, float] = {}
    if not task.taken_away:
        found |= _on_papers(assistant, question, names, plan, hits)
    problems: list[str] = []
    if given:
        problems = scoring.problems(given, assistant.library.fetch(cited))
        found["invalid"] = float(len(problems))
        if not task.taken_away:
            found |= _on_answer(question, given, names.named(question, cited), plan)
        if Part.REFUSING in plan.parts:
            found |= _on_refusal(given, answerable)
    return Result(
        question.id,
        question.digest,
        question.text,
        question.group,
        task.taken_away,
        answerable,
        {name: round(value, 6) for name, value in (found | cost).items()},
        given.refused if given else None,
        given.confidence if given else None,
        given.text if given else "",
        tuple(cited),
        tuple((hit.stored.id, hit.stored.paper.title, round(hit.score, 6)) for hit in hits),
        tuple(problems),
        round(peak_megabytes(), 1),
    )


def _given(
    assistant: Assistant, task: Task, names: Names, plan: Plan
) -> tuple[Answer | None, list[Hit]]:
    """The answer, if one is wanted, and the papers found for the question."""
    question = task.question
    if not task.taken_away and not plan.needs_answer(question):
        retriever = assistant.retriever
        asked = standalone(question.text, question.history, retriever)
        return None, retriever.search(asked, FOUND)
    *_, finished = assistant.ask(
        question.text,
        question.history,
        quotes_only=task.taken_away or not plan.needs_model,  # quotes are refused as any wording
        without=names.belonging(question) if task.taken_away else (),
        seed=plan.seed,
    )
    assert isinstance(finished, Finished)
    if finished.answer.lost:  # what was quoted instead would be measured as the model's
        raise ModelLost(finished.answer.lost, "start it again; the same command then goes on")
    return finished.answer, finished.answer.retrieved


def _on_papers(
    assistant: Assistant, question: Question, names: Names, plan: Plan, hits: Sequence[Hit]
) -> dict[str, float]:
    found: dict[str, float] = {}
    if Part.RETRIEVAL in plan.parts:
        ranked = names.named(question, [hit.stored.id for hit in hits])
        found |= scoring.retrieval(question.gold, ranked)
    if Part.EVIDENCE in plan.parts:
        found |= scoring.rationales(
            (_ranked_sentences(assistant, question, identifier), gold)
            for name, gold in question.rationales.items()
            for identifier in names.papers(name)
        )
    return found


def _ranked_sentences(assistant: Assistant, question: Question, identifier: str) -> list[int]:
    """The sentences of one paper, the one that bears most on the question first."""
    retriever = assistant.retriever
    asked = standalone(question.text, question.history, retriever)
    hits = retriever.within([identifier]).search(asked, 1)
    return [item.index for item in evidence.rank(asked, hits)]


def _on_answer(
    question: Question, given: Answer, cited: Sequence[str], plan: Plan
) -> dict[str, float]:
    found: dict[str, float] = {}
    if Part.EVIDENCE in plan.parts:
        found |= scoring.quoted(question, given)
    if Part.ANSWERS in plan.parts:
        found |= scoring.answers(question, given, question.gold, cited)
    return found


def _on_refusal(given: Answer, answerable: bool | None) -> dict[str, float]:
    found = {"refused": float(given.refused)}
    if answerable is not None:
        found["decided"] = float(given.refused != answerable)
    return found


def peak_megabytes() -> float:
    """The most memory that this process had so far, in millions of bytes; 0 if nothing tells."""
    try:
        import resource
    except ImportError:  # not on Windows
        return 0.0
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak / 1e6 if sys.platform == "darwin" else peak * 1024 / 1e6

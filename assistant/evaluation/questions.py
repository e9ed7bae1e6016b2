"""A file of questions with what a right answer draws on -> questions, each line checked."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from assistant.api import checked_question
from assistant.conversation import Turn
from assistant.errors import UsageError
from assistant.evaluation.json_lines import Record, bad_line, objects

UNANSWERABLE = "unanswerable"
"""The type of a question that the papers do not answer."""


@dataclass(frozen=True)
class Question:
    """A question and what is known of its right answer."""

    id: str
    text: str
    kind: str = ""
    """What sort of question it is, in the words of its file: ``"factoid"``, ``"compare"``."""
    style: str = ""
    history: tuple[Turn, ...] = ()
    """The conversation before it, oldest first."""
    gold: Mapping[str, float] = field(default_factory=dict)
    """The papers it is about, by title or by id in a collection, each with its grade, above 0."""
    also_ok: tuple[str, ...] = ()
    """Papers that may be cited too."""
    gold_sentences: tuple[str, ...] = ()
    facts: tuple[tuple[str, ...], ...] = ()
    """Key facts of the answer, each in all its accepted spellings."""
    rationales: Mapping[str, tuple[int, ...]] = field(default_factory=dict)
    """For gold papers, the numbers of the sentences that bear the question out, from 0."""
    answerable: bool | None = None
    """Whether the papers answer it; ``None`` if that is not known."""

    @property
    def group(self) -> str:
        """The row of a table it counts in: type, style, and ``2nd`` if something went before."""
        parts = (self.kind, self.style, "2nd" if self.history else "")
        return "/".join(part for part in parts if part) or "questions"

    @property
    def digest(self) -> str:
        """Changes with anything that is known of the question."""
        facts = vars(self) | {"history": [vars(turn) for turn in self.history]}
        return hashlib.sha256(json.dumps(facts, sort_keys=True).encode()).hexdigest()[:16]


def read_questions(file: Path) -> tuple[Question, ...]:
    """The questions of a JSON Lines file, in order.

    Only ``question`` is needed. An empty list ``gold_titles`` says that no paper answers it;
    without the field nothing is known. Raises ``AssistantError`` that names the first bad line.
    """
    questions: dict[str, Question] = {}
    for number, record in objects(file):
        try:
            question = _question(record, number)
        except (UsageError, ValueError) as error:
            raise bad_line(file, number, str(error)) from error
        if question.id in questions:
            raise bad_line(file, number, f"a second question has the id {question.id!r}")
        questions[question.id] = question
    return nonempty(tuple(questions.values()), file)


def nonempty(questions: tuple[Question, ...], place: Path) -> tuple[Question, ...]:
    """The questions; raises ``UsageError`` if there are none."""
    if not questions:
        raise UsageError(f"{place} holds no questions", "give a file with one JSON object a line")
    return questions


def chosen(
    questions: Sequence[Question], kinds: Iterable[str], limit: int | None
) -> tuple[Question, ...]:
    """The questions of the named types or groups, at most ``limit``, spread over the file evenly.

    Raises ``UsageError`` for a type that does not occur.
    """
    wanted = set(kinds)
    known = {name for question in questions for name in (question.kind, question.group) if name}
    if unknown := sorted(wanted - known):
        raise UsageError(
            f"no question has the type {unknown[0]!r}", f"types: {', '.join(sorted(known))}"
        )
    kept = [q for q in questions if not wanted or q.kind in wanted or q.group in wanted]
    if limit is None or limit >= len(kept):
        return tuple(kept)
    return tuple(kept[number * len(kept) // limit] for number in range(limit))


def identifier_of(record: Record, *names: str) -> str:
    """The first of the named fields as an id, ``""`` if there is none; numbers are ids too."""
    for name in names:
        value = record.get(name)
        if isinstance(value, str) and value.strip():
            return value.strip()
        if isinstance(value, int) and not isinstance(value, bool):
            return str(value)
    return ""


def texts(record: Record, name: str) -> tuple[str, ...]:
    """A field that is a list of strings; empty if it is missing. Raises ``ValueError``."""
    value = record.get(name)
    value = [] if value is None else value
    if not isinstance(value, list) or not all(isinstance(item, str) for item in value):
        raise ValueError(f'"{name}" must be a list of strings')
    return tuple(value)


def plain_question(record: Record, number: int, *names: str) -> Question:
    """Id, text, type and history; the text is under the first of ``names`` that is there.

    Raises ``UsageError`` or ``ValueError``.
    """
    value = next((record[name] for name in names if isinstance(record.get(name), str)), None)
    if value is None:
        raise ValueError(f'expected a "{names[0]}"')
    return Question(
        identifier_of(record, "id", "_id") or f"line {number}",
        checked_question(value),
        kind=_word(record, "type"),
        style=_word(record, "style"),
        history=_history(record.get("history")),
    )


def _question(record: Record, number: int) -> Question:
    question = plain_question(record, number, "question")
    titles = texts(record, "gold_titles")
    answerable = None if record.get("gold_titles") is None else bool(titles)
    return replace(
        question,
        gold=dict.fromkeys(titles, 1.0),
        also_ok=texts(record, "also_ok_titles"),
        gold_sentences=texts(record, "gold_sentences"),
        facts=_facts(record),
        answerable=False if question.kind == UNANSWERABLE else answerable,
    )


def _facts(record: Record) -> tuple[tuple[str, ...], ...]:
    spellings: Any = record.get("key_alts") or {}
    if not isinstance(spellings, dict):
        raise ValueError('"key_alts" must be an object with lists of strings')
    return tuple((fact, *texts(spellings, fact)) for fact in texts(record, "key_facts"))


def _word(record: Record, name: str) -> str:
    value = record.get(name)
    return value.strip() if isinstance(value, str) else ""


def _history(value: Any) -> tuple[Turn, ...]:
    turns = value or []
    if not isinstance(turns, list) or not all(
        isinstance(turn, dict)
        and turn.get("role") in ("user", "assistant")
        and isinstance(turn.get("content"), str)
        for turn in turns
    ):
        raise ValueError('"history" must be a list of {"role", "content"}')
    return tuple(Turn(turn["role"], turn["content"]) for turn in turns)

"""What a model on trial wrote for a case, and what is wrong with it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from assistant.checking import Verdict, check
from assistant.evidence import Evidence
from assistant.joint_check import check_jointly
from assistant.library import StoredPaper
from assistant.papers import Paper
from assistant.paragraphs import Claimed
from assistant.words import STOP_WORDS

Way = Literal["freely", "held", "paragraphs"]
WAYS: tuple[Way, ...] = ("freely", "held", "paragraphs")
FAULTS = ("invented", "negation", "circles", "unfinished", "merged", "stray")
"""The last two only of sentences of a paragraph."""
_NUMBER = re.compile(r"\d+(?:[.,]\d+)*")
_NEGATION = re.compile(r"\b(?:no|not|never|none|nor|neither|cannot|without)\b|n['’]t\b", re.I)
_WORD = re.compile(r"\w[\w-]*")
_NAME = re.compile(r"(?<!^)\b[A-Z][\w-]+")
_OFTEN = 3
"""Times that a telling word of a sentence may not stand in it, unless it does in the evidence."""


@dataclass(frozen=True)
class Case:
    """One evidence sentence with a question."""

    name: str
    tempts: str
    """What a careless model gets wrong here."""
    title: str
    evidence: str
    question: str

    def as_evidence(self) -> Evidence:
        """The sentence as that of a paper whose whole abstract it is."""
        return _as_evidence(self.title, self.evidence)


@dataclass(frozen=True)
class ParagraphCase:
    """Several evidence sentences with one question."""

    name: str
    tempts: str
    """What a careless model gets wrong here."""
    question: str
    notes: tuple[dict[str, str], ...]
    """Title and text of each."""

    def as_evidence(self) -> list[Evidence]:
        """Each sentence as that of a paper whose whole abstract it is."""
        return [_as_evidence(note["title"], note["text"]) for note in self.notes]


@dataclass(frozen=True)
class Attempt:
    """A sentence that the model wrote for a case."""

    case: str
    tempts: str
    way: Way
    text: str
    """Empty where nothing can be chosen, or nothing was written."""
    kept: bool
    """Whether it passed the check; else it would be replaced by the quote."""
    fault: str
    """Why it did not."""
    copied: bool
    """It is the evidence word for word: no better than the quote."""
    invented: tuple[str, ...]
    """Numbers that no evidence or title of the case has."""
    negation: bool
    """It has more or fewer negations than the evidence."""
    circles: bool
    """It says a word again and again."""
    unfinished: bool
    """It ends without a full stop, or in a paragraph without a marker."""
    cpu_seconds: float
    merged: tuple[str, ...] = ()
    """Numbers and names of evidence that it does not cite, and not of what it cites."""
    stray: tuple[int, ...] = ()
    """Markers that are no number on the table."""


def share(attempts: Sequence[Attempt], what: str) -> float:
    """The share, 0 to 1, of the attempts of which ``what`` is true."""
    return sum(bool(getattr(attempt, what)) for attempt in attempts) / max(1, len(attempts))


def judged(case: Case, way: Way, text: str, cpu_seconds: float) -> Attempt:
    """What is to be said of a text that was written for a case."""
    evidence = [case.as_evidence()]
    verdict = check(text, evidence[0], case.question)
    return _attempt(case, way, text, verdict, evidence, evidence, cpu_seconds)


def judged_in_paragraph(case: ParagraphCase, claimed: Claimed, cpu_seconds: float) -> Attempt:
    """What is to be said of a sentence of a paragraph; one without markers is unfinished."""
    table = case.as_evidence()
    stray = tuple(n for n in claimed.numbers if not 0 < n <= len(table))
    cited = [table[n - 1] for n in claimed.numbers if n not in stray]
    verdict = Verdict(False, 0.0, "no marker")
    if stray:
        verdict = Verdict(False, 0.0, "a marker is not on the table")
    elif cited:
        verdict = check_jointly(claimed.text, [[item] for item in cited], case.question)
    return _attempt(
        *(case, "paragraphs", claimed.text, verdict, cited, table, cpu_seconds), stray=stray
    )


def _attempt(
    case: Case | ParagraphCase,
    way: Way,
    text: str,
    verdict: Verdict,
    cited: Sequence[Evidence],
    table: Sequence[Evidence],
    cpu_seconds: float,
    *,
    stray: tuple[int, ...] = (),
) -> Attempt:
    given = " ".join(item.text for item in cited)
    known, on_table = _facts(cited), _facts(table)
    said = [*_NUMBER.findall(text), *_NAME.findall(text)]
    return Attempt(
        case.name,
        case.tempts,
        way,
        text,
        verdict.keep,
        verdict.reason,
        copied=verdict.keep and any(_words(text) == _words(item.text) for item in cited),
        invented=tuple(n for n in _NUMBER.findall(text) if n not in on_table),
        negation=bool(text and cited) and _negations(text) != _negations(given),
        circles=_goes_in_circles(text, given),
        unfinished=not (text.endswith((".", "!", "?")) and (cited or stray)),
        cpu_seconds=cpu_seconds,
        merged=tuple(fact for fact in said if fact in on_table - known) if cited else (),
        stray=stray,
    )


def _as_evidence(title: str, text: str) -> Evidence:
    paper = Paper(title, text)
    return Evidence(StoredPaper(paper.id, paper, ((0, len(text)),)), 0, 1.0)


def _facts(evidence: Sequence[Evidence]) -> set[str]:
    """Every number and word of these sentences and of their papers' titles."""
    text = " ".join(f"{item.text} {item.stored.paper.title}" for item in evidence)
    return {*_NUMBER.findall(text), *re.findall(r"[A-Z][\w-]+", text)}


def _goes_in_circles(text: str, evidence: str) -> bool:
    words, given = _words(text), _words(evidence)
    return any(
        words.count(word) >= max(_OFTEN, given.count(word) + 2) for word in set(words) - STOP_WORDS
    )


def _negations(text: str) -> int:
    return len(_NEGATION.findall(text))


def _words(text: str) -> list[str]:
    return [word.lower() for word in _WORD.findall(text)]

"""A language model on trial: written cases, both ways of writing, what came of it and how fast."""

from __future__ import annotations

import re
import time
import tomllib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from importlib.resources import files
from typing import Any, Literal

from assistant import memory
from assistant.chat_template import thinking
from assistant.checking import check
from assistant.evidence import Evidence
from assistant.indexing import Progress
from assistant.library import StoredPaper
from assistant.model import LocalModel, Work
from assistant.papers import Paper
from assistant.words import STOP_WORDS
from assistant.writing import Written, choose, draft

Way = Literal["freely", "held"]
WAYS: tuple[Way, ...] = ("freely", "held")
_NUMBER = re.compile(r"\d+(?:[.,]\d+)*")
_NEGATION = re.compile(r"\b(?:no|not|never|none|nor|neither|cannot|without)\b|n['’]t\b", re.I)
_WORD = re.compile(r"\w[\w-]*")
_OFTEN = 3
"""Times that a telling word of a sentence may not stand in it, unless it does in the evidence."""
LEAST_REWORDED = 0.2
"""Of its own sentences, how many must pass the check and be no mere copy.

Of the sentences of a careful reader it is a third, of SmolLM2 135M one in eighteen.
"""
MOST_FAULTY = 0.2
"""How many of them may, for each of ``FAULTS``, have it."""
FAULTS = ("invented", "negation", "circles", "unfinished")


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
        paper = Paper(self.title, self.evidence)
        return Evidence(StoredPaper(paper.id, paper, ((0, len(self.evidence)),)), 0, 1.0)


@dataclass(frozen=True)
class Attempt:
    """What the model wrote for a case."""

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
    """Numbers that neither evidence nor title have."""
    negation: bool
    """It has more or fewer negations than the evidence."""
    circles: bool
    """It says a word again and again."""
    unfinished: bool
    """It ends without a full stop."""
    cpu_seconds: float


@dataclass(frozen=True)
class Trial:
    """Everything that was measured."""

    attempts: tuple[Attempt, ...]
    read_per_second: float
    """Tokens of prompts that were read, without what was known from the prompt before."""
    written_per_second: float
    """Tokens."""
    load_seconds: float
    peak_memory_mb: int | None
    """Of the whole process, in units of 10^6 bytes; ``None`` where the system does not tell."""
    has_template: bool
    thinking: Literal["no", "can be switched off", "yes"]
    """By the chat template."""
    reasons_anyway: bool
    """It begins to reason, asked not to as far as its template knows how."""

    def of(self, way: Way) -> list[Attempt]:
        """The attempts of one way of writing."""
        return [attempt for attempt in self.attempts if attempt.way == way]

    @property
    def writes_freely(self) -> bool:
        """Whether the model's own sentences are worth trying first."""
        own = self.of("freely")
        reworded = share(own, "kept") - share(own, "copied")
        return reworded >= LEAST_REWORDED and all(share(own, f) <= MOST_FAULTY for f in FAULTS)

    def to_json(self) -> dict[str, Any]:
        """Everything, with the shares of each way of writing."""
        facts = {name: value for name, value in vars(self).items() if name != "attempts"}
        facts |= {name: round(facts[name], 2) for name in facts if isinstance(facts[name], float)}
        return {
            "writes_freely": self.writes_freely,
            **{way: _figures(self.of(way)) for way in WAYS},
            **facts,
            "attempts": [vars(attempt) for attempt in self.attempts],
        }


def _figures(attempts: Sequence[Attempt]) -> dict[str, float]:
    shares = {what: round(share(attempts, what), 3) for what in ("kept", "copied", *FAULTS)}
    seconds = sum(attempt.cpu_seconds for attempt in attempts) / max(1, len(attempts))
    return shares | {"cpu_seconds_per_sentence": round(seconds, 3)}


def share(attempts: Sequence[Attempt], what: str) -> float:
    """The share, 0 to 1, of the attempts of which ``what`` is true."""
    return sum(bool(getattr(attempt, what)) for attempt in attempts) / max(1, len(attempts))


def cases() -> list[Case]:
    """The written cases, as ``trial_cases.toml`` has them."""
    text = files("assistant").joinpath("trial_cases.toml").read_text("utf-8")
    return [Case(**facts) for facts in tomllib.loads(text)["case"]]


def try_out(model: LocalModel, progress: Progress, only: Sequence[Case] | None = None) -> Trial:
    """Let the model write each case freely, then held to rewordings.

    Raises what the model raises: ``ModelUnusable``, ``PromptTooLong``, ``Interrupted``.
    """
    tried = cases() if only is None else only
    started = time.perf_counter()
    model.load()
    load_seconds = time.perf_counter() - started
    reasons = model.reasons()
    attempts = []
    model.work = Work()
    for done, attempt in enumerate(_attempts(model, tried)):
        progress(f"Checking {model.name}", done, 2 * len(tried))
        attempts.append(attempt)
    progress(f"Checking {model.name}", 2 * len(tried), 2 * len(tried))
    return Trial(
        tuple(attempts),
        model.work.read_per_second,
        model.work.written_per_second,
        load_seconds,
        memory.peak_mb(),
        bool(model.template),
        thinking(model.template),
        reasons,
    )


def judged(case: Case, way: Way, text: str, cpu_seconds: float) -> Attempt:
    """What is to be said of a text that was written for a case."""
    evidence = case.as_evidence()
    verdict = check(text, evidence, case.question)
    known = _NUMBER.findall(f"{case.evidence} {case.title}")
    return Attempt(
        case.name,
        case.tempts,
        way,
        text,
        verdict.keep,
        verdict.reason,
        copied=verdict.keep and _words(text) == _words(case.evidence),
        invented=tuple(n for n in _NUMBER.findall(text) if n not in known),
        negation=bool(text) and _negations(text) != _negations(case.evidence),
        circles=_goes_in_circles(text, case.evidence),
        unfinished=not text.endswith((".", "!", "?")),
        cpu_seconds=cpu_seconds,
    )


def _attempts(model: LocalModel, tried: Sequence[Case]) -> Iterator[Attempt]:
    for case in tried:
        started = time.process_time()
        text = draft(model, case.question, case.as_evidence())
        yield judged(case, "freely", text, time.process_time() - started)
    for case in tried:
        started = time.process_time()
        made = choose(model, case.question, case.as_evidence())
        seconds = time.process_time() - started
        if isinstance(made, Written):
            yield judged(case, "held", made.text, seconds)
        else:
            yield Attempt(
                *(case.name, case.tempts, "held", "", False, made.reason),
                *(False, (), False, False, False, seconds),
            )


def _goes_in_circles(text: str, evidence: str) -> bool:
    words, given = _words(text), _words(evidence)
    return any(
        words.count(word) >= max(_OFTEN, given.count(word) + 2) for word in set(words) - STOP_WORDS
    )


def _negations(text: str) -> int:
    return len(_NEGATION.findall(text))


def _words(text: str) -> list[str]:
    return [word.lower() for word in _WORD.findall(text)]

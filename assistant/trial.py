"""A language model on trial: written cases, every way of writing, what came of it and how fast."""

from __future__ import annotations

import time
import tomllib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from importlib.resources import files
from typing import Any, Literal

from assistant import memory
from assistant.attempts import (
    FAULTS,
    WAYS,
    Attempt,
    Case,
    ParagraphCase,
    Way,
    judged,
    judged_in_paragraph,
    share,
)
from assistant.chat_template import thinking
from assistant.indexing import Progress
from assistant.model import LocalModel, Work
from assistant.paragraphs import Claimed, claims, write_paragraph
from assistant.writing import Written, choose, draft

LEAST_REWORDED = 0.2
"""Of its own sentences, how many must pass the check and be no mere copy.

Of the sentences of a careful reader it is a third, of SmolLM2 135M one in eighteen.
"""
MOST_FAULTY = 0.2
"""How many of them may, for each of ``FAULTS``, have it."""


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
        return _are_good(self.of("freely"))

    @property
    def writes_paragraphs(self) -> bool:
        """Whether its paragraphs are, before single sentences."""
        return _are_good(self.of("paragraphs"))

    def to_json(self) -> dict[str, Any]:
        """Everything, with the shares of each way of writing."""
        facts = {name: value for name, value in vars(self).items() if name != "attempts"}
        facts |= {name: round(facts[name], 2) for name in facts if isinstance(facts[name], float)}
        return {
            "writes_freely": self.writes_freely,
            "writes_paragraphs": self.writes_paragraphs,
            **{way: _figures(self.of(way)) for way in WAYS},
            **facts,
            "attempts": [vars(attempt) for attempt in self.attempts],
        }


def _are_good(own: Sequence[Attempt]) -> bool:
    reworded = share(own, "kept") - share(own, "copied")
    return reworded >= LEAST_REWORDED and all(share(own, f) <= MOST_FAULTY for f in FAULTS)


def _figures(attempts: Sequence[Attempt]) -> dict[str, float]:
    shares = {what: round(share(attempts, what), 3) for what in ("kept", "copied", *FAULTS)}
    seconds = sum(attempt.cpu_seconds for attempt in attempts) / max(1, len(attempts))
    return {
        "sentences": len(attempts),
        **shares,
        "cpu_seconds_per_sentence": round(seconds, 3),
    }


def cases() -> list[Case]:
    """The written cases of one evidence sentence, as ``trial_cases.toml`` has them."""
    return [Case(**facts) for facts in _written_cases()["case"]]


def paragraph_cases() -> list[ParagraphCase]:
    """Those of several."""
    return [
        ParagraphCase(**facts | {"notes": tuple(facts["notes"])})
        for facts in _written_cases()["paragraph"]
    ]


def try_out(
    model: LocalModel,
    progress: Progress,
    only: Sequence[Case] | None = None,
    only_paragraphs: Sequence[ParagraphCase] | None = None,
) -> Trial:
    """Let the model write each case freely, then held to rewordings, then whole paragraphs.

    Raises what the model raises: ``ModelUnusable``, ``PromptTooLong``, ``Interrupted``.
    """
    tried = cases() if only is None else only
    paragraphs = paragraph_cases() if only_paragraphs is None else only_paragraphs
    total = 2 * len(tried) + len(paragraphs)
    started = time.perf_counter()
    model.load()
    load_seconds = time.perf_counter() - started
    reasons = model.reasons()
    attempts: list[Attempt] = []
    model.work = Work()
    for done, found in enumerate(_attempts(model, tried, paragraphs)):
        progress(f"Checking {model.name}", done, total)
        attempts += found
    progress(f"Checking {model.name}", total, total)
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


def _written_cases() -> dict[str, Any]:
    return tomllib.loads(files("assistant").joinpath("trial_cases.toml").read_text("utf-8"))


def _attempts(
    model: LocalModel, tried: Sequence[Case], paragraphs: Sequence[ParagraphCase]
) -> Iterator[list[Attempt]]:
    for case in tried:
        started = time.process_time()
        text = draft(model, case.question, case.as_evidence())
        yield [judged(case, "freely", text, time.process_time() - started)]
    for case in tried:
        started = time.process_time()
        made = choose(model, case.question, case.as_evidence())
        seconds = time.process_time() - started
        if isinstance(made, Written):
            yield [judged(case, "held", made.text, seconds)]
        else:
            nothing = Attempt(
                *(case.name, case.tempts, "held", "", False, made.reason),
                *(False, (), False, False, False, seconds),
            )
            yield [nothing]
    for several in paragraphs:
        started = time.process_time()
        pieces = write_paragraph(model, several.question, several.as_evidence())
        written = list(claims(pieces)) or [Claimed("", ())]
        seconds = (time.process_time() - started) / len(written)
        yield [judged_in_paragraph(several, claimed, seconds) for claimed in written]

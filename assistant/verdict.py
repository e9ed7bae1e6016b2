"""What the evidence says of a yes/no question or a statement, in one line made by rule."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from assistant.claims.statements import is_statement, statement_of
from assistant.evidence import Evidence
from assistant.question_kinds import asks_for_papers, is_claim

if TYPE_CHECKING:
    from assistant.claims.stance import Stance

_STANCES: dict[str, Stance] = {"entailment": "supports", "contradiction": "contradicts"}
Relates = Callable[[str, str], str]
"""``entailment``, ``contradiction`` or ``neutral``, of evidence and statement."""


@dataclass(frozen=True)
class Statement:
    """What sentences are held against."""

    text: str
    asked: bool
    """Whether it was asked as a question."""
    relates: Relates | None = None
    """A model's opinion, where the user has one; it must not be against what the rules say."""

    def stance(self, item: Evidence) -> Stance:
        """What one sentence says of it."""
        from assistant.claims.stance import covers, stance  # few questions need them

        paper = item.stored.paper
        by_rule = stance(self.text, item.text, paper)
        if self.relates is None or not covers(self.text, item.text, paper):
            return by_rule
        label = self.relates(item.text, self.text)
        by_model = _STANCES.get(label, "")
        if by_rule and by_model and by_rule != by_model:
            return ""
        return by_rule or by_model


def statement(question: str, relates: Relates | None = None) -> Statement | None:
    """What is to be held against the evidence; ``None`` for questions with other answers."""
    if asks_for_papers(question):
        return None
    if is_claim(question):
        return Statement(question, False, relates) if is_statement(question) else None
    said = statement_of(question)
    return Statement(said, True, relates) if said else None


def decided_first(
    said: Statement, told: Sequence[Evidence], others: Sequence[Evidence]
) -> list[tuple[Evidence, Stance]]:
    """The sentences told with the stance of each, those that settle it first.

    Where none of them supports it, the first of the others that does is told too, and likewise
    where none contradicts it.
    """
    found = [(item, said.stance(item)) for item in told]
    for item in others:
        verdict = said.stance(item)
        if verdict and item not in told and all(verdict != known for _, known in found):
            found.append((item, verdict))
    return sorted(found, key=lambda pair: not pair[1])


def line(said: Statement, stances: Sequence[tuple[int, Stance]]) -> str:
    """What the sources, by their numbers, say of it; empty where rules could not have told."""
    yes, no = (
        {number for number, stance in stances if stance == wanted}
        for wanted in ("supports", "contradicts")
    )
    both = yes & no
    parts = []
    words = (
        ("yes, according to", "no, according to")
        if said.asked
        else ("supported by", "contradicted by")
    )
    for word, numbers in zip(words, (yes - both, no - both), strict=True):
        if numbers:
            parts.append(f"{word} {_listed(numbers)}")
    if both:
        parts.append(f"{_listed(both)} {'says' if len(both) == 1 else 'say'} both")
    if parts:
        text = "; ".join(parts)
        return f"{text[0].upper()}{text[1:]}."
    from assistant.claims.stance import can_settle

    if not can_settle(said.text):
        return ""
    if said.asked:
        return "No outright yes or no was found; this is what comes nearest."
    return "Nothing was found that outright supports or contradicts it; this comes nearest."


def _listed(numbers: set[int]) -> str:
    markers = [f"[{number}]" for number in sorted(numbers)]
    return " and ".join(filter(None, [", ".join(markers[:-1]), markers[-1]]))

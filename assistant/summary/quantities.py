"""Quantities that sentences state, and whether two sentences state different ones of the same."""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import dataclass

from assistant.claims.claims import DIRECTED, claims_of_clause
from assistant.claims.cues import PRONOUNS
from assistant.claims.naming import naming, tokens_of
from assistant.claims.vocabulary import PARTS_CLAUSES
from assistant.words import stem

DIFFERENT = 1.25
"""The ratio from which two quantities are different."""
EQUAL = 1.1
"""The ratio up to which they are the same."""
_SAME_SUBJECT = 0.6
"""The part of their words that two clauses share at least if they are about the same."""
_SCALE = {"thousand": 1e3, "million": 1e6, "billion": 1e9, "": 1.0}
_QUANTITY = re.compile(
    r"\b(?:is|was|are|were|be|as|up|by|at|to|reach(?:es|ed)?|equals|only|about|around|nearly|roughly|"
    r"approximately|amounts to) (\d{1,3}(?:,\d{3})+|\d+(?:\.\d+)?) ?(thousand|million|billion)? ?"
    r"(%|(?:per ?cent|[a-z]{2,})(?: per [a-z]+)?)",
    re.IGNORECASE,
)
_RANGE = re.compile(r"\d ?(?:to|and|or|[-–]) ?\d|\bbetween \d|\bfrom \d")
_YEARS = range(1900, 2100)


@dataclass(frozen=True)
class Quantity:
    """A number with its unit in a clause that states it of something."""

    value: float
    unit: str
    subject: frozenset[str]
    """Stems of what the clause names."""


def quantities(sentence: str) -> list[Quantity]:
    """What a sentence states; not how much something changes, nor ranges."""
    found = []
    start = 0
    for end, after in [*((m.start(), m.end()) for m in PARTS_CLAUSES.finditer(sentence)), (-1, 0)]:
        clause = sentence[start:] if end < 0 else sentence[start:end]
        start = after
        matches = _QUANTITY.findall(clause)
        tokens = [token.lower() for token in tokens_of(clause)]
        if len(matches) != 1 or sum(token[0].isdigit() for token in tokens) != 1:
            continue
        if (
            _RANGE.search(clause)
            or (DIRECTED | PRONOUNS) & {*tokens}
            or any(claims_of_clause(clause))
        ):
            continue
        number, scale, unit = matches[0]
        value = float(number.replace(",", "")) * _SCALE[scale.lower()]
        unit = "percent" if unit == "%" else " ".join(map(stem, unit.lower().split()))
        if value and not (value in _YEARS and not scale):
            words = naming(tokens) - naming(unit.split()) - {unit}
            found.append(Quantity(value, unit, words))
    return found


def ratio(here: Collection[Quantity], there: Collection[Quantity]) -> tuple[float, frozenset[str]]:
    """By how much two sentences differ in what they state of the same, and the words for that.

    0 and no words if they state nothing of the same.
    """
    for a in here:
        for b in there:
            shared = a.subject & b.subject
            if a.unit == b.unit and len(shared) >= max(
                2, _SAME_SUBJECT * min(len(a.subject), len(b.subject))
            ):
                return max(a.value, b.value) / min(a.value, b.value), shared
    return 0.0, frozenset()

"""What was compared in a theme -> its parts: contradictions, agreements, its course over years."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Literal

from assistant.answers import AnswerSentence
from assistant.summary.comparing import Compared, Place, StatementKind
from assistant.summary.notes import Notes

YEARS_TOLD = 3
"""Different years of a theme from which its course over the years is told."""

PartName = Literal["Contradict", "Differ", "Agree", "Only one paper says", "Over the years"]
PARTS: dict[StatementKind, PartName] = {
    "contradict": "Contradict",
    "number": "Contradict",
    "conditions": "Differ",
    "agree": "Agree",
    "alike": "Agree",
    "alone": "Only one paper says",
    "years": "Over the years",
    "earliest": "Over the years",
    "latest": "Over the years",
}
"""The part of a theme in which a statement of each kind stands, in the order of the parts."""


@dataclass(frozen=True)
class Statement:
    """Quotes that are told together, after words that say why."""

    kind: StatementKind
    lead: str
    """Made by rule; empty where the part's name says enough."""
    sides: tuple[tuple[AnswerSentence, ...], ...] = ()
    """The quotes; two sides where they are opposed."""


@dataclass(frozen=True)
class Part:
    """What the papers of a theme have to do with each other in one regard."""

    name: PartName
    statements: tuple[Statement, ...]


def parts(told: Sequence[Compared], quote: Callable[[Place], AnswerSentence]) -> list[Part]:
    """Statements by the part in which they stand; what was quoted before is only pointed to."""
    made: dict[PartName, list[Statement]] = {name: [] for name in PARTS.values()}
    quoted: set[Place] = set()
    for compared in sorted(told, key=lambda compared: [*PARTS].index(compared.kind)):
        sides = tuple(tuple(map(quote, side)) for side in compared.sides)
        places = {place for side in compared.sides for place in side}
        lead = compared.lead
        if places and places <= quoted:
            numbers = [n for side in sides for sentence in side for n in sentence.citations]
            lead += " see " + " ".join(f"[{number}]" for number in numbers)
            sides = ()
        quoted |= places
        made[PARTS[compared.kind]].append(Statement(compared.kind, lead, sides))
    return [Part(name, tuple(statements)) for name, statements in made.items() if statements]


def papers_per_year(members: Sequence[Notes]) -> dict[int, int]:
    """How many papers are from each year that is known, the earliest first."""
    years = Counter(note.stored.paper.year for note in members if note.stored.paper.year)
    return dict(sorted(years.items()))


def over_the_years(members: Sequence[Notes], told: Sequence[Compared]) -> list[Compared]:
    """How many papers each year has, and what was found first and last; nothing for few years."""
    years = papers_per_year(members)
    if len(years) < YEARS_TOLD:
        return []
    counted = ", ".join(f"{year}: {count}" for year, count in years.items())
    made = [Compared("years", f"Papers per year: {counted}.", ())]
    taken = sorted(place for compared in told for side in compared.sides for place in side)
    dated = [note for note in members if note.stored.paper.year and "finding" in note.sentences]
    dated.sort(key=lambda note: note.stored.paper.year or 0)
    kinds: tuple[StatementKind, StatementKind] = ("earliest", "latest")
    for kind, note in zip(kinds, (dated[0], dated[-1]) if dated else (), strict=False):
        found = note.stored.id, note.sentences["finding"][0]
        place = next((place for place in taken if place[0] == note.stored.id), found)
        lead = f"{kind.capitalize()} finding, {note.stored.paper.year}:"
        made.append(Compared(kind, lead, ((place,),)))
    return made

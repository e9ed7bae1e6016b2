"""Findings of different papers about the same -> they agree, contradict each other, or differ.

A contradiction is told only where two findings name the same quantity and the same thing that acts
on it, and allow no common direction. Where words tell other conditions, they are said to differ.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Literal

from assistant.summary import conditions
from assistant.summary.claim_words import (
    ASIDE,
    BAD_QUANTITIES,
    COUNTS,
    GOOD_QUANTITIES,
    HOW_WELL,
    OWN,
    PLAIN_QUANTITIES,
    PROPERTIES,
)
from assistant.summary.claims import Claim, claims, worth
from assistant.summary.naming import COMMON, naming, telling, tokens_of
from assistant.summary.notes import Notes, is_asked_or_of_others, score
from assistant.summary.quantities import DIFFERENT, EQUAL, Quantity, quantities, ratio
from assistant.words import stem

if TYPE_CHECKING:
    pass

Kind = Literal["agree", "contradict", "number", "conditions"]
AS_NEAR = 0.58
"""The least cosine of two papers' vectors for a comparison of what they found."""
SUBJECT_WORDS = 5
"""Telling words besides the quantity that make two papers be about one subject."""
SHARED_WORDS = 4
"""Telling words that the two papers share at least, titles and abstracts."""

_PLAIN = frozenset(map(stem, PLAIN_QUANTITIES))
_COUNTED = frozenset(map(stem, COUNTS)) | {stem("emissions")}
_APPEARS = frozenset(map(stem, "emerge appear show seen detect note observe evident find".split()))
_HOW_WELL = frozenset(map(stem, HOW_WELL))
_COMMON = frozenset(map(stem, COMMON))
_TOO_COMMON = _COMMON - frozenset(map(stem, PLAIN_QUANTITIES | GOOD_QUANTITIES | BAD_QUANTITIES))


_CODE = re.compile(r"\b\w*[A-Z][\w-]*[A-Z][\w-]*\b")


@dataclass(frozen=True)
class Finding:
    """A sentence of a paper that may be compared."""

    paper: Reading
    index: int
    """Which sentence of the paper."""
    text: str
    claims: tuple[Claim, ...]
    quantities: tuple[Quantity, ...]
    words: frozenset[str]

    @property
    def place(self) -> tuple[str, int]:
        """The id of the paper and the number of the sentence."""
        return self.paper.note.stored.id, self.index


@dataclass(frozen=True)
class Reading:
    """What of a paper is compared."""

    note: Notes
    title: frozenset[str]
    named: frozenset[str]
    """Stems of what the title names, be it as common as accuracy."""
    words: frozenset[str]
    """Stems of title and abstract."""
    restrictions: frozenset[str]

    @cached_property
    def findings(self) -> tuple[Finding, ...]:
        stored = self.note.stored
        return tuple(
            Finding(
                self,
                i,
                text,
                tuple(claims(text)),
                tuple(quantities(text)),
                telling(tokens_of(text)),
            )
            for i in _comparable(self.note)
            for text in [stored.sentence(i)]
        )


@dataclass(frozen=True)
class Contrast:
    """What two findings of different papers have to do with each other."""

    kind: Kind
    first: Finding
    second: Finding
    about: frozenset[str]
    """Stems of what both name."""
    why: str = ""


def read(note: Notes) -> Reading:
    """A paper as it is compared."""
    stored = note.stored
    title = telling(tokens_of(stored.paper.title))
    sentences = [stored.sentence(i) for i in range(len(stored.sentences))]
    words = title.union(*(telling(tokens_of(sentence)) for sentence in sentences))
    return Reading(
        note,
        title,
        naming(tokens_of(stored.paper.title)),
        words,
        conditions.restrictions(sentences),
    )


def compare(first: Reading, second: Reading) -> list[Contrast]:
    """The contrasts of two papers that are near to each other."""
    if len(first.words & second.words) < SHARED_WORDS:
        return []
    decided = (decide(a, b) for a in first.findings for b in second.findings)
    return [contrast for contrast in decided if contrast]


def decide(a: Finding, b: Finding) -> Contrast | None:
    """What two findings have to do with each other; ``None`` if it cannot be told."""
    verdicts = [
        (kind, about)
        for p in a.claims
        for q in b.claims
        for kind, about in [_verdict(p, q, a, b)]
        if kind
    ]
    if verdicts and not _same_names(a, b):
        return None
    opposed = [about for kind, about in verdicts if kind == "opposed"]
    agreed = [about for kind, about in verdicts if kind == "agree"]
    factor, what = ratio(a.quantities, b.quantities)
    if factor and not opposed and _same_names(a, b):
        if factor >= DIFFERENT:
            other = _other_conditions(a, b)
            return Contrast("conditions" if other else "number", a, b, what, other)
        if factor <= EQUAL:
            return Contrast("agree", a, b, what)
    if opposed:
        other = _other_conditions(a, b)
        return Contrast("conditions" if other else "contradict", a, b, opposed[0], other)
    if agreed:
        return Contrast("agree", a, b, agreed[0])
    return None


def _comparable(note: Notes) -> list[int]:
    """Sentences that may tell what came out: not what is asked, done, or said by others."""
    stored = note.stored
    found = []
    count = len(stored.sentences)
    for index in range(len(stored.sentences)):
        text = stored.sentence(index)
        if score("problem", text, index, count) > score("finding", text, index, count) or (
            ASIDE.search(text)
        ):
            continue
        opening = index == 0 and index not in note.sentences.get("finding", ())
        if (
            opening
            or text.rstrip().endswith("?")
            or is_asked_or_of_others(text)
            or OWN.search(text)
        ):
            continue
        found.append(index)
    return found


def _verdict(p: Claim, q: Claim, a: Finding, b: Finding) -> tuple[str, frozenset[str]]:
    nothing: tuple[str, frozenset[str]] = ("", frozenset())
    matched = _same_target(p, q, a, b)
    if matched is None:
        return nothing
    about, by_worth = matched
    straight = _oriented(p, q, about, a, b)
    first, second = _signs(p, q, by_worth=by_worth)
    if about <= _TOO_COMMON and not (not about and p.other and q.other):
        return nothing
    if straight is None or first is None or second is None:
        return nothing
    if not straight:
        second = frozenset(-sign for sign in second)
    if not first & second:
        return "opposed", about
    if first == second:
        return "agree", about
    return nothing


def _signs(
    p: Claim, q: Claim, *, by_worth: bool
) -> tuple[frozenset[int] | None, frozenset[int] | None]:
    if "same" in (p.axis, q.axis) or (p.axis == q.axis and not by_worth):
        return p.signs, q.signs
    return worth(p), worth(q)


def _same_target(p: Claim, q: Claim, a: Finding, b: Finding) -> tuple[frozenset[str], bool] | None:
    """Stems of the quantity that both claims are about, and whether only its worth can be compared.

    ``None`` if they are about different ones.
    """
    if p.axis in PROPERTIES or q.axis in PROPERTIES:
        return (p.rest & q.rest, False) if p.axis == q.axis else None
    if p.axis == q.axis == "same":
        return None
    if "same" in (p.axis, q.axis):
        changed, same, where = (q, p, a) if p.axis == "same" else (p, q, b)
        named = same.target | naming(tokens_of(where.text))
        if not _common_left_out(same.target) - _COUNTED:
            named |= where.paper.named
        shared = changed.heads & named
        if not shared and same.target:
            shared = changed.target & same.target - (a.paper.title & b.paper.title)
        others = (b if where is a else a).paper.words
        if not shared and not _common_left_out(same.target) - _APPEARS - others:
            shared = changed.heads & where.paper.words - where.paper.restrictions
        if not shared and changed.heads & _HOW_WELL and same.target & _PLAIN:
            shared = changed.heads
        return (shared, False) if shared else None
    heads_p, heads_q = _resolved(p, a), _resolved(q, b)
    target_p, target_q = p.target | heads_p, q.target | heads_q
    if heads_p & target_q and heads_q & target_p:
        return (heads_p & target_q) | (heads_q & target_p), False
    if not p.target and not q.target:
        return frozenset(), False
    if (not p.target and p.other and worth(q)) or (not q.target and q.other and worth(p)):
        return p.target | q.target, True
    if p.heads & _HOW_WELL and q.heads & _HOW_WELL and (p.heads | q.heads) & _PLAIN:
        return (p.heads | q.heads) & _HOW_WELL, True
    return None


def _common_left_out(stems: frozenset[str]) -> frozenset[str]:
    return stems - _COMMON


def _resolved(claim: Claim, finding: Finding) -> frozenset[str]:
    """The heads of the target; those that only count or measure take what the title names."""
    if claim.heads and claim.heads <= _COUNTED:
        return claim.heads | (finding.paper.title - claim.agent)
    return claim.heads


def _oriented(p: Claim, q: Claim, about: frozenset[str], a: Finding, b: Finding) -> bool | None:
    """Whether both claims are about the same thing that acts: ``False`` if they have it the other
    way round (A over B, B over A), ``None`` if it is not the same.
    """
    if p.other and q.other:
        before_p, before_q = (p.agent or p.rest) - p.other, (q.agent or q.rest) - q.other
        along = len(before_p & before_q) + len(p.other & q.other)
        across = len(before_p & q.other) + len(p.other & before_q)
        if along == across:
            return None
        return along > across
    targets = about if "same" in (p.axis, q.axis) else p.target | q.target
    near = ((p.rest | p.agent) & (q.rest | q.agent)) - targets
    named_a, named_b = a.words | a.paper.title, b.words | b.paper.title
    wide = ((named_a & b.paper.words) | (named_b & a.paper.words)) - targets
    if "same" not in (p.axis, q.axis):
        shared = (a.paper.words & b.paper.words) - targets
        wide = shared if len(shared) >= SUBJECT_WORDS else (a.paper.title & b.paper.title) - targets
    if not near and not wide:
        return None
    strange_p = bool(p.agent) and not p.agent & b.paper.words
    strange_q = bool(q.agent) and not q.agent & a.paper.words
    if strange_p and (strange_q or q.axis == "same") or strange_q and p.axis == "same":
        return None
    if p.removed != q.removed and "same" not in (p.axis, q.axis):
        return None
    return True


def _same_names(a: Finding, b: Finding) -> bool:
    """Whether each acronym or name with a capital inside is one that the other paper has too."""
    return _codes(a.text) <= _codes(_all_of(b)) and _codes(b.text) <= _codes(_all_of(a))


def _all_of(finding: Finding) -> str:
    paper = finding.paper.note.stored.paper
    return f"{paper.title} {paper.abstract}"


def _codes(text: str) -> set[str]:
    return {name.lower().removesuffix("s") for name in _CODE.findall(text)}


def _other_conditions(a: Finding, b: Finding) -> str:
    """What tells that two findings were made under different conditions; empty if nothing does."""
    here, there = a.words | a.paper.title, b.words | b.paper.title
    title_a, title_b = a.paper.note.stored.paper.title, b.paper.note.stored.paper.title
    found = conditions.alternatives(f"{title_a} {a.text}", f"{title_b} {b.text}")
    if found:
        return " / ".join(found)
    mine, yours = conditions.names(a.text), conditions.names(b.text)
    text_a = f"{a.paper.note.stored.paper.title} {a.paper.note.stored.paper.abstract}".lower()
    text_b = f"{b.paper.note.stored.paper.title} {b.paper.note.stored.paper.abstract}".lower()
    mine = frozenset(name for name in mine if name not in text_b)
    yours = frozenset(name for name in yours if name not in text_a)
    if mine and yours:
        return f"{sorted(mine)[0]} / {sorted(yours)[0]}"
    age_a, age_b = conditions.ages(text_a), conditions.ages(text_b)
    if age_a and age_b and (age_a[1] < age_b[0] or age_b[1] < age_a[0]):
        return "age"
    first, second = conditions.settings(text_a), conditions.settings(text_b)
    for unit in first.keys() & second.keys():
        if max(first[unit]) * 2 <= min(second[unit]) or max(second[unit]) * 2 <= min(first[unit]):
            return unit
    if a.paper.restrictions & there or b.paper.restrictions & here:
        return "restricted"
    return ""

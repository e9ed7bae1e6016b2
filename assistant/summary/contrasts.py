"""Findings of different papers about the same -> they agree, contradict each other, or differ.

A contradiction is told only where two findings name the same quantity and the same thing that acts
on it, and allow no common direction. Where words tell other conditions, they are said to differ.
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass
from typing import Literal

from assistant.claims import conditions
from assistant.claims.claims import Claim, worth
from assistant.claims.naming import COMMON, naming, telling, tokens_of
from assistant.claims.vocabulary import (
    APPEARING,
    BAD_QUANTITIES,
    COMPARED,
    COUNTS,
    GOOD_QUANTITIES,
    HOW_WELL,
    LOSES,
    NEGATIONS,
    PLAIN_QUANTITIES,
    PROPERTIES,
    STATES,
    VERBS,
    WINS,
)
from assistant.summary.quantities import DIFFERENT, EQUAL, ratio
from assistant.summary.readings import Finding, Reading
from assistant.words import stem

Kind = Literal["agree", "alike", "contradict", "number", "conditions"]
SHARED_WORDS = 4
"""Telling words that two papers share at least if their findings are compared."""
SUBJECT_WORDS = 5
"""Telling words besides the quantity that make two papers be about one subject."""

DENIED_WORDS = 3
DENIED_SHARE = 0.75
"""Words, and the part of the words, that a clause shares at least with one that it denies."""
ALIKE_WORDS = 2
"""Telling words that two sentences share at least that are told as alike."""

_APPEARING = frozenset(map(stem, APPEARING))
_COMMON = frozenset(map(stem, COMMON))
_COUNTS = frozenset(map(stem, COUNTS))
_HOW_WELL = frozenset(map(stem, HOW_WELL))
_PLAIN = frozenset(map(stem, PLAIN_QUANTITIES))
_TOO_COMMON = _COMMON - frozenset(map(stem, PLAIN_QUANTITIES | GOOD_QUANTITIES | BAD_QUANTITIES))
_ACRONYM = re.compile(r"\b\w*[A-Z][\w-]*[A-Z][\w-]*\b")


@dataclass(frozen=True)
class Contrast:
    """What two findings of different papers have to do with each other."""

    kind: Kind
    first: Finding
    second: Finding
    about: frozenset[str]
    """Stems of the quantity that both name; empty where one thing simply beats another."""
    why: str = ""
    """Which conditions are others, if that can be named."""


@dataclass(frozen=True)
class _Shared:
    """The quantity that two claims are about."""

    stems: frozenset[str]
    by_worth: bool = False
    """Whether only better and worse can be compared: accuracy with errors."""


def compare(first: Reading, second: Reading) -> list[Contrast]:
    """The contrasts of two papers."""
    if len(first.words & second.words) < SHARED_WORDS:
        return []
    decided = (decide(a, b) for a in first.findings for b in second.findings)
    return [contrast for contrast in decided if contrast]


def decide(a: Finding, b: Finding) -> Contrast | None:
    """What two findings have to do with each other; ``None`` if it cannot be told."""
    verdicts = [
        verdict for p in a.claims for q in b.claims if (verdict := _verdict(p, q, a, b)) is not None
    ]
    opposed = next((about for is_opposed, about in verdicts if is_opposed), None)
    if not verdicts:
        opposed = _denied(a, b)
    factor, measured = ratio(a.quantities, b.quantities)
    if not (verdicts or opposed or factor) or not _same_acronyms(a, b):
        return None
    kind: Kind = "agree"
    if opposed is not None:
        kind, about = "contradict", opposed
    elif factor >= DIFFERENT:
        kind, about = "number", measured
    elif 0 < factor <= EQUAL:
        about = measured
    elif verdicts:
        about = verdicts[0][1]
    else:
        return None
    if kind == "agree":
        return Contrast(kind, a, b, about)
    other = _other_conditions(a, b)
    return Contrast(kind if other is None else "conditions", a, b, about, other or "")


def _denied(a: Finding, b: Finding) -> frozenset[str] | None:
    """What one finding says and the other denies in nearly the same words."""
    for named, denied in a.denials:
        for others, denied_too in b.denials:
            shared = named & others
            enough = max(DENIED_WORDS, DENIED_SHARE * max(len(named), len(others)))
            if denied != denied_too and len(shared) >= enough and shared - _COMMON:
                return shared
    return None


def alike(a: Finding, b: Finding) -> bool:
    """Whether two sentences that an encoder finds very near can be told as saying the same.

    They share telling words, and neither denies, turns round or counts what the other says.
    """
    tokens, others = ([t.lower() for t in tokens_of(finding.text)] for finding in (a, b))
    return (
        len(telling(tokens) & telling(others)) >= ALIKE_WORDS
        and _turns(tokens) == _turns(others)
        and not any(token[0].isdigit() for token in {*tokens} ^ {*others})
    )


def _turns(tokens: list[str]) -> Counter[object]:
    """The negations and directions in a sentence."""
    turns: Counter[object] = Counter()
    for token in tokens:
        turns["not"] += token in NEGATIONS
        for words in (VERBS, COMPARED):
            if token in words:
                turns[words[token]] += 1
        if token in WINS | LOSES or (token in STATES and STATES[token][1] < 0):
            turns[token] += 1
    return +turns


def _verdict(p: Claim, q: Claim, a: Finding, b: Finding) -> tuple[bool, frozenset[str]] | None:
    """Whether two claims are opposed or agree, and about which quantity; ``None`` for neither."""
    shared = _same_target(p, q, a, b)
    if shared is None:
        return None
    simply_beats = not shared.stems and p.other and q.other
    if shared.stems <= _TOO_COMMON and not simply_beats:
        return None
    straight = _oriented(p, q, shared, a, b)
    first, second = _signs(p, q, shared)
    if straight is None or first is None or second is None:
        return None
    if not straight:
        second = frozenset(-sign for sign in second)
    if first & second and (first != second or shared.by_worth):
        return None
    return not first & second, shared.stems


def _signs(
    p: Claim, q: Claim, shared: _Shared
) -> tuple[frozenset[int] | None, frozenset[int] | None]:
    if "same" in (p.axis, q.axis) or (p.axis == q.axis and not shared.by_worth):
        return p.signs, q.signs
    return worth(p), worth(q)


def _same_target(p: Claim, q: Claim, a: Finding, b: Finding) -> _Shared | None:
    """The quantity that both claims are about; ``None`` if they are about different ones."""
    if p.axis in PROPERTIES or q.axis in PROPERTIES:
        return _Shared(p.rest & q.rest) if p.axis == q.axis else None
    if p.axis == q.axis == "same":
        return None
    if p.axis == "same":
        return _unchanged(p, a, q, b)
    if q.axis == "same":
        return _unchanged(q, b, p, a)
    heads_p, heads_q = _resolved(p, a), _resolved(q, b)
    here, there = heads_p & (q.target | heads_q), heads_q & (p.target | heads_p)
    if here and there:
        return _Shared(here | there)
    if not p.target and not q.target:
        return _Shared(frozenset())
    if (not p.target and p.other and worth(q)) or (not q.target and q.other and worth(p)):
        return _Shared(p.target | q.target, by_worth=True)
    if p.heads & _HOW_WELL and q.heads & _HOW_WELL and (p.heads | q.heads) & _PLAIN:
        return _Shared((p.heads | q.heads) & _HOW_WELL, by_worth=True)
    return None


def _unchanged(same: Claim, at: Finding, changed: Claim, by: Finding) -> _Shared | None:
    """The quantity that one claim says is unchanged and the other says is changed.

    What is unchanged is named in the sentence; in the title, where the clause only counts; anywhere
    in the abstract, where the clause names nothing: "No difference was seen".
    """
    named = same.target | (naming(tokens_of(at.text)) - same.agent)
    if same.target - _COMMON <= _COUNTS:
        named |= at.paper.named
    shared = changed.heads & named
    if not shared and changed.axis != "link":
        shared = changed.target & same.target - (at.paper.title & by.paper.title)
    if not shared and same.target - _COMMON - _APPEARING <= by.paper.words:
        shared = changed.heads & (at.paper.words - at.paper.restrictions - same.agent)
    if not shared and same.target & _PLAIN:
        shared = changed.heads & _HOW_WELL
    return _Shared(shared) if shared else None


def _resolved(claim: Claim, finding: Finding) -> frozenset[str]:
    """The heads of the target; those that only count take what the title names."""
    if claim.heads and claim.heads <= _COUNTS:
        return claim.heads | (finding.paper.title - claim.agent)
    return claim.heads - _COUNTS


def _oriented(p: Claim, q: Claim, shared: _Shared, a: Finding, b: Finding) -> bool | None:
    """Whether two claims let the same thing act in the same way.

    ``False`` if they have it the other way round, A over B and B over A; ``None`` if it is not
    the same thing.
    """
    if p.other and q.other:
        mine, yours = ((c.agent or c.rest | c.target) - (c.other or set()) for c in (p, q))
        along = len(mine & yours) + len(p.other & q.other)
        across = len(mine & q.other) + len(p.other & yours)
        if along > across and mine & yours:
            return True
        return False if across > along and mine & q.other and p.other & yours else None
    unchanged = "same" in (p.axis, q.axis)
    targets = shared.stems if unchanged else p.target | q.target
    if unchanged:
        common = (a.words & b.paper.words) | (b.words & a.paper.words)
    else:
        common = (a.paper.words & b.paper.words) - targets
        if shared.by_worth:
            common = frozenset()
        elif len(common) < SUBJECT_WORDS:
            common = a.paper.title & b.paper.title
    if not (common | ((p.rest | p.agent) & (q.rest | q.agent))) - targets:
        return None
    if (
        p.agent
        and q.agent
        and not p.agent & q.agent
        and not (p.agent & b.words and q.agent & a.words)
    ):
        return None
    only_mine = bool(p.agent) and not p.agent & b.paper.words
    only_yours = bool(q.agent) and not q.agent & a.paper.words
    if (only_mine and (only_yours or unchanged)) or (only_yours and unchanged):
        return None
    return True if unchanged or p.removed == q.removed else None


def _same_acronyms(a: Finding, b: Finding) -> bool:
    """Whether each name with several capitals in a finding is one that the other paper has too."""
    return _acronyms(a.text) <= _acronyms(b.paper.text) and _acronyms(b.text) <= _acronyms(
        a.paper.text
    )


def _acronyms(text: str) -> set[str]:
    return {name.lower().removesuffix("s") for name in _ACRONYM.findall(text)}


def _other_conditions(a: Finding, b: Finding) -> str | None:
    """What tells that two findings were made under different conditions; ``None`` if nothing."""
    first, second = (
        conditions.Told(paper.title, finding.text, paper.abstract)
        for finding in (a, b)
        for paper in [finding.paper.note.stored.paper]
    )
    found = conditions.other(first, second)
    if found is None and (a.paper.restrictions & b.words or b.paper.restrictions & a.words):
        return "as one of the papers says"
    return found

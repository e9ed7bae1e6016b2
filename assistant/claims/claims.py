"""One finding -> its claims: what of, in which direction, and compared with what.

Read from words alone: a cue such as "fell" or "more effective", what stands where the thing that
changed is named beside such a cue, and a negation before it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from assistant.claims.cues import DOWN, HEDGES, UP, cue, heads_of
from assistant.claims.naming import naming, telling, tokens_of
from assistant.claims.vocabulary import (
    ACTING,
    BAD_QUANTITIES,
    COMPARED,
    GOOD_QUANTITIES,
    LOSES,
    NEGATIONS,
    PARTS_CLAUSES,
    PROPERTIES,
    REMOVED,
    SAME,
    VERBS,
    WINS,
)
from assistant.words import stem

NONE = 0
MOST_NUMBERS = 4
MOST_WORDS = 40
"""Numbers and words of a clause that still says one thing."""
_ALL = frozenset({UP, DOWN, NONE})
DIRECTED = frozenset([*VERBS, *COMPARED, *WINS, *LOSES])
_NUMBERS = re.compile(r"\d[\d.,]*")
_GOOD = frozenset(map(stem, GOOD_QUANTITIES))
_BAD = frozenset(map(stem, BAD_QUANTITIES))


@dataclass(frozen=True)
class Claim:
    """One direction that a finding gives."""

    axis: str
    """What the signs are of: "amount", its "worth", "same" for no difference, or a property."""
    signs: frozenset[int]
    """The directions that it allows: "did not rise" allows ``NONE`` and ``DOWN``."""
    target: frozenset[str]
    """Stems of what goes up or down."""
    heads: frozenset[str]
    """Those of the target that name the quantity: "strength" in "the strength of the welds"."""
    rest: frozenset[str]
    """Stems of what else its clause names."""
    agent: frozenset[str]
    """Stems of what stands before the cue, where the target stands behind it."""
    other: frozenset[str] | None
    """Stems behind "than" or "outperforms"; ``None`` where nothing is compared."""
    removed: bool
    """Whether it is about the absence of something."""
    acting: str = ""
    """The words of the agent."""
    going: str = ""
    """The words of the target, where they are one phrase."""


def claims(sentence: str) -> list[Claim]:
    """All claims of a sentence, in its order."""
    return [claim for clause in _clauses(sentence) for claim in claims_of_clause(clause)]


def denials(sentence: str) -> list[tuple[frozenset[str], bool]]:
    """Of each clause that tells no direction and hedges nothing what it names, and if it denies it.

    What it names are stems.
    """
    found = []
    for clause in _clauses(sentence):
        tokens = [token.lower() for token in tokens_of(clause)]
        hedged = len(tokens) > MOST_WORDS or (HEDGES | DIRECTED) & set(tokens)
        if not hedged and not any(claims_of_clause(clause)):
            count = sum(token in NEGATIONS or token.endswith(("n't", "n’t")) for token in tokens)
            found.append((naming(tokens), count % 2 == 1))
    return found


def _clauses(sentence: str) -> Iterator[str]:
    start = 0
    for match in PARTS_CLAUSES.finditer(sentence):
        yield sentence[start : match.start()]
        start = match.end()
    yield sentence[start:]


def claims_of_clause(clause: str) -> Iterator[Claim]:
    """The claims of one clause; none of one that is long or lists numbers."""
    tokens = [token.lower() for token in tokens_of(clause)]
    if len(tokens) > MOST_WORDS or len(_NUMBERS.findall(clause)) > MOST_NUMBERS:
        return
    if not tokens:
        return
    aside = tokens.index("than") if "than" in tokens else len(tokens)
    removed = bool(REMOVED & set(tokens[:aside])) != (COMPARED.get(tokens[0], ("", 0))[1] < 0)
    nothing: frozenset[str] = frozenset()
    same = SAME.search(clause)
    if same and {"until", "then"} & {*tokens}:
        return  # "remains constant until"
    if same:
        start, behind = tokens_of(clause[: same.start()]), tokens_of(clause[same.end() :])
        named = naming([*start, *behind])
        agent = nothing
        if behind[:1] == ["on"] or (ACTING.search(same[0]) and naming(behind)):
            named, agent = naming(behind), telling(start)
        texts = (" ".join(start), " ".join(behind)) if agent else ("", "")
        yield Claim("same", frozenset({NONE}), named, nothing, named, agent, None, removed, *texts)
        return
    everything = telling(tokens)
    for place in range(len(tokens)):
        found = cue(tokens, place)
        if found is None:
            continue
        axis, sign, target, actor, other = found
        signs = frozenset({sign})
        if _negated(tokens, place):
            signs = frozenset({-sign}) if axis in PROPERTIES else _ALL - signs
        if found.axis == "link" and NONE in signs:
            named = naming(target)
            texts = (" ".join(actor), " ".join(target))
            yield Claim(
                "same", signs - {UP, DOWN}, named, nothing, named, nothing, None, removed, *texts
            )
            continue
        goal, heads = naming(target), heads_of(target)
        compared = telling(other) if other is not None else None
        yield Claim(
            axis,
            signs,
            goal,
            heads,
            everything - goal,
            telling(actor),
            compared,
            removed,
            " ".join(actor),
            " ".join(target),
        )


def _negated(tokens: Sequence[str], place: int) -> bool:
    """Whether an odd number of negations stands shortly before a cue."""
    window = tokens[max(0, place - 5) : place]
    if "," in window:
        window = window[len(window) - window[::-1].index(",") :]
    count = sum(token in NEGATIONS or token.endswith(("n't", "n’t")) for token in window)
    return count % 2 == 1


def worth(claim: Claim) -> frozenset[int] | None:
    """Its signs as good (1) or bad (-1), where the worth of the target is known."""
    if claim.axis == "worth":
        return claim.signs
    if claim.axis != "amount":
        return None
    if claim.target & _BAD:
        return frozenset(-sign for sign in claim.signs)
    return claim.signs if claim.target & _GOOD else None

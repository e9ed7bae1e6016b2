"""What is compared with what: "A is faster than B", "A outperforms B", "B is outperformed by A"."""

from __future__ import annotations

import re
from collections.abc import Iterator

from assistant.claims.subjects import is_about
from assistant.claims.vocabulary import COMPARED, LOSES, WINS

_SPLITS = re.compile(rf"\b(?:than|{'|'.join(sorted(WINS | LOSES))})\b", re.IGNORECASE)
_BY = re.compile(r"\s+by\b", re.IGNORECASE)
_ENDS = re.compile(r"[,(;]|\b(?:in|on|at|for|with|when|by|under|from|across)\b", re.IGNORECASE)
_COMPARATIVE = re.compile(rf"\b(?:{'|'.join(sorted(COMPARED))})\b", re.IGNORECASE)
_QUALITIES = [
    frozenset(group.split())
    for group in """faster slower quicker, longer shorter taller, warmer hotter cooler colder,
    thicker thinner, heavier lighter, denser sparser, wider narrower, deeper shallower, steeper
    flatter, brighter fainter, likelier rarer, costlier cheaper, larger bigger smaller, better
    worse superior inferior poorer, stronger weaker, cleaner dirtier, safer riskier""".split(",")
]
"""Comparatives that say more or less of the same."""

_UP = frozenset("higher greater larger more longer better".split())
_DOWN = frozenset("lower smaller less fewer shorter worse".split())
_OPPOSITE = dict.fromkeys(_UP, _DOWN) | dict.fromkeys(_DOWN, _UP)


def compares(statement: str) -> bool:
    """Whether it sets one thing above another."""
    return _SPLITS.search(statement) is not None


def same_quality(statement: str, clause: str) -> bool:
    """Whether a clause has the comparatives of the statement or their opposites: faster, slower."""
    here, there = ({*text.lower().split()} for text in (statement, clause))
    there |= {"better"} if there & WINS else set()
    return all(group & there for group in _QUALITIES if group & here)


def is_opposed(statement: str, clause: str) -> bool:
    """Whether a clause says "lower" where the statement says "higher", and the like."""
    here, there = ({*text.lower().split()} for text in (statement, clause))
    return any(word in here - there and _OPPOSITE[word] & there - here for word in _OPPOSITE)


def is_turned(statement: str, clause: str) -> bool | None:
    """Whether a clause compares the two things of a statement the other way round.

    ``None`` if one of them does not compare, or not the same things.
    """
    said = next(_sides(statement), None)
    if said is None:
        return None
    first, second = _COMPARATIVE.split(said[0], maxsplit=1)[0], said[1]
    verdicts = set()
    for left, right in _sides(clause):
        straight = is_about(left, first) and is_about(right, second)
        turned = is_about(right, first) and is_about(left, second)
        if straight != turned:
            verdicts.add(turned)
    return verdicts.pop() if len(verdicts) == 1 else None


def _sides(text: str) -> Iterator[tuple[str, str]]:
    """What stands on both sides of each word that compares; the winner's side first."""
    for split in _SPLITS.finditer(text):
        left, right = text[: split.start()], text[split.end() :]
        passive = _BY.match(right)
        right = right[passive.end() :] if passive else right
        right = _ENDS.split(right, maxsplit=1)[0]
        yield (right, left) if passive else (left, right)

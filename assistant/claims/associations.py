"""Whether a clause ties two things to each other, or says that they are not tied."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from assistant.claims.named_things import negations
from assistant.claims.subjects import is_about

_BE = r"(?:is|are|was|were)(?: not)?(?: \w+ly)?"
_NOUN = r"(?:associations?|correlations?|relationships?|relations?|links?)"
_PATTERNS = [
    (re.compile(pattern, re.IGNORECASE), mutual)
    for pattern, mutual in (
        (
            rf"(?P<first>.+?) (?P<verb>{_BE} (?:associated|linked|correlated|related)"
            rf"(?: \w+ly)?) (?:with|to) (?P<second>.+)",
            True,
        ),
        (
            r"(?P<first>.+?) (?P<verb>(?:(?:do|does|did) not )?(?:\w+ly )?correlate[sd]?"
            r"(?: \w+ly)?) with (?P<second>.+)",
            True,
        ),
        (
            rf"(?P<verb>.*?\b{_NOUN}(?: (?:was|were|is|are) \w+)?) between (?P<first>.+?) and "
            r"(?P<second>.+)",
            True,
        ),
        (
            rf"(?P<first>.+?) (?P<verb>{_BE} (?:an? )?(?:\w+ ){{0,2}}?(?:risk factors?|predictors?"
            r"|predictive)) (?:of|for) (?P<second>.+)",
            False,
        ),
        (
            r"(?P<first>.+?) (?P<verb>(?:(?:do|does|did) not )?(?:\w+ly )?predict(?:s|ed)?) "
            r"(?P<second>.+)",
            False,
        ),
    )
]
_SIGNED = re.compile(r"\b(?:positive|negative|inverse)(?:ly)?\b", re.IGNORECASE)


class _Tie(NamedTuple):
    first: str
    second: str
    denied: bool
    mutual: bool
    """Whether it says the same with the two in each other's place."""


def tied(statement: str, clause: str) -> bool | None:
    """Whether the clause ties the two things that the statement ties.

    ``False`` if it says that they are not tied, ``None`` if it tells nothing of them.
    """
    said = next(_ties(statement.rstrip(" .")), None)
    if said is None or said.denied or _SIGNED.search(statement):
        return None
    for tie in _ties(clause):
        along = is_about(tie.first, said.first) and is_about(tie.second, said.second)
        across = (
            said.mutual
            and tie.mutual
            and is_about(tie.second, said.first)
            and is_about(tie.first, said.second)
        )
        if along or across:
            return not tie.denied
    return None


def _ties(clause: str) -> Iterator[_Tie]:
    for pattern, mutual in _PATTERNS:
        found = pattern.match(clause)
        if found:
            first, second = found["first"], found["second"]
            yield _Tie(first, second, negations(found["verb"]) > 0, mutual)

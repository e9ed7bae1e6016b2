"""Whether one sentence of a paper supports or contradicts a statement, told by rule.

Both must speak of the same things in the same roles before their directions are compared. What is
hedged, asked, or denied in a way that is not understood settles nothing: silence is better than a
wrong verdict.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Literal

from assistant.associations import tied
from assistant.claim_pairs import agrees
from assistant.claim_words import NEGATIONS
from assistant.claims import Claim, claims
from assistant.conditions import Told, other
from assistant.named_things import (
    GENERAL,
    known,
    last_named,
    names,
    negations,
    ordered,
    stands_alone,
)
from assistant.papers import Paper

Stance = Literal["supports", "contradicts", ""]

_UNSURE = re.compile(
    r"\b(?:whether|if|may|might|could|would|should|hypothes\w+|aim(?:s|ed)?|unclear|unknown"
    r"|to (?:test|determine|investigate|examine|assess|evaluate|study)"
    r"|(?:we|study|paper|trial|review) (?:\w+ )?(?:explor|examin|investigat|assess|evaluat|test"
    r"|measur|analy[sz]|review|stud(?:y|i))\w*"
    r"|potential(?:ly)?|possibl[ey]|possibilit\w+|controvers\w+|only|except|unless|until"
    r"|lacking|nobody|rather than|instead of|as opposed to|absen(?:t|ce)|contrary|paradox\w*"
    r"|(?:is|are|was|were|been) (?:\w+ )?(?:believed|thought|assumed|expected|said|claimed)"
    r"|debate\w*|question\w*|previous\w*|prior work|unlike|likely to|tend\w* to|trend\w*"
    r"|seem\w*|appear\w*)\b",
    re.IGNORECASE,
)
"""What is said with these is not what the paper found, or holds only in part."""
_BREAKS = re.compile(
    r"[;:]\s|,?\s(?:whereas|while|although|though|but|because|since|despite)\s|\s[-–—]+\s",
    re.IGNORECASE,
)
_FOUND_THAT = re.compile(
    r"\b(?:shows?|showed|shown|demonstrate[sd]?|finds?|found|we report|suggests?|indicates?"
    r"|conclude|observed?|reveal(?:s|ed)?|confirm(?:s|ed)?|establish(?:es|ed)?),? that\s",
    re.IGNORECASE,
)


_TITLE_NAME = re.compile(r"(\w*[A-Z][\w-]*[A-Z\d][\w-]*): ")
_OWN = re.compile(
    r"\b(?:our|the proposed) (?:\w+ )?"
    r"(?:method|approach|model|framework|system|algorithm|technique)\b",
    re.IGNORECASE,
)


def stance(statement: str, evidence: str, paper: Paper) -> Stance:
    """What a sentence of a paper says of a statement."""
    if evidence.rstrip().endswith("?"):
        return ""
    verdicts = set(_verdicts(statement, evidence, paper)) - {None}
    if len(verdicts) != 1:
        return ""
    return "supports" if verdicts.pop() else "contradicts"


def can_settle(statement: str) -> bool:
    """Whether a sentence could support or contradict the statement in other words than its own."""
    return bool(claims(statement)) or tied(statement, statement) is not None


def covers(statement: str, evidence: str, paper: Paper) -> bool:
    """Whether a sentence, with the title, speaks of all that the statement names."""
    text = f"{paper.title}. {paper.abstract}"
    return names(statement) - GENERAL <= known(f"{paper.title}. {evidence}", text)


def _verdicts(statement: str, evidence: str, paper: Paper) -> Iterator[bool | None]:
    said = claims(statement)
    named = names(statement) - GENERAL
    text = f"{paper.title}. {paper.abstract}"
    for clause in _clauses(_with_name(evidence, paper.title)):
        missing = named - known(clause, text)
        if _UNSURE.search(clause) or (missing and not _same_conditions(statement, clause)):
            continue
        denied = negations(clause)
        tie = None if missing else tied(statement, clause)
        if tie is not None:
            yield tie if denied == (not tie) else None
        if missing - known(paper.title, text):
            continue
        things = [_things(statement, claim) for claim in said]
        for found in claims(clause):
            for claim, own in zip(said, things, strict=True):
                if (own or not missing) and all(stands_alone(o, clause, statement) for o in own):
                    yield agrees(claim, found, denied)
    if not said and not _UNSURE.search(evidence):
        yield _repeats(statement, evidence)


def _with_name(evidence: str, title: str) -> str:
    """The sentence with the name from the title for "our method"."""
    found = _TITLE_NAME.match(title)
    return _OWN.sub(found[1], evidence) if found else evidence


def _same_conditions(statement: str, clause: str) -> bool:
    """Whether neither names a condition that excludes one of the other."""
    here, there = (Told("", told, told) for told in (statement, clause))
    return other(here, there) is None


def _clauses(evidence: str) -> Iterator[str]:
    """The clauses of a sentence, and of those that tell what was found also that alone."""
    for clause in _BREAKS.split(evidence):
        yield clause
        found = _FOUND_THAT.search(clause)
        if found:
            lead = clause[: found.end()]
            if not _UNSURE.search(lead) and not negations(lead):
                yield clause[found.end() :]


def _things(statement: str, claim: Claim) -> list[str]:
    """The words by which the things are known that act and that they are compared with."""
    found = (last_named(statement, side) for side in (claim.agent, claim.other or frozenset()))
    return [word for word in found if word and word not in GENERAL]


def _repeats(statement: str, evidence: str) -> bool | None:
    """Whether the evidence has all words of the statement in their order, none of it denied."""
    rest = iter(ordered(evidence, NEGATIONS))
    same = all(word in rest for word in ordered(statement, NEGATIONS))
    return True if same and not negations(statement) + negations(evidence) else None

"""Whether one sentence of a paper supports or contradicts a statement, told by rule.

Both must speak of the same things in the same roles before their directions are compared. What is
hedged, asked, or denied in a way that is not understood settles nothing: silence is better than a
wrong verdict.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Literal

from assistant.claims.acronyms import in_one_form
from assistant.claims.asserted import findings
from assistant.claims.associations import tied
from assistant.claims.claims import Claim, claims
from assistant.claims.comparisons import compares, is_opposed, is_turned, same_quality
from assistant.claims.conditions import excludes
from assistant.claims.named_things import GENERAL, names, negations, ordered, stands_alone
from assistant.claims.pairs import agrees
from assistant.claims.subjects import is_about
from assistant.claims.vocabulary import NEGATIONS, PROPERTIES, STATES
from assistant.papers import Paper

Stance = Literal["supports", "contradicts", ""]
WHOLE = None
"""What a verdict is on, where it is on no single claim of the statement."""
LONGEST = 1500
"""Characters of a sentence that is read."""

_STATES = re.compile(rf"\b(?:{'|'.join(STATES)})\b", re.IGNORECASE)
_JOINTS = re.compile(r",|\b(?:and|but)\b", re.IGNORECASE)
_BY = re.compile(
    r"\b(?:by|with|under|using|through|via|because of|due to|owing to)\s", re.IGNORECASE
)
_WHEN = re.compile(r"\b(?:when|(?<!, )where|once|provided) (?!compared\b)", re.IGNORECASE)
"""Begins a condition; ", where" only goes on."""
_OF = re.compile(r"\b(?:of|for|with|by|in|\w+ing|less|low|little|poor|insufficient|too)\b")
"""Before a name these make another thing of it: "loss of X", "removing X"."""
_TITLE_NAME = re.compile(r"([\w-]{2,30}): ")
_OWN = re.compile(
    r"\b(?:our|the proposed) (?:\w+ )?"
    r"(?:method|approach|model|framework|system|algorithm|technique)\b",
    re.IGNORECASE,
)


def stance(statement: str, evidence: str, paper: Paper) -> Stance:
    """What a sentence of a paper says of a statement."""
    if evidence.rstrip().endswith("?") or max(len(statement), len(evidence)) > LONGEST:
        return ""
    source = f"{paper.title}. {paper.abstract}"
    said, told = in_one_form(statement, _named(evidence, paper.title), source)
    made = _claims(said)
    verdicts = [
        verdict
        for clause in findings(told)
        if same_quality(said, clause)
        and not excludes(said, clause)
        and bool(_WHEN.search(clause)) == bool(_WHEN.search(said))
        for verdict in _verdicts(said, made, clause, paper.title)
    ]
    if any(not supports for _, supports in verdicts):
        return "" if any(supports for _, supports in verdicts) else "contradicts"
    settled = {what for what, _ in verdicts}
    return "supports" if WHOLE in settled or (made and settled >= {*made}) else ""


def can_settle(statement: str) -> bool:
    """Whether a sentence could support or contradict the statement in other words than its own."""
    return bool(claims(statement)) or tied(statement, statement) is not None


def covers(statement: str, evidence: str, paper: Paper) -> bool:
    """Whether a sentence, with the title, speaks of all that the statement names."""
    source = f"{paper.title}. {paper.abstract}"
    said, told = in_one_form(statement, f"{paper.title}. {evidence}", source)
    return names(said) - GENERAL <= names(told) and not excludes(said, told)


def _claims(statement: str) -> list[Claim]:
    """The claims that a sentence has to settle; of a comparison those that compare."""
    return [c for c in claims(statement) if c.other is not None or not compares(statement)]


def _verdicts(
    statement: str, made: Sequence[Claim], clause: str, title: str
) -> Iterator[tuple[Claim | None, bool]]:
    """Whether a clause supports what the statement claims, or all of it, where it can be told."""
    missing = names(statement) - GENERAL - names(clause)
    if missing - names(title):
        return
    denied, reverse = negations(clause), is_opposed(statement, clause)
    if not missing:
        tie = tied(statement, clause)
        if tie is not None and denied == (not tie):
            yield WHOLE, tie
        if not can_settle(statement) and _repeats(statement, clause):
            yield WHOLE, True
    turned = is_turned(statement, clause)
    for said in made:
        if (missing and not said.acting) or (said.other is not None and turned is None):
            continue
        if said.axis in PROPERTIES and not _same_use(statement, clause):
            continue
        for found in claims(clause):
            if said.acting and not (found.acting or found.other or _is_means(said, clause)):
                continue
            verdict = agrees(said, found, denied, turned=bool(turned))
            if verdict is not None and not (verdict and reverse):
                yield said, verdict


def _same_use(statement: str, clause: str) -> bool:
    """Whether what the statement says a property is for stands behind one in the clause too."""
    said = _STATES.search(statement)
    wanted = names(statement[said.end() :]) - GENERAL if said else frozenset()
    return any(
        wanted <= names(_JOINTS.split(clause[found.end() :], maxsplit=1)[0])
        for found in _STATES.finditer(clause)
    )


def _is_means(said: Claim, clause: str) -> bool:
    """Whether what acts in the claim stands behind "by" or "with" in the clause."""
    return any(is_about(clause[found.end() :], said.acting) for found in _BY.finditer(clause))


def _named(evidence: str, title: str) -> str:
    """The sentence with the name from the title for "our method"."""
    found = _TITLE_NAME.match(title)
    is_name = found and any(char.isupper() or char.isdigit() for char in found[1][1:])
    return _OWN.sub(found[1], evidence) if found and is_name else evidence


def _repeats(statement: str, clause: str) -> bool:
    """Whether the clause has all words of the statement in their order, none of it denied.

    Before each may stand one word more, but nothing that belongs to another name.
    """
    wanted, words = ordered(statement, NEGATIONS), ordered(clause, NEGATIONS)
    if not wanted or wanted[0] not in words[:2] or negations(statement) + negations(clause):
        return False
    place = words.index(wanted[0])
    if place and _OF.search(clause.lower().partition(wanted[0])[0]):
        return False
    for word in wanted[1:]:
        if word in words[place + 1 : place + 2]:
            place += 1
        elif word in words[place + 2 : place + 3]:
            place += 2
        else:
            return False
    return stands_alone(wanted[0], clause, statement)

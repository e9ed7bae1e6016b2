"""Whether one claim holds where another does: the same things, roles and directions."""

from __future__ import annotations

from assistant.claim_words import COUNTS, PROPERTIES
from assistant.claims import Claim, worth
from assistant.words import stem

_COUNTS = frozenset(map(stem, COUNTS))
_DIRECTIONS = frozenset(
    map(stem, "reduced reduction decreased lower increased increase higher improved worse".split())
)
"""In a target, they have a direction of their own: "cause reduced growth"."""


def agrees(said: Claim, found: Claim, denied: int) -> bool | None:
    """Whether ``found`` says what ``said`` says; ``False`` for the opposite, ``None`` for neither.

    ``denied`` is how many negations the sentence of ``found`` has.
    """
    understood = len(found.signs) > 1 or found.axis in {"same", *PROPERTIES}
    turned = _turned(said, found)
    if (
        found.target & _DIRECTIONS
        or said.removed != found.removed
        or denied > understood
        or turned is None
        or not _same_target(said, found)
    ):
        return None
    wanted, given = said.signs, found.signs
    if "link" in (said.axis, found.axis):
        return _linked(said, found)
    if said.axis != found.axis and "same" not in (said.axis, found.axis):
        good, well = worth(said), worth(found)
        if good is None or well is None:
            return None
        wanted, given = good, well
    if turned:
        given = frozenset(-sign for sign in given)
    if not wanted & given:
        return False
    return True if wanted == given else None


def _linked(said: Claim, found: Claim) -> bool | None:
    """The same where one of them says only that there is an effect, whichever."""
    if "same" in (said.axis, found.axis):
        return False
    return True if said.axis == "link" and len(found.signs) == 1 else None


def _turned(said: Claim, found: Claim) -> bool | None:
    """Whether ``found`` has the two things compared the other way round.

    ``None`` if it does not compare the same.
    """
    if said.other is None:
        return None if found.other and said.agent & found.other else False
    if found.other is None:
        return None
    first = (said.agent or said.rest | said.target) - said.other
    second = said.other - (said.agent or said.target)
    here = found.agent or found.rest | found.target
    if second <= found.other and first & here - found.other:
        return False
    if second and second <= here and first & found.other - here:
        return True
    return None


def _same_target(said: Claim, found: Claim) -> bool:
    """Whether the same thing goes up or down, or has the property."""
    if said.axis in PROPERTIES or found.axis in PROPERTIES:
        return said.axis == found.axis and said.agent <= found.agent
    if not said.target or not found.target:
        return said.axis == found.axis and not said.target and not found.target
    heads = said.heads - _COUNTS or said.heads
    if "same" in (said.axis, found.axis):
        return heads <= found.target and bool(heads or said.target & found.target)
    return (
        heads <= found.target
        and bool(found.heads & (said.target | _COUNTS))
        and not (said.agent - said.target) & found.target
    )

"""Whether one claim holds where another does: the same things, roles and directions."""

from __future__ import annotations

from assistant.claims.claims import Claim, worth
from assistant.claims.subjects import is_about
from assistant.claims.vocabulary import COUNTS, PROPERTIES
from assistant.words import stem

_COUNTS = frozenset(map(stem, COUNTS))
_DIRECTIONS = frozenset(
    map(stem, "reduced reduction decreased lower increased increase higher improved worse".split())
)
"""In a target, they have a direction of their own: "cause reduced growth"."""


def agrees(said: Claim, found: Claim, denied: int, *, turned: bool) -> bool | None:
    """Whether ``found`` says what ``said`` says; ``False`` for the opposite, ``None`` for neither.

    ``denied`` is how many negations the sentence of ``found`` has; ``turned`` that it compares the
    same things the other way round.
    """
    understood = len(found.signs) > 1 or found.axis in {"same", *PROPERTIES}
    if (
        found.target & _DIRECTIONS
        or said.removed != found.removed
        or denied > understood
        or (said.other is not None and found.other is None)
        or (said.other is None and found.other and said.agent & found.other)
        or (said.other is None and not _same_cause(said, found))
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


def _same_cause(said: Claim, found: Claim) -> bool:
    """Whether the same acts, where the statement says what acts."""
    if found.axis == "same" and not found.acting:
        return False
    return not said.acting or not found.acting or is_about(found.acting, said.acting)


def _same_target(said: Claim, found: Claim) -> bool:
    """Whether the same thing goes up or down, or has the property."""
    if said.other is not None and said.axis == found.axis and said.axis not in PROPERTIES:
        whole = [not claim.target or not claim.acting for claim in (said, found)]
        if all(whole):
            return True  # what is compared is itself what goes up: "A is faster than B"
    if said.axis in PROPERTIES or found.axis in PROPERTIES:
        return said.axis == found.axis and said.agent <= found.agent
    if not said.target or not found.target:
        return said.axis == found.axis and not said.target and not found.target
    if said.going and found.going and not is_about(found.going, said.going):
        return False
    heads = said.heads - _COUNTS or said.heads
    if "same" in (said.axis, found.axis):
        return heads <= found.target and bool(heads or said.target & found.target)
    return (
        heads <= found.target
        and bool(found.heads & (said.target | _COUNTS))
        and not (said.agent - said.target) & found.target
    )

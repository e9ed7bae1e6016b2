"""A yes/no question as the statement that a yes would make."""

from __future__ import annotations

import re

from assistant.claims.naming import tokens_of
from assistant.claims.vocabulary import COMPARED, LOSES, STATES, STATING, VERBS, WINS

_DOES = "do does did can could will would may might has have had"
_IS = "is are was were"
_ASKS = re.compile(
    rf"(?:(?P<lead>(?:in|for|with|among|on|at|under|during|after) [^,:?]+), )?"
    rf"(?P<verb>{'|'.join(f'{_DOES} {_IS}'.split())}) (?P<rest>[^?]+?)\s*\?*$",
    re.IGNORECASE,
)
_THAT = re.compile(
    r"(?:(?:there|it) (?:(?:any|good|clear|some) )?(?:evidence|proof|signs?|true|shown|known|"
    r"established|proven|the case)"
    r"|(?:the |any |these )?(?:papers?|studies|study|library|authors|evidence) "
    r"(?:say|show|find|suggest|indicate|conclude|agree|found|shown))s? that (?P<said>.+)",
    re.IGNORECASE,
)
_BETWEEN = re.compile(
    r"there (?:an?|any|some) (?:\w+ )?(?:association|correlation|relation|relationship|link) "
    r"between (?P<first>.+?) and (?P<second>.+)",
    re.IGNORECASE,
)
_HAS_EFFECT = re.compile(
    r"\b(?:have|has|had) (?:an?|any|some) (?:\w+ )?(?:effect|influence|impact) on\b", re.IGNORECASE
)
_NOT_ONE = re.compile(
    r"\b(?:or|not|how|what|which|why|where|when|who|whether)\b|n['’]t\b|[?!;:] |^\w+n['’]t"
    r"|\b(?:and|but) (?:if|is|are|does|do|did|can|has|have)\b",
    re.IGNORECASE,
)
"""Asks of several things at once, or expects a no."""
_REFERS = re.compile(
    r"(?:it|its|they|their|this|that|these|those|there|he|she|you|i|we|one|any|anyone|anybody"
    r"|anything|some|someone|somebody|such|people|both)\b",
    re.IGNORECASE,
)
_PREDICATE = frozenset(
    """associated linked correlated related due caused driven used as better worse more less
    superior inferior equivalent comparable similar different predictive a an the able likely
    based limited known""".split()
) | frozenset([*COMPARED, *STATES])
_PARTICIPLES = frozenset(word for word in [*VERBS, *WINS] if word.endswith("ed"))
_FINITE = (
    frozenset([*VERBS, *WINS, *LOSES]) | STATING | frozenset("is are was were has have had".split())
)


def statement_of(question: str) -> str | None:
    """What a yes would say; ``None`` for other questions, and where it is not clear."""
    asked = " ".join(question.split())
    match = _ASKS.match(asked)
    if not match:
        return None
    lead, verb, rest = match["lead"], match["verb"].lower(), match["rest"]
    said = _THAT.match(rest)
    if said:
        rest = said["said"]
    between = _BETWEEN.match(rest)
    if between:
        rest = f"{between['first']} is associated with {between['second']}"
    rest = _HAS_EFFECT.sub("affects", rest)
    if _NOT_ONE.search(rest) or _REFERS.match(rest):
        return None
    if not said and not between and verb in _IS.split():
        stated = _with_verb(rest, verb)
        if stated is None:
            return None
        rest = stated
    return f"{rest} {lead}".strip() if lead else rest


def is_statement(text: str) -> bool:
    """Whether a text without a question says something, and is no list of words to search for."""
    return any(token.lower() in _FINITE for token in tokens_of(text)[1:])


def _with_verb(rest: str, verb: str) -> str | None:
    """The rest of an "is" question with the verb behind its subject."""
    words = rest.split()
    bare = [word.strip(",.").lower() for word in words]
    known = (
        place
        for place in range(1, len(words))
        if bare[place] in _PREDICATE | _PARTICIPLES
        and not (bare[place] in _ARTICLES and bare[place - 1] in _BEFORE_NAMES)
    )
    likely = (place for place in range(1, len(words)) if bare[place].endswith(_ADJECTIVE))
    place = next(known, None) or next(likely, None)
    if place is None:
        return None
    start = place - 1 if words[place - 1].endswith("ly") and place > 1 else place
    return " ".join([*words[:start], verb, *words[start:]])


_ARTICLES = frozenset({"a", "an", "the"})
_ADJECTIVE = ("ive", "able", "ible", "ful", "ous", "ent", "ant", "less")
_BEFORE_NAMES = frozenset(
    "of in on for with at to from by between and under during after before than into".split()
)

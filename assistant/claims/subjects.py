"""Whether a phrase is about a thing, or about another that is called after it or acts beside it."""

from __future__ import annotations

import re

from assistant.claims.named_things import GENERAL, last_named, names, ordered, stands_alone
from assistant.claims.naming import tokens_of
from assistant.claims.vocabulary import COMPARED, NOUNS, VERBS

_LEAD = re.compile(
    r"^(?:(?:in|among|for|at|during|after|before|with|of|across|compared|relative|contrary|unlike"
    r"|under|on"
    r"|\w+ed (?:by|on|in|as|at|with|to|over)|averaged|overall|here|moreover|furthermore|further"
    r"|\w+ly)\b[^,]*,\s*)+",
    re.IGNORECASE,
)
_FOUND = re.compile(
    r"^.*\b(?:that,?|we (?:\w+ly )?(?:demonstrate|show|find|found|observe|prove|see))\s",
    re.IGNORECASE,
)
_ASIDE = re.compile(
    r"\b(?:in|among|for|with|at|during|after|before|by|from|off|than|when|who|whose|that|which|as"
    r"|if|through|independent|compared|relative|but|to|on|under|without|over|via|following)\b|[(;]",
    re.IGNORECASE,
)
_LISTED = re.compile(r",|\band\b", re.IGNORECASE)
_LESS = frozenset("low poor little insufficient inadequate lack lacking decreasing".split())
_OF = re.compile(r"\b(?:of|with)\b", re.IGNORECASE)


def is_about(phrase: str, said: str) -> bool:
    """Whether the phrase, or one of the things that it lists, is the thing that ``said`` names."""
    named = names(_core(said))
    thing = named - GENERAL or named
    if not thing:
        return False
    last = last_named(_core(said), thing)
    core = _core(phrase)
    pieces = [core] if _LISTED.search(_core(said)) else _LISTED.split(core)
    return any(
        thing <= names(piece)
        and stands_alone(last, piece, said)
        and not _other_head(piece, said)
        and _sign(piece, last) == _sign(_core(said), last)
        for piece in pieces
    )


def _core(phrase: str) -> str:
    """The phrase without what opens the sentence and without what is said of its thing."""
    bare = _LEAD.sub("", _FOUND.sub("", phrase.strip()))
    bare = bare.removeprefix("on ")
    head = _OF.split(bare, maxsplit=1)[0]
    if "with" in bare.lower().split() and ordered(head) and set(ordered(head)) <= GENERAL:
        bare = re.sub(r"\bwith\b", "of", bare, count=1, flags=re.IGNORECASE)
    return _ASIDE.split(bare, maxsplit=1)[0]


def _sign(phrase: str, thing: str) -> int:
    """1 if it is about a thing, by its stem, or more of it, -1 if about less of it."""
    sign = 1
    for token in tokens_of(phrase.lower()):
        if thing in ordered(token):
            break
        less = VERBS.get(token, COMPARED.get(token, ("", NOUNS.get(token, 1))))[1] < 0
        sign = -sign if less or token in _LESS else sign
    return sign


def _other_head(piece: str, said: str) -> bool:
    """Whether it is about something of the thing, or done to it: "fear of X", "stopping X"."""
    head, of, _ = piece.partition(" of ")
    own = set(ordered(said)) | GENERAL
    first = piece.split()[:1]
    does = bool(first) and first[0].lower().endswith("ing") and not set(ordered(first[0])) <= own
    return does or (bool(of) and not set(ordered(head)[-1:]) <= own)

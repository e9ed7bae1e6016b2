"""A word that tells a direction -> what goes there, what makes it go, compared with what."""

from __future__ import annotations

import itertools
from collections.abc import Collection, Sequence
from typing import NamedTuple

from assistant.claims.naming import naming
from assistant.claims.vocabulary import (
    COMPARED,
    COUNTS,
    DOES_WELL,
    EFFECTS,
    FOUND_TO,
    FREQUENT,
    LED_TO,
    LOSES,
    LOSING,
    MULTIPLES,
    NOUNS,
    PROPERTIES,
    PROTECTING,
    STATES,
    STATING,
    STRONG,
    TIES,
    VERBS,
    WINS,
    WRONG,
)

UP, DOWN = 1, -1

_ENDS_A_NAME = frozenset(
    """than by with when if after before for during under across over compared relative following
    through throughout because while whereas and or but from to at between among once only even is
    are was were as more less not also does do did on into per which that within above below beyond
    towards toward near around beside along inside outside behind among against onto until
    without , . ; : ( )""".split()
)
_PREPOSITIONS = frozenset(
    """of in on for with at to among from under between across along near around inside over after
    during per by towards toward beside behind against within without""".split()
)
HEDGES = frozenset("may might could necessarily perhaps possibly potentially only".split())
PRONOUNS = frozenset("it they this these he she".split())
"""What the subject is, is told in another sentence."""
_ASKED = frozenset("whether how extent".split())
_SUBORDINATE = frozenset("as when if where once".split())
_DEGREES = frozenset(
    "a an the far much even still slightly no percent per cent points point times fold any".split()
)
_OPENS = _PREPOSITIONS | {"already", "here", "there", "even"}
_IDIOMS = (["ill"], ["asleep"], ["short"], ["apart"], ["into"])
"""After "fell", tell of no amount."""
SIGNED = {"positive": UP, "negative": DOWN, "inverse": DOWN}
_ARTICLES = frozenset("a an the no any this".split())
_BE = frozenset(
    "is are was were be been became become got has have had did does do remains remained".split()
)
_COPULA = frozenset("is are was were be been became become got remain remains remained".split())
_STANDS = _COPULA | {"ended", "lay", "lies", "stayed", "stays"}
_SAID_OF = _BE | {"makes", "make", "made", "remain", "proves", "proved", "find", "found", "becomes"}
_ADJECTIVE = ("ant", "ent", "ful", "ive", "ous", "able", "ible", "ic")


class Cue(NamedTuple):
    """What one word says of a direction; all parts are tokens in lower case."""

    axis: str
    sign: int
    target: list[str]
    """What goes there."""
    agent: list[str]
    """What stands before the cue, where the target stands behind it."""
    other: list[str] | None
    """What it is compared with, if anything."""


def cue(tokens: list[str], place: int) -> Cue | None:
    """What the token at a place says of a direction; ``None`` if nothing."""
    token, before, after = tokens[place], tokens[:place], tokens[place + 1 :]
    if not _stands_for_itself(token, before, after) or (HEDGES - {"only"} | {"can"}) & set(before):
        return None
    if PRONOUNS & set(_subject(before)[:2]) or _ASKED & set(before):
        return None
    if token in COMPARED:
        is_time = token == "longer" and before[-1:] == ["no"]
        return None if is_time else _compared(tokens, place, *COMPARED[token])
    kinds = (_contest, _measure, _property, _change)
    return next((found for kind in kinds if (found := kind(token, before, after))), None)


def _contest(token: str, before: list[str], after: list[str]) -> Cue | None:
    """One thing over another: "outperforms"."""
    if token not in WINS | LOSES:
        return None
    other = _until(after, {"and", ",", "by", "on", "in", "at"})
    return Cue("worth", UP if token in WINS else DOWN, [], before, other)


def _measure(token: str, before: list[str], after: list[str]) -> Cue | None:
    """How much: "at half the rate", "was above that of", "positively correlated with"."""
    if token in MULTIPLES and _is_multiple(after):
        return Cue("amount", MULTIPLES[token], _subject(before, with_verb=True), [], None)
    if token in ("positively", "negatively", "inversely") and after[:1] and after[0] in LED_TO:
        sign = UP if token == "positively" else DOWN
        return Cue("amount", sign, _until(after[2:], _ENDS_A_NAME), before, None)
    if (
        token in ("below", "above")
        and _STANDS & set(before[-4:])
        and after[:1]
        and not (after[0] == "and" or after[0][0].isdigit())
    ):
        other = _until(after, {",", "in", "for", "by", "at"})
        return Cue("amount", UP if token == "above" else DOWN, _subject(before), [], other)
    return None


def _property(token: str, before: list[str], after: list[str]) -> Cue | None:
    """What is said of a thing: "is necessary", "has an adverse effect on"."""
    if token in TIES and before[-1] in SIGNED and after[:1] in (["between"], ["with"]):
        named = _until(after[1:], {",", "in", "for", "at"})
        return Cue("amount", SIGNED[before[-1]], named, [], None)
    if token in EFFECTS and before[-1] in STRONG and after[:1] == ["on"]:
        return Cue("link", UP, _until(after[1:], _ENDS_A_NAME), before[:-1], None)
    if token in EFFECTS and before[-1] in EFFECTS[token] and after[:1] == ["on"]:
        named = _until(after[1:], _ENDS_A_NAME)
        return Cue("worth", EFFECTS[token][before[-1]], named, before[:-1], None)
    if token not in STATES or before[-1:] in (["more"], ["less"]):
        return None
    if token in STATING or _SAID_OF & set(before[-4:]):
        return Cue(*STATES[token], [], before, None)
    return None


def _change(token: str, before: list[str], after: list[str]) -> Cue | None:
    """What something does to another or to itself: "raises", "fell", "a drop in"."""
    led = any(word in VERBS or word in COMPARED for word in before[-3:])
    if token in NOUNS and after[:1] in (["of"], ["in"]) and _is_noun(before) and not led:
        return Cue("amount", NOUNS[token], _until(after[1:], _ENDS_A_NAME), before, None)
    if token not in VERBS or (token == "speed" and after[:1] != ["up"]) or after[:1] in _IDIOMS:
        return None
    if before[-1] in STRONG:
        return None  # "substantial delays"
    axis, sign = VERBS[token]
    if token in PROTECTING:
        start = next((i for i, word in enumerate(after[:5]) if word in ("against", "from")), None)
        if start is not None:
            return Cue("amount", DOWN, _until(after[start + 1 :], _ENDS_A_NAME), before, None)
    for degree, factor in (("more", 1), ("less", -1)):
        if [degree, "than"] in ([*pair] for pair in itertools.pairwise(after)):
            place = after.index(degree)
            other = _until(after[place + 2 :], {",", "in", "on", "at", "for", "with", "and"})
            return Cue(axis, sign * factor, after[:place], before, other)
    named = _named_after(after)
    if named:
        return Cue(axis, sign, named, before, None)
    if _SUBORDINATE & set(before):
        return None
    return Cue(axis, sign, _subject(before), [], None)


def _stands_for_itself(token: str, before: Sequence[str], after: Sequence[str]) -> bool:
    """Whether a cue tells what happens: no "to reduce", no "with fewer parts", no participle."""
    if not naming(before) and token not in COMPARED:
        return False
    if token.endswith("ing") and before[-1:] not in (["keeps"], ["kept"], ["keep"]):
        return False
    lead = list(before)
    while lead and (lead[-1] in _DEGREES or lead[-1][:1].isdigit() or lead[-1].endswith("ly")):
        lead.pop()
    if not lead:
        return token in COMPARED
    if before[-1] in ("a", "an", "the") and token.endswith("ed"):
        return bool({*before[-4:-1]} & LED_TO)
    if lead[-1] == "to":
        return bool({*lead[-4:-1]} & (FOUND_TO | LED_TO))
    if token in MULTIPLES and lead[-1] == "at":
        return True
    if lead[-1] == "with" and (len(lead) < len(before) or "than" in after):
        return True  # "with 28 percent fewer defects", "with higher quality than"
    if lead[-1] in _PREPOSITIONS | {"using", "as", "despite", "without", "than", "and"}:
        return lead[-1] == "and" or bool({*lead[-3:-1]} & LED_TO)
    return True


def _is_noun(before: Sequence[str]) -> bool:
    """Whether what follows these tokens is a noun: an article or a measure stands there."""
    return any(
        token in _ARTICLES or token[:1].isdigit() or token in ("percent", "points", "cause")
        for token in before[-3:]
    )


def _is_multiple(after: Sequence[str]) -> bool:
    """Whether "half" or "twice" before these tokens compares: "the rate of", "as many"."""
    return (after[:1] == ["the"] and after[1:2] != [] and after[1] in COUNTS) or (
        after[:1] == ["as"] and after[1:2] in (["many"], ["much"], ["often"], ["likely"])
    )


def _compared(tokens: list[str], place: int, axis: str, sign: int) -> Cue | None:
    """A comparative: "fewer defects than", "was lower than", "more robust", "better than"."""
    before, after = tokens[:place], tokens[place + 1 :]
    if not _subject(before):
        return None  # "larger stands keep more sand" tells of larger stands, not of their number
    other = None
    if "than" in after:
        behind = after[after.index("than") + 1 :]
        other = _until(behind, {",", "in", "on", "at", "for", "with", "and", "from", "by"})
        after = after[: after.index("than")]
    if tokens[place] in ("more", "less") and after:
        found = _more(axis, sign, before, after, other)
        if found:
            return found
    if not after and other and tokens[place] in ("more", "less") and {*VERBS} & {*before}:
        return None  # "lowered it more than" is told of "lowered"
    if not after and other is None and tokens[place] in ("more", "less") and _COPULA & set(before):
        return None  # "were avoided more"
    if axis in PROPERTIES:
        return Cue(axis, sign, [], before, other)
    named = _named_after(after)
    if named:
        return Cue(axis, -sign if LOSING & set(before[-3:]) else sign, named, before, other)
    if other is not None and not _COPULA & set(before):
        scored = "worth" if DOES_WELL & set(before[-4:]) else axis
        where = _until(after[1:], {",", ";"}) if after[:1] in (["on"], ["in"], ["at"]) else []
        return Cue(scored, sign, where, before, other)
    return Cue(axis, sign, _subject(before, with_verb=not _BE & set(before)), after[:5], other)


def _more(
    axis: str, sign: int, before: list[str], after: list[str], other: list[str] | None
) -> Cue | None:
    """What "more" or "less" says with the word behind it: "more likely to", "less robust"."""
    word = after[0]
    if after[:2] == ["likely", "to"]:
        return Cue(axis, sign, _until(after[2:], {",", "than", "if", "when"}), before, other)
    if word in STATES:
        return Cue(STATES[word][0], STATES[word][1] * sign, [], before, other)
    if word in FREQUENT:
        return Cue(axis, sign, _subject(before), [], other)
    if word.endswith(_ADJECTIVE):
        return Cue(axis, sign, [word], before, other)
    if word == "often" and WRONG & set(before):
        return Cue("worth", -sign, [], before, other)
    if word == "often" or word.endswith("ly"):
        return Cue(axis, sign, _subject(before, with_verb=True), [], other)
    return None


def _subject(before: Sequence[str], *, with_verb: bool = False) -> list[str]:
    """The name of a thing at the end of which a verb stands."""
    start = max(
        (i + 1 for i, token in enumerate(before) if token in (",", "that", ";", "find", "found")),
        default=0,
    )
    named = list(before[start:])
    if named and named[0] in _OPENS:
        # "already at the first step the error": the name begins with the last article
        last = max((i for i, token in enumerate(named) if token in _ARTICLES), default=0)
        named = named[last:]
    if not with_verb:
        cut = next((i for i, token in enumerate(named) if i and token in _BE), len(named))
        named = named[:cut]
    return named


def heads_of(target: Sequence[str]) -> frozenset[str]:
    """What names the quantity in each part of the target that "and" joins.

    The last telling word before a preposition; where that only counts, what it counts too.
    """
    found: frozenset[str] = frozenset()
    parts: list[list[str]] = [[]]
    for token in target:
        if token in ("and", "or", ","):
            parts.append([])
        else:
            parts[-1].append(token)
    for part in parts:
        cut = next((i for i, token in enumerate(part) if i and token in _PREPOSITIONS), len(part))
        words = [word for word in part[:cut] if naming([word])]
        if words and words[-1] in COUNTS:
            found |= naming(words) | naming(part[cut:])
        elif words:
            found |= naming(words[-1:])
    return found


def _named_after(after: Sequence[str]) -> list[str]:
    """The name of a thing that begins directly behind a cue; empty if none does."""
    skipped = (token.endswith("ly") or token in ("up", "down", "out", "off") for token in after)
    start = next((i for i, skip in enumerate(skipped) if not skip), len(after))
    after = after[start:]
    if after[:1] == ["of"] or after[:1] == ["in"]:
        return []
    found = _until(after, _ENDS_A_NAME)
    return found if naming(found) else []


def _until(tokens: Sequence[str], ends: Collection[str]) -> list[str]:
    return list(itertools.takewhile(lambda token: token not in ends, tokens))

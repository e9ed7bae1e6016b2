"""One finding -> its claims: what of, in which direction, and compared with what.

Read from words alone: a cue such as "fell" or "more effective", what stands where the thing that
changed is named beside such a cue, and a negation before it.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

from assistant.summary.claim_words import (
    BAD_QUANTITIES,
    COMPARED,
    COUNTS,
    DOES_WELL,
    FOUND_TO,
    GOOD_QUANTITIES,
    IRREGULAR,
    LED_TO,
    LOSING,
    LOSES,
    MULTIPLES,
    NEGATIONS,
    NOUNS,
    PARTS_CLAUSES,
    PROPERTIES,
    REMOVED,
    SAME,
    STATES,
    SYNONYMS,
    VERBS,
    WINS,
)
from assistant.summary.themes import GENERAL
from assistant.words import STOP_WORDS, stem

Axis = Literal["amount", "worth", "same"] | str
"""What the signs are of: an amount, its worth, no difference at all, or a property."""
UP, DOWN, NONE = 1, -1, 0

_TOKEN = re.compile(r"\d[\d.,]*%?|[^\W\d_](?:[\w'’]|-(?=\w))*|[,.;:()]")
_NUMBERS = re.compile(r"\d[\d.,]*")
MOST_NUMBERS = 4
"""Numbers of a clause that still says one thing."""
_WORD = re.compile(r"[^\W\d_]")
_ENDS_A_NAME = frozenset(
    """than by with when if after before for during under across over compared relative following
    through throughout because while whereas and or but from to at between among once only even is
    are was were as more less not also does do did on into per which that within above below beyond
    without , . ; : ( )""".split()
)
_PREPOSITIONS = frozenset(
    """of in on for with at to among from under between across along near around inside over after
    during per by""".split()
)
_HEDGES = frozenset("may might could can necessarily perhaps possibly potentially".split())
_SUBORDINATE = frozenset("as when if where once".split())
_DEGREES = frozenset(
    "a an the far much even still slightly no percent per cent points point times fold any".split()
)
_ARTICLES = frozenset("a an the no any this".split())
_BE = frozenset("is are was were be been has have had did does do remains remained".split())
_COPULA = frozenset("is are was were be been remain remains remained".split())
_SAID_OF = _BE | {"makes", "make", "made", "remain", "proves", "proved", "find", "found", "becomes"}
_ADJECTIVE = ("ant", "ent", "ful", "ive", "ous", "able", "ible", "ic")
_ALL = frozenset({UP, DOWN, NONE})
_AUXILIARIES = frozenset(
    """is are was were be been being do does did has have had can could may might will would also
    then still even far much slightly significantly substantially considerably markedly clearly
    steadily somewhat no any only twice nearly almost about on average further""".split()
)
_FIELD = frozenset(
    """parameter parameters training train trained fine tuning tune tuned memory size sizes language
    languages network networks neural learning learn learned deep machine llm llms pretrained
    pre pretraining compute computational cost costs efficient efficiency scale scaling
    optimization weights layers layer inference downstream gpu adaptation adaptive parameter-efficient
    benchmark benchmarks across range wide number full reduce improve framework process strategy
    techniques technique test time domain distribution samples sample target leads lead simple
    complex quality require requires required achieve achieves making make makes level optimal rate
    generalization systems system application applications""".split()
)
_FILLING = (
    frozenset(
        """find finds found show shows showed shown report reports reveal revealed suggest suggests
        suggesting conclude contrary belief common average every all both other others one ones any
        compared relative comparison respectively percent per cent points point third quarter fifth
        tenth half factor times fold years year months month weeks week days day hours hour minutes
        two three four five six seven eight nine ten hundred thousand million large small best measure measures subgroup fully bin bins lowest highest
        effect effects difference change group groups people those once tried seen observed
        overall least most far much even still again according what nor there here without within
        whether neither against during after before under over above below further than then when
        contrast condition conditions setting settings case cases first second""".split()
    )
    | NEGATIONS
    | _AUXILIARIES
    | STOP_WORDS
)
"""Words that name nothing."""
COMMON = _FILLING | GENERAL | _FIELD
"""Words that name nothing by which two papers are seen to be about the same."""


@dataclass(frozen=True)
class Claim:
    """One direction that a finding gives."""

    axis: Axis
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


def claims(sentence: str) -> list[Claim]:
    """All claims of a sentence, in its order."""
    return [claim for clause in _clauses(sentence) for claim in claims_of_clause(clause)]


def telling(tokens: Sequence[str]) -> frozenset[str]:
    """Stems of the words that name something that is not in every paper."""
    return _stems(tokens, COMMON)


def naming(tokens: Sequence[str]) -> frozenset[str]:
    """Stems of the words that name something, be it as common as accuracy."""
    return _stems(tokens, _FILLING)


def _stems(tokens: Sequence[str], without: Collection[str]) -> frozenset[str]:
    """Stems of words, of irregular forms and synonyms those of the first of them."""
    return frozenset(
        SYNONYMS.get(stemmed, stemmed)
        for token in tokens
        for part in _parts(token.lower())
        if len(part) > 2 and _WORD.match(part) and part not in without
        for stemmed in [stem(IRREGULAR.get(part, part))]
    )


def tokens_of(text: str) -> list[str]:
    """Its words, numbers and stops."""
    return _TOKEN.findall(text)


def _parts(word: str) -> list[str]:
    word = word.removesuffix("'s").removesuffix("’s")
    return word.split("-") if "-" in word else [word]


def _clauses(sentence: str) -> Iterator[str]:
    start = 0
    for match in PARTS_CLAUSES.finditer(sentence):
        yield sentence[start : match.start()]
        start = match.end()
    yield sentence[start:]


def claims_of_clause(clause: str) -> Iterator[Claim]:
    """The claims of one clause; none of a clause that lists numbers."""
    if len(_NUMBERS.findall(clause)) > MOST_NUMBERS:
        return
    tokens = [token.lower() for token in tokens_of(clause)]
    aside = tokens.index("than") if "than" in tokens else len(tokens)
    removed = bool(REMOVED & set(tokens[:aside]))
    nothing: frozenset[str] = frozenset()
    same = SAME.search(clause)
    if same:
        named = naming(tokens_of(clause[: same.start()] + " " + clause[same.end() :]))
        yield Claim("same", frozenset({NONE}), named, nothing, named, nothing, None, removed)
        return
    everything = telling(tokens)
    for place in range(len(tokens)):
        found = _cue(tokens, place)
        if found is None:
            continue
        axis, sign, target, agent, other = found
        signs = frozenset({sign})
        if _negated(tokens, place):
            signs = frozenset({-sign}) if axis in PROPERTIES else _ALL - signs
        goal, heads = naming(target), _heads(target)
        compared = telling(other) if other is not None else None
        yield Claim(axis, signs, goal, heads, everything - goal, telling(agent), compared, removed)


_Cue = tuple[Axis, int, list[str], list[str], list[str] | None]
"""Axis, sign, tokens of the target and of the agent, and of what it is compared with."""


def _cue(tokens: list[str], place: int) -> _Cue | None:
    """What the token at a place says of a direction; ``None`` if nothing."""
    token, before, after = tokens[place], tokens[:place], tokens[place + 1 :]
    if not _stands_for_itself(token, before) or _HEDGES & set(before):
        return None
    if token in WINS or token in LOSES:
        sign = UP if token in WINS else DOWN
        return "worth", sign, [], before, _until(after, {"and", ",", "by", "on", "in", "at"})
    if token in MULTIPLES and _is_multiple(after):
        return "amount", MULTIPLES[token], _subject(before, with_verb=True), [], None
    if token in ("below", "above") and _COPULA & set(before[-4:]) and after[:1] != ["and"]:
        other = _until(after, {",", "in", "for", "by", "at"})
        return "amount", UP if token == "above" else DOWN, _subject(before), [], other
    if token in COMPARED:
        return _compared(tokens, place, *COMPARED[token])
    if token in STATES and before[-1:] not in (["more"], ["less"]):
        if not (token.startswith("suffice") or _SAID_OF & set(before[-4:])):
            return None
        return STATES[token][0], STATES[token][1], [], before, None
    if token in NOUNS and after[:1] in (["of"], ["in"]) and _is_noun(before):
        return "amount", NOUNS[token], _until(after[1:], _ENDS_A_NAME), before, None
    if token in VERBS:
        axis, sign = VERBS[token]
        named = _named_after(after)
        if named:
            return axis, sign, named, before, None
        if _SUBORDINATE & set(before):
            return None
        return axis, sign, _subject(before), [], None
    return None


def _stands_for_itself(token: str, before: Sequence[str]) -> bool:
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
    if lead[-1] == "with" and len(lead) < len(before):
        return True  # "with 28 percent fewer defects"
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


def _compared(tokens: list[str], place: int, axis: str, sign: int) -> _Cue | None:
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
        if after[:2] == ["likely", "to"]:
            return axis, sign, _until(after[2:], {",", "than", "if", "when"}), before, other
        if after[0] in STATES:
            return STATES[after[0]][0], STATES[after[0]][1] * sign, [], before, other
        if after[0].endswith(_ADJECTIVE):
            return axis, sign, [after[0]], before, other
        if after[0].endswith("ly") or after[0] == "often":
            return axis, sign, _subject(before, with_verb=True), [], other
    named = _named_after(after)
    if named:
        return axis, -sign if LOSING & set(before[-3:]) else sign, named, before, other
    if other is not None and not _COPULA & set(before):
        scored = "worth" if DOES_WELL & set(before[-4:]) else axis
        where = _until(after[1:], {",", ";"}) if after[:1] in (["on"], ["in"], ["at"]) else []
        return scored, sign, where, before, other
    return axis, sign, _subject(before, with_verb=not _BE & set(before)), after[:5], other


def _subject(before: Sequence[str], *, with_verb: bool = False) -> list[str]:
    """The name of a thing at the end of which a verb stands."""
    start = max(
        (i + 1 for i, token in enumerate(before) if token in (",", "that", ";", "find", "found")),
        default=0,
    )
    named = list(before[start:])
    if not with_verb:
        cut = next((i for i, token in enumerate(named) if i and token in _BE), len(named))
        named = named[:cut]
    return named


def _heads(target: Sequence[str]) -> frozenset[str]:
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
    start = next((i for i, token in enumerate(after) if not token.endswith("ly")), len(after))
    after = after[start:]
    if after[:1] == ["of"] or after[:1] == ["in"]:
        return []
    found = _until(after, _ENDS_A_NAME)
    return found if naming(found) else []


def _until(tokens: Sequence[str], ends: Collection[str]) -> list[str]:
    found = list(itertools.takewhile(lambda token: token not in ends, tokens))
    return found


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
    if claim.target & BAD_STEMS:
        return frozenset(-sign for sign in claim.signs)
    return claim.signs if claim.target & GOOD_STEMS else None


GOOD_STEMS = frozenset(map(stem, GOOD_QUANTITIES))
BAD_STEMS = frozenset(map(stem, BAD_QUANTITIES))

"""Whether two papers speak of different conditions, as far as their words tell."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterable
from itertools import pairwise
from typing import NamedTuple

from assistant.claims.naming import naming, telling, tokens_of
from assistant.claims.vocabulary import COMPARED, LOSES, STATES, VERBS, WINS

_ALTERNATIVES = """
child|children|infant|infants|preschool|toddlers|pupils ; adolescent|adolescents|teenagers
= adult|adults ; elderly|elders
man|men|male|males|boys ; woman|women|female|females|girls
mouse|mice|rat|rats ; human|humans|people|patients|volunteers ; monkey|monkeys|macaques
= fish|zebrafish ; pig|pigs ; dog|dogs
sandy|sand ; clay ; peat|peaty ; loam|loamy ; chalk|chalky
small|tiny|compact ; large|big|huge
young ; old
rare ; frequent|common|popular|famous
urban|city|cities ; rural|village|villages
wet|humid|moist|humidity|moisture ; dry|arid
tropical|tropics ; temperate ; boreal|arctic|polar
freshwater|lake|lakes|river|rivers ; marine|ocean|sea
sheltered|enclosed ; open|exposed|flushed
shallow ; deep
winter ; summer
smokers ; nonsmokers|never-smokers|non-smokers
repeating|repeaters ; single|one-off|non-repeating
acute ; chronic
supervised ; unsupervised|self-supervised
english ; german ; french ; spanish ; finnish ; mandarin|chinese ; japanese ; arabic ; hindi
= russian ; turkish ; swahili ; korean ; italian ; portuguese ; vietnamese ; czech ; polish
encoder|encoders ; decoder|decoders
image|images|vision ; text|language ; speech|audio ; video ; graph|graphs ; tabular
wheat ; maize|corn ; rice ; barley ; potatoes|potato ; soy|soybean
steel ; aluminium|aluminum ; copper ; titanium ; magnesium ; nickel
""".replace("\n=", " ;")
"""Conditions, a class a line, that exclude each other; with their spellings."""
_CLASSES: list[dict[str, int]] = [
    {
        word: number
        for number, words in enumerate(line.split(";"))
        for word in words.strip().split("|")
    }
    for line in _ALTERNATIVES.strip().splitlines()
]
_UNITS = r"(bits?|parameters?|tokens?|layers?|qubits?|years? old|degrees|kelvin)"
_NUMBERS = {
    word: float(number)
    for number, word in enumerate(
        "zero one two three four five six seven eight nine ten eleven twelve".split()
    )
}
_TENS = {
    "twenty": 20, "thirty": 30, "forty": 40, "fifty": 50, "sixty": 60, "seventy": 70,
    "eighty": 80, "ninety": 90, "ten": 10, "eleven": 11, "twelve": 12, "thirteen": 13,
    "fourteen": 14, "fifteen": 15, "sixteen": 16, "seventeen": 17, "eighteen": 18, "nineteen": 19,
}  # fmt: skip
_ONES = {
    word: n for n, word in enumerate("one two three four five six seven eight nine".split(), 1)
}
_AGE = rf"(\d\d|(?:{'|'.join(_TENS)})(?:-(?:{'|'.join(_ONES)}))?)"
_AGES = re.compile(
    rf"\b(?:aged?|adults|people|patients|women|men|participants|those|elders) "
    rf"(?:(?:between|from|of) )?{_AGE}(?: (?:to|and|-) {_AGE})?(?! percent)"
    rf"|\b(?P<over>over|above|older than|after) (?P<least>{_AGE})\b(?! ?(?:percent|%|[a-z]*s\b))"
    rf"|\b(?P<under>under|younger than) (?P<most>{_AGE})\b(?! ?(?:percent|%|[a-z]*s\b))",
    re.IGNORECASE,
)
_SCALE = {"thousand": 1e3, "million": 1e6, "m": 1e6, "billion": 1e9, "b": 1e9, "": 1.0}
_SETTING = re.compile(
    rf"\b(\d+(?:\.\d+)?|{'|'.join(_NUMBERS)})[ -]?(thousand|million|billion|m|b)?[ -]{_UNITS}\b",
    re.IGNORECASE,
)
_RESTRICTED = re.compile(
    r"\b(?:was|were|is|are|did|do|does) not (?:be )?(?:\w+ )?(?:recorded|measured|enrolled|sampled|"
    r"tested|studied|included|examined|compared|considered|assessed|designed|part of|expect|apply|"
    r"extend|hold)\b"
    r"|\b(?:confined to|limited to|restricted to|outside the scope|need not apply|which we exclude|"
    r"not (?:a )?part of|nothing can be said|exclusively|specific to)\b",
    re.IGNORECASE,
)
_OF_STUDIES = re.compile(
    r"\b(?:large|small|big|huge|rare|common|deep|open|young|old) (?=samples?|trials?|stud(?:y|ies)|"
    r"cohorts?|scale|groups?|effects?|gains?|drops?|parts?|numbers?|learning|question|belief|source|"
    r"access)",
    re.IGNORECASE,
)
"""Sizes of studies and effects, which are no conditions."""
_DIRECTED = frozenset([*VERBS, *COMPARED, *STATES, *WINS, *LOSES])
_OPPOSITES = [
    set(pair.split("|"))
    for pair in """short|long high|low early|late near|far related|distant light|dark light|heavy
    hot|cold warm|cold rich|poor pre|post natural|artificial raw|cooked upper|lower strong|weak
    simple|complex inner|outer fresh|salt north|south east|west first|last public|private
    male|female indoor|outdoor healthy|ill fine|coarse slow|fast clean|noisy
    systolic|diastolic morning|evening""".split()
]
"""Modifiers that exclude each other."""
_OPPOSED = frozenset(word for pair in _OPPOSITES for word in pair)
_WHERE = frozenset("in of for among between by on with from".split())
"""Before what may be a condition."""
_ENDS = frozenset(
    """in for among between of on with under by than and or but when if to from at is are was were
    has have had did does do not , . ; : ( )""".split()
)
_WORDS = re.compile(r"[A-Za-z][\w-]*")
_NAME = re.compile(r"(?<=[a-z,;] )[A-Z][\w-]*\w\b")
"""A word with a capital where no sentence begins."""


def restrictions(abstract: Iterable[str]) -> frozenset[str]:
    """Stems of the sentences that say where a finding ends."""
    return frozenset(
        word
        for sentence in abstract
        if _RESTRICTED.search(sentence)
        for word in telling(tokens_of(sentence))
    )


class Told(NamedTuple):
    """Where the conditions of a finding are told."""

    title: str
    sentence: str
    abstract: str


def other(here: Told, there: Told) -> str | None:
    """What is different in the conditions of two findings, in words that may be empty.

    ``None`` if nothing is.
    """
    pair = (
        _alternatives(f"{here.title}. {here.sentence}", f"{there.title}. {there.sentence}")
        or _names(here, there)
        or _modifiers(here, there)
    )
    if pair:
        return " / ".join(pair)
    first, second = (f"{told.title}. {told.abstract}" for told in (here, there))
    age, other_age = _ages(first), _ages(second)
    if age and other_age and (age[1] < other_age[0] or other_age[1] < age[0]):
        return "other ages"
    sizes, others = _settings(first), _settings(second)
    for unit in sizes.keys() & others.keys():
        if max(sizes[unit]) * 2 <= min(others[unit]) or max(others[unit]) * 2 <= min(sizes[unit]):
            return f"other numbers of {unit}"
    return "" if _are_elsewhere(here, there) else None


def excludes(statement: str, text: str) -> bool:
    """Whether a text names a condition besides one that the statement holds for."""
    here, there = ({word.lower() for word in _WORDS.findall(told)} for told in (statement, text))
    for kinds in _CLASSES:
        wanted, found = ({kinds[word] for word in words & kinds.keys()} for words in (here, there))
        if wanted and found - wanted:
            return True
    return any(pair & here and (pair - here) & there for pair in _OPPOSITES)


def _modifiers(here: Told, there: Told) -> tuple[str, str] | None:
    """Different words before the same one, "related languages" and "distant languages".

    Neither is in the other paper, and one at least stands in a title.
    """
    mine, yours = _before_each(here.sentence), _before_each(there.sentence)
    for head in mine.keys() & yours.keys():
        first, second = mine[head], yours[head]
        in_title = naming([first]) & naming(tokens_of(here.title)) or naming([second]) & naming(
            tokens_of(there.title)
        )
        if {first, second} in _OPPOSITES or (
            in_title and _is_new(first, there) and _is_new(second, here)
        ):
            return first, second
    return None


def _before_each(sentence: str) -> dict[str, str]:
    """To each stem of a sentence the word before it, if that can be its modifier."""
    tokens = [part for token in tokens_of(sentence) for part in token.lower().split("-")]
    return {
        head: modifier
        for modifier, word in pairwise(tokens)
        if naming([modifier])
        and modifier not in _DIRECTED - _OPPOSED
        and not modifier.endswith("ly")
        for head in naming([word])
    }


def _are_elsewhere(here: Told, there: Told) -> bool:
    """Whether other things stand behind the same preposition, each in no part of the other paper.

    "In mice" and "in people", "of cars" and "of cyclists".
    """
    mine, yours = _behind_prepositions(here.sentence), _behind_prepositions(there.sentence)
    return any(
        all(_is_new(word, there) for word in mine[preposition])
        and all(_is_new(word, here) for word in yours[preposition])
        for preposition in mine.keys() & yours.keys()
    )


def _behind_prepositions(sentence: str) -> dict[str, list[str]]:
    """The words of the name behind each preposition, the last one of each kind."""
    tokens = [token.lower() for token in tokens_of(sentence)]
    found = {}
    for place, token in enumerate(tokens):
        if token in _WHERE:
            name = itertools.takewhile(
                lambda word: word not in _ENDS | _DIRECTED, tokens[place + 1 :]
            )
            telling_words = [word for word in name if telling([word])]
            if telling_words:
                found[token] = telling_words
    return found


def _is_new(word: str, told: Told) -> bool:
    """Whether a paper has no word like this one."""
    return not naming([word]) & naming(tokens_of(f"{told.title}. {told.abstract}"))


def _names(here: Told, there: Told) -> tuple[str, str] | None:
    """Names in two sentences of which each is in no part of the other paper."""
    mine, yours = (
        [
            name
            for name in _NAME.findall(told.sentence)
            if name.lower() not in f"{others.title} {others.abstract}".lower()
        ]
        for told, others in ((here, there), (there, here))
    )
    return (mine[0], yours[0]) if mine and yours else None


def _alternatives(here: str, there: str) -> tuple[str, str] | None:
    """Two words of one class that exclude each other, of which each text has only its own."""
    words, others = (_WORDS.findall(_OF_STUDIES.sub("", text)) for text in (here, there))
    for kinds in _CLASSES:
        first, second = (
            {kinds[word.lower()]: word for word in reversed(found) if word.lower() in kinds}
            for found in (words, others)
        )
        if first and second and not first.keys() & second.keys():
            return next(iter(first.values())), next(iter(second.values()))
    return None


def _ages(text: str) -> tuple[int, int] | None:
    """The years of age that a text gives first, from and to; ``None`` if it gives none."""
    for match in _AGES.finditer(text):
        if match["over"]:
            return _age(match["least"]), 120
        if match["under"]:
            return 0, _age(match["most"])
        first = _age(match[1])
        return first, _age(match[2]) if match[2] else first
    return None


def _age(text: str) -> int:
    if text.isdigit():
        return int(text)
    tens, _, ones = text.lower().partition("-")
    return _TENS[tens] + _ONES.get(ones, 0)


def _settings(text: str) -> dict[str, frozenset[float]]:
    """Sizes that say under which conditions something was tried, by unit."""
    found: dict[str, set[float]] = {}
    for number, scale, unit in _SETTING.findall(text):
        value = _NUMBERS.get(number.lower())
        value = float(number) if value is None else value
        found.setdefault(_plural(unit.lower()), set()).add(value * _SCALE[scale.lower()])
    return {unit: frozenset(values) for unit, values in found.items()}


def _plural(unit: str) -> str:
    return unit if unit.endswith("s") or " " in unit else f"{unit}s"

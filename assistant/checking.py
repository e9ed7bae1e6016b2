"""A written sentence against its own evidence: kept, or replaced by the verbatim quote.

The sentence is aligned with its evidence sentence, word by word in the forms of ``equivalents``,
in its own order or in one that says the same (``readings``). What was left out (``omissions``) and
what was put in must each be harmless; numbers, negations and directions must agree.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice, pairwise

from assistant.equivalents import Word, forms_of, is_number, words
from assistant.evidence import Evidence
from assistant.leads import without_leads
from assistant.omissions import (
    DISCOURSE,
    NEGATIONS,
    PUNCTUATION,
    REPORTING,
    lead_fault,
    middle_fault,
    tail_fault,
)
from assistant.question_kinds import asks_quantity
from assistant.readings import Words, readings
from assistant.words import STOP_WORDS

FUNCTION_WORDS = """
a an the and or of in on at by for from to with without than as that which when while because since
is are was were be been being has have had does do did can could may not no it its they their this
these both each more less most over under up down into between per only also such so but if
paper authors study method model uses using shows proposes gives . , ; : ( )
""".split()
"""Words the writer may use besides those of its evidence; none names a thing or a number."""

FIRST_PERSON = frozenset({"We", "we", "Our", "our", "us", "ours", "I", "My", "my"})
"""Never written: the answer speaks about the authors, not as them."""

SUPPORTED = 0.9
"""The least support for a written sentence to be kept."""
LONGER = 100
"""Characters that a sentence may have besides twice those of its evidence."""
LONGEST_TURNED = 120
"""Words of an evidence sentence that is compared in other orders too."""
MOST_READINGS = 300

_DANGLING = frozenset({"it", "its", "they", "their", "this", "these", "those", "such"})
_DIRECTIONS = tuple(
    map(
        forms_of,
        (
            "increase rise grow",
            "decrease reduce",
            "higher more better larger greater faster above improve",
            "lower less worse smaller fewer slower below under underperforms",
            "outperform exceeds surpasses",
        ),
    )
)
_BEFORE_THE = forms_of("across at between by for from in into of on with within") | {""}
_GOES_ON = frozenset(
    "a an and as because but by for from of or than that the to which while with".split()
)
"""Words that end few sentences."""
_MISPLACED = re.compile(
    r"\b(?:an?|the|their)(?: (?:an?|and|are|as|at|but|by|for|from|is|its|of|on|or|that|the|their"
    r"|these|this|to|was|were|whether|which|with)\b| ?[,;:.!?)])|[,;:(]\s*[.,;:!?)]"
)
"""An article with nothing that it belongs to, or a comma before a full stop."""
_WORD = re.compile(r"\w+")
_PARTICIPLES = ("ing", "ed", "en", "wn", "ght", "made", "found", "held", "built", "set")
_NOT_ASKED_ABOUT = forms_of("become call get give happen make need reach say take tell use")
"""Verbs of many questions that say little of what is asked about."""
_JOINS = frozenset({"and", "but", "while"})


@dataclass(frozen=True)
class Verdict:
    """Whether a sentence may stand, how much of it its evidence carries, and what is wrong."""

    keep: bool
    support: float
    """0 to 1: the share of its telling words that stand in the evidence in the same order."""
    reason: str = ""


def check(sentence: str, evidence: Evidence, question: str) -> Verdict:
    """Judge a written sentence by its evidence sentence, whose leads it may leave out."""
    verdict = _judged(sentence, evidence.text, question)
    bare = without_leads(evidence.text)
    if not verdict.keep and bare != evidence.text:
        without = _judged(sentence, bare[:1].upper() + bare[1:], question)
        return without if without.keep else verdict
    return verdict


def _judged(sentence: str, source: str, question: str) -> Verdict:
    if len(sentence) > 2 * len(source) + LONGER:
        return Verdict(False, 0.0, "too little of it is in the evidence")
    given = _joined(words(source))
    written = _joined(_starting_as(given, words(sentence)))
    support = _support(written, given)
    fault = (
        _unfit(sentence, source)
        or _disagreement(written, given)
        or _unanswered(written, given, question)
    )
    if fault:
        return Verdict(False, support, fault)
    faults = []
    for reading, base in _readings(written, given):
        fault = _misread(reading, base)
        if not fault:
            return Verdict(True, max(support, _support(reading, base)))
        faults.append(fault)
    return Verdict(False, support, faults[0])


def _readings(written: list[Word], given: list[Word]) -> Iterator[tuple[Words, Words]]:
    """The sentence and its evidence as they stand, then in other orders."""
    yield tuple(written), tuple(given)
    if len(given) <= LONGEST_TURNED:
        for whole in (given, _without_lead(given)):
            yield from islice(readings(written, whole), MOST_READINGS)


def _unfit(sentence: str, source: str) -> str:
    """Why it cannot stand as a sentence of an answer, whatever it says, or nothing."""
    found, known = _WORD.findall(sentence), _WORD.findall(source)
    ends = (
        sentence.endswith((".", "!", "?"))
        and found[-1:]
        and (found[-1] not in _GOES_ON or found[-1:] == known[-1:])
    )
    if len(found) < 4 or not ends:
        return "not a finished sentence"
    if found[0].lower() in _DANGLING or FIRST_PERSON & set(found):
        return "it is not clear who or what is meant"
    starts = {word for word in found[1:] if word.istitle() and word.lower() in STOP_WORDS}
    if _MISPLACED.search(sentence) or starts - set(known[1:]):
        return "it is not put together as a sentence"
    return ""


def _disagreement(written: Sequence[Word], given: Sequence[Word]) -> str:
    """Numbers, negations and directions that the evidence does not give."""
    known = Counter(word.form for word in given)
    said = Counter(word.form for word in written)
    for word in written:
        if any(map(str.isdigit, word.text)) and word.form not in known:
            return f"{word.text} is not in the evidence"
    if any(said[form] > known[form] for form in NEGATIONS):
        return "a negation was added or lost"
    if any(direction & {*said} and not direction & {*known} for direction in _DIRECTIONS):
        return "a direction that the evidence does not give"
    return ""


def _misread(written: Sequence[Word], given: Sequence[Word]) -> str:
    """What keeps this reading of the sentence from saying what this evidence does, or nothing."""
    places = _align([word.form for word in written], [word.form for word in given])
    kept = [place for place in places if place is not None]
    if not kept or _share(written, places) < SUPPORTED:
        return "too little of it is in the evidence"
    return (
        _put_in(written, given, places)
        or _left_out(written, given, places)
        or _articles(written, given, places)
    )


def _put_in(written: Sequence[Word], given: Sequence[Word], places: list[int | None]) -> str:
    """A word that is not in the evidence at its place nor harmless there, or nothing."""
    forms = ["", *(word.form for word in written), ""]
    for at, word in enumerate(written):
        if places[at] is not None or word.form in PUNCTUATION:
            continue
        before, after = forms[at], forms[at + 2]
        follows = places[at + 1] if at + 1 < len(places) else None
        shortened = follows is not None and _is_participle(given[follows])
        relative = word.form == "that" and (
            (after == "be" and follows is None)
            or before in REPORTING | {"so"}
            or (before == "," and shortened)
        )
        finite = word.form == "be" and before == "that" and places[at - 1] is None and shortened
        amount = word.form == "by" and is_number(after) and before in {"rise", "fall"}
        if not (relative or finite or amount):
            return f"{word.text} is put in"
    return ""


def _left_out(written: Sequence[Word], given: Sequence[Word], places: list[int | None]) -> str:
    """A word whose omission changes what is said, or nothing."""
    negated = any(word.form in NEGATIONS for word in given)
    standing = [(p, w) for p, w in zip(places, written, strict=True) if p is not None]
    kept = [place for place, _ in standing]
    said = [given[place] for place in kept]
    for at, ((start, _), (end, next_word)) in enumerate(pairwise(standing), start=1):
        gap = given[start + 1 : end]
        if [w.form for w in gap[-2:]] in ([",", "that"], ["that"]) and _is_participle(next_word):
            gap = gap[:-1] if given[start].form == "," or len(gap) == 2 else gap
        if gap and (fault := middle_fault(said[:at], gap, given[end], negated=negated)):
            lost = any(word.form in NEGATIONS for word in gap)
            return "a negation was added or lost" if lost else f"{fault} is left out"
    fault = lead_fault(given[: kept[0]]) or tail_fault(said, given[kept[-1] + 1 :])
    return f"{fault} is left out" if fault else ""


def _articles(written: Sequence[Word], given: Sequence[Word], places: list[int | None]) -> str:
    """An article that is missing, or stands where none belongs, or nothing.

    One that stands before a word that was left out goes over to the next.
    """
    last = -1
    for at, (word, place) in enumerate(zip(written, places, strict=True)):
        if place is None or word.form == "author":
            continue
        known = ""
        for other in given[last + 1 : place + 1]:
            known = "" if other.form in PUNCTUATION else known or other.article
        before, last = written[at - 1].form if at else "", place
        added = (
            word.article
            and not known
            and (word.article != "the" or word.form == "only" or before not in _BEFORE_THE)
        )
        lost = known == "a" and not word.article
        if added or lost or (known != word.article and word.article in {"a", "their"}):
            return f"{word.article or known} before {word.text} is put in or left out"
        if (known, word.article, before) == ("a", "the", "be"):
            return f"the before {word.text} is put in"
    return ""


def _is_participle(word: Word) -> bool:
    return word.text.endswith(_PARTICIPLES)


def _without_lead(given: list[Word]) -> list[Word]:
    """The words without what stands before their first comma, if that can be left out."""
    forms = [word.form for word in given]
    end = forms.index(",") + 1 if "," in forms else 0
    return given[end:] if end and not lead_fault(given[:end]) else given


def _unanswered(written: Sequence[Word], given: Sequence[Word], question: str) -> str:
    """What the question asks about, the evidence gives and the sentence has lost, or nothing."""
    said, known = ({word.form for word in part} for part in (written, given))
    if asks_quantity(question) and any(map(_has_digit, known)) and not any(map(_has_digit, said)):
        return "a quantity is asked and the sentence leaves it out"
    asked = {word.form for word in words(question) if word.text.lower() not in STOP_WORDS}
    if asked & (known - said) - DISCOURSE - PUNCTUATION - _NOT_ASKED_ABOUT:
        return "something that the question asks about is left out"
    return ""


def _has_digit(form: str) -> bool:
    return any(map(str.isdigit, form))


def _joined(text: Sequence[Word]) -> list[Word]:
    """The words with one form for what joins two statements: "; x", ", but x", ", and x".

    After a negation "but" is no "and": not in rats, but in mice.
    """
    made: list[Word] = []
    negated = False
    for place, word in enumerate(text):
        follows = place > 0 and text[place - 1].form in {",", ";"}
        after = text[place + 1].form if place + 1 < len(text) else ""
        negated = negated or word.form in NEGATIONS
        if word.form in _JOINS and follows and not negated:
            made.append(word._replace(form="and"))
        elif word.form == ";":
            made.append(Word(",", word.text))
            if after not in _JOINS and not negated:
                made.append(Word("and", word.text))
        else:
            made.append(word)
    return made


def _starting_as(given: Sequence[Word], written: Sequence[Word]) -> list[Word]:
    """The sentence with its first name written small if that is how the evidence writes it."""
    if written:
        first = written[0]
        small = first.form[:1].lower() + first.form[1:]
        if any(word.form == small for word in given):
            return [first._replace(form=small), *written[1:]]
    return list(written)


def _support(written: Sequence[Word], given: Sequence[Word]) -> float:
    """The share of telling words that stand in the evidence in the same order."""
    return _share(written, _align([w.form for w in written], [w.form for w in given]))


def _share(written: Sequence[Word], places: list[int | None]) -> float:
    telling = [
        place is not None
        for word, place in zip(written, places, strict=True)
        if word.form not in _UNTELLING | PUNCTUATION
    ]
    return sum(telling) / len(telling) if telling else 0.0


_UNTELLING = forms_of(" ".join(STOP_WORDS)) | forms_of(" ".join(FUNCTION_WORDS))


def _align(written: list[str], given: list[str]) -> list[int | None]:
    """For each written token its place in a longest common subsequence with the given ones."""
    lengths = [[0] * (len(given) + 1) for _ in range(len(written) + 1)]
    for i in reversed(range(len(written))):
        for j in reversed(range(len(given))):
            lengths[i][j] = (
                lengths[i + 1][j + 1] + 1
                if written[i] == given[j]
                else max(lengths[i + 1][j], lengths[i][j + 1])
            )
    places: list[int | None] = [None] * len(written)
    i = j = 0
    while i < len(written) and j < len(given):
        if written[i] == given[j]:
            places[i] = j
            i, j = i + 1, j + 1
        elif lengths[i + 1][j] >= lengths[i][j + 1]:
            i += 1
        else:
            j += 1
    return places

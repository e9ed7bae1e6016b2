"""A sentence in other orders that say the same: a phrase at its other end, active for passive.

Each reading is made of the sentence's own words; which of them is meant shows only beside the
evidence, so that a reading counts for nothing until it is aligned with that.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import pairwise

from assistant.equivalents import Word, forms_of, is_number

LONGEST_OWNER = 3
"""Words of an owner or a thing owned: "the accuracy of the small model"."""

_OPENS_ADJUNCT = forms_of(
    """across after among at because before below between by despite during following for from in
    into on once since through throughout under until unlike use when where while with within
    without"""
)
_OPENS_CLAUSE = forms_of("because once since when where while")
_PARTS_CLAUSES = forms_of(
    ", ; : and or but while that than as if because instead only mainly mostly"
)
"""What a phrase may not be moved across: it would come to belong to another part."""
_AND = frozenset({"and", "or", "but", "while"})
_PUNCTUATION = frozenset({",", ";", ":", "(", ")"})
_SETS_OFF = frozenset("although but though whereas while yet".split())
_MODALS = forms_of("can could have may must not should will would")
_WE = Word("author", "the authors")
_NAMING = forms_of("introduce propose present describe develop build release")

Words = tuple[Word, ...]


def readings(sentence: Sequence[Word], evidence: Sequence[Word]) -> Iterator[tuple[Words, Words]]:
    """Pairs of sentence and evidence in other orders, the one or the other changed."""
    given = tuple(evidence)
    for words in {tuple(sentence): None, **dict.fromkeys(_with_owners(tuple(sentence)))}:
        yield words, given
        for moved in _moved(words, given):
            yield moved, given
        for active in _active(words):
            yield active, given
            for moved in _moved(active, given):
                yield moved, given
        named = _named(words, given)
        if named:
            yield named, given
    for other in (*_active(given, agentless=False), *_with_owners(given)):
        yield tuple(sentence), other


def _moved(words: Words, given: Words) -> Iterator[Words]:
    """The sentence with its first phrase where the evidence has it, and the other way round."""
    lead = _lead(words)
    if lead:
        phrase, rest = words[:lead], words[lead + 1 :]
        place = _find(phrase, given)
        if place > 0 and _may_cross(phrase, given[:place]):
            for kept in range(1, len(rest) + 1):
                after, follows = rest[kept:], given[place + lead :]
                ends = _ends_part(follows[:1]) if not after else _ends_part(follows)
                parted = [word.form in _PUNCTUATION for word in (*after[:1], *follows[:1])]
                if (
                    rest[kept - 1].form == given[place - 1].form
                    and ends
                    and (not after or len(set(parted)) == 1)
                ):
                    yield rest[:kept] + phrase + rest[kept:]
    lead = _lead(given)
    if lead:
        phrase = given[:lead]
        place = _find(phrase, words)
        after = words[place + lead :]
        if place > 0 and _may_cross(phrase, words[:place]) and _ends_part(after):
            if after and after[0].form in _PUNCTUATION and not _ends_at(words[place - 1], given):
                return
            yield (*phrase, given[lead], *words[:place], *after)


def _lead(words: Words) -> int:
    """How many words stand before the first comma, if they are a phrase that can be moved."""
    forms = _forms(words)
    if "," not in forms:
        return 0
    end = forms.index(",")
    opens = end > 0 and (forms[0] in _OPENS_ADJUNCT or forms[end - 1] in {"later", "earlier"})
    opens = opens or any(form in {"after", "before"} for form in forms[1:4])
    return end if opens and not {"(", ";"} & set(forms[:end]) else 0


def _may_cross(phrase: Words, others: Words) -> bool:
    """Whether the phrase belongs to the same statement before and after the others."""
    forms = ["", "", *_forms(others), ""]
    kept = [
        form
        for unit, before, form, after in zip(forms, forms[1:], forms[2:], forms[3:], strict=False)
        if form != "and" or not ((is_number(before) and is_number(after)) or unit == "per")
    ]
    if phrase[0].form in _OPENS_CLAUSE:
        kept = [form for form in kept if form not in {"than", "as"}]
    return not _PARTS_CLAUSES & set(kept) and kept[-1] not in {"not", "no"}


def _ends_part(after: Words) -> bool:
    """Whether a phrase before these words ends a part of the sentence that no "and" goes on."""
    forms = [*_forms(after[:2]), "", ""]
    if forms[0] in _PUNCTUATION:
        return after[0].text == ";" or forms[0] != "," or forms[1] not in _AND
    return forms[0] in {"", "than"} or forms[0] in _OPENS_ADJUNCT


def _sets_off(after: Words) -> bool:
    """Whether the words begin with a comma and what sets another statement off."""
    return after[0].form == "," and after[1:2] != () and after[1].text.lower() in _SETS_OFF


def _ends_at(word: Word, given: Words) -> bool:
    """Whether the evidence has punctuation behind the word too."""
    return any(
        before.form == word.form and after.form in _PUNCTUATION for before, after in pairwise(given)
    )


def _active(words: Words, agentless: bool = True) -> Iterator[Words]:
    """Active for passive: "A outperforms B" for "B is outperformed by A".

    If ``agentless``, also "we measured B" for "B was measured".
    """
    forms = _forms(words)
    for be in (place for place, form in enumerate(forms[1:-1], 1) if form == "be"):
        start = _clause_start(forms, be)
        modal = be - 1 if forms[be - 1] in _MODALS else be
        verb = be + 2 if forms[be + 1] == "not" else be + 1
        if verb >= len(words) or start >= modal:
            continue
        before, thing = words[:start], words[start:modal]
        does = words[modal:be] + words[be + 1 : verb + 1]
        if agentless:
            yield (*before, _WE, *does, *thing, *words[verb + 1 :])
        for by in (i for i in range(verb + 1, len(words) - 1) if forms[i] == "by"):
            if is_number(forms[by + 1]) or forms[by + 1] in {"at", "about", "<", ">", "between"}:
                continue
            for end in range(by + 2, len(words) + 1):
                agent = words[by + 1 : end]
                if _ends_part(words[end:]) or _sets_off(words[end:]):
                    yield before + agent + does + thing + words[verb + 1 : by] + words[end:]
                if end < len(words) and forms[end] in _PUNCTUATION:
                    break


def _clause_start(forms: Sequence[str], end: int) -> int:
    """Where the clause begins that has its verb at ``end``."""
    return max((i + 1 for i in range(end) if forms[i] in {",", ";", ":", "that"}), default=0)


def _with_owners(words: Words) -> Iterator[Words]:
    """Owners behind what is theirs: "the accuracy of the model" for "the model's accuracy"."""
    for place in (i for i, word in enumerate(words) if word.form == "'s"):
        for owner in range(1, min(LONGEST_OWNER, place) + 1):
            for owned in range(1, LONGEST_OWNER + 1):
                start, end = place - owner, place + 1 + owned
                if end <= len(words):
                    turned = (*words[place + 1 : end], Word("of", "of"), *words[start:place])
                    yield words[:start] + turned + words[end:]


def _named(words: Words, given: Words) -> Words:
    """What names a thing: "we propose X, a model" for "X is a model"; empty where it is not so."""
    forms, known = _forms(words), _forms(given)
    if "be" not in forms[1:]:
        return ()
    be = forms.index("be", 1)
    place = _find(words[:be], given)
    after = place + be
    if place < 1 or known[place - 1] not in _NAMING or known[after : after + 1] != [","]:
        return ()
    part = known[after + 1 :]
    part = part[: part.index(",")] if "," in part else part
    if {"and", "or"} & set(part) or len(forms) - be - 1 > len(part):
        return ()
    return given[:place] + words[:be] + (given[after],) + words[be + 1 :]


def _find(phrase: Words, words: Words) -> int:
    """Where the words stand one after another in the others; -1 if nowhere."""
    forms, known = _forms(phrase), _forms(words)
    size = len(forms)
    places = range(len(known) - size + 1)
    return next((i for i in places if known[i : i + size] == forms), -1)


def _forms(words: Words) -> list[str]:
    return [word.form for word in words]

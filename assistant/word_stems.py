"""A word without its inflection, in one spelling, and as one of its synonyms."""

from __future__ import annotations

import re

_VOWEL = re.compile(r"[aeiouy]")
_SHORT = re.compile(r"[^aeiou][aeiouy][^aeiouwxy]")
_SAME = {
    written: form
    for form, *others in map(
        str.split,
        (
            "about around roughly approximately",
            "appear seem",
            "author we",
            "be is are was were been being",
            "become became",
            "begin began begun start",
            "bring brought",
            "build built",
            "but yet although though",
            "choose chose chosen",
            "come came",
            "do does did done",
            "draw drew drawn",
            "drive drove driven",
            "fall fell fallen drop declin decreas reduc lowers lowered lowering cut",
            "find found",
            "give gave given",
            "go went gone",
            "have has had having",
            "hold held",
            "keep kept retain",
            "large larg big",
            "larger greater bigger",
            "lead led",
            "lose lost",
            "make made",
            "may might",
            "nearly almost",
            "outperform beat beaten surpass",
            "pay paid",
            "rise rose risen increas rais boost",
            "run ran",
            "see saw seen",
            "show shown demonstrat reveal",
            "take took taken",
            "test evaluat assess",
            "that which who",
            "use using used employ utiliz",
            "while whereas",
            "win won",
            "write wrote written",
        ),
    )
    for written in (form, *others)
}
"""Forms of irregular verbs and synonyms, by what they are brought to."""
_SPELLINGS = (
    (re.compile(r"(?<=\w\w\w\w)is(e[ds]?|ing|ations?|ers?)$"), r"iz\1"),
    (re.compile(r"ys(e[ds]?|ing|ers?)$"), r"yz\1"),
    (re.compile(r"(?<=\w\w)our"), "or"),
    (re.compile(r"(?<=[a-z]t)re(s?)$"), r"er\1"),
    (re.compile(r"^(model|label|travel|signal|channel|level)l(?=ed|ing)"), r"\1"),
    (re.compile(r"^aluminium"), "aluminum"),
    (re.compile(r"^programme"), "program"),
)


def stem(word: str) -> str:
    """The word without its inflection; names with capitals inside stay what they are."""
    if word in _SAME:
        return _SAME[word]
    if word != word.lower() or not word.isalpha() or len(word) < 4:
        return word
    for pattern, replacement in _SPELLINGS:
        word = pattern.sub(replacement, word)
    word = _without_ending(word)
    if word in _SAME:
        return _SAME[word]
    bare = word.removesuffix("e")
    short = len(bare) <= 4 and _SHORT.search(bare[-3:])
    if bare != word and len(bare) > 2 and bare[-1] != "e" and not short:
        word = bare
    return _SAME.get(word, word)


def _without_ending(word: str) -> str:
    """The word without -s, -ed or -ing, as in the first step of Porter's stemmer (1980)."""
    if word.endswith(("sses", "shes", "ches", "xes", "zzes")):
        word = word[:-2]
    elif word.endswith("ies"):
        word = f"{word[:-3]}y"
    elif word.endswith("s") and not word.endswith(("ss", "us", "is")):
        word = word[:-1]
    for ending in ("ed", "ing"):
        stem = word.removesuffix(ending)
        if stem == word or word.endswith("eed") or len(stem) < 3 or not _VOWEL.search(stem):
            continue
        if stem[-1] == stem[-2] and stem[-1] not in "lsz":
            return stem[:-1]
        return f"{stem}e" if len(stem) <= 4 and _SHORT.search(stem[-3:]) else stem
    return word

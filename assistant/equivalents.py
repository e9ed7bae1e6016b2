"""Text -> words in one form, however a number, unit, spelling or inflection is written.

Two sentences whose words have the same forms in the same order say the same. Articles have no form;
"we" and "the authors" have one. Synonyms are few: those that fit into one another's place in any
sentence without telling anything else.
"""

from __future__ import annotations

import re
from decimal import Decimal
from typing import NamedTuple

from assistant.word_stems import stem


class Word(NamedTuple):
    """A word, number, sign or comma of a text."""

    form: str
    """What it is compared by."""
    text: str
    """As it is written."""
    article: str = ""
    """``a``, ``the`` or ``their``, if that stands before it."""


_BLANK = "[ \u00a0\u2009\u202f]"
_NUMBER = (
    rf"(?:(?<![\w)\]])[-−](?=\d))?(?:\d{{1,3}}(?:(?:,|{_BLANK})\d{{3}})+(?!\d)|\d+)(?:\.\d+)?"
    rf"(?![\w^@]|\.\d)(?:\s?%|\s?per\s?cent\b)?"
)
_TOKEN = re.compile(
    r"(?P<range>(?<=[\d%])[-–—](?=\d))"
    rf"|(?P<number>{_NUMBER})"
    r"|(?P<owner>(?<=\w)['’]s?(?!\w))"
    r"|°\s?[CF]?|\w+(?:[-./@^]\w+|['’](?!s\b)\w+)*"
    r"|[,;:()<>≤≥=±×~≈+$€£¥&*/|%]",
    re.IGNORECASE,
)
_IS_NUMBER = re.compile(r"-?\d[\d.]*%?")
_ARTICLES = frozenset({"a", "an", "the"})
_DETERMINERS = {"a": "a", "an": "a", "the": "the", "our": "their", "their": "their"}
_COUNTS = """zero one two three four five six seven eight nine ten eleven twelve thirteen
    fourteen fifteen sixteen seventeen eighteen nineteen twenty""".split()
_NUMBER_WORDS = {word: str(value) for value, word in enumerate(_COUNTS)} | {
    "thirty": "30",
    "forty": "40",
    "fifty": "50",
    "sixty": "60",
    "seventy": "70",
    "eighty": "80",
    "ninety": "90",
    "hundred": "100",
}
_PARTS = frozenset("half third quarter fifth sixth seventh eighth ninth tenth".split())
_TIMES = frozenset("second minute hour day night week month year decade century".split())
_UNITS = {
    "metre": "m",
    "meter": "m",
    "kilometre": "km",
    "kilometer": "km",
    "centimetre": "cm",
    "centimeter": "cm",
    "millimetre": "mm",
    "millimeter": "mm",
    "kilogram": "kg",
    "gram": "g",
    "milligram": "mg",
    "hour": "h",
    "minute": "min",
    "second": "s",
    "millisecond": "ms",
}
"""Short for a unit that follows a number."""
_ONE_OF_THEM = frozenset("in within over after for of about around than every by during".split())
"""Before "a year" these make it one year; after anything else it is each year."""
_PHRASES = {
    tuple(written.split()): tuple(form.split())
    for written, form in {
        "no more than": "at most",
        "no fewer than": "at least",
        "no less than": "at least",
        "rather than": "instead of",
        "compared to": "compared with",
        "such as": "e.g",
        "for example": "e.g",
        "for instance": "e.g",
        "due to": "because of",
        "owing to": "because of",
        "in order to": "to",
        "rule out": "exclude",
        "associated with": "linked to",
        "do not": "not",
        "does not": "not",
        "did not": "not",
        "does better than": "outperforms",
        "did better than": "outperforms",
        "data set": "dataset",
        "data sets": "datasets",
        "a few": "several",
        "half an hour": "30 minutes",
        "a little": "somewhat",
        "a decade": "10 years",
        "one decade": "10 years",
        "twice as": "2 times as",
        "two or more": "at least 2",
        "three or more": "at least 3",
    }.items()
}
_LONGEST_PHRASE = max(map(len, _PHRASES))
_BOUNDS = {"under": "<", "below": "<", "over": ">", "above": ">"}
_COMPARISONS = {("less", "than"): "<", ("fewer", "than"): "<", ("more", "than"): ">"}
_PART = re.compile(r"0\.[0-9]+")
_SHARES = frozenset("accuracy fraction precision probability proportion recall share".split())
"""A number from 0 to 1 after "a share of" is one of hundredths."""
_PAPER = frozenset("paper study article work report".split())


def words(text: str) -> list[Word]:
    """The words of a text in their order; articles are left out."""
    found = _phrases(_split(text))
    made: list[Word] = []
    article = ""
    for place, (written, as_written) in enumerate(found):
        before = found[place - 1][0] if place else ""
        after = [word for word, _ in found[place + 1 : place + 3]] + ["", ""]
        form = _form(written, before, after, made)
        if form:
            made.append(Word(_in_hundredths(form, found[:place]), as_written, article))
        article = "" if form else _DETERMINERS.get(written, article)
    return _shared_percent(made)


def forms_of(text: str) -> frozenset[str]:
    """The forms of the words of a text."""
    return frozenset(word.form for word in words(text))


def is_number(form: str) -> bool:
    """Whether the form is that of a number: 3, -20, 0.5%."""
    return _IS_NUMBER.fullmatch(form) is not None


def _split(text: str) -> list[tuple[str, str]]:
    """Each token as it is looked up, and as it is written."""
    made: list[tuple[str, str]] = []
    for match in _TOKEN.finditer(text.replace("µ", "μ")):
        token = match.group()
        if match["range"]:
            made.append(("to", token))
        elif match["owner"]:
            made.append(("'s", token))
        elif match["number"]:
            digits = re.sub(rf",|{_BLANK}|%|per\s?cent", "", token, flags=re.IGNORECASE)
            percent = "%" if digits != token and re.search("%|cent", token, re.IGNORECASE) else ""
            made.append((digits.replace("−", "-") + percent, token))
        else:
            made += [(_cased(part, made), part) for part in _parts(token)]
    return made


def _parts(token: str) -> list[str]:
    """A word, cut at its hyphens where one part is a count: two-thirds, five-year."""
    parts = token.split("-")
    return parts if len(parts) > 1 and parts[0].lower() in _NUMBER_WORDS else [token]


def _cased(token: str, before: list[tuple[str, str]]) -> str:
    """In small letters, but for names and units: GraphSAGE, mW, Mt."""
    unit = len(token) <= 3 and before and is_number(before[-1][0])
    capital_inside = any(char.isupper() for char in token[1:])
    name_alone = len(token) == 1 and token.isupper() and bool(before)
    return token if capital_inside or name_alone or unit else token.lower()


def _phrases(tokens: list[tuple[str, str]]) -> list[tuple[str, str]]:
    """The tokens with each phrase of ``_PHRASES`` in its one wording."""
    made: list[tuple[str, str]] = []
    place = 0
    while place < len(tokens):
        for size in range(_LONGEST_PHRASE, 1, -1):
            phrase = tuple(word for word, _ in tokens[place : place + size])
            if phrase in _PHRASES:
                text = " ".join(text for _, text in tokens[place : place + size])
                made += [(word, text) for word in _PHRASES[phrase]]
                place += size
                break
        else:
            made.append(tokens[place])
            place += 1
    return made


def _form(written: str, before: str, after: list[str], made: list[Word]) -> str:
    """What a token is compared by; empty for one that says nothing of its own."""
    previous = made[-1].form if made else ""
    if written in _ARTICLES or written == "one":
        return _one(written, before, after, first=not made)
    if written in {"our", "their"} or (written, after[0]) == ("authors", "'s"):
        return ""
    if written == "'s" and before == "authors":
        return ""
    if not made and written == "this" and after[0] in _PAPER:
        return ""
    if not made and written in _PAPER and before in {"this", "the"} and after[0] != "of":
        return "author"
    if is_number(_NUMBER_WORDS.get(after[0], after[0])):
        bound = _bound(written, before, after[1], made)
        if bound:
            return bound
    if is_number(previous) and _singular(written) in _UNITS:
        return _UNITS[_singular(written)]
    if written.endswith(("n't", "n’t")):
        return "not"
    return _NUMBER_WORDS.get(written) or stem(written)


def _one(written: str, before: str, after: list[str], *, first: bool) -> str:
    """An article or "one": nothing, the number, or what a rate is given per."""
    if _singular(after[0]) in _TIMES and written != "the":
        later = after[1] in {"later", "earlier", "after", "before", "ago"}
        return "1" if written == "one" or first or before in _ONE_OF_THEM or later else "per"
    return "1" if written == "one" and after[0] not in _PARTS else ""


def _bound(written: str, before: str, unit: str, made: list[Word]) -> str:
    """What a word before a number makes of it: less, more, about; empty for any other word."""
    if (before, written) in _COMPARISONS:
        made.pop()
        return _COMPARISONS[before, written]
    if written == "over" and _singular(unit) in _TIMES:
        return ""
    return "about" if written == "some" else _BOUNDS.get(written, "")


def _in_hundredths(form: str, before: list[tuple[str, str]]) -> str:
    """The number in percent if it is a share given from 0 to 1; any other form as it is."""
    named = [word for word, _ in before[-2:]]
    if len(named) == 2 and named[0] in _SHARES and named[1] == "of":
        return f"{(Decimal(form) * 100).normalize():f}%" if _PART.fullmatch(form) else form
    return form


def _singular(word: str) -> str:
    return word.removesuffix("s")


def _shared_percent(made: list[Word]) -> list[Word]:
    """Both ends of a range with their sign: 15% to 60% for 15 to 60%."""
    for place in range(len(made) - 2):
        first, link, last = made[place : place + 3]
        if link.form in {"to", "and", "or"} and last.form.endswith("%") and is_number(first.form):
            opens = place > 0 and made[place - 1].form in {"from", "between", "by", "of"}
            if not first.form.endswith("%") and (link.form == "to" or opens):
                made[place] = first._replace(form=f"{first.form}%")
    return made

"""Questions for what a term means, and the sentences that say it."""

from __future__ import annotations

import re
from collections.abc import Sequence

from assistant.papers import Paper
from assistant.words import STOP_WORDS, solid, stems, telling_words

_NO_LINK = r"(?!(?:in|on|of|for|to|by|with|as|from|through|than|and|or)\b)[\w-]+"
"""A word that does not make what stands before it the thing that is introduced."""
_ENDS = (
    r"(?=\W*(?:$|[,.;:()]|(?:an?|the|that|which|to|for|in|by|with|and|as|where|on|from|we|it|is|are"
    r"|can)\b))"
)
"""Behind a term that is no part of a longer name."""
_DOES = r"aims?|allows?|enables?|uses?|consists?|combines?|learns?|trains?|adapts?|adds?|provides?"
SAFE_SOLID = 6
"""Letters of a term that stands inside no other word by chance; of other scripts any number."""
LONGEST_TERM = 6
"""Words; what is longer is described, not named."""
_ASKED = re.compile(
    r"\W*(?:(?:and|so|but|then),? )?(?:"
    r"what(?: exactly| actually)?(?:'s|’s| is| are) "
    r"(?:meant by |the (?:meaning|definition) of )?(?P<a>.+?)"
    r"|what (?:does|do) (?P<b>.+?) (?:mean|stand for)"
    r"|what (?:do|does) (?:\w+ ){1,2}mean by (?P<c>.+?)"
    r"|(?:please )?(?:define|explain what) (?P<d>.+?)(?: (?:is|are|means?))?"
    r"|(?:give (?:me )?)?(?:a |the )?definition of (?P<e>.+?)"
    r")(?:,? exactly|,? actually)?[^\w+#]*",
    re.IGNORECASE,
)
_THE = re.compile(r"what(?:'s|’s| is| are) the (?P<term>[\w-]+(?: [\w-]+){1,4})\W*", re.IGNORECASE)
"""One word more than an article: "the result" is none that is defined."""
_LEAD = re.compile(r"(?:exactly |actually |(?:the )?(?:term|word|name|concept) |an? )+", re.I)
_WHERE = re.compile(
    r"\s+(?:(?:in|for|within|according to|used for|when|as used)\s|\().*", re.IGNORECASE | re.DOTALL
)
_NO_TERM = re.compile(
    r"\b(?:the|this|that|these|those|it|they|there|you|we|i|your|their|its|our|known|new|said|done"
    r"|used|best|better|more|most|between|to|from|by|with|on|and|or|about|behind|wrong|happen\w*"
    r"|if|needed|required|main|some|any|meant|is|are|does|do|can)\b|[?,;:]",
    re.IGNORECASE,
)
_SIGNED = re.compile(r"\w[+#]")
_GENERAL = frozenset(
    """algorithm algorithms approach deep framework knowledge learning method methods model models
    network networks neural prompting technique techniques theory training""".split()
)
_INTRODUCED = (
    r"(?:propos|introduc|present|describ|develop|defin|releas|build|built|nam|term|dub|call|design)"
    r"\w*"
)


def term_of(question: str) -> str | None:
    """The term that the question wants explained; ``None`` for other questions."""
    match = _ASKED.fullmatch(" ".join(question.split()))
    if not match:
        return None
    asked = next(filter(None, match.groups()))
    term = _WHERE.sub("", asked[lead.end() :] if (lead := _LEAD.match(asked)) else asked)
    term = term.strip(" \"'“”‘’.?(")
    if not term or _NO_TERM.search(term) or len(term.split()) > LONGEST_TERM:
        return None
    return term if set(telling_words(term)) - STOP_WORDS else None


def may_define(question: str) -> str | None:
    """The term of "What is the X?" too, which may want a definition or a value."""
    match = _THE.fullmatch(" ".join(question.split()))
    if match and not _NO_TERM.search(match["term"]):
        return match["term"]
    return term_of(question)


def mentions(paper: Paper, term: str) -> bool:
    """Whether title or abstract have the term, or its words; a general word may be missing.

    Of three words or more any one may be missing, of C++ nothing.
    """
    if _SIGNED.search(term):
        return calls_it_so(paper, term)
    text = f"{paper.title}. {paper.abstract}"
    there = stems(text)
    missing = [word for word in telling_words(term) if not stems(word) <= there]
    count = len(telling_words(term))
    if not missing or (len(missing) == 1 and (count > 2 or (count > 1 and missing[0] in _GENERAL))):
        return True
    return calls_it_so(paper, term)


def calls_it_so(paper: Paper, term: str) -> bool:
    """Whether title or abstract have the term: inflected, hyphenated, or as an acronym."""
    text = f"{paper.title}. {paper.abstract}"
    short = _acronym(term)
    run = solid(term).removesuffix("s")
    return bool(
        re.search(_spelled(term), text, re.IGNORECASE)
        or ((len(run) >= SAFE_SOLID or not run.isascii()) and run in solid(text))
        or (short and re.search(rf"\b{short}s?\b", text))
        or _spells_out(term, text)
    )


def defining(term: str, sentences: Sequence[str]) -> int | None:
    """The number of the sentence that says most plainly what the term is; ``None`` if none does.

    Among equally plain ones the first.
    """
    patterns = _patterns(term)
    found = [
        (plain, number)
        for number, sentence in enumerate(sentences)
        for plain, pattern in enumerate(patterns)
        if pattern.search(sentence)
    ]
    return min(found)[1] if found else None


def _patterns(term: str) -> list[re.Pattern[str]]:
    """What introduces the term, the plainest first."""
    short = _acronym(term)
    spelled = "|".join(filter(None, [_spelled(term), short and rf"\b{short}s?\b"]))
    named = rf"(?:{spelled})(?![\w-])(?: ?\([^()]*\))?"
    opening = rf"(?:^|[;:.] |\bthat |\bhere,? |, )(?:an? |the |our )?(?:{_NO_LINK} ){{0,2}}?"
    introduced = rf"\b{_INTRODUCED} (?:{_NO_LINK} ){{0,7}}?[“\"'‘]?{named}"
    plain = [
        re.compile(pattern, re.IGNORECASE)
        for pattern in (
            rf"{opening}{named},? (?:is|are|refers? to|denotes?|means?|describes?) (?!not\b)"
            r"(?:called |defined as )?(?:an?|the|one|any|those|that|to|when|how|what|methods?)\b",
            rf"{introduced}(?:,|:) ?(?:in )?(?:an?|the|which|that)\b",
            rf"{named}, (?:i\.e\.|that is|(?:in )?which|where|an? |the (?:task|use))",
            rf"{introduced}{_ENDS}",
            rf"(?:known as|called|referred to as|so-called) [“\"'‘]?(?:an? |the )?{named}{_ENDS}",
            rf"^(?:an? |the |our )?{named} (?:is|are|{_DOES})\b",
        )
    ]
    return [*plain[:2], *_expanding(term), *plain[2:]]


def _expanding(term: str) -> list[re.Pattern[str]]:
    """Where an acronym is spelled out."""
    bare = re.escape(term)
    if " " in term or not any(char.isupper() for char in term[1:]):
        return []
    return [re.compile(rf"\w \(\W?{bare}s?\W?\)|\b{bare}s? \([a-z][\w-]+ [^()]+\)")]


def _spelled(term: str) -> str:
    """A pattern of the term with hyphens, blanks or neither, in singular or plural."""
    parts = [re.escape(part) for part in re.split(r"[\s-]+", term) if part]
    last = parts[-1]
    ends = last.removesuffix("s") or last
    ends = rf"{last[:-1]}(?:y|ies)" if re.search(r"[^aeiou]y$", last) else ends
    return r"(?<!\w)" + r"[\s-]*".join([*parts[:-1], ends]) + r"(?:e?s)?(?!\w)"


def _acronym(term: str) -> str:
    """Its initials, if it has three words or more."""
    words = re.findall(r"[^\W_]+", term)
    return "".join(word[0] for word in words).upper() if len(words) > 2 else ""


def _spells_out(term: str, text: str) -> bool:
    """Whether words that follow one another have the letters of the term as initials."""
    if not re.fullmatch(r"[A-Z]{3,}s?", term):
        return False
    initials = "".join(word[0] for word in re.findall(r"[^\W\d_]+", text.lower()))
    return term.removesuffix("s").lower() in initials

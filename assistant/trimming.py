"""One sentence of an abstract -> the part of it that is quoted where the whole is not needed.

The part is a slice, cut at borders of clauses alone: behind what leads over to the statement or
reports it, and before a last clause that says what comes of it. What is left must pass the check
that a rewording has to pass. Where anything is in doubt the whole sentence stands.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator

from assistant.checking import check
from assistant.clauses import is_whole, last_clauses
from assistant.compressing import FINDING, NEEDS_SUBJECT, SHORTEST, as_sentence
from assistant.equivalents import forms_of, words
from assistant.evidence import Evidence
from assistant.leads import leads
from assistant.library import StoredPaper
from assistant.omissions import DISCOURSE, PUNCTUATION
from assistant.papers import Paper
from assistant.sentences import Span
from assistant.thesaurus import thesaurus
from assistant.words import STOP_WORDS

LONGEST = 1500
"""Characters of a sentence; a longer one is no sentence, and stands whole."""
LEAST_LEFT = 0.5
"""The share of a sentence's words that must be left if its end goes."""

_REPORTS = (
    FINDING,
    re.compile(
        r"(?:it (?:is|was|has been) (?:also |further )?(?:found|observed|proved|proven|shown)"
        r"|(?:the|this) (?:present )?(?:analysis|article|evaluation|investigation|paper|study|work)"
        r" (?:also |clearly |further )?(?:confirms|demonstrates|establishes|finds|proves|reveals"
        r"|shows)) that\s+",
        re.IGNORECASE,
    ),
)
_BACK = re.compile(r"(?:it|its|such|their|these|they|this|those)\b", re.IGNORECASE)
"""What begins with these points back to what stood before."""
_IT = re.compile(r"(?:it|they|(?:this|these|those|such) (?:is|are|was|were|can|has|have))\b", re.I)
_AS_AUTHORS = re.compile(r"\bwe\b", re.IGNORECASE)
_AS_THE = re.compile(r"\bour\b", re.IGNORECASE)
_OF_EVERYTHING = forms_of(
    """approach data language large learning method model network neural parameter performance
    problem system task training use"""
)
"""Words of many questions that do not show a clause to be about what is asked."""
_DASH = re.compile(r"\s(?:[–—]|---?)(?=\s)")


def trim(
    question: str, evidence: Evidence, follows: Callable[[str, str], bool] | None = None
) -> Span:
    """Where in the abstract the shortest part begins and ends that may stand for the sentence.

    The whole sentence if no other may. With ``follows``, a part must also follow by that.
    """
    whole = evidence.stored.sentences[evidence.index]
    abstract = evidence.stored.paper.abstract
    for start, end in trims(question, evidence):
        sentence, part = (as_sentence(_plain(abstract[a:b]), "") for a, b in (whole, (start, end)))
        if follows is None or follows(sentence, part):
            return start, end
    return whole


def trims(question: str, evidence: Evidence) -> list[Span]:
    """The parts that may stand for the sentence, as offsets into the abstract, shortest first."""
    text = evidence.text
    if len(text) > LONGEST:
        return []
    at = evidence.stored.sentences[evidence.index][0]
    asked = _asked_about(question)
    ends = [len(text), *last_clauses(text)]
    found = [
        (at + start, at + end)
        for start, led in _starts(text)
        for end in ends
        if (start, end) != (0, len(text)) and _may_stand(text, start, end, led, asked)
    ]
    return sorted(found, key=lambda span: span[1] - span[0])


def _starts(text: str) -> Iterator[Span]:
    """Where a part may begin, and the end of what merely leads over to the statement before it."""
    yield 0, 0
    led = 0
    for led in leads(text):
        yield led, led
    start = led + _first(_REPORTS, text[led:])
    if start > led and not (NEEDS_SUBJECT.search(text, start) or _IT.match(text, start)):
        yield start, led


def _first(patterns: Iterable[re.Pattern[str]], text: str) -> int:
    """Where what the text begins with ends; 0 if it begins with none of these."""
    return next((match.end() for each in patterns if (match := each.match(text))), 0)


def _may_stand(text: str, start: int, end: int, led: int, asked: frozenset[str]) -> bool:
    """Whether a part of the sentence says what is asked and nothing but what the whole says.

    What leads over, up to ``led``, is not shown to the check, which would miss it.
    """
    part = text[start:end]
    size = len(part.split())
    if size < SHORTEST or not is_whole(part):
        return False
    if end < len(text) and size < LEAST_LEFT * len(text[led:].split()):
        return False
    lost = _forms(text) - _forms(part)
    if asked & (lost - DISCOURSE | _forms(text[end:]) - _OF_EVERYTHING):
        return False
    if any(any(map(str.isdigit, form)) for form in lost - _forms(text[:led])):
        return False
    evidence = f"{_plain(text[led:start])} {_plain(text[start:])}".strip()
    return check(as_sentence(_plain(part), ""), _alone(evidence), "").keep


def _plain(text: str) -> str:
    """The text as a rewording would have it: nothing in the first person, nothing pointing back."""
    text = _DASH.sub(",", " ".join(text.split()))
    text = _AS_THE.sub("the", _AS_AUTHORS.sub("the authors", text))
    return _BACK.sub("the", text, count=1) if _BACK.match(text) else text


def _alone(sentence: str) -> Evidence:
    stored = StoredPaper("", Paper("", sentence), ((0, len(sentence)),))
    return Evidence(stored, 0, 0.0)


def _asked_about(question: str) -> frozenset[str]:
    """The forms of the question's telling words and of the terms that abstracts use for them."""
    terms = [term for _, _, terms in thesaurus().matches(question) for term in terms]
    asked = (word for text in (question, *terms) for word in words(text))
    return frozenset(w.form for w in asked if w.text.lower() not in STOP_WORDS) - PUNCTUATION


def _forms(text: str) -> set[str]:
    return {word.form for word in words(text)}

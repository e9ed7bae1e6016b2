"""A written sentence against its own evidence: kept, or replaced by the verbatim quote.

The sentence is aligned word by word with its evidence sentence. What was left out, what was put in
and what was moved must each be harmless; numbers, negations and directions must agree.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import pairwise

from assistant.evidence import Evidence, asks_quantity
from assistant.words import STOP_WORDS

FUNCTION_WORDS = """
a an the and or of in on at by for from to with without than as that which when while because since
is are was were be been being has have had does do did can could may not no it its they their this
these both each more less most over under up down into between per only also such so but if
paper authors study method model uses using shows proposes gives . , ; : ( )
""".split()
"""Words the writer may use besides those of its evidence; none names a thing or a number."""

FIRST_PERSON = frozenset({"We", "we", "Our", "our", "us", "ours", "I", "My", "my"})
_OURS = frozenset({"we", "our", "proposed", "new", "novel"})
"""Never written: the answer speaks about the authors, not as them."""

SUPPORTED = 0.9
"""The least support for a written sentence to be kept."""

_QUANTITY = re.compile(r"[^\s\d(\[{\"'“]?\d+(?:[.,]\d+)*[^\s.,;:)\]}\"'”]*")
_TOKEN = re.compile(r"[\w%]+(?:[-.'’/]\w+)*|[,;:()]")
_WORD = re.compile(r"\w")
_NEGATIONS = frozenset(
    """not no never none nor neither cannot without fail fails failed lack lacks unable hardly
    rarely barely seldom""".split()
)
_DIRECTIONS = (
    {"increase", "increases", "increased", "increasing", "rise", "rises", "grow", "grows"},
    {"decrease", "decreases", "decreased", "reduce", "reduces", "reduced", "reducing"},
    {"higher", "more", "better", "larger", "greater", "faster", "above", "improve", "improves"},
    {"lower", "less", "worse", "smaller", "fewer", "slower", "below", "under", "underperforms"},
    {"outperform", "outperforms", "outperformed", "outperforming", "exceeds", "surpasses"},
)
_DANGLING = frozenset({"it", "its", "they", "their", "this", "these", "those", "such"})
_DISCOURSE = frozenset(
    """addition additionally also analyses analysis article authors clearly conclude conclusion
    confirm consequently consistently demonstrate demonstrated demonstrates discover empirical
    empirically end establish evaluation evaluations example experiment experimental experiments
    extensive extensively fact finally find finding findings finds first firstly found further
    furthermore hence here however importantly indeed instance instead interestingly introduce
    lastly meanwhile moreover notably numerical observe overall particular particularly present
    propose prove report reports result results reveal reveals second secondly see short show
    showing shown shows specifically summary surprisingly that then theoretical theoretically
    therefore thesis third thirdly thus total turn ultimately verify""".split()
)
"""Words that lead over to what is said; leaving them out changes nothing."""
_LIMITS = _NEGATIONS | frozenset(
    """about albeit almost although approximately around assume assumed assumes assuming but can
    condition conditions cost could despite except exception excluding few fewer frequently half
    however if least less likely limited mainly may might most mostly nearly often only or over
    partly potentially probability provided roughly some sometimes theory though under unless
    until up usually when whenever whereas while yet""".split()
)
"""Words that limit what is said; leaving one out could claim more than the evidence does."""
_FREE = frozenset("a an the authors paper study that which their".split())
"""Words that may be put in or left out anywhere."""
_ASIDE = re.compile(
    r"(?:[A-Z][\w-]{0,14}s?"
    r"|(?:e\.g\.,? )?(?:see|cf\.?|Fig\w*\.?|Eqs?\.?|Sec\w*\.?|App\w*|Table)\b[^()]*"
    r"|[^()]*\b(?:19|20)\d\d[a-z]?)"
)
"""An acronym, a pointer to a figure or section, a citation with its year."""


@dataclass(frozen=True)
class Verdict:
    """Whether a sentence may stand, how much of it its evidence carries, and what is wrong."""

    keep: bool
    support: float
    """0 to 1: the share of its telling words that stand in the evidence in the same order."""
    reason: str = ""


def check(sentence: str, evidence: Evidence, question: str) -> Verdict:
    """Judge a written sentence by its evidence sentence and the title above it."""
    written, given = _tokens(sentence), _tokens(evidence.text)
    title = {_fold(token) for token in _tokens(evidence.stored.paper.title)}
    places = _align([_fold(token) for token in written], [_fold(token) for token in given])
    aligned = any(place is not None for place in places)
    support = _support(written, places, title) if aligned else 0.0
    words = _words(written)
    if len(words) < 4 or not sentence.endswith((".", "!", "?")):
        fault = "not a finished sentence"
    elif words[0] in _DANGLING or FIRST_PERSON & set(written):
        fault = "it is not clear who or what is meant"
    else:
        fault = (
            _disagreement(sentence, evidence)
            or ("too little of it is in the evidence" if support < SUPPORTED else "")
            or _put_in(written, given, places, title)
            or _left_out(given, places, words)
            or _unanswered(sentence, evidence, question)
        )
    return Verdict(not fault, support, fault)


def is_aside(bracket: str) -> bool:
    """Whether what stands in brackets can be left out: it says nothing of its own."""
    return _ASIDE.fullmatch(bracket.strip(" ()")) is not None


def _disagreement(sentence: str, evidence: Evidence) -> str:
    """Numbers with their units, negations and directions that the evidence does not give."""
    source, title = evidence.text, evidence.stored.paper.title
    words, given = _words(_tokens(sentence)), _words(_tokens(source))
    known = set(_QUANTITY.findall(source)) | set(_QUANTITY.findall(title))
    for number in _QUANTITY.findall(sentence):
        if number not in known:
            return f"{number} is not in the evidence"
    if sum(map(_is_negation, words)) != sum(map(_is_negation, given)):
        return "a negation was added or lost"
    if any(direction & {*words} and not direction & {*given} for direction in _DIRECTIONS):
        return "a direction that the evidence does not give"
    return ""


def _put_in(written: list[str], given: list[str], places: list[int | None], title: set[str]) -> str:
    """A word that is neither in the evidence at its place nor harmless there, or nothing.

    Words from the beginning of the evidence may stand further back; words of the title may stand
    before everything else, as the subject.
    """
    first = min(place for place in places if place is not None)
    lead = {_fold(token) for token in given[:first]}
    seen = False
    for token, place in zip(written, places, strict=True):
        seen = seen or place is not None
        free = token.lower() in _FREE or _fold(token) in (lead if seen else lead | title)
        if place is None and _WORD.search(token) and not free:
            return f"{token} is put in"
    return ""


def _unanswered(sentence: str, evidence: Evidence, question: str) -> str:
    """What the question asks about, the evidence gives and the sentence has lost, or nothing."""
    source = evidence.text
    if asks_quantity(question) and _QUANTITY.search(source) and not _QUANTITY.search(sentence):
        return "a quantity is asked and the sentence leaves it out"
    asked = {_fold(token) for token in _tokens(question) if token.lower() not in STOP_WORDS}
    lost = {_fold(token) for token in _tokens(source)} - {_fold(t) for t in _tokens(sentence)}
    if (asked & lost) - _DISCOURSE:
        return "something that the question asks about is left out"
    return ""


def _left_out(given: list[str], places: list[int | None], words: list[str]) -> str:
    """A word whose omission changes what is said, or nothing.

    What leads over to the statement may go, and what was moved from the beginning to the end; a
    harmless bracket; a part between two commas, or the end, if no word in it limits anything.
    """
    kept = [place for place in places if place is not None]
    gaps = [given[start:end] for start, end in pairwise([-1, *kept])]
    lead, *between = [given[: kept[0]], *(gap[1:] for gap in gaps[1:])]
    leads_over = not lead or lead[-1].lower() in {",", "that"} | {w.lower() for w in FIRST_PERSON}
    moved = set(words)
    for token in lead:
        word = token.lower()
        harmless = leads_over and (word in _DISCOURSE or word in STOP_WORDS - _LIMITS)
        harmless = harmless or word in moved or (word in {"in", "we", "our"} and leads_over)
        if _WORD.search(word) and not (harmless or word in _FREE):
            return f"{token} is left out"
    for gap in between:
        inner = {token.lower() for token in gap}
        comma_aside = gap[:1] == [","] and gap[-1:] == [","] and len(gap) > 1
        harmless = comma_aside and not (_LIMITS & inner or any(map(_is_negation, inner)))
        bracket = gap[:1] == ["("] and gap[-1:] == [")"] and is_aside(" ".join(gap))
        for token in gap:
            word = token.lower()
            if _WORD.search(word) and not (harmless or bracket or word in _FREE | _OURS):
                return f"{token} is left out"
    for token in given[kept[-1] + 1 :]:
        if token.lower() in _LIMITS or _is_negation(token.lower()):
            return f"{token} is left out"
    return ""


def _is_negation(word: str) -> bool:
    return word in _NEGATIONS or word.endswith(("n't", "n’t"))


def _support(written: list[str], places: list[int | None], title: set[str]) -> float:
    """The share of telling words with a place in the evidence, or in the title."""
    telling = [
        place is not None or _fold(token) in title
        for token, place in zip(written, places, strict=True)
        if _WORD.search(token) and token.lower() not in STOP_WORDS | set(FUNCTION_WORDS)
    ]
    return sum(telling) / len(telling) if telling else 0.0


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


def _tokens(text: str) -> list[str]:
    return _TOKEN.findall(text)


def _words(tokens: list[str]) -> list[str]:
    return [token.lower() for token in tokens if _WORD.search(token)]


def _fold(token: str) -> str:
    """Lower case without a plural or third-person s: ``we propose`` may become ``proposes``."""
    token = token.lower()
    return token[:-1] if len(token) > 3 and token.endswith("s") else token

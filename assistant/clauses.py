"""Where a sentence of an abstract can be cut in two, told from the surface of the text."""

from __future__ import annotations

import re
from collections.abc import Iterator

from assistant.equivalents import forms_of, words
from assistant.omissions import LIMITS, NEGATIONS

_BORDER = re.compile(r"(?:,|;|\s(?:[–—]|---?))\s+")
_INSIDE = r"[^,;:()–—\[\]$\"“”]*\.\s*"
"""What a last clause is made of if nothing else can follow it, nor close what began before it."""
_ADVERBS = r"(?:(?:[a-z]+ly|also|further|hence|in turn|thereby|thus) )*"
_RESULTS = re.compile(
    rf"{_ADVERBS}(?:aiming to|allowing|contributing to|enabling|facilitating|helping|leading to"
    r"|making|marking|offering|opening|paving the way|providing|resulting in|yielding)\b"
    rf"{_INSIDE}"
)
_GAINS = re.compile(
    rf"{_ADVERBS}(?:accelerating|alleviating|boosting|eliminating the need|enhancing|ensuring"
    rf"|improving|mitigating|saving|simplifying)\b{_INSIDE}"
)
"""Like results, but also what may be one of several things that are listed."""
_SHOWS = re.compile(
    rf"{_ADVERBS}(?:confirming|demonstrating|emphasi[sz]ing|highlighting|illustrating|showcasing"
    r"|underlining|underscoring|validating)\b(?!.*\b(?:that|how|why|whether)\b)"
    r"(?=.*\b(?:ability|advantages?|applicability|benefits?|capability|capacity|contribution"
    r"|effectiveness|efficacy|efficiency|feasibility|generality|importance|potential|practicality"
    rf"|promise|robustness|role|scalability|superiority|utility|value|versatility|viability)\b)"
    rf"{_INSIDE}"
)
_WHICH = re.compile(
    r"which (?:also |further |in turn |therefore |thus )*(?:aims?|allows?|are|combines?|enables?"
    r"|enhances?|facilitates?|helps?|improves?|is|leads?|makes?|offers?|provides?|results?"
    rf"|supports?)\b{_INSIDE}"
)
_MOREOVER = re.compile(
    rf"(?:additionally|also|finally|furthermore|in addition|moreover),?\s{_INSIDE}"
)
_MAY_BE_LISTED = re.compile(
    r"(?:\b(?:and|as|by|for|from|in|include[sd]?|including|into|involves?|like|means?|of|on|or"
    r"|requires?|than|through|to|via|while|with)|,)\s+(?:[a-z]+ly )?[a-z]+ing\b"
)
"""What is done, in a list that the next participle may go on with."""
_SAYS_MORE = (
    LIMITS
    | NEGATIONS
    | forms_of(
        """against assess attribute bad because believe bias bound brittle caution cause caused
        challenge challenging chance collect compare concern conduct confound constraint
        contamination costly decrease degrade degradation depend difficult difficulty drop due
        error evaluate expense expensive explain failure false fewer fragile fragility gap hard
        harder harm harmful higher hold hurt impractical increase increased infeasible inflated
        insignificant instability latency leak leakage less limit limitation limits little longer
        loss lower luck marginal measure mixed modest negligible noise observe outside overfit
        overfitting overhead owing poor poorly price problem reduce reduced relative rely require
        restrict risk sacrifice shortcoming simulate slight slow slower small sub-optimal suboptimal
        suffer suspect test than tradeoff trade-off unclear uncertain uncertainty unknown unlike
        unstable useless valid versus vulnerability vulnerable weak weakness whereas worse"""
    )
)
"""What a last clause says with these the rest may not be without."""
_FINITE = re.compile(
    r"\b(?:are|became|become|becomes|can|could|did|do|does|had|has|have|is|may|might|must|remain"
    r"|remains|requires|should|was|were|will|would)\b"
)
_RELATIVE = re.compile(r"\b(?:that|which|who|whose|where|what|how)\b")
_FRONTED = frozenset(
    """across after although among as at because before besides between beyond by despite due during
    for from given if in inspired instead into leveraging like motivated of on once over prior
    rather since through throughout to under unlike until upon using via when whenever where
    whereas while with within without""".split()
)
_NO_START = frozenset("and but nor of or than that which who whose".split())
_FINITE_FORMS = frozenset(
    """are became can cannot could did does do gave grew had has have is made may might must
    remained saw shall should showed was were will won would yielded""".split()
)
_VERBS = frozenset(
    """accelerate accommodate account achieve adapt add address adopt adjust aim alleviate allow
    analyze appear apply argue assume attain avoid become begin benefit boost bring bypass call
    capture cause challenge combine come compare compress compute conduct consider consist
    construct contain converge correlate create decouple decrease deliver demand demonstrate depend
    derive describe design determine develop differ discover discuss drive eliminate emerge
    emphasize employ enable enhance ensure establish estimate evaluate exceed exhibit exist
    exploit explore extend face facilitate fail find focus follow form foster generalize generate
    give grow guide handle hinder hold identify ignore implement improve include incorporate
    incur indicate induce inherit integrate introduce investigate involve keep lack lag lead
    learn leave leverage lie maintain make match maximize minimize mitigate motivate need neglect
    observe obtain offer optimize outperform overcome perform plan play point pose predict present
    preserve prevent produce promise promote propose prove provide quantify reach recover reduce
    rely remain remove represent require reside resolve rest result retain reveal scale seek serve
    share shift show simplify solve stabilize stem study struggle suffer suggest support surpass
    tackle take target tend train transfer transform treat underperform underscore unify update
    use utilize validate vary verify work yield""".split()
)
_NAME = re.compile(r"\w*[A-Z]\w*")
_WORD = re.compile(r"[\w'’-]+")


def last_clauses(text: str) -> Iterator[int]:
    """Where a last clause begins that the sentence may go without, at the sign before it."""
    for border in _BORDER.finditer(text):
        before, tail = text[: border.start()], text[border.end() :]
        if border.group().startswith(";"):
            goes = _MOREOVER.fullmatch(tail) is not None
        else:
            is_free = _is_participial(tail, before) and not _is_finite(tail)
            goes = is_free or _WHICH.fullmatch(tail) is not None
        if goes and not _says_more(tail) and not _names_more(before, tail):
            yield border.start()


def is_whole(text: str) -> bool:
    """Whether it is a sentence, without a last clause that does not hold its verb.

    Behind a phrase that is put first there must be a verb that is known; elsewhere one by its look.
    """
    first, *others = [word.lower() for word in _WORD.findall(text)] or [""]
    if first in _NO_START:
        return False
    gerund = first.endswith("ing")
    if first not in _FRONTED and not gerund:
        return any(_is_known_verb(word) or _ends_as_verb(word) for word in others)
    _, _, main = text.partition(", ")
    found = others if gerund and not main else [w.lower() for w in _WORD.findall(main)][1:]
    return any(map(_is_known_verb, found))


def _is_participial(tail: str, before: str) -> bool:
    if _GAINS.fullmatch(tail):
        return not _MAY_BE_LISTED.search(before)
    return bool(_RESULTS.fullmatch(tail) or _SHOWS.fullmatch(tail))


def _is_finite(tail: str) -> bool:
    """Whether the clause has a verb of its own, so that its participle may be the subject."""
    verb = _FINITE.search(tail)
    relative = _RELATIVE.search(tail)
    return verb is not None and (relative is None or verb.start() < relative.start())


def _says_more(tail: str) -> bool:
    forms = {word.form for word in words(tail)}
    return bool(forms & _SAYS_MORE) or any(any(map(str.isdigit, form)) for form in forms)


def _names_more(before: str, tail: str) -> bool:
    """Whether the clause has a name that does not stand before it."""
    return not {*_NAME.findall(tail)} <= {*_NAME.findall(before)}


def _is_known_verb(word: str) -> bool:
    if word in _FINITE_FORMS or word in _VERBS:
        return True
    bases = {word[:-1], word[:-2]} if word.endswith(("s", "ed")) else set()
    if word.endswith(("ies", "ied")):
        bases.add(word[:-3] + "y")
    if word.endswith("ed") and word[-3:-2] == word[-4:-3]:
        bases.add(word[:-3])
    return bool(bases & _VERBS)


def _ends_as_verb(word: str) -> bool:
    return word.endswith(("s", "ed")) and not word.endswith(("is", "ss", "us"))

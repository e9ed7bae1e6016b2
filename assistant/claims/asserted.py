"""A sentence of a paper -> the clauses that tell by themselves what was found."""

from __future__ import annotations

import re
from collections.abc import Iterator

from assistant.claims.named_things import negations
from assistant.claims.naming import tokens_of
from assistant.claims.vocabulary import LOSES, VERBS, WINS
from assistant.words import STOP_WORDS

_UNSURE = re.compile(
    r"\b(?:whether|if|may|might|could|would|should|hypothes\w+|aim(?:s|ed)?|unclear|unknown"
    r"|to (?:test|determine|investigate|examine|assess|evaluate|study)"
    r"|(?:we|study|paper|trial|review) (?:\w+ )?(?:explor|examin|investigat|assess|evaluat|test"
    r"|measur|analy[sz]|review|stud(?:y|i))\w*"
    r"|potential(?:ly)?|possibl[ey]|possibilit\w+|controvers\w+|only|except|unless|until"
    r"|lacking|nobody|rather than|instead of|as opposed to|absen(?:t|ce)"
    r"|contrary to [^,]*that|paradox\w*"
    r"|(?:is|are|was|were|been) (?:\w+ )?(?:believed|thought|assumed|expected|said)"
    r"|false\w*|myths?|claim(?:s|ed)?|refut\w+|disprov\w+|no (?:clear |good )?(?:evidence|proof)"
    r"|few|(?:less|fewer) than(?! \d)|no longer|coefficients?|misconceptions?|mistaken\w*|fallac\w+"
    r"|nothing|not all|doubt\w*|challenge[sd]? (?:a|the|this)|critics?|s[ck]eptics?|exceptions?"
    r"|at first|initially|rarely|seldom|barely|scarcely|sometimes|occasionally|some"
    r"|not (?:always|necessarily)|(?:nearly|almost) (?:outperform|surpass|exceed|beat|match)\w*"
    r"|(?:one|two|three|four|five|six|seven|eight|nine|\d+) (?:out )?of (?:the |our )?"
    r"(?:two|three|four|five|six|seven|eight|nine|ten|\d+) (?:\w+ )?"
    r"(?:benchmarks|cases|data ?sets|domains|experiments|languages|models|settings|tasks)"
    r"|debate\w*|question\w*|previously"
    r"|(?:previous|earlier|prior|other) (?:work|stud|report|result)\w*"
    r"|unlike|likely to|tend\w* to|trend\w*|seem\w*|appear\w*)\b",
    re.IGNORECASE,
)
"""What is said with these is not what the paper found, or holds only in part."""
_BREAKS = re.compile(
    r"[;:]\s|,?\s(?:whereas|while|although|though|but|because|since|despite)\s|\s[-–—]+\s",
    re.IGNORECASE,
)
_FOUND_THAT = re.compile(
    r"\b(?:shows?|showed|shown|demonstrate[sd]?|finds?|found|we report|suggests?|indicates?"
    r"|conclude|observed?|reveal(?:s|ed)?|confirm(?:s|ed)?|establish(?:es|ed)?),? that,?\s",
    re.IGNORECASE,
)
_IN_PART = re.compile(
    r"\b(?:but|although|though|albeit) (?:not|only)\b"
    r"|\b(?:but (?:\w+er|less|more|worse)|(?:and|but) \w+ (?:it|them)) (?:at|for|in|on|with)\b",
    re.IGNORECASE,
)
_CAN = re.compile(r" (?:can|is able to|are able to) (?!not\b)", re.IGNORECASE)
"""What a method can do it does."""
_AND = re.compile(r",? and (?!(?:also|thus|so|thereby|hence)\b)", re.IGNORECASE)
_CHANGES = frozenset([*VERBS, *WINS, *LOSES])
_BOTH = re.compile(r"\sboth (?:(?!(?:of|in|on|for|to|by|with|that)\b)[\w-]+ ){1,4}and\s")
_ASIDE = re.compile(r"\s?\([^()]*\)(?!\w)")
_SHARED = _CHANGES | STOP_WORDS - frozenset("a an the these this those their its our".split())
"""Behind "and", what goes on with the subject before it."""


def findings(sentence: str) -> Iterator[str]:
    """Its clauses that are not hedged, and of "we found that ..." also what was found alone.

    One that tells of two things that something does the same to comes once more without the first.
    """
    if _IN_PART.search(sentence):
        return
    for part in _BREAKS.split(_ASIDE.sub(_without, sentence)):
        for clause in _joined(part):
            clause = _CAN.sub(" ", clause)
            if not _UNSURE.search(clause):
                yield clause
                yield from _second_object(clause)
            found = _FOUND_THAT.search(clause)
            if found and not negations(lead := clause[: found.end()]):
                told = clause[found.end() :]
                if not _UNSURE.search(lead + told):
                    yield told


def _without(aside: re.Match[str]) -> str:
    """Nothing in place of brackets, unless they take something back."""
    return aside[0] if _UNSURE.search(aside[0]) or negations(aside[0]) else ""


def _second_object(clause: str) -> Iterator[str]:
    """Of "A reduces both B and C": A reduces C."""
    pair = _BOTH.search(clause)
    if pair:
        yield f"{clause[: pair.start()]} {clause[pair.end() :]}"


def _joined(part: str) -> Iterator[str]:
    """What "and" joins, where each side has a subject and a verb of its own."""
    start = 0
    for joint in _AND.finditer(part):
        left, right = (
            [token.lower() for token in tokens_of(side)]
            for side in (part[start : joint.start()], part[joint.end() :])
        )
        goes_on = not right or right[0] in _SHARED or right[0].endswith("ly")
        if not goes_on and _CHANGES & {*left} and _CHANGES & {*right}:
            yield part[start : joint.start()]
            start = joint.end()
    yield part[start:]

"""One sentence of an abstract -> shorter ones that say the same or part of it.

Each is the sentence with the words "we" and "our" turned to the authors and with one or more of
these left out: what leads over to it, asides in brackets, a last clause behind a comma. The rules
follow clause-level sentence compression (Clarke and Lapata, 2008) on the surface of the text; what
they make is still checked like anything else that is written.
"""

from __future__ import annotations

import re
from itertools import product

SHORTEST = 6
"""Words a compression has at least."""

_ADVERB = (
    r"(?:additionally|also|as a result|consequently|finally|first(?:ly)?|furthermore|hence|here"
    r"|in (?:addition|conclusion|contrast|fact|particular|short|summary|total|turn)|importantly"
    r"|indeed|interestingly|lastly|moreover|notably|overall|second(?:ly)?|specifically"
    r"|surprisingly|then|therefore|third(?:ly)?|thus|to this end|ultimately|with this in mind"
    r"|for (?:example|instance)|in this (?:article|paper|report|study|work|thesis)|however)"
)
_LEAD = re.compile(rf"^{_ADVERB},?\s+", re.IGNORECASE)
_FINDING = re.compile(
    r"^(?:we|(?:our|the|these|extensive|empirical|theoretical|experimental|numerical)*\s*"
    r"(?:analys[ei]s|experiments?|evaluations?|findings?|results?))\s+"
    r"(?:also |further |then |empirically |theoretically |clearly |consistently )*"
    r"(?:confirm|demonstrate|discover|establish|find|found|observe|prove|reveal|see|show|verify)"
    r"(?:s|ed|n)?\s+that\s+",
    re.IGNORECASE,
)
_ASIDE = re.compile(r"\s*\((?:[^()]|\([^()]*\))*\)")
_TAIL = re.compile(
    r"(?:, (?:which|where|while|whereas|with|thereby|thus|hence|enabling|allowing|making|leading"
    r"|demonstrating|showing|suggesting|indicating|highlighting|marking|providing|proving|ensuring"
    r"|outperforming|without|as well as|even|including|such as|namely|i\.e\.,?|e\.g\.,?)\b"
    r"|;| --| –| —)[^;]*$"
)
_AUTHORS = (
    (re.compile(r"\bwe're\b", re.IGNORECASE), "the authors are"),
    (re.compile(r"\bwe\b", re.IGNORECASE), "the authors"),
    (re.compile(r"\bour (?:proposed|new|novel)\b", re.IGNORECASE), "the proposed"),
    (re.compile(r"\bour\b", re.IGNORECASE), "the"),
)


def compress(sentence: str) -> list[str]:
    """Every compression of the sentence, longest first, without the sentence itself.

    Empty if there is nothing to leave out and nobody to turn to the authors.
    """
    whole = " ".join(sentence.split())
    core = _LEAD.sub("", whole)
    cores = [core]
    if (bare := _FINDING.sub("", core)) != core:
        cores = [bare]
    made: dict[str, None] = {}
    for start, brackets, tail in product(cores, (True, False), (True, False)):
        text = start if brackets else _ASIDE.sub("", start)
        if not tail:
            text = _without_tail(text)
        for pattern, replacement in _AUTHORS:
            text = pattern.sub(replacement, text)
        text = _as_sentence(text)
        if len(text.split()) >= SHORTEST and text != whole:
            made[text] = None
    return sorted(made, key=len, reverse=True)


def _without_tail(text: str) -> str:
    """Cut a last clause that runs to the end of the sentence without another comma behind it."""
    match = _TAIL.search(text)
    if match is None or "," in match.group()[1:]:
        return text
    return text[: match.start()]


def _as_sentence(text: str) -> str:
    text = text.strip(" ,;:–—-")
    if text and text[-1] not in ".!?":
        text += "."
    return text[:1].upper() + text[1:]

"""One sentence of an abstract -> rewordings that say the same or part of it.

Each is the sentence with the words "we" and "our" turned to the authors and with one or more of
these left out: what leads over to it, asides in brackets, a last clause behind a comma. The rules
follow clause-level sentence compression (Clarke and Lapata, 2008) on the surface of the text; what
they make is still checked like anything else that is written.
"""

from __future__ import annotations

import re
from itertools import product

from assistant.leads import without_leads
from assistant.omissions import is_aside

SHORTEST = 6
"""Words a compression has at least."""

FINDING = re.compile(
    r"^(?:we|(?:(?:our|the|these|extensive|empirical|theoretical|experimental|numerical)\s+)*"
    r"(?:analys[ei]s|experiments?|evaluations?|findings?|results?))\s+"
    r"(?:also |further |then |empirically |theoretically |clearly |consistently )*"
    r"(?:confirm|demonstrate|discover|establish|find|found|observe|prove|reveal|see|show|verify)"
    r"(?:s|ed|n)?\s+that\s+",
    re.IGNORECASE,
)
"""Who found that something is so: "our experiments show that"."""
_BRACKET = re.compile(r"\s\([^()]*\)")
_TAIL = re.compile(
    r", (?:thereby|thus|hence|enabling|allowing|making|leading|demonstrating|showing|suggesting"
    r"|indicating|highlighting|marking|providing|proving|ensuring|outperforming|confirming"
    r"|including|such as|namely|as well as)\b[^,;]*$"
)
_WE = re.compile(r"\b[Ww]e\b")
_UNCLEAR = re.compile(
    r"[\"“”«»]|``|''|\bus\b|\bour own\b|\bourselves\b"
    r"|\bour (?:previous|prior|earlier|recent|group|lab|team|cluster|company|institution)\b"
    r"|\b(?:authors?|humans?|people|researchers|practitioners|scientists|society)\b",
    re.IGNORECASE,
)
"""Where these stand, "we" may not be the authors, or "the authors" may not be these."""
_OUR_NAME = re.compile(r"\b[Oo]ur (?=\w*[A-Z]\w*[A-Z])")
_OUR_NEW = re.compile(r"\b[Oo]ur (?:proposed|new|novel)\b")
_OUR = re.compile(r"\b[Oo]ur\b")
NEEDS_SUBJECT = re.compile(
    r"\band (?:also |further |then |thus )?(?:that|analy[sz]e|apply|argue|characteri[sz]e|compare"
    r"|conclude|confirm|construct|demonstrate|derive|describe|design|develop|discuss|establish"
    r"|evaluate|examine|explore|extend|find|give|highlight|identify|introduce|investigate|leverage"
    r"|observe|obtain|offer|present|propose|prove|provide|quantify|release|report|show|study"
    r"|suggest|test|use|validate|verify)\b|\b(?:they|their)\b"
)
"""What would lose its subject or referent if "we show that" before it were left out."""


def compress(sentence: str, title: str = "") -> list[str]:
    """Every compression of the sentence, longest first, without the sentence itself.

    A ``title`` that begins with a small letter tells that its first word is a name written so.
    Empty if there is nothing to leave out and nobody to turn to the authors, for a question, and
    where it is not clear who "we" are.
    """
    whole = " ".join(sentence.split())
    core = without_leads(whole)
    bare = FINDING.sub("", core)
    if not NEEDS_SUBJECT.search(bare):
        core = bare
    if not core.rstrip().endswith(".") or not _speaks_for_authors(core):
        return []
    made: dict[str, None] = {}
    for brackets, tail in product((True, False), (True, False)):
        text = core if brackets else _BRACKET.sub(_without_aside, core)
        if not tail:
            text = _TAIL.sub("", text)
        text = as_sentence(_by_the_authors(text), title)
        if len(text.split()) >= SHORTEST and text != whole:
            made[text] = None
    return sorted(made, key=len, reverse=True)


def _speaks_for_authors(core: str) -> bool:
    """Whether "we" and "our", if they occur, can be turned to the authors."""
    first = _WE.search(core)
    if first is None and not re.search(r"\b[Oo]urs?\b", core):
        return True
    opens = first is None or first.start() == 0 or core[: first.start()].endswith(", ")
    return opens and not _UNCLEAR.search(core)


def _without_aside(bracket: re.Match[str]) -> str:
    return "" if is_aside(bracket.group()) else bracket.group()


def _by_the_authors(text: str) -> str:
    """The text with "we" and "our" turned to the authors."""
    text = _OUR_NEW.sub("the proposed", _OUR_NAME.sub("", text))
    owner = "their" if _WE.search(text) else "the"
    return _OUR.sub(owner, _WE.sub("the authors", text))


def as_sentence(text: str, title: str) -> str:
    """The text with a capital at the start, unless a name stands there, and a full stop."""
    text = text.strip(" ,;:–—-")
    if text and text[-1] not in ".!?":
        text += "."
    first = text.split(" ", 1)[0].rstrip(".,;:")
    is_name = first.lower() != first or re.match(rf"{re.escape(first)}\b", title) is not None
    return text if is_name else text[:1].upper() + text[1:]

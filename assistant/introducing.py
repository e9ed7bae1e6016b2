"""What introduces the sentences of an answer: whose they are, by rule from facts of the paper."""

from __future__ import annotations

import re
from collections.abc import Sequence
from textwrap import shorten

from assistant.evidence import Evidence
from assistant.library import StoredPaper
from assistant.named_papers import named
from assistant.papers import Paper
from assistant.question_kinds import asks_for_papers

LONGEST_LABEL = 60
"""Characters of a title in a list."""
LONGEST_NAME = 30
"""Characters of a short name."""
NAMED_WITHIN = 10
"""Words at the beginning of a sentence that speak of the paper if its name is among them."""

_NAME = re.compile(r"[A-Za-zµμα-ω][A-Za-z0-9µμα-ω+-]*(?:\.\d+)?(?: [A-Z0-9][A-Za-z0-9+-]*){0,2}")
"""One to three words that are written as names are."""
_UNUSUAL = re.compile(r"\w[A-Z]|\d")
"""A capital or digit inside: no word but a name is written so."""
_NO_NAMES = frozenset(
    """abstract admin ai alert answer assistant attention authors background caution comment
    commentary conclusion conclusions correction corrigendum danger developer discussion editorial
    error erratum fact false human ignore important instruction instructions introduction message
    method methods note notice paper part prompt question reference references reply response
    result results retracted retraction review source sources summary survey system title true
    truth update user warning withdrawn""".split()
)
"""What is no paper's name, or would read as if the program said it."""
_THEY_WRITE = "The authors write:"
_ORDINALS = "first second third fourth fifth sixth seventh eighth ninth tenth".split()
_NUMBERED = re.compile(rf"(?:One|Another|(?:A|The) (?:{'|'.join(_ORDINALS)}|further)) paper")


class Introductions:
    """Gives the sentences of one answer their leads, in the order of the answer.

    Consecutive sentences of a paper are introduced once. Where several papers are drawn on, it is
    the first of them, unless it names its paper; where one is drawn on, the first quote.
    In a list of papers each has its name or title.
    """

    def __init__(self, question: str, told: Sequence[Evidence]) -> None:
        """``told`` are the sentences that the answer will rest on."""
        self._is_list = asks_for_papers(question)
        self._several = len({item.stored.id for item in told}) > 1
        self._cited: list[str] = []
        self._current = ""
        self._introduced = False

    def lead(self, papers: Sequence[StoredPaper], text: str, *, quoted: bool) -> str:
        """What stands before the next sentence, with its colon; empty for nothing.

        One that rests on several papers has no lead; what follows it is introduced anew.
        """
        if len(papers) > 1:
            self._current = ""
            self._cited += [paper.id for paper in papers if paper.id not in self._cited]
            return ""
        (stored,) = papers
        begins = stored.id != self._current
        again = begins and stored.id in self._cited
        if begins:
            self._current, self._introduced = stored.id, False
            self._cited += [] if again else [stored.id]
        wanted = quoted or (begins and self._several)
        if self._is_list:
            return f"{label(stored)}:"
        if self._introduced or not wanted:
            return ""
        self._introduced = True
        name = short_name(stored.paper)
        opening = " ".join(text.split()[:NAMED_WITHIN])
        names_it = bool(named(opening, [stored])) or (bool(name) and _stands_in(name, opening))
        if self._several and begins:
            return "" if names_it else f"{name or self._numbered(stored.id, again)}{_year(stored)}:"
        if begins and name and not names_it:
            return f"{name}{_year(stored)}:"
        return _THEY_WRITE if stored.paper.kind == "abstract" else ""

    def _numbered(self, identifier: str, again: bool) -> str:
        place = self._cited.index(identifier)
        ordinal = _ORDINALS[place] if place < len(_ORDINALS) else "further"
        if again:
            return f"The {ordinal} paper"
        return ("One paper", "Another paper")[place] if place < 2 else f"A {ordinal} paper"


def may_introduce(lead: str, stored: StoredPaper) -> bool:
    """Whether the lead is one that a sentence of this paper can have; having none always is."""
    if lead in ("", _THEY_WRITE, f"{label(stored)}:"):
        return True
    who = lead.removesuffix(f"{_year(stored)}:")
    by_rule = who == short_name(stored.paper) or _NUMBERED.fullmatch(who) is not None
    return who not in ("", lead) and by_rule


def short_name(paper: Paper) -> str:
    """What the paper calls its subject: the title before a colon, if that is a name.

    Only what is written as a name is, and occurs so in the abstract; empty otherwise.
    """
    name, colon, rest = paper.title.partition(":")
    if not colon or len(name) > LONGEST_NAME or not _NAME.fullmatch(name):
        return ""
    if _NO_NAMES & {*re.findall(r"[a-z]+", name.lower())}:
        return ""
    if _UNUSUAL.search(name) and " " not in name:
        return name if _stands_in(name, paper.abstract) else ""
    inside = re.search(rf"[a-z,] {re.escape(name)}(?![\w-])", paper.abstract)
    return name if inside and name.lower() not in f"{rest} {paper.abstract}" else ""


def label(stored: StoredPaper) -> str:
    """What a list of papers calls this one: its short name or the beginning of its title."""
    name = short_name(stored.paper)
    if not name:
        title = " ".join(stored.paper.title.split()) or stored.id
        lead, colon, _ = title.partition(": ")
        name = lead if colon and " " in lead else title
    cut = shorten(name, LONGEST_LABEL, placeholder=" …", break_on_hyphens=False)
    if cut == "…":  # a script without blanks
        cut = f"{name[: LONGEST_LABEL - 2]} …"
    return f"{cut}{_year(stored)}"


def _stands_in(name: str, text: str) -> bool:
    return re.search(rf"(?<!\w){re.escape(name)}(?!\w)", text) is not None


def _year(stored: StoredPaper) -> str:
    return f" ({stored.paper.year})" if stored.paper.year else ""

"""Names in a question -> the papers that they are the names of."""

from __future__ import annotations

import re
from collections.abc import Sequence

from assistant.library import StoredPaper
from assistant.words import STOP_WORDS

NAME = re.compile(r"\b\w*[A-Z][\w-]*[A-Z][\w-]*\b")
"""An acronym or a name with a capital inside: LISA, CondConv."""

_CAPITALISED = re.compile(r"(?<=[\w,] )[A-Z][a-z]{2,}\b")
_GIVES_A_NAME = (
    r"(?:propos\w+|introduc\w+|present\w*|develop\w*|call\w*|dub\w*|named?|naming|term\w*"
    r"|releas\w+|describ\w+)"
)
_OPENINGS = 2
"""Sentences that begin with a name, of a paper on what bears it."""


def named(question: str, papers: Sequence[StoredPaper]) -> list[StoredPaper]:
    """Those of the papers that the question calls by the name of what they are on, in its order.

    Of several with the same name the first. In a question all in capitals no word looks like a
    name; there only titles tell.
    """
    shouted = question.isupper()
    matches = [*NAME.finditer(question), *_CAPITALISED.finditer(question)]
    matches.sort(key=lambda match: match.start())
    found: dict[str, StoredPaper] = {}
    for name in dict.fromkeys(match.group() for match in matches):
        if name.lower() in STOP_WORDS:
            continue
        for paper in papers:
            if _begins(paper, name) or (not shouted and _turns_on(paper, name)):
                found.setdefault(paper.id, paper)
                break
    return list(found.values())


def _begins(stored: StoredPaper, name: str) -> bool:
    """Whether the title begins with the name and a colon."""
    lead, colon, _ = stored.paper.title.partition(":")
    return bool(colon) and name.lower() in (lead.lower(), f"{lead.lower()}s")


def _turns_on(stored: StoredPaper, name: str) -> bool:
    """Whether the abstract introduces the name or turns on it, and the title has no other."""
    lead, colon, _ = stored.paper.title.partition(":")
    if not NAME.fullmatch(name) or (colon and NAME.fullmatch(lead)):
        return False
    if name.lower() not in stored.paper.abstract.lower():
        return False
    bare = re.escape(name)
    introduced = rf"\b{_GIVES_A_NAME}\b[^.;,]{{0,50}}(?<![\w-]){bare}(?![\w-])"
    if re.search(introduced, stored.paper.abstract, re.IGNORECASE):
        return True
    opens = re.compile(rf"(?:The )?{bare}(?: \([^)]*\))? (?!and\b|or\b)")
    sentences = range(len(stored.sentences))
    return sum(bool(opens.match(stored.sentence(i))) for i in sentences) >= _OPENINGS

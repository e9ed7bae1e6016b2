"""Names in a question -> the papers that they are the names of."""

from __future__ import annotations

import re
from collections.abc import Sequence

from assistant.library import StoredPaper

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

    Of several with the same name the first.
    """
    names = [*NAME.finditer(question), *_CAPITALISED.finditer(question)]
    found: dict[str, StoredPaper] = {}
    for match in sorted(names, key=lambda name: name.start()):
        paper = next((paper for paper in papers if _is_name_of(match.group(), paper)), None)
        if paper:
            found.setdefault(paper.id, paper)
    return list(found.values())


def _is_name_of(name: str, stored: StoredPaper) -> bool:
    """Whether the title begins with it and a colon, or the abstract introduces or turns on it."""
    lead, colon, _ = stored.paper.title.partition(":")
    if colon and name.lower() in (lead.lower(), f"{lead.lower()}s"):
        return True
    if not NAME.fullmatch(name) or (colon and NAME.fullmatch(lead)):
        return False
    bare = re.escape(name)
    introduced = rf"\b{_GIVES_A_NAME}\b[^.;,]{{0,50}}(?<![\w-]){bare}(?![\w-])"
    if re.search(introduced, stored.paper.abstract, re.IGNORECASE):
        return True
    opens = re.compile(rf"(?:The )?{bare}(?: \([^)]*\))? (?!and\b|or\b)")
    sentences = range(len(stored.sentences))
    return sum(bool(opens.match(stored.sentence(i))) for i in sentences) >= _OPENINGS

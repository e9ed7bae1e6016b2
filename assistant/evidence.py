"""Papers -> the sentences that bear on the question, and whether there are enough to answer."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from assistant.library import StoredPaper
from assistant.retrieval import Hit

ANSWERABLE = 1.05
"""The least score of the best paper for the question to be answered at all."""
ANSWERABLE_BY_NAME = 0.7
"""The same, where the question names that paper by a name that stands in its title."""
PAPER_WEIGHT = 0.7
"""How much a lower score of its paper costs a sentence, relative to its own similarity."""
NUMBER_BONUS = 0.15
"""For a sentence with a number where the question asks for a quantity."""
SAME_PAPER_COST = 0.1
"""For each sentence already taken from a paper, where the question asks about several."""

FARTHEST = 0.25
"""How much weaker than the best a sentence may be, where the question asks about one thing."""
MORE_FOR_SEVERAL = 2
"""Sentences more for a question about several papers."""

_WORD = re.compile(r"[\w-]+")
_NAME = re.compile(r"\b\w*[A-Z][\w-]*[A-Z][\w-]*\b")
"""An acronym or a name with a capital inside: LISA, CondConv."""
_QUANTITY = re.compile(
    r"\b(how (many|much|large|big|small|far|long|often|fast|high|low|strong|faithful\w*)"
    r"|what (\w+ )?(accuracy|score|percentage|share|fraction|size|rate|number|speed|latency|factor)"
    r"|by (how|what)|percent\w*|accuracy)\b",
    re.IGNORECASE,
)
_SEVERAL = re.compile(
    r"\b(compar\w+|differ\w*|versus|vs|both|respectively|as opposed to|in contrast|contrast"
    r"|which (papers|studies|works|methods|approaches|models)|bring together|across papers)\b",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class Evidence:
    """One sentence of a stored abstract and how well it bears on the question."""

    stored: StoredPaper
    index: int
    """Which sentence of the paper."""
    score: float

    @property
    def text(self) -> str:
        """The sentence, a slice of the abstract."""
        return self.stored.sentence(self.index)


def is_answerable(question: str, hits: Sequence[Hit]) -> bool:
    """Whether the best paper is near enough to the question to answer from."""
    if not hits:
        return False
    title = set(_WORD.findall(hits[0].stored.paper.title))
    named = any(name in title for name in _NAME.findall(question))
    return hits[0].score >= (ANSWERABLE_BY_NAME if named else ANSWERABLE)


def asks_quantity(question: str) -> bool:
    """Whether the answer ought to hold a number."""
    return bool(_QUANTITY.search(question))


def rank(question: str, hits: Sequence[Hit]) -> list[Evidence]:
    """Every sentence of the papers that could be evidence, best first; questions are left out."""
    quantity = asks_quantity(question)
    candidates = [
        Evidence(
            hit.stored,
            index,
            similarity
            + PAPER_WEIGHT * (hit.score - hits[0].score)
            + NUMBER_BONUS * (quantity and any(c.isdigit() for c in hit.stored.sentence(index))),
        )
        for hit in hits
        for index, similarity in enumerate(hit.sentence_similarities)
        if not hit.stored.sentence(index).rstrip().endswith("?")
    ]
    return sorted(candidates, key=lambda evidence: -evidence.score)


def select(question: str, hits: Sequence[Hit], limit: int) -> list[Evidence]:
    """The ``limit`` best sentences of the papers, best first; none if no answer is possible.

    A question about one thing gets only those that come near to the best; one about several papers
    gets ``MORE_FOR_SEVERAL`` more, spread over the papers.
    """
    if not is_answerable(question, hits):
        return []
    several = bool(_SEVERAL.search(question))
    spread = SAME_PAPER_COST if several else 0.0
    limit += MORE_FOR_SEVERAL if several else 0
    candidates = rank(question, hits)
    chosen: list[Evidence] = []
    taken: dict[str, int] = {}
    while candidates and len(chosen) < limit:
        best = max(candidates, key=lambda e: e.score - spread * taken.get(e.stored.id, 0))
        if chosen and not several and best.score < chosen[0].score - FARTHEST:
            break
        candidates.remove(best)
        chosen.append(best)
        taken[best.stored.id] = taken.get(best.stored.id, 0) + 1
    return chosen

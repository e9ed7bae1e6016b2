"""Papers -> the sentences that bear on the question."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import zip_longest

from assistant.library import StoredPaper
from assistant.named_papers import named
from assistant.question_kinds import asks_for_papers, asks_quantity, asks_several, is_claim
from assistant.retrieval import Hit
from assistant.weights import Weights, weights

FARTHEST = 0.6
"""How much weaker than the best of its paper a sentence may be in a comparison."""
FARTHEST_OF_ONE = 0.4
"""How much weaker than the best a sentence may be where the question asks about one thing."""
OTHER_PAPER_COST = 0.37
"""There, for a sentence of a paper that is neither the nearest nor cited yet."""
AVAILABILITY_COST = 0.3
"""For a sentence on where code or data are, unless the question asks for that."""
WORDS_A_SENTENCE = 17
"""On average, in an answer about one thing; what was chosen beyond that is quoted beside it."""
MOST_COMPARED = 3
"""Papers that an answer about several draws on; two are taken even if the second is far."""
MOST_NAMED = 4
"""The same where they are named."""
AS_NEAR_TO_COMPARE = 0.85
"""What part of the best paper's score the third needs there."""
AS_NEAR = 0.78
"""What part of the best paper's score another needs, where the question asks for papers."""
FARTHEST_BESIDE = 0.8
"""How much weaker than the best a sentence of a paper cited may be that is quoted beside it."""
AS_GOOD_FOR_A_PART = 0.1
"""How much less than another the first sentence may bear on a part of the question."""
MORE_QUOTED = 1
"""Sentences more than may be said, of those said and quoted in an answer about one thing."""
QUOTED_OF_EACH = 2
"""Sentences of each paper of a comparison that are quoted beside what is said."""
MORE_FOR_SEVERAL = 4
"""Sentences more for a question about several papers."""

_AVAILABILITY = re.compile(
    r"\b(available (at|on|from|under)|github|https?:|code (is|are|and)\b"
    r"|code\b((?!\bcode\b).)*\breleased|releas\w+ (the |our |all )?(code|models?|data)"
    r"|open-?sourced)",
    re.IGNORECASE,
)
_FOR_AVAILABILITY = re.compile(
    r"\b(code|available|github|releas\w+|open|source|download\w*|where|public\w*)\b", re.IGNORECASE
)


@dataclass(frozen=True)
class Evidence:
    """One sentence of a stored abstract and how well it bears on the question."""

    stored: StoredPaper
    index: int
    """Which sentence of the paper."""
    score: float
    parts: tuple[float, ...] = field(default=(), compare=False)
    """As in ``SentenceMatch``."""

    @property
    def text(self) -> str:
        """The sentence, a slice of the abstract."""
        return self.stored.sentence(self.index)


def answering(question: str, hits: Sequence[Hit], papers: int) -> list[Hit]:
    """Those of the papers found, best first, that the answer may rest on.

    The first ``papers``; all that are nearly as near as the best one where papers are asked for;
    those that are named where several are.
    """
    if hits and asks_for_papers(question):
        return [hit for hit in hits if hit.score >= AS_NEAR * hits[0].score]
    by_name = [paper.id for paper in named(question, [hit.stored for hit in hits])]
    if len(by_name) > 1:
        return [hit for hit in hits if hit.stored.id in by_name[:MOST_NAMED]]
    return list(hits[:papers])


def compares(question: str, papers: Sequence[StoredPaper]) -> bool:
    """Whether the answer ought to rest on several of the papers: it says so, or names them."""
    return asks_several(question) or len(named(question, papers)) > 1


def sets_apart(question: str, papers: Sequence[StoredPaper]) -> bool:
    """Whether the answer goes through the papers one by one."""
    return asks_for_papers(question) or compares(question, papers)


def rank(question: str, hits: Sequence[Hit], weighing: Weights | None = None) -> list[Evidence]:
    """Every sentence of the papers that could be evidence, best first; questions are left out."""
    by = (weighing or weights()).sentences
    claim, quantity = is_claim(question), asks_quantity(question)
    available = bool(_FOR_AVAILABILITY.search(question)) and not asks_for_papers(question)
    candidates = []
    for hit in hits:
        for index, match in enumerate(hit.sentences):
            text = hit.stored.sentence(index)
            if text.rstrip().endswith("?"):
                continue
            score = match.score + by.paper * (hit.score - hits[0].score)
            if claim:
                score += by.place * index / max(1, len(hit.sentences) - 1)
            elif any(char.isdigit() for char in text):
                score += by.number + by.quantity * quantity
            if not available and _AVAILABILITY.search(text):
                score -= AVAILABILITY_COST
            candidates.append(Evidence(hit.stored, index, score, match.parts))
    return sorted(candidates, key=lambda evidence: -evidence.score)


def select(question: str, hits: Sequence[Hit], limit: int) -> list[Evidence]:
    """The ``limit`` best sentences of the papers, best first; in a comparison paper by paper.

    A question about one thing gets only those that come near to the best, rather of the nearest
    paper than of others, and one for each of its parts; one about several papers gets
    ``MORE_FOR_SEVERAL`` more, taken from the nearest papers in turn; one that asks for papers gets
    one sentence of each, however many they are.
    """
    if asks_for_papers(question):
        firsts: dict[str, Evidence] = {}
        for found in rank(question, hits):
            firsts.setdefault(found.stored.id, found)
        return [firsts[hit.stored.id] for hit in hits if hit.stored.id in firsts]
    if compares(question, [hit.stored for hit in hits]):
        return _of_each(question, hits, limit + MORE_FOR_SEVERAL)
    candidates = rank(question, hits)
    chosen: list[Evidence] = []
    cited = {hit.stored.id for hit in hits[:1]}

    def worth(item: Evidence) -> float:
        return item.score - OTHER_PAPER_COST * (item.stored.id not in cited)

    while candidates and len(chosen) < limit:
        best = max(candidates, key=worth)
        if chosen and worth(best) < chosen[0].score - FARTHEST_OF_ONE:
            break
        candidates.remove(best)
        chosen.append(best)
        cited.add(best.stored.id)
    return _for_each_part(chosen, candidates, limit)


def _for_each_part(
    chosen: Sequence[Evidence], others: Sequence[Evidence], limit: int
) -> list[Evidence]:
    """The first one followed by the best of its paper for other parts of the question.

    A part that the first one covers nearly as well as any other of its paper needs none.
    """
    if not chosen:
        return []
    first, order = chosen[0], list(chosen)
    own = [item for item in (*chosen, *others) if item.stored.id == first.stored.id]
    for part, covered in enumerate(first.parts):
        best = max(own, key=lambda item: item.parts[part])
        if covered < best.parts[part] - AS_GOOD_FOR_A_PART:
            order = [first, best, *(item for item in order[1:] if item != best)]
    return order[:limit]


def told(question: str, chosen: Sequence[Evidence], limit: int) -> list[Evidence]:
    """Those of the chosen sentences that the answer says, in their order; at least the first.

    An answer about one thing has room for ``limit * WORDS_A_SENTENCE`` words.
    """
    if sets_apart(question, [item.stored for item in chosen]):
        return list(chosen)
    room = limit * WORDS_A_SENTENCE
    said: list[Evidence] = []
    for item in chosen:
        words = len(item.text.split())
        if not said or words <= room:
            said.append(item)
            room -= words
    return said


def beside(
    question: str,
    near: Sequence[Hit],
    chosen: Sequence[Evidence],
    said: Sequence[Evidence],
    limit: int,
) -> list[Evidence]:
    """What else the papers cited say about it, to be quoted: what was chosen, then the next best.

    In an answer about one thing, as many as make ``limit + MORE_QUOTED`` with what is said; in a
    comparison ``QUOTED_OF_EACH`` more of each paper; none in a list of papers.
    """
    if not said or asks_for_papers(question):
        return []
    ranked = rank(question, near)
    cited = [item.stored.id for item in said]
    rest: dict[str, list[Evidence]] = {}
    for identifier in dict.fromkeys(cited):
        own = [item for item in ranked if item.stored.id == identifier]
        least = own[0].score - FARTHEST_BESIDE
        rest[identifier] = [e for e in own if e not in chosen and e.score >= least]
    others = [item for item in chosen if item not in said and item.stored.id in cited]
    if compares(question, [item.stored for item in chosen]):
        return others + [item for own in rest.values() for item in own[:QUOTED_OF_EACH]]
    others += [item for item in ranked if item in rest.get(item.stored.id, [])]
    return others[: limit + MORE_QUOTED - len(said)]


def _compared(question: str, hits: Sequence[Hit]) -> list[Hit]:
    """The papers that are named, in the order of the question, or else the nearest."""
    by_name = [paper.id for paper in named(question, [hit.stored for hit in hits])]
    if len(by_name) > 1:
        named_ones = [hit for hit in hits if hit.stored.id in by_name]
        return sorted(named_ones, key=lambda hit: by_name.index(hit.stored.id))
    return [
        hit
        for place, hit in enumerate(hits[:MOST_COMPARED])
        if place < 2 or hit.score >= AS_NEAR_TO_COMPARE * hits[0].score
    ]


def _of_each(question: str, hits: Sequence[Hit], limit: int) -> list[Evidence]:
    """The best sentences of each of the papers compared, one paper after the other.

    They are taken in turn: the best of each, then the second of each, and so on.
    """
    near = _compared(question, hits)
    ranked = rank(question, hits)
    columns = [[item for item in ranked if item.stored.id == hit.stored.id] for hit in near]
    rows = zip_longest(*([e for e in own if e.score >= own[0].score - FARTHEST] for own in columns))
    taken = [item for row in rows for item in row if item][:limit]
    order = [hit.stored.id for hit in near]
    return sorted(taken, key=lambda item: order.index(item.stored.id))

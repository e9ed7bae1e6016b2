"""Papers found -> the sentences that an answer is made from, by the kind of question."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from assistant import evidence, verdict
from assistant.definitions import calls_it_so, defining, may_define, mentions, term_of
from assistant.evidence import Evidence
from assistant.retrieval import Hit

if TYPE_CHECKING:
    from assistant.claims.stance import Stance
    from assistant.verdict import Relates

CONSIDERED = 8
"""How many sentences that were not used are kept beside an answer."""


@dataclass(frozen=True)
class Plan:
    """Which sentences an answer is made from."""

    told: Sequence[tuple[Evidence, Stance]]
    """Those that it says, in their order, with what each says of a yes/no question."""
    beside: Sequence[Evidence]
    """Those that are quoted beside it."""
    considered: Sequence[Evidence]
    """The next best sentences that are not told, best first."""
    verdict: str = ""
    """What the sources say of a yes/no question or a statement."""
    unsaid: str = ""
    """The term that is asked for, where none of the papers used calls it so."""
    refusal: str = ""
    """Why nothing is told, where that is not for want of confidence."""


def plan(
    question: str,
    search_for: str,
    hits: Sequence[Hit],
    papers: int,
    sentences: int,
    *,
    confident: bool,
    relates: Relates | None = None,
) -> Plan:
    """Choose about ``sentences`` sentences of ``papers`` papers; none unless ``confident``.

    ``search_for`` is the question with what it left to the conversation. A question for what a
    term means is answered only from papers that mention it, first by the sentence that says most
    plainly what it is; a yes/no question first by the sentences that settle it.
    """
    asked = in_full(question, search_for)
    term = term_of(asked) if confident else None
    about = [hit for hit in hits if mentions(hit.stored.paper, term)] if term else hits
    near = evidence.answering(search_for, about, papers)
    ranked = evidence.rank(search_for, near)
    chosen = evidence.select(search_for, near, sentences) if confident else []
    wanted = may_define(asked) if chosen else None
    place = defining(wanted, [item.text for item in ranked]) if wanted else None
    first = [] if place is None else [ranked[place]]
    ordered = [*first, *(item for item in chosen if item not in first)]
    told: list[tuple[Evidence, Stance]] = [
        (item, "") for item in evidence.told(search_for, ordered, sentences)
    ]
    line = ""
    said = verdict.statement(question, relates) if question == search_for and chosen else None
    if said:
        told = verdict.decided_first(said, [item for item, _ in told], ranked)
        line = verdict.line(said, _numbered(told))
    used = [item for item, _ in told]
    beside = evidence.beside(search_for, near, chosen, used, sentences)
    unused = [item for item in ranked if item not in used and item.score > 0]
    refusal = f"none of the nearest papers mentions “{term}”" if hits and not about else ""
    beside = [item for item in beside if item not in used]
    called = any(calls_it_so(item.stored.paper, term) for item in used) if term else True
    unsaid = term if term and not called else ""
    return Plan(told, beside, unused[:CONSIDERED], line, unsaid, refusal)


def in_full(question: str, search_for: str) -> str:
    """The question as it is understood: "And LoRA?" as "What is LoRA?", another as it was asked."""
    return question if question in search_for else search_for


def _numbered(told: Sequence[tuple[Evidence, Stance]]) -> list[tuple[int, Stance]]:
    """Each stance with the number that its paper has in the answer."""
    numbers: dict[str, int] = {}
    return [(numbers.setdefault(item.stored.id, len(numbers) + 1), stance) for item, stance in told]

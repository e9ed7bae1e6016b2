"""Search results -> the papers that belong to a topic, and why others do not."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from assistant.library import StoredPaper
from assistant.retrieval import Hit

AS_NEAR = 0.7
"""What part of the best paper's score another needs to be on topic."""


@dataclass(frozen=True)
class OffTopic:
    """A paper of the set that is not about the topic."""

    stored: StoredPaper
    reason: str


def on_topic(hits: Sequence[Hit], near: float) -> list[StoredPaper]:
    """The papers whose score is at least the part ``near``, 0 to 1, of the best one's."""
    if not hits:
        return []
    least = near * hits[0].score
    return [hit.stored for hit in hits if hit.score >= least]


def off_topic(hits: Sequence[Hit], near: float, members: Iterable[StoredPaper]) -> list[OffTopic]:
    """Those of the members of a set that are not on topic, each with the reason."""
    if not hits:
        return []
    best, found = hits[0].score, {hit.stored.id: hit for hit in hits}
    belonging = {stored.id for stored in on_topic(hits, near)}
    left_out = []
    for stored in members:
        if stored.id in belonging:
            continue
        hit = found.get(stored.id)
        if hit is None:
            reason = f"it is not among the {len(hits)} papers nearest to the topic"
        else:
            reason = f"its score is {hit.score / best:.2f} of the best paper's, not {near:g}"
            if hit.missing:
                reason += f"; it lacks: {', '.join(hit.missing)}"
        left_out.append(OffTopic(stored, reason))
    return left_out

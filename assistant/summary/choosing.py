"""Search results -> the papers that belong to a topic."""

from __future__ import annotations

from collections.abc import Sequence

from assistant.library import StoredPaper
from assistant.retrieval import Hit

AS_NEAR = 0.7
"""What part of the best paper's score another needs to be on topic."""


def on_topic(hits: Sequence[Hit], near: float) -> list[StoredPaper]:
    """The papers whose score is at least the part ``near``, 0 to 1, of the best one's."""
    if not hits:
        return []
    least = near * hits[0].score
    return [hit.stored for hit in hits if hit.score >= least]

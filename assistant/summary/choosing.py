"""Search results -> the papers that belong to a topic, why, and which nearly do."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from assistant.errors import UsageError
from assistant.library import StoredPaper
from assistant.retrieval import Hit

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

THRESHOLD = 0.5
"""The relevance from which a paper belongs to a topic."""
SAMPLE = 100
"""Papers of a large library that tell how near an ordinary paper is to a topic."""
NEAR_MISSES = 5
"""How many papers are named that nearly belong."""
NEARLY = 0.6
"""The part of the threshold that a near miss reaches."""
ORDINARY = 0.5
"""The part of the best paper's nearness that an ordinary one has at most: all may be on topic."""
CONTRAST = 0.9
"""How much nearer than an ordinary paper one is that is surely on topic."""
_TITLE = 0.5
"""What late interaction with the title counts beside the score of the whole paper."""
_WORDS = 0.2
"""What the topic's own words count more than those of a question."""
_NEIGHBOURS = 3
_FROM_NEIGHBOURS = 0.25
"""How much of its nearness a paper has from the papers that are nearest to it."""


@dataclass(frozen=True)
class OffTopic:
    """A paper of the set that is not about the topic."""

    stored: StoredPaper
    reason: str


@dataclass(frozen=True)
class Candidate:
    """A paper, and how far it belongs to the topic."""

    stored: StoredPaper
    relevance: float
    """0 for an ordinary paper of the library, 1 for the nearest one if the topic is well met."""
    sentence: int | None
    """Index of the sentence that made it match; ``None`` where there is no abstract."""

    @property
    def reason(self) -> str:
        """The sentence itself, or the title."""
        paper = self.stored.paper
        return paper.title if self.sentence is None else self.stored.sentence(self.sentence)


@dataclass(frozen=True)
class Choice:
    """The papers on a topic."""

    threshold: float
    belonging: tuple[Candidate, ...]
    """The nearest first."""
    near_misses: tuple[Candidate, ...]
    """The papers just below the threshold, at most ``NEAR_MISSES``."""
    looked_at: int
    missing: tuple[str, ...] = ()
    """Words of the topic that none of those that belong mentions."""
    others: Mapping[str, float] = field(default_factory=dict)
    """The relevance of the papers that were looked at and do not belong, by id."""

    @property
    def papers(self) -> list[StoredPaper]:
        """Those that belong."""
        return [candidate.stored for candidate in self.belonging]


def check_threshold(threshold: float) -> None:
    """Raise ``UsageError`` for a threshold out of range."""
    if not 0 <= threshold <= 1:
        raise UsageError(
            f"the threshold {threshold:g} is not between 0 and 1",
            "0 is an ordinary paper of the library, 1 the nearest to a topic",
        )


def choose(
    hits: Sequence[Hit],
    ordinary: Sequence[Hit],
    vectors: Mapping[str, NDArray[np.float32]],
    threshold: float = THRESHOLD,
) -> Choice:
    """The papers among ``hits`` whose relevance is at least ``threshold``, 0 to 1.

    ``ordinary`` are papers of the library that were not chosen for the topic: the middle one of
    them has the relevance 0. ``vectors`` has a unit vector for each paper, by id.
    """
    if not hits:
        return Choice(threshold, (), (), 0)
    nearness = _smoothed(hits, vectors)
    best = max(nearness)
    middle = min(sorted(map(_nearness, ordinary))[len(ordinary) // 2], ORDINARY * best)
    span = max(best - middle, CONTRAST)
    candidates = sorted(
        (
            Candidate(hit.stored, (near - middle) / span, _telling(hit))
            for hit, near in zip(hits, nearness, strict=True)
        ),
        key=lambda candidate: (-candidate.relevance, candidate.stored.id),
    )
    belonging = tuple(c for c in candidates if c.relevance >= threshold)
    ids = {candidate.stored.id for candidate in belonging}
    lacking = [hit.missing for hit in hits if hit.stored.id in ids]
    missing = [w for w in lacking[0] if all(w in words for words in lacking)] if lacking else []
    below = (c for c in candidates if NEARLY * threshold <= c.relevance < threshold)
    others = {c.stored.id: c.relevance for c in candidates if c.stored.id not in ids}
    near_misses = tuple(below)[:NEAR_MISSES]
    return Choice(threshold, belonging, near_misses, len(hits), tuple(missing), others)


def check_any(choice: Choice) -> None:
    """Raise ``UsageError`` if no paper belongs to the topic."""
    if not choice.belonging:
        nearest = max([0.0, *choice.others.values()])
        raise UsageError(
            "no paper is on the topic",
            f"the nearest one has the relevance {nearest:.2f}, under {choice.threshold:g}",
        )


def off_topic(choice: Choice, members: Iterable[StoredPaper]) -> list[OffTopic]:
    """Those of the members of a set that do not belong to the topic, each with the reason.

    The ones that nearly do come first.
    """
    belonging = {candidate.stored.id for candidate in choice.belonging}
    reasons = {
        identifier: f"its relevance is {max(0.0, relevance):.2f}, under {choice.threshold:g}"
        for identifier, relevance in choice.others.items()
    }
    far = f"it is not among the {choice.looked_at} papers nearest to the topic"
    left = [stored for stored in members if stored.id not in belonging]
    left.sort(key=lambda stored: -choice.others.get(stored.id, -1.0))
    return [OffTopic(stored, reasons.get(stored.id, far)) for stored in left]


def _nearness(hit: Hit) -> float:
    return hit.score + _TITLE * hit.title + _WORDS * hit.signals.words


def _smoothed(hits: Sequence[Hit], vectors: Mapping[str, NDArray[np.float32]]) -> list[float]:
    """How near each paper and those most like it are: papers on one topic are like each other."""
    import numpy as np

    own = np.array([_nearness(hit) for hit in hits])
    placed = [place for place, hit in enumerate(hits) if hit.stored.id in vectors]
    if len(placed) <= 1:
        return [float(near) for near in own]
    rows = np.array([vectors[hits[place].stored.id] for place in placed])
    alike = rows @ rows.T
    np.fill_diagonal(alike, -1)
    nearest = np.argsort(-alike, axis=1, kind="stable")[:, :_NEIGHBOURS]
    weights = np.maximum(np.take_along_axis(alike, nearest, axis=1), 1e-6)
    from_others = np.average(own[placed][nearest], axis=1, weights=weights)
    own[placed] = (1 - _FROM_NEIGHBOURS) * own[placed] + _FROM_NEIGHBOURS * from_others
    return [float(near) for near in own]


def _telling(hit: Hit) -> int | None:
    """The sentence that matches best."""
    scores = [match.score for match in hit.sentences]
    return scores.index(max(scores)) if scores else None

"""The measures themselves: lists of numbers in, one number out; nothing here knows a paper."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

BINS = 10
"""Bins of equal width into which calibration sorts the confidences."""
FALSE_REFUSALS = 0.05
"""The share of answerable questions that a threshold may refuse, where one is looked for."""


def hit(ranked: Sequence[str], gold: Mapping[str, float], k: int) -> float:
    """1 if a gold item is among the first ``k``, else 0 ("success at k")."""
    return float(any(item in gold for item in ranked[:k]))


def recall(ranked: Sequence[str], gold: Mapping[str, float], k: int) -> float:
    """The share, 0 to 1, of the gold items that are among the first ``k``; ``gold`` has some."""
    return len(set(ranked[:k]) & set(gold)) / len(gold)


def ndcg(ranked: Sequence[str], gold: Mapping[str, float], k: int) -> float:
    """Normalised discounted cumulated gain, 0 to 1; 1 is the best possible order.

    The gain of an item is its grade, discounted by ``log2(1 + rank)``; the sum over the first ``k``
    is divided by that of the ideal order. Järvelin and Kekäläinen, "Cumulated gain-based evaluation
    of IR techniques", 2002, with the discount as trec_eval applies it: from the second rank on.
    """
    ideal = sorted(gold.values(), reverse=True)
    gains = [gold.get(item, 0.0) for item in dict.fromkeys(ranked)]
    return _cumulated(gains[:k]) / _cumulated(ideal[:k])


def _cumulated(gains: Sequence[float]) -> float:
    return sum(gain / math.log2(rank + 1) for rank, gain in enumerate(gains, start=1))


def auc(scores: Sequence[float], positive: Sequence[bool]) -> float | None:
    """The chance, 0 to 1, that a positive scores higher than a negative; a tie counts half.

    0.5 is guessing. Computed from ranks, as in the test of Mann and Whitney (Hanley and McNeil,
    1982); ``None`` unless there are both positives and negatives.
    """
    is_positive = np.asarray(positive, dtype=bool)
    positives = int(is_positive.sum())
    negatives = len(is_positive) - positives
    if not positives or not negatives:
        return None
    _, which, counts = np.unique(
        np.asarray(scores, dtype=float), return_inverse=True, return_counts=True
    )
    last = np.cumsum(counts)
    ranks = (last - (counts - 1) / 2)[which]
    above = float(ranks[is_positive].sum()) - positives * (positives + 1) / 2
    return above / (positives * negatives)


@dataclass(frozen=True)
class Bin:
    """The questions whose confidence lies in one interval."""

    low: float
    high: float
    count: int
    confidence: float
    """Mean of the confidences; 0 for an empty bin."""
    share: float
    """How many of the questions are positive, 0 to 1; 0 for an empty bin."""


def reliability(confidences: Sequence[float], positive: Sequence[bool]) -> list[Bin]:
    """``BINS`` bins from 0 to 1; each holds its lower bound, the last one also 1."""
    values = np.asarray(confidences, dtype=float)
    truth = np.asarray(positive, dtype=float)
    places = np.clip((values * BINS).astype(int), 0, BINS - 1)
    bins = []
    for number in range(BINS):
        inside = places == number
        count = int(inside.sum())
        mean, share = (
            (float(values[inside].mean()), float(truth[inside].mean())) if count else (0.0, 0.0)
        )
        bins.append(Bin(number / BINS, (number + 1) / BINS, count, mean, share))
    return bins


def calibration_error(confidences: Sequence[float], positive: Sequence[bool]) -> float | None:
    """Expected calibration error, 0 to 1; 0 if every bin is right as often as it says.

    The distance of confidence and share in each bin, weighted by the bin's count. Guo et al., "On
    calibration of modern neural networks", 2017; ``None`` without questions.
    """
    total = len(confidences)
    if not total:
        return None
    bins = reliability(confidences, positive)
    return sum(b.count * abs(b.confidence - b.share) for b in bins) / total


@dataclass(frozen=True)
class Point:
    """What answering from one threshold on would mean."""

    threshold: float
    """Questions with at least this confidence are answered."""
    coverage: float
    """The share of all questions that are answered."""
    risk: float
    """The share of the answered questions that are negative."""


def risk_coverage(confidences: Sequence[float], positive: Sequence[bool]) -> list[Point]:
    """One point for each confidence that occurs, from the highest threshold to the lowest.

    Geifman and El-Yaniv, "Selective classification for deep neural networks", 2017.
    """
    values = np.asarray(confidences, dtype=float)
    truth = np.asarray(positive, dtype=bool)
    points = []
    for threshold in np.unique(values)[::-1]:
        answered = values >= threshold
        points.append(
            Point(float(threshold), float(answered.mean()), float((~truth[answered]).mean()))
        )
    return points


def refusals_at(
    confidences: Sequence[float], positive: Sequence[bool], false_refusals: float = FALSE_REFUSALS
) -> tuple[float, float] | None:
    """The highest threshold that refuses at most this share of positives; negatives it refuses.

    What lies under the threshold is refused. ``None`` unless there are positives and negatives.
    """
    right = sorted(c for c, p in zip(confidences, positive, strict=True) if p)
    wrong = [c for c, p in zip(confidences, positive, strict=True) if not p]
    if not right or not wrong:
        return None
    threshold = right[min(int(false_refusals * len(right) + 1e-9), len(right) - 1)]
    return threshold, sum(confidence < threshold for confidence in wrong) / len(wrong)


def share(of: Sequence[bool], among: Sequence[bool]) -> float | None:
    """How many of those ``among`` which it holds are also ``of``, 0 to 1; ``None`` if none are."""
    total = sum(among)
    return sum(a and b for a, b in zip(of, among, strict=True)) / total if total else None

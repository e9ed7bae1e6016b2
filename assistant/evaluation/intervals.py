"""How sure a mean is: percentile intervals from drawing the questions anew (the bootstrap).

Efron and Tibshirani, "An Introduction to the Bootstrap", 1993, chapter 13. The draws are the same
in every run.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

RESAMPLES = 1000
LEVEL = 0.95
_SEED = 0
_AT_ONCE = 2_000_000
"""Numbers drawn at once, so that many questions do not fill the memory."""


@dataclass(frozen=True)
class Estimate:
    """A value and the interval that holds it in 95 of 100 draws of the questions."""

    value: float
    low: float
    high: float
    count: int
    """How many questions it rests on."""


def mean(values: Sequence[float]) -> Estimate | None:
    """The mean of one value a question; of paired differences, the paired comparison."""
    if not values:
        return None
    numbers = np.asarray(values, dtype=float)
    random = np.random.default_rng(_SEED)
    rows = max(1, _AT_ONCE // len(numbers))
    means: list[NDArray[np.float64]] = []
    for start in range(0, RESAMPLES, rows):
        size = (min(rows, RESAMPLES - start), len(numbers))
        means.append(numbers[random.integers(len(numbers), size=size)].mean(axis=1))
    low, high = _percentiles(np.concatenate(means))
    return Estimate(float(numbers.mean()), low, high, len(numbers))


def statistics(
    clusters: Sequence[Sequence[int]],
    compute: Callable[[Sequence[int]], Mapping[str, float | None]],
) -> dict[str, Estimate]:
    """What ``compute`` makes of all items, with intervals from drawing whole clusters anew.

    A cluster is the items of one question. A value that is ``None`` for all items is left out;
    draws for which it is ``None`` do not count.
    """
    whole = compute([item for cluster in clusters for item in cluster])
    random = np.random.default_rng(_SEED)
    drawn: dict[str, list[float]] = {name: [] for name, v in whole.items() if v is not None}
    for _ in range(RESAMPLES if drawn else 0):
        chosen = random.integers(len(clusters), size=len(clusters))
        again = compute([item for number in chosen for item in clusters[number]])
        for name, values in drawn.items():
            value = again[name]
            if value is not None:
                values.append(value)
    estimates = {}
    for name, values in drawn.items():
        value = whole[name]
        assert value is not None
        low, high = _percentiles(np.asarray(values)) if values else (value, value)
        estimates[name] = Estimate(value, low, high, len(clusters))
    return estimates


def _percentiles(values: NDArray[np.float64]) -> tuple[float, float]:
    tail = 100 * (1 - LEVEL) / 2
    low, high = np.percentile(values, [tail, 100 - tail])
    return float(low), float(high)

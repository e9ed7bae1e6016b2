"""All results -> the means of each group of questions, with intervals."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from statistics import median

from assistant.evaluation.intervals import Estimate, mean
from assistant.evaluation.refusing import Refusing, judge
from assistant.evaluation.results import Result
from assistant.evaluation.scoring import MEASURES

ALL = "all"
TAKEN_AWAY = "papers taken away"
"""The group of all questions whose papers were hidden; ``all`` does not hold them."""


@dataclass(frozen=True)
class Summary:
    """What a run measured, put together."""

    groups: dict[str, dict[str, Estimate]]
    """For each group of questions, in order, the measures that apply to it."""
    sizes: dict[str, int]
    refusing: Refusing | None
    median_cpu: float
    """Seconds for a question."""
    median_wall: float
    peak_mb: float
    invalid: int
    """Citations to nothing and quotes that are not in the abstract, in all answers."""


def summarise(results: Sequence[Result]) -> Summary:
    """Put results together; there must be some."""
    groups: dict[str, list[Result]] = {}
    for result in results:
        groups.setdefault(TAKEN_AWAY if result.taken_away else result.group, []).append(result)
    taken_away = groups.pop(TAKEN_AWAY, [])
    whole = [result for result in results if not result.taken_away]
    groups = dict(sorted(groups.items())) if len(groups) > 1 else {}
    groups[ALL] = whole
    if taken_away:
        groups[TAKEN_AWAY] = taken_away
    return Summary(
        {name: _means(members) for name, members in groups.items()},
        {name: len(members) for name, members in groups.items()},
        judge(results),
        median(result.measures["CPU s"] for result in results),
        median(result.measures["wall s"] for result in results),
        max(result.peak_mb for result in results),
        sum(len(result.problems) for result in results),
    )


def _means(results: Sequence[Result]) -> dict[str, Estimate]:
    found = {}
    for measure in MEASURES:
        values = [r.measures[measure.name] for r in results if measure.name in r.measures]
        if estimate := mean(values):
            found[measure.name] = estimate
    return found

"""Two runs over the same papers -> what got better, what got worse, and by how much."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from assistant.errors import UsageError
from assistant.evaluation import refusing
from assistant.evaluation.intervals import Estimate, mean, statistics
from assistant.evaluation.record import Run
from assistant.evaluation.results import Result
from assistant.evaluation.scoring import MEASURES, Part

SAME = 1e-6
"""Differences that are none."""


@dataclass(frozen=True)
class Difference:
    """How one measure changed over the questions that both runs asked."""

    name: str
    before: float
    after: float
    change: Estimate
    """After minus before, question by question."""
    better: int
    """1 if a higher value is better, -1 if a lower one is, 0 if neither."""


@dataclass(frozen=True)
class Change:
    """One question whose measure changed."""

    question: str
    """Its id, and whether its papers were taken away."""
    text: str
    measure: str
    before: float
    after: float
    improved: bool


@dataclass(frozen=True)
class Comparison:
    """Everything that is to be said about two runs."""

    common: int
    only_before: tuple[str, ...]
    """Questions that only the earlier run asked, or asked with other gold answers."""
    only_after: tuple[str, ...]
    settings: tuple[str, ...]
    """What was set differently, in words."""
    differences: tuple[Difference, ...]
    changes: tuple[Change, ...]


def check_comparable(earlier: Run, papers: dict[str, Any], digests: Iterable[str]) -> None:
    """Whether a run over these papers and questions can be compared with an earlier one at all.

    Raises ``UsageError`` if the papers are others, or no question is the same.
    """
    before, after = earlier.data["papers"], papers
    if before["sha256"] != after["sha256"]:
        raise UsageError(
            f"the earlier run asked other papers ({before['count']}, of {before['from']}; now "
            f"{after['count']}, of {after['from']})",
            "compare runs over the same papers",
        )
    if not {result.digest for result in earlier.results} & set(digests):
        raise UsageError(
            "the earlier run asked none of these questions", "compare runs over the same questions"
        )


def compare(earlier: Run, later: Run) -> Comparison:
    """Compare the questions that both runs asked; raises as ``check_comparable``."""
    check_comparable(earlier, later.data["papers"], (result.digest for result in later.results))
    old = {result.key: result for result in earlier.results}
    new = {result.key: result for result in later.results}
    pairs = [(old[key], new[key]) for key in new if key in old]
    return Comparison(
        len(pairs),
        tuple(result.name for key, result in old.items() if key not in new),
        tuple(result.name for key, result in new.items() if key not in old),
        tuple(_settings(earlier, later)),
        (*_of_questions(pairs), *_of_refusing(pairs)),
        tuple(_changes(pairs)),
    )


def _settings(earlier: Run, later: Run) -> Iterator[str]:
    for what in ("program", "settings", "models"):
        before, after = getattr(earlier, what), getattr(later, what)
        for name in dict.fromkeys([*before, *after]):
            if before.get(name) != after.get(name):
                yield f"{name}: {_shown(before.get(name))} → {_shown(after.get(name))}"


def _shown(value: Any) -> str:
    if isinstance(value, dict):
        where = value.get("endpoint") or str(value.get("sha256"))[:8]
        return f"{value.get('name')} ({where})"
    if isinstance(value, list):
        return ", ".join(map(str, value)) or "none"
    return str(value)


def _of_questions(pairs: Sequence[tuple[Result, Result]]) -> Iterator[Difference]:
    for measure in MEASURES:
        values = [
            (old.measures[measure.name], new.measures[measure.name])
            for old, new in pairs
            if measure.name in old.measures and measure.name in new.measures
        ]
        change = mean([after - before for before, after in values])
        if change:
            before, after = (sum(side) / len(values) for side in zip(*values, strict=True))
            yield Difference(measure.name, before, after, change, measure.better)


def _of_refusing(pairs: Sequence[tuple[Result, Result]]) -> Iterator[Difference]:
    told = [(old, new) for old, new in pairs if len(refusing.told_apart([old, new])) == 2]
    clusters: dict[str, list[int]] = {}
    for number, (old, _) in enumerate(told):
        clusters.setdefault(old.digest, []).append(number)

    def both(chosen: Sequence[int]) -> dict[str, tuple[float, float] | None]:
        before = refusing.values([told[number][0] for number in chosen])
        after = refusing.values([told[number][1] for number in chosen])
        return {
            name: (before[name], after[name])  # type: ignore[misc]
            if before[name] is not None and after[name] is not None
            else None
            for name in refusing.NAMES
        }

    def difference(chosen: Sequence[int]) -> dict[str, float | None]:
        return {name: pair and pair[1] - pair[0] for name, pair in both(chosen).items()}

    whole = both(range(len(told)))
    for name, change in statistics(list(clusters.values()), difference).items():
        pair = whole[name]
        assert pair is not None
        better = 1 if name in refusing.HIGHER_IS_BETTER else -1
        yield Difference(f"refusing: {name}", *pair, change, better)


def _changes(pairs: Sequence[tuple[Result, Result]]) -> Iterator[Change]:
    for measure in MEASURES:
        if measure.part is Part.COST or not measure.better:
            continue
        for old, new in pairs:
            if measure.name not in old.measures or measure.name not in new.measures:
                continue
            before, after = old.measures[measure.name], new.measures[measure.name]
            if abs(after - before) > SAME:
                improved = (after - before) * measure.better > 0
                yield Change(new.name, new.question, measure.name, before, after, improved)

"""All results -> how well the program knows what it cannot answer."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from assistant.evaluation import measures
from assistant.evaluation.intervals import Estimate, statistics
from assistant.evaluation.measures import Bin, Point
from assistant.evaluation.results import Result

OF_DECISIONS = ("precision", "recall", "false refusals")
NAMES = (*OF_DECISIONS, "AUC", "calibration error", "recall at 5 %")
"""The others are about confidences."""
HIGHER_IS_BETTER = {"precision", "recall", "AUC", "recall at 5 %"}
STEPS = 10
"""Points of the risk-coverage curve that are shown."""


@dataclass(frozen=True)
class Refusing:
    """How refusals and confidences agree with what the papers answer."""

    answerable: int
    unanswerable: int
    refused: int
    estimates: dict[str, Estimate]
    """By the names in ``NAMES``; those that cannot be computed are left out."""
    threshold: float | None
    """The highest confidence under which all may be refused at 5 % of false refusals."""
    bins: list[Bin]
    curve: list[Point]
    constant: bool
    """Whether all confidences are the same, so that nothing can be told from them."""


def judge(results: Sequence[Result]) -> Refusing | None:
    """What the results say about refusing; ``None`` if no question of theirs can tell."""
    told = told_apart(results)
    if not told:
        return None
    confidences = [result.confidence or 0.0 for result in told]
    truth = [bool(result.answerable) for result in told]
    at = measures.refusals_at(confidences, truth)
    clusters = _clusters([result.digest for result in told])
    return Refusing(
        sum(truth),
        len(told) - sum(truth),
        sum(bool(result.refused) for result in told),
        statistics(clusters, lambda chosen: values([told[number] for number in chosen])),
        at[0] if at else None,
        measures.reliability(confidences, truth),
        _steps(measures.risk_coverage(confidences, truth)),
        len(set(confidences)) == 1,
    )


def told_apart(results: Sequence[Result]) -> list[Result]:
    """The results with a decision whose right one is known."""
    return [r for r in results if r.answerable is not None and r.refused is not None]


def values(told: Sequence[Result]) -> dict[str, float | None]:
    """The measures of ``NAMES`` over results from ``told_apart``."""
    refused = [bool(result.refused) for result in told]
    truth = [bool(result.answerable) for result in told]
    wrong = [not answerable for answerable in truth]
    confidences = [result.confidence or 0.0 for result in told]
    at = measures.refusals_at(confidences, truth)
    both = any(truth) and any(wrong)
    return {
        "precision": measures.share(wrong, refused) if both else None,
        "recall": measures.share(refused, wrong),
        "false refusals": measures.share(refused, truth),
        "AUC": measures.auc(confidences, truth),
        "calibration error": measures.calibration_error(confidences, truth) if both else None,
        "recall at 5 %": at[1] if at else None,
    }


def _clusters(keys: Sequence[str]) -> list[list[int]]:
    """The places of equal keys together: a question asked twice is drawn as one."""
    clusters: dict[str, list[int]] = {}
    for place, key in enumerate(keys):
        clusters.setdefault(key, []).append(place)
    return list(clusters.values())


def _steps(curve: Sequence[Point]) -> list[Point]:
    """For each tenth of coverage, the point that reaches it with the fewest answers."""
    shown = []
    for step in range(1, STEPS + 1):
        point = next((p for p in curve if p.coverage >= step / STEPS - 1e-9), None)
        if point and point not in shown:
            shown.append(point)
    return shown

"""A run's means and intervals -> tables a person reads at 100 columns."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator, Sequence

from assistant.evaluation.intervals import Estimate
from assistant.evaluation.measures import Bin
from assistant.evaluation.refusing import NAMES, OF_DECISIONS, Refusing
from assistant.evaluation.scoring import MEASURES, Measure, Part
from assistant.evaluation.summary import TAKEN_AWAY, Summary
from assistant.terminal import safe

COLUMNS = 100
_ACROSS = 4
"""Measures in one table."""
_BAR = 30
"""Columns of the longest bar."""
_TITLES = {
    Part.RETRIEVAL: "Papers found",
    Part.EVIDENCE: "Evidence",
    Part.ANSWERS: "Answers",
    Part.REFUSING: "Refusals",
    Part.COST: "Cost of a question",
}


def report(summary: Summary, *, indexed: bool = False) -> str:
    """All tables that apply, with what their columns mean under them.

    ``indexed`` says that this process made the library too, which takes memory.
    """
    blocks = []
    for part, title in _TITLES.items():
        blocks += list(_tables(summary, part, title))
        if part is Part.REFUSING and summary.refusing:
            blocks += list(_refusing(summary.refusing))
    cost = (
        f"Median of a question: {summary.median_cpu:.2f} CPU seconds, {summary.median_wall:.2f} "
        f"seconds on the clock; at most {summary.peak_mb:.0f} MB of memory"
        + (", making the library included." if indexed else ".")
    )
    blocks.append(textwrap.fill(cost, COLUMNS))
    blocks.append("Mean, and the interval that holds it in 95 of 100 draws of the questions.")
    return "\n\n".join(blocks)


def _tables(summary: Summary, part: Part, title: str) -> Iterator[str]:
    found = {name for means in summary.groups.values() for name in means}
    measures = [m for m in MEASURES if m.part is part and m.name in found]
    for start in range(0, len(measures), _ACROSS):
        yield _table(summary, measures[start : start + _ACROSS], title if not start else "")


def _table(summary: Summary, measures: Sequence[Measure], title: str) -> str:
    rows = {
        name: means
        for name, means in summary.groups.items()
        if any(m.name in means for m in measures)
        and (name != TAKEN_AWAY or measures[0].part in (Part.REFUSING, Part.COST))
    }
    width = max(len(title), *(len(safe(name)) for name in rows), 12)
    width = min(width, 20)
    heads = "".join(f" {m.name:<17}" for m in measures)
    lines = [f"{title:{width}} {'n':>5}{heads}".rstrip()]
    for name, means in rows.items():
        cells = "".join(f" {_cell(means.get(m.name)):<17}" for m in measures)
        lines.append(f"{safe(name)[:width]:{width}} {summary.sizes[name]:5}{cells}".rstrip())
    meanings = "; ".join(f"{m.name}: {m.means}" for m in measures)
    return "\n".join([*lines, *textwrap.wrap(meanings, COLUMNS, break_on_hyphens=False)])


def _cell(estimate: Estimate | None) -> str:
    if estimate is None:
        return "-"
    value, low, high = (number(n) for n in (estimate.value, estimate.low, estimate.high))
    return value if estimate.low == estimate.high else f"{value} {low}–{high}"


def number(value: float) -> str:
    """Two digits after the point, three for what is small, one for what is large."""
    size = abs(value)
    return f"{value:.{1 if size >= 9.995 else 3 if 0.0005 <= size < 0.0095 else 2}f}"


def shown(names: Sequence[str], most: int = 5) -> Iterator[str]:
    """The first names, and how many more there are."""
    yield from names[:most]
    if len(names) > most:
        yield f"and {len(names) - most} more"


def _refusing(found: Refusing) -> Iterator[str]:
    lines = [
        f"Refusing: {found.refused} of {found.answerable + found.unanswerable} refused; "
        f"{found.unanswerable} have no answer in the papers"
    ]
    lines += [
        f"  {name:18} {_cell(found.estimates[name])}"
        for name in (OF_DECISIONS if found.constant else NAMES)
        if name in found.estimates
    ]
    yield "\n".join(lines)
    if not found.unanswerable or not found.answerable:
        return
    if found.constant:
        yield "All answers have the same confidence, so that nothing can be told from it."
        return
    yield "\n".join(_curve(found))
    yield "\n".join(_reliability(found.bins))


def _curve(found: Refusing) -> Iterator[str]:
    yield "If only the surest were answered (risk: share of the answered that have no answer)"
    yield f"{'coverage':>8}  {'confidence from':>15}  {'risk':>5}"
    most = max(point.risk for point in found.curve) or 1.0
    for point in found.curve:
        bar = "█" * round(_BAR * point.risk / most)
        line = f"{point.coverage:8.0%}  {point.threshold:15.3f}  {point.risk:5.1%}  {bar}"
        yield line.rstrip()
    if found.threshold is not None:
        yield (
            f"Under {found.threshold:.3f}, {_cell(found.estimates['recall at 5 %'])} of the "
            "unanswerable are refused, and at most 5 % of the others."
        )


def _reliability(bins: Sequence[Bin]) -> Iterator[str]:
    yield "Confidence and how many of the questions have an answer"
    yield f"{'between':>9}  {'n':>5}  {'confidence':>10}  {'answerable':>10}"
    for item in bins:
        if item.count:
            bar = "█" * round(_BAR * item.share)
            yield (
                f"{item.low:.1f}–{item.high:.1f}".rjust(9)
                + f"  {item.count:5}  {item.confidence:10.2f}  {item.share:10.2f}  {bar}".rstrip()
            )

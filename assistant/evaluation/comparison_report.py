"""A comparison of two runs -> what a person reads."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator, Sequence

from assistant.evaluation.comparing import Change, Comparison, Difference
from assistant.evaluation.report import COLUMNS, number, shown
from assistant.terminal import safe

MOST = 20
"""Questions named for each direction; the JSON of both runs has all."""


def report(found: Comparison, name: str) -> str:
    """The comparison with the run in the file ``name``."""
    lines = [f"Compared with {safe(name)}: {found.common} questions that both asked"]
    lines += [f"  {safe(change)}" for change in found.settings]
    for title, names in (("before", found.only_before), ("now", found.only_after)):
        if names:
            text = f"Only {title}: {', '.join(safe(n) for n in shown(names, 10))}"
            lines += textwrap.wrap(text, COLUMNS, subsequent_indent="  ")
    blocks = ["\n".join(lines), "\n".join(_differences(found.differences))]
    for title, improved in (("Better", True), ("Worse", False)):
        changes = [change for change in found.changes if change.improved is improved]
        blocks.append("\n".join(_changes(title, changes)))
    return "\n\n".join(blocks)


def _differences(differences: Sequence[Difference]) -> Iterator[str]:
    width = max((len(d.name) for d in differences), default=0)
    yield f"{'':{width}}  {'n':>5}  {'before':>7}  {'now':>7}  {'change':>7}  95 % interval"
    for item in differences:
        change = item.change
        verdict = ""
        if item.better and (change.low > 0 or change.high < 0):
            verdict = "better" if change.value * item.better > 0 else "worse"
        yield (
            f"{item.name:{width}}  {change.count:5}  {number(item.before):>7}  "
            f"{number(item.after):>7}  {_signed(change.value):>7}  "
            f"{_signed(change.low)} to {_signed(change.high)}  {verdict}"
        ).rstrip()


def _changes(title: str, changes: Sequence[Change]) -> Iterator[str]:
    """One block a question, those with the most changed measures first."""
    questions: dict[str, list[Change]] = {}
    for change in changes:
        questions.setdefault(change.question, []).append(change)
    yield f"{title}: {len(questions)} questions"
    ordered = sorted(questions.values(), key=lambda several: -_size(several))
    for several in ordered[:MOST]:
        first = several[0]
        text = textwrap.shorten(safe(first.text), COLUMNS - len(first.question) - 4)
        yield f"  {safe(first.question)}  {text}"
        values = ", ".join(f"{c.measure} {number(c.before)} → {number(c.after)}" for c in several)
        yield from textwrap.wrap(
            values, COLUMNS, initial_indent="      ", subsequent_indent="      "
        )
    if len(ordered) > MOST:
        yield f"  and {len(ordered) - MOST} more"


def _size(changes: Sequence[Change]) -> float:
    return sum(abs(change.after - change.before) for change in changes)


def _signed(value: float) -> str:
    return f"{value:+.3f}" if abs(value) < 0.0995 else f"{value:+.2f}"

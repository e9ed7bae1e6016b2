"""Two runs compared, kept in files, and shown."""

import json
from dataclasses import replace

import pytest

from assistant.errors import OutputUnwritable, UsageError
from assistant.evaluation import comparing, comparison_report, record
from assistant.evaluation.record import Run
from assistant.evaluation.report import report
from assistant.evaluation.results import Result
from assistant.evaluation.summary import summarise

COST = {"CPU s": 0.1, "wall s": 0.2}
PAPERS = {"sha256": "abc", "count": 6, "from": "pages"}


def result(name, taken_away=False, refused=False, confidence=0.5, **measures):
    named = {key.replace("_at_", "@"): value for key, value in measures.items()}
    return Result(
        name, f"digest {name}", f"What is {name}?", "factoid", taken_away, not taken_away,
        {**COST, **named, "decided": float(refused == taken_away), "refused": float(refused)},
        refused, confidence, peak_mb=100.0,
    )  # fmt: skip


def run(*results, papers=None, **settings):
    return Run(
        {"version": "1", "sources": "s"},
        {"papers": 5, "measured": ["answers"]} | settings,
        {"encoder": {"name": "e", "sha256": "1" * 64}, "writer": None},
        {"papers": papers or PAPERS, "questions": {"count": len(results)}},
        tuple(results),
    )


OLD = run(
    *(result(f"q{i}", hit_at_1=0.0, invented=1.0, confidence=0.3) for i in range(8)),
    *(result(f"q{i}", taken_away=True, confidence=0.3 + i / 100) for i in range(8)),
    result("gone", hit_at_1=1.0),
)
NEW = run(
    *(result(f"q{i}", hit_at_1=1.0, invented=0.0, confidence=0.9) for i in range(7)),
    result("q7", hit_at_1=0.0, invented=4.0, confidence=0.9),
    *(result(f"q{i}", taken_away=True, refused=True, confidence=0.1) for i in range(8)),
    result("fresh", hit_at_1=1.0),
    papers=PAPERS | {"from": "own library"},
    sentences=3,
)


def test_differences_are_paired_and_have_intervals():
    found = comparing.compare(OLD, NEW)
    assert (found.common, found.only_before, found.only_after) == (16, ("gone",), ("fresh",))
    assert found.settings == ("sentences: None → 3",)
    by_name = {difference.name: difference for difference in found.differences}
    hit = by_name["hit@1"]
    assert (hit.before, hit.after, hit.change.value, hit.change.count) == (0.0, 0.875, 0.875, 8)
    assert hit.change.low > 0
    assert by_name["invented"].better == -1
    assert by_name["CPU s"].change.value == 0.0
    auc = by_name["refusing: AUC"]
    assert (auc.before, auc.after) == (1 / 16, 1.0) and auc.change.low > 0
    assert by_name["refusing: recall"].after == 1.0


def test_questions_that_changed_are_named():
    found = comparing.compare(OLD, NEW)
    worse = [change for change in found.changes if not change.improved]
    assert [(c.question, c.measure, c.before, c.after) for c in worse] == [
        ("q7", "invented", 1.0, 4.0)
    ]
    better = {change.question for change in found.changes if change.improved}
    assert better == {f"q{i}" for i in range(7)} | {f"q{i} without its papers" for i in range(8)}


def test_what_cannot_be_compared_is_said():
    with pytest.raises(UsageError, match=r"other papers \(6, of pages; now 7, of more\)"):
        comparing.compare(OLD, run(papers={"sha256": "x", "count": 7, "from": "more"}))
    changed = replace(OLD.results[0], digest="its gold was mended")
    with pytest.raises(UsageError, match="none of these questions"):
        comparing.compare(OLD, run(changed))


def test_the_comparison_as_text():
    text = comparison_report.report(comparing.compare(OLD, NEW), "old.json")
    assert "Compared with old.json: 16 questions" in text
    assert "sentences: None → 3" in text and "Only before: gone" in text
    assert "Better: 15 questions" in text and "Worse: 1 questions" in text
    assert "q7  What is q7?\n      invented 1.00 → 4.00" in text
    (row,) = [line for line in text.split("\n") if line.startswith("hit@1")]
    assert row.split()[1:5] == ["8", "0.00", "0.88", "+0.88"] and row.endswith("better")
    assert max(map(len, text.split("\n"))) <= 100


def test_nothing_changed():
    text = comparison_report.report(comparing.compare(OLD, OLD), "old.json")
    assert "Better: 0 questions" in text and "Worse: 0 questions" in text


def test_a_run_as_tables():
    text = report(summarise(NEW.results))
    assert max(map(len, text.split("\n"))) <= 100
    assert "8 of 17 refused; 8 have no answer" in text
    assert "false refusals     0.00" in text and "AUC                1.00" in text
    assert "invented" in text and "hit@1" in text and "R@5" not in text
    assert "at most 100 MB of memory." in text
    unsure = report(summarise(OLD.results[:8]))
    assert "risk" not in unsure


def test_a_run_in_a_file(tmp_path):
    file = tmp_path / "run.json"
    record.write(NEW.to_json(summarise(NEW.results)), file)
    assert record.read(file) == NEW
    values = json.loads(file.read_text())
    assert values["summary"]["groups"]["all"]["hit@1"]["count"] == 9
    assert values["summary"]["refusing"]["estimates"]["AUC"]["value"] == 1.0
    file.write_text(json.dumps(values | {"format": 99}))
    with pytest.raises(UsageError, match="another version"):
        record.read(file)
    for text in ("{", "[]", "{}", '{"format": 1, "results": [3]}'):
        file.write_text(text)
        with pytest.raises(UsageError, match="is not a file that assistant eval --json wrote"):
            record.read(file)
    with pytest.raises(UsageError, match="cannot read"):
        record.read(tmp_path / "none")
    with pytest.raises(OutputUnwritable, match="cannot write"):
        record.write({}, tmp_path)

"""``assistant eval`` as a user runs it."""

import json

import pytest
from support import FIXTURES, PAGES

EVAL = FIXTURES / "eval"


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["nowhere.jsonl"], "cannot read nowhere.jsonl"),
        ([EVAL], "holds no corpus.jsonl"),
        ([EVAL / "questions.jsonl", "--papers", "nowhere"], "cannot read nowhere"),
        ([EVAL / "questions.jsonl", "--papers", PAGES[0], "--type", "poem"], "no question has"),
        ([EVAL / "shore", "--papers", PAGES[0]], "papers of its own"),
        ([EVAL / "questions.jsonl", "--against", "nowhere"], "cannot read nowhere"),
        ([EVAL / "questions.jsonl", "--json", "no/where.json"], "cannot write no/where.json"),
        ([EVAL / "questions.jsonl", "--encoder", "nowhere", "--papers", PAGES[0]], "nowhere"),
    ],
)
def test_errors_are_one_line_with_a_hint(command_line, arguments, words):
    code, out, err = command_line("eval", *arguments)
    assert code in (1, 2) and out == ""
    assert err.count("\n") == 1 and err.startswith("assistant: ")
    assert words in err and "(" in err


@pytest.mark.model
def test_from_questions_to_tables_and_a_comparison(tmp_path, command_line):
    base = ["eval", EVAL / "questions.jsonl", "--papers", *PAGES, "--quotes-only"]
    code, out, err = command_line(
        *(*base, "--json", tmp_path / "first.json", "--keep", "--work", tmp_path / "work")
    )
    assert code == 0, err
    assert "Indexing papers" in err and "Asking questions: done" in err
    assert "The library is kept: assistant --library" in err
    assert out.startswith("Papers found") and "factoid/plain" in out
    assert max(map(len, out.split("\n"))) <= 100
    kept = json.loads((tmp_path / "first.json").read_text())
    assert kept["summary"]["groups"]["all"]["hit@1"]["value"] > 0.5
    assert kept["summary"]["invalid"] == 0 and len(kept["models"]["encoder"]["sha256"]) == 64

    code, out, err = command_line(
        *(*base, "--json", "-", "--against", tmp_path / "first.json"),
        *("--take-away", "--work", tmp_path / "work"),
    )
    assert code == 0, err
    assert "Indexing papers" not in err
    assert "Compared with" in err and "Better: 0 questions" in err
    printed = json.loads(out)
    assert len(printed["results"]) == 11
    assert not any(path.is_dir() for path in (tmp_path / "work").iterdir())

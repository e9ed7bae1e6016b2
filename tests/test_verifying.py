"""Saved answers checked again: what still holds, what does not and why."""

import copy
import json

import pytest
from support import PAGES, no_progress

from assistant import adding
from assistant.errors import UsageError
from assistant.library import Library
from assistant.papers import Paper
from assistant.verifying import read_saved, verify

QUOTE = (
    "On a model of 7B parameters, Ladder Pruning removes 30% of the layers and keeps 91% of the "
    "accuracy."
)


@pytest.fixture(scope="module")
def library(tmp_path_factory):
    library = Library.create(tmp_path_factory.mktemp("verify") / "library")
    adding.add(library, PAGES, no_progress)
    yield library
    library.close()


@pytest.fixture
def answer(library):
    """As ``ask --json`` prints it: one written and one quoted sentence of one paper."""
    stored = next(p for p in library.papers() if QUOTE in p.paper.abstract)
    start = stored.paper.abstract.index(QUOTE)
    return {
        "id": None,
        "question": "How many layers does Ladder Pruning remove?",
        "sentences": [
            {
                "text": "Ladder Pruning removes 30% of the layers and keeps 91% of the accuracy.",
                "citations": [1],
                "origin": "written",
                "support": 1.0,
            },
            {"text": QUOTE, "citations": [1], "origin": "quoted", "support": 1.0},
        ],
        "sources": [
            {
                "number": 1,
                "id": stored.id,
                "title": stored.paper.title,
                "quotes": [{"text": QUOTE, "start": start, "end": start + len(QUOTE)}],
            }
        ],
    }


def faults(record, library):
    return [finding.fault for finding in verify(record, library)]


def test_an_answer_holds_while_nothing_changes(answer, library):
    answer["sentences"][0]["text"] = QUOTE.replace(" and keeps 91% of the accuracy", "")
    assert faults(answer, library) == ["", "", ""]


@pytest.mark.parametrize(
    ("where", "old", "new", "expected"),
    [
        ("sentences", "30%", "35%", ["", "35% is not in the evidence", ""]),
        ("sentences", "removes 30%", "removes no 30%", ["", "a negation was added or lost", ""]),
        ("quotes", "30%", "35%", ["its abstract has changed: 1 of 1 quotes differ", None, None]),
        ("id", "", "p0000000000", ["the library has no such paper now", None, None]),
    ],
)
def test_what_no_longer_holds_is_said(answer, library, where, old, new, expected):
    (source,) = answer["sources"]
    answer["sentences"][0]["text"] = QUOTE.replace(" and keeps 91% of the accuracy", "")
    if where == "id":
        source["id"] = new
    else:
        part = answer["sentences"][0] if where == "sentences" else source["quotes"][0]
        part["text"] = part["text"].replace(old, new)
    none = "no quote that it cites stands any more"
    assert faults(answer, library) == [none if e is None else e for e in expected]


def test_a_quoted_sentence_must_be_a_quote_that_it_cites(answer, library):
    answer["sentences"][1]["text"] = "Ladder Pruning is good."
    assert faults(answer, library)[2] == "it is not one of the quotes that it cites"


@pytest.mark.parametrize(
    ("sentence", "shown", "fault"),
    [
        ("However, the gate of the port opens at noon.", "the gate of the port opens at noon.", ""),
        ("However, the gate of the port opens at noon.", "However, the gate of the port", "no"),
        ("It is not true that the gate of the port opens.", "the gate of the port opens.", "no"),
        ("The gate opens for ships, but not at night.", "The gate opens for ships", "no"),
    ],
)
def test_only_a_part_that_may_stand_holds_as_a_quote(tmp_path, sentence, shown, fault):
    library = Library.create(tmp_path / "library")
    with library.writing():
        identifier = library.insert(Paper("Gates", sentence), [(0, len(sentence))])
    quotes = [{"text": sentence, "start": 0, "end": len(sentence)}]
    record = {
        "question": "When does it open?",
        "sentences": [{"text": shown, "citations": [1], "origin": "quoted", "lead": "One paper:"}],
        "sources": [{"number": 1, "id": identifier, "title": "Gates", "quotes": quotes}],
    }
    expected = "it is not one of the quotes that it cites" if fault else ""
    assert faults(record, library) == ["", expected]
    record["sentences"][0] |= {"text": sentence, "lead": "Nobody believes that"}
    assert "introduces none" in faults(record, library)[1]
    library.close()


def test_a_quote_at_another_place_is_told_from_a_lost_one(answer, library):
    quote = answer["sources"][0]["quotes"][0]
    quote |= {"start": quote["start"] + 1, "end": quote["end"] + 1}
    assert faults(answer, library)[0].endswith("1 of them at another place now")


def test_cells_and_sections_of_summaries_are_checked(answer, library):
    summary = {
        "topic": "pruning",
        "sources": answer["sources"],
        "sections": [{"heading": "x", "sentences": answer["sentences"][1:]}],
        "table": {
            "rows": [
                {
                    "id": answer["sources"][0]["id"],
                    "cells": {"finding": QUOTE, "method": None, "limits": "It fails at night."},
                }
            ]
        },
    }
    found = faults(summary, library)
    assert found[:3] == ["", "", ""] and "not in the abstract" in found[3] and len(found) == 4


def test_quotes_that_a_summary_sets_beside_each_other_are_checked(answer, library):
    quoted = answer["sentences"][1]
    wrong = quoted | {"text": "Ladder Pruning is bad."}
    statement = {"kind": "contradict", "lead": "These differ:", "sides": [[quoted], [wrong]]}
    section = {
        "heading": "x",
        "sentences": [],
        "parts": [{"name": "Contradict", "statements": [statement]}],
    }
    found = faults({"sources": answer["sources"], "sections": [section]}, library)
    assert found == ["", "", "it is not one of the quotes that it cites"]


def test_one_object_or_one_a_line_is_read(answer):
    assert read_saved(json.dumps(answer, indent=2)) == [answer]
    assert read_saved(f"{json.dumps(answer)}\n\n{json.dumps(answer)}\n") == [answer, answer]


@pytest.mark.parametrize("broken", ["", "[]", "{}", "5", "{", '{"sources": 3}', "null\nnull"])
def test_what_is_no_answer_is_refused(broken):
    with pytest.raises(UsageError, match="no answer or summary"):
        read_saved(broken)


@pytest.mark.parametrize("value", [None, [], {}, 1.5, "p1"])
@pytest.mark.parametrize("key", ["number", "id", "title", "quotes"])
def test_no_value_of_another_kind_ends_in_more_than_a_refusal(answer, library, key, value):
    answer["sources"][0][key] = value
    try:
        (record,) = read_saved(json.dumps(answer))
    except UsageError:
        return
    assert verify(record, library)


@pytest.mark.parametrize("key", ["number", "id", "title", "quotes"])
def test_an_answer_that_lacks_something_is_refused(answer, key):
    lacking = copy.deepcopy(answer)
    del lacking["sources"][0][key]
    with pytest.raises(UsageError, match="object 2"):
        read_saved(f"{json.dumps(answer)}\n{json.dumps(lacking)}")


def test_the_command_ends_with_1_where_something_no_longer_holds(
    answer, library, tmp_path, command_line
):
    answer["sentences"][0]["text"] = QUOTE.replace("30% of the layers and keeps", "all layers at")
    file = tmp_path / "answer.json"
    file.write_text(json.dumps(answer))
    code, out, err = command_line("--library", library.path, "verify", file)
    assert code == 1 and "2 of 3 hold" in out and "1 no longer hold" in err
    code, out, _ = command_line("--library", library.path, "verify", file, "--json")
    found = json.loads(out)["findings"]
    assert [item["fault"] is None for item in found] == [True, False, True]

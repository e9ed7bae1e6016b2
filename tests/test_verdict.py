"""The line that is made of the stances of an answer's sentences."""

import pytest

from assistant.verdict import Statement, line, statement

ASKED = Statement("tea lowers pain", asked=True)
CLAIMED = Statement("Tea lowers pain.", asked=False)
YES, NO = "supports", "contradicts"


@pytest.mark.parametrize(
    ("said", "stances", "expected"),
    [
        (ASKED, [(1, YES), (1, "")], "Yes, according to [1]."),
        (
            ASKED,
            [(2, YES), (1, YES), (3, NO)],
            "Yes, according to [1] and [2]; no, according to [3].",
        ),
        (CLAIMED, [(1, NO), (2, NO), (3, NO)], "Contradicted by [1], [2] and [3]."),
        (CLAIMED, [(1, YES), (2, NO)], "Supported by [1]; contradicted by [2]."),
        (ASKED, [(1, YES), (1, NO), (2, NO)], "No, according to [2]; [1] says both."),
        (ASKED, [(1, "")], "No outright yes or no was found; this is what comes nearest."),
        (Statement("tea is a drink", asked=True), [(1, "")], ""),
    ],
)
def test_the_line_names_the_sources_on_either_side(said, stances, expected):
    assert line(said, stances) == expected


@pytest.mark.parametrize(
    "question", ["tea pain trials", "What lowers pain?", "Are there any papers on tea?", "Tea"]
)
def test_nothing_is_held_against_the_papers_where_nothing_is_said(question):
    assert statement(question) is None

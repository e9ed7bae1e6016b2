import pytest

from assistant.clauses import is_whole, last_clauses


@pytest.mark.parametrize(
    "text",
    [
        "the gauge reports the level",
        "Tides halves the error",
        "In calm weather, the model predicts the level",
        "Using old gauges, we predict the level",
        "Using old gauges is cheap",
        "While the port sleeps, the pilots can rest",
    ],
)
def test_sentences(text):
    assert is_whole(text)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "Gauges of the port",
        "and the gauge reports the level",
        "that the gauge reports the level",
        "In the calm weather that the gauges report",
        "In the calm weather of the north, where gauges",
        "As the port grows",
        "Using the old gauges of the port",
    ],
)
def test_what_is_no_sentence(text):
    assert not is_whole(text)


@pytest.mark.parametrize(
    ("text", "clauses"),
    [
        ("It rains, leading to a flood of the plains.", [", leading to a flood of the plains."]),
        ("It rains – which is what we predict.", [" – which is what we predict."]),
        ("It rains -- thereby helping the ships.", [" -- thereby helping the ships."]),
        ("It rains; moreover, the wind is strong.", ["; moreover, the wind is strong."]),
        ("It rains; the wind is strong.", []),
        ("It rains, leading to a flood, as we predict.", []),
        ("It rains, leading to the question whether it is wet is old.", []),
        ("It rains, leading to a flood of 3 cm.", []),
        ("It rains, leading to a flood if the dams break.", []),
        ("It rains, leading to a flood of Venice.", []),
        ("In Venice it rains, leading to a flood of Venice.", [", leading to a flood of Venice."]),
        ("It rains, which ships like.", []),
        ("It rains (at night, leading to a flood).", []),
        ('It rains "at night, leading to a flood".', []),
        ("It rains; moreover, the wind, as we saw, is strong.", []),
    ],
)
def test_last_clauses_that_may_go(text, clauses):
    assert [text[start:] for start in last_clauses(text)] == clauses

import pytest

from assistant.claims.statements import is_statement, statement_of


@pytest.mark.parametrize(
    ("question", "statement"),
    [
        ("Does tea raise alertness?", "tea raise alertness"),
        ("Is tea better than coffee?", "tea is better than coffee"),
        ("Are adapters really expensive to train?", "adapters are really expensive to train"),
        ("In mice, does fasting extend life?", "fasting extend life In mice"),
        ("Is there any link between tea and sleep?", "tea is associated with sleep"),
        ("Is there evidence that tea harms sleep?", "tea harms sleep"),
        ("Do the papers say that tea harms sleep?", "tea harms sleep"),
        ("Does tea have an effect on sleep?", "tea affects sleep"),
    ],
)
def test_a_yes_no_question_is_what_a_yes_would_say(question, statement):
    assert statement_of(question) == statement


@pytest.mark.parametrize(
    "question",
    [
        "What is tea?",
        "How does tea raise alertness?",
        "Does tea raise or lower alertness?",
        "Does it raise alertness?",
        "Is there a tea that helps?",
        "Doesn't tea raise alertness?",
        "Does tea raise alertness, and how much?",
        "Can I drink tea at night?",
        "Tea",
        "",
    ],
)
def test_what_asks_for_something_else_is_no_statement(question):
    assert statement_of(question) is None


def test_words_to_search_for_are_no_statement():
    assert is_statement("Tea raises alertness.")
    assert not is_statement("tea alertness trials")

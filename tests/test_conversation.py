import pytest

from assistant.conversation import Turn, readings, resolve

TIDES = [Turn("user", "What is Tides?"), Turn("assistant", "A transformer named HarbourNet.")]


def flat(text):
    return 0.5


@pytest.mark.parametrize(
    "question",
    [
        "By how much?",
        "And on ImageNet, what does it reach there?",
        "Which data did they use?",
        "How large was the smallest model?",
        "Why?",
        "Is LoRA faster than it?",
        "What is better?",
        "What is meant by that?",
        "And which one wins in the end on larger inputs?",
    ],
)
def test_a_follow_up_takes_the_last_question_along(question):
    assert readings(question, TIDES)[0] == f"What is Tides? {question}"
    assert resolve(question, TIDES, flat) == f"What is Tides? {question}"
    assert resolve(question, [], flat) == question


@pytest.mark.parametrize(
    "question",
    [
        "How many orchards did the drones fly over when counting bees?",
        "What is muTransfer?",
        "What is pyvene?",
        "what is a reward model",
        "And LoRA, what does it freeze?",
        "Something else: how can one put a number on that?",
        "How can one of the orchards be reached by two drones at night?",
    ],
)
def test_a_complete_question_stays_as_it_is(question):
    assert readings(question, TIDES) == [question]


def test_a_third_question_takes_the_last_complete_one_along():
    history = [*TIDES, Turn("user", "By how much?"), Turn("assistant", "By 3 cm.")]
    assert readings("And why?", history)[0] == "What is Tides? And why?"


@pytest.mark.parametrize("question", ["And LoRA?", "What about LoRA?", "And how about LoRA?"])
def test_another_subject_takes_the_place_of_the_one_before(question):
    history = [Turn("user", "What did RoBERTa change about training?")]
    assert readings(question, history) == ["What did LoRA change about training?"]


def test_a_subject_replaces_a_whole_name():
    history = [Turn("user", "How does BERT compare to RoBERTa?")]
    assert readings("And LoRA?", history) == ["How does LoRA compare to RoBERTa?"]


def test_what_follows_another_subject_is_about_that():
    history = [*TIDES, Turn("user", "And LoRA?"), Turn("assistant", "An adapter.")]
    assert readings("By how much?", history)[0] == "What is LoRA? By how much?"
    history = [*history, Turn("user", "Why?"), Turn("user", "And QLoRA?")]
    assert readings("And LISA?", history) == ["What is LISA?"]


def test_retrieval_decides_between_readings():
    named = "HarbourNet What is Tides? By how much?"
    assert named in readings("By how much?", TIDES)
    assert resolve("By how much?", TIDES, lambda text: 0.9 if text == named else 0.5) == named
    assert resolve("By how much?", TIDES, lambda text: 0.52 if text == named else 0.5) != named


def test_a_question_that_stands_alone_is_not_searched_for():
    def never(text):
        raise AssertionError(text)

    assert resolve("What is muTransfer?", TIDES, never) == "What is muTransfer?"


@pytest.mark.parametrize("question", ["And one for Hindi?", "Is there also one for Hindi?"])
def test_another_one_takes_the_place_of_what_the_first_was_for(question):
    history = [Turn("user", "Is there a language model for investment questions?")]
    assert readings(question, history) == ["Is there a language model for Hindi?"]
    assert len(readings(question, [Turn("user", "Which models are there?")])[0]) > len(question)

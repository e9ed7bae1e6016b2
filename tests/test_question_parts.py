import pytest

from assistant.question_parts import parts


@pytest.mark.parametrize(
    ("question", "expected"),
    [
        ("What is LoRA?", ["What is LoRA?"]),
        (
            "How many bikes are there, and which embeddings can be predicted?",
            ["How many bikes are there", "which embeddings can be predicted?"],
        ),
        (
            "How much faster is it, and up to what model size was that tried?",
            ["How much faster is it", "up to what model size was that tried?"],
        ),
        (
            "Have such optimisers caught up? Which one wins?",
            ["Have such optimisers caught up", "Which one wins?"],
        ),
        ("How do pruning and quantisation differ?", ["How do pruning and quantisation differ?"]),
        ("Tell me: how many are there?", ["Tell me: how many are there?"]),
        ("Why? And how?", ["Why? And how?"]),
        ("", [""]),
    ],
)
def test_parts(question, expected):
    assert [question[start:end] for start, end in parts(question)] == expected

import pytest

from assistant.question_kinds import asks_for_papers, asks_several, is_claim


@pytest.mark.parametrize(
    ("question", "several"),
    [
        ("How do the two halves differ?", True),
        ("How do dropout and weight decay act on small sets?", True),
        ("What do the three surveys say?", True),
        ("How far do the small Fir model and the large Oak model reach?", True),
        ("How does dropout act on small sets and large ones?", False),
        ("What does the paper on Fir propose?", False),
        ("What are the two halves of the Fir network?", False),
        ("What do both papers say about Fir?", True),
        ("How fast is the scheme that both prunes and shares?", False),
        ("How much faster is Fir compared with older trees?", False),
        ("Do different trees need different soil?", False),
        ("How does the 8-bit net compare with the original network?", False),
        ("How does the 8-bit net compare with the pruned one?", True),
        ("What do Fir and Oak each do with a tight budget?", True),
        ("Fir and Oak: how does each decide what to drop?", True),
        ("Which signals guide pruning in Fir and in Oak, and what comes of each?", True),
        ("What does each layer of Fir learn?", False),
        ("Does Fir prune each of the layers by its norm?", False),
        ("Put Fir and Oak side by side: what do they gain?", True),
        ("Can Fir run several times side by side?", False),
        ("One paper freezes crowns and another grafts them. What comes of it?", True),
        ("What do a study of roots and a study of stems have to say?", True),
    ],
)
def test_questions_about_several_things_are_told(question, several):
    assert asks_several(question) == several


@pytest.mark.parametrize(
    ("question", "for_papers"),
    [
        ("Which recent papers prune language models?", True),
        ("Anything on quantum codes?", True),
        ("List surveys of pruning.", True),
        ("Who uses dropout for calibration?", True),
        ("Where is Fisher information used to rank weights?", True),
        ("Who proposed dropout?", False),
        ("Where does dropout fail?", False),
        ("What do the two papers that compare optimisers agree on?", False),
    ],
)
def test_some_questions_ask_for_papers_however_many_they_are(question, for_papers):
    assert asks_for_papers(question) is for_papers


@pytest.mark.parametrize(
    ("text", "claim"),
    [
        ("Fir halves the error of older trees.", True),
        ("Does Fir halve the error?", False),
        ("does fir halve the error", False),
        ("Which trees halve the error", False),
        ("Compare Fir and Oak.", False),
        ("pruning at initialization", True),
    ],
)
def test_a_claim_is_told_from_a_question(text, claim):
    assert is_claim(text) is claim

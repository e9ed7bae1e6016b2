import pytest

from assistant import evidence
from assistant.conversation import Turn, resolve
from assistant.library import StoredPaper
from assistant.papers import Paper
from assistant.retrieval import Hit


def hit(name, score, *sentences):
    text = " ".join(sentence for sentence, _ in sentences)
    spans, at = [], 0
    for sentence, _ in sentences:
        spans.append((at, at + len(sentence)))
        at += len(sentence) + 1
    stored = StoredPaper(name, Paper(name, text), tuple(spans))
    return Hit(stored, score, 0.5, tuple(similarity for _, similarity in sentences))


def test_sentences_come_best_first_and_weak_papers_cost():
    hits = [hit("pa", 1.6, ("One.", 0.5), ("Two.", 0.7)), hit("pb", 1.2, ("Three.", 0.8))]
    chosen = evidence.select("What is it?", hits, 3)
    assert [item.text for item in chosen] == ["Two.", "Three.", "One."]


def test_a_quantity_prefers_numbers():
    hits = [hit("pa", 1.6, ("Plain words.", 0.6), ("It is 42.", 0.5))]
    assert evidence.select("What is it?", hits, 1)[0].text == "Plain words."
    assert evidence.select("How many are there?", hits, 1)[0].text == "It is 42."


def test_a_comparison_spreads_over_papers():
    ones, twos = (("A1.", 0.6), ("A2.", 0.6), ("A3.", 0.59)), (("B1.", 0.57), ("B2.", 0.3))
    hits = [hit("pa", 1.6, *ones), hit("pb", 1.55, *twos)]
    assert [e.text for e in evidence.select("What about A?", hits, 2)] == ["A1.", "A2."]
    chosen = [e.text for e in evidence.select("Compare A and B.", hits, 1)]
    assert len(chosen) == 1 + evidence.MORE_FOR_SEVERAL and {"A1.", "B1."} <= set(chosen)


def test_far_weaker_sentences_and_questions_are_left_out():
    hits = [hit("pa", 1.6, ("One.", 0.7), ("But why?", 0.69), ("Two.", 0.5), ("Three.", 0.3))]
    assert [e.text for e in evidence.select("What is it?", hits, 4)] == ["One.", "Two."]


def test_a_paper_asked_for_by_name_is_near_enough():
    named = [hit("LISA: Layerwise Sampling", 0.8, ("It freezes layers.", 0.3))]
    assert evidence.select("What does LISA freeze?", named, 3)
    assert not evidence.select("What does lisa freeze?", named, 3)
    assert not evidence.select("What does BERT freeze?", named, 3)


def test_nothing_near_means_no_evidence():
    assert evidence.select("Anything?", [hit("pa", 0.4, ("One.", 0.2))], 3) == []
    assert evidence.select("Anything?", [], 3) == []


@pytest.mark.parametrize("question", ["By how much?", "And on ImageNet, what does it reach there?"])
def test_a_follow_up_takes_the_last_question_along(question):
    history = [Turn("user", "What is Tides?"), Turn("assistant", "A transformer.")]
    assert resolve(question, history) == f"What is Tides? {question}"
    assert resolve(question, []) == question


def test_a_complete_question_stays_as_it_is():
    history = [Turn("user", "What is Tides?")]
    for question in (
        "How many orchards did the drones fly over when counting bees?",
        "What is muTransfer?",
    ):
        assert resolve(question, history) == question

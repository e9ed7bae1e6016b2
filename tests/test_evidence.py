from dataclasses import replace

import pytest
from support import hit

from assistant import evidence


def test_sentences_come_best_first_and_weak_papers_cost():
    hits = [hit("pa", 1.6, ("One.", 0.5), ("Two.", 0.7)), hit("pb", 1.4, ("Three.", 1.2))]
    chosen = evidence.select("What is it?", hits, 3)
    assert [item.text for item in chosen] == ["Two.", "Three.", "One."]


def test_one_thing_is_rather_told_by_one_paper():
    hits = [hit("pa", 1.6, ("One.", 0.7), ("Two.", 0.5)), hit("pb", 1.6, ("Three.", 0.55))]
    assert [e.text for e in evidence.select("What is it?", hits, 2)] == ["One.", "Two."]


def test_a_quantity_prefers_numbers():
    hits = [hit("pa", 1.6, ("Plain words.", 0.6), ("It is 42.", 0.3))]
    assert evidence.select("What is it?", hits, 1)[0].text == "Plain words."
    assert evidence.select("How many are there?", hits, 1)[0].text == "It is 42."


def test_a_comparison_takes_the_nearest_papers_in_turn():
    ones, twos = (("A1.", 0.6), ("A2.", 0.6), ("A3.", 0.59)), (("B1.", 0.57), ("B2.", 0.3))
    hits = [hit("pa", 1.6, *ones), hit("pb", 0.9, *twos), hit("pc", 0.8, ("C1.", 0.9))]
    assert [e.text for e in evidence.select("What about A?", hits, 2)] == ["A1.", "A2."]
    chosen = [e.text for e in evidence.select("Compare A and B.", hits, 1)]
    assert chosen == ["A1.", "A2.", "A3.", "B1.", "B2."]
    chosen = [e.text for e in evidence.select("Compare A and B.", hits, 0)]
    assert chosen == ["A1.", "A2.", "B1.", "B2."]
    near = [hits[0], hits[2], replace(hits[1], score=1.4)]
    assert "B1." in [e.text for e in evidence.select("Compare A and B.", near, 1)]


def test_far_weaker_sentences_and_questions_are_left_out():
    hits = [hit("pa", 1.6, ("One.", 0.7), ("But why?", 0.69), ("Two.", 0.5), ("Three.", -0.2))]
    assert [e.text for e in evidence.select("What is it?", hits, 4)] == ["One.", "Two."]


def test_without_papers_there_is_nothing_to_select():
    assert evidence.select("Anything?", [], 3) == []


def test_an_answer_about_one_thing_says_what_it_has_room_for():
    long, short = " ".join(["word"] * 30) + ".", "A short one."
    hits = [hit("pa", 1.6, (long, 0.9), (long + " And more.", 0.8), (short, 0.7))]
    chosen = evidence.select("What is it?", hits, 3)
    assert [item.index for item in chosen] == [0, 1, 2]
    assert [item.index for item in evidence.told("What is it?", chosen, 3)] == [0, 2]
    assert [item.index for item in evidence.told("What is it?", chosen, 1)] == [0]
    assert evidence.told("Compare it with that.", chosen, 1) == chosen
    assert evidence.told("What is it?", [], 3) == []


@pytest.mark.parametrize(
    "text",
    [
        "Models and code for Fir are released.",
        "Our code is available at the project page.",
        "We release the code.",
        "Fir is open-sourced in https://example.org/fir.",
    ],
)
def test_where_code_is_counts_less_unless_it_is_asked_for(text):
    hits = [hit("pa", 1.6, (text, 0.7), ("Fir halves the error.", 0.6))]
    first, second = evidence.rank("What does Fir do?", hits)
    assert (first.index, second.index) == (1, 0)
    assert second.score == pytest.approx(first.score + 0.1 - evidence.AVAILABILITY_COST)
    assert evidence.rank("Where is the code of Fir?", hits)[0].index == 0
    assert evidence.rank("Where is Fir studied?", hits)[0].index == 1


def test_for_a_claim_what_stands_last_counts_more_and_numbers_nothing():
    hits = [hit("pa", 1.6, ("Five of 9 are fast.", 0.6), ("Some say so.", 0.6), ("It is.", 0.6))]
    assert [e.index for e in evidence.rank("Fir is fast.", hits)] == [2, 1, 0]
    assert evidence.rank("Is Fir fast?", hits)[0].index == 0


def test_papers_cited_are_quoted_further_beside_an_answer_about_one_thing():
    near = [
        hit("pa", 1.6, ("One.", 1.4), ("Two.", 1.3), ("Three.", 0.7), ("Four.", 0.5)),
        hit("pb", 1.6, ("Five.", 0.6)),
    ]
    question = "What is it?"
    chosen = evidence.select(question, near, 2)
    assert [item.text for item in chosen] == ["One.", "Two."]
    beside = evidence.beside(question, near, chosen, chosen[:1], 2)
    assert [item.text for item in beside] == ["Two.", "Three."]
    assert evidence.beside(question, near, chosen, [], 2) == []
    several = "Which papers are on it?"
    of_each = evidence.select(several, near, 2)
    assert evidence.beside(several, near, of_each, of_each, 2) == []


def test_papers_compared_are_quoted_further_each():
    ones = [(f"A{n}.", 1.4 - n / 10) for n in range(9)]
    near = [hit("pa", 1.6, *ones), hit("pb", 1.5, ("B0.", 1.0), ("B1.", 0.9), ("B2.", 0.1))]
    question = "Compare them."
    chosen = evidence.select(question, near, 0)
    assert [item.text for item in chosen] == ["A0.", "A1.", "B0.", "B1."]
    beside = evidence.beside(question, near, chosen, chosen, 0)
    assert [item.text for item in beside] == ["A2.", "A3."]


def test_each_part_of_a_question_gets_a_sentence_of_the_first_paper():
    whole = hit("pa", 1.6, ("Designs number 40.", 1.4), ("They are drawn.", 1.8), ("A net.", 0.2))
    bearing = [(0.8, 0.3), (0.5, 0.2), (0.3, 0.7)]
    matches = [replace(m, parts=p) for m, p in zip(whole.sentences, bearing, strict=True)]
    question = "How many designs are there, and which model predicts them?"
    chosen = evidence.select(question, [replace(whole, sentences=tuple(matches))], 2)
    assert [item.text for item in chosen] == ["Designs number 40.", "A net."]
    matches[2] = replace(matches[2], parts=(0.3, 0.35))
    chosen = evidence.select(question, [replace(whole, sentences=tuple(matches))], 2)
    assert [item.text for item in chosen] == ["Designs number 40.", "They are drawn."]


def test_papers_called_by_name_are_compared_in_the_order_of_the_question():
    hits = [
        hit("OAK: Wide Crowns", 1.6, ("Oak is wide.", 0.9), ("It is old.", 0.8)),
        hit("Elms", 1.5, ("Elms die.", 0.9)),
        hit("FiR: Tall Stems", 0.9, ("Fir is tall.", 0.6)),
    ]
    question = "How tall do FiR and OAK get?"
    assert [h.stored.paper.title for h in evidence.answering(question, hits, 1)] == [
        "OAK: Wide Crowns",
        "FiR: Tall Stems",
    ]
    near = evidence.answering(question, hits, 1)
    chosen = evidence.select(question, near, 1)
    assert [item.text for item in chosen] == ["Fir is tall.", "Oak is wide.", "It is old."]
    assert evidence.told(question, chosen, 1) == chosen
    assert [h.stored.paper.title for h in evidence.answering("How tall is OAK?", hits, 1)] == [
        "OAK: Wide Crowns"
    ]

"""Sentences that cite several sentences: no statement is put together from two papers."""

import pytest

from assistant.checking import check
from assistant.evidence import Evidence
from assistant.joint_check import check_jointly
from assistant.library import StoredPaper
from assistant.papers import Paper


def evidence(title, text):
    return Evidence(StoredPaper(f"p{title}", Paper(title, text), ((0, len(text)),)), 0, 1.0)


EMBER = evidence(
    "Ember", "We show that Ember cuts the use of gas by 18%, while the bricks keep strength."
)
CINDER = evidence("Cinder", "We find that Cinder shortens the cooling of a kiln by 6 hours.")
COPPER = evidence("Copper", "Cinder needs a sensor in every wall of the kiln.")
AGAIN = evidence("Again", "Moreover, Cinder shortens the cooling of a kiln by 6 hours.")
ASKED = "How do the planners differ?"


def judged(sentence, *cited):
    return check_jointly(sentence, [[one] for one in cited], ASKED)


@pytest.mark.parametrize(
    "sentence",
    [
        "Ember cuts the use of gas by 18%, while Cinder shortens the cooling of a kiln by 6 hours.",
        "Ember cuts the use of gas by 18%; Cinder shortens the cooling of a kiln by 6 hours.",
        "Cinder shortens the cooling of a kiln by 6 hours and Ember cuts the use of gas by 18%.",
        "While Ember cuts the use of gas by 18%, Cinder shortens the cooling of a kiln by 6 hours.",
        "Ember cuts the use of gas by 18%, while the bricks keep strength, but"
        " Cinder shortens the cooling of a kiln by 6 hours.",
    ],
)
def test_statements_each_carried_by_one_paper_stand(sentence):
    verdict = judged(sentence, EMBER, CINDER)
    assert verdict.keep and verdict.support >= 0.9 and not verdict.reason
    assert judged(sentence, CINDER, EMBER).keep


@pytest.mark.parametrize(
    "sentence",
    [
        "Ember shortens the cooling of a kiln by 6 hours.",
        "Ember cuts the cooling of a kiln by 18%, while Cinder shortens the use of gas by 6 hours.",
        "Ember cuts the use of gas by 6%, while Cinder shortens the cooling of a kiln by 18 hours.",
        "Ember and Cinder cut the use of gas by 18%.",
        "Ember cuts the use of gas by 18% and shortens the cooling of a kiln by 6 hours.",
        "Cinder cuts the use of gas by 18% and shortens the cooling of a kiln by 6 hours.",
        "Ember cuts the use of gas by 18% because Cinder shortens the cooling of a kiln.",
        "Ember cuts the use of gas by 18%, while Cinder does not shorten the cooling of a kiln.",
        "Ember cuts the use of gas by 18%, while Cinder shortens the cooling of a kiln by 6 hours"
        " and is cheap.",
        "If Ember cuts the use of gas by 18%, Cinder shortens the cooling of a kiln by 6 hours.",
        "Ember cuts the use of gas by 18%, while it shortens the cooling of a kiln by 6 hours.",
        "",
    ],
)
def test_what_only_both_papers_together_say_does_not(sentence):
    verdict = judged(sentence, EMBER, CINDER)
    assert not verdict.keep and verdict.reason


def test_what_one_paper_alone_carries_does_not_pass_as_both():
    for sentence in (
        "Ember cuts the use of gas by 18%.",
        "Ember cuts the use of gas by 18%, while the bricks keep strength.",
    ):
        assert check(sentence, EMBER, ASKED).keep
        assert not judged(sentence, EMBER, CINDER).keep
        assert not judged(sentence, CINDER).keep


def test_what_each_of_them_says_stands():
    sentence = "Cinder shortens the cooling of a kiln by 6 hours."
    assert judged(sentence, CINDER, AGAIN).keep
    assert not judged(sentence, CINDER, AGAIN, EMBER).keep


def test_three_papers_are_cited_for_three_statements():
    sentence = (
        "Cinder shortens the cooling of a kiln by 6 hours, and Cinder needs a sensor in every wall"
        " of the kiln, while Ember cuts the use of gas by 18%."
    )
    assert judged(sentence, EMBER, CINDER, COPPER).keep
    assert not judged(sentence, EMBER, CINDER).keep


def test_a_single_sentence_is_checked_as_ever():
    for sentence in ("Cinder shortens the cooling of a kiln by 6 hours.", "Cinder is cheap."):
        assert judged(sentence, CINDER) == check(sentence, CINDER, ASKED)


def test_a_citation_may_mean_any_of_several_sentences():
    sentence = (
        "Cinder shortens the cooling of a kiln by 6 hours, and Ember cuts the use of gas by 18%."
    )
    assert check_jointly(sentence, [[COPPER, CINDER], [EMBER, COPPER]], ASKED).keep
    assert check_jointly(sentence, [[COPPER, CINDER, EMBER]], ASKED).keep
    assert not check_jointly(sentence, [[COPPER, CINDER], [COPPER]], ASKED).keep
    assert not check_jointly(sentence, [[CINDER], []], ASKED).keep

import pytest

from assistant.checking import check
from assistant.evidence import Evidence
from assistant.library import StoredPaper
from assistant.papers import Paper

SENTENCE = (
    "On a model of 7B parameters, Ladder Pruning does not slow decoding and raises throughput "
    "from 1,200 to 1,900 tokens/s, i.e. by 58.3%."
)
WITHOUT = "Tides lowers the mean error from 14 cm to 9 cm in 8 harbours."


def evidence(text, title="A Title About Ladders"):
    return Evidence(StoredPaper("p0", Paper(title, text), ((0, len(text)),)), 0, 1.0)


@pytest.mark.parametrize(
    ("text", "source"),
    [
        (SENTENCE, SENTENCE),
        ("Ladder Pruning does not slow decoding and raises throughput by 58.3%.", SENTENCE),
        ("Tides lowers the mean error to 9 cm in 8 harbours.", WITHOUT),
        ("Tides lowers the mean error from 14 cm to 9 cm.", WITHOUT),
    ],
)
def test_faithful_shortenings_are_kept(text, source):
    verdict = check(text, evidence(source), "What happens?")
    assert verdict.keep, verdict.reason
    assert 0.9 <= verdict.support <= 1


@pytest.mark.parametrize(
    ("text", "source", "reason"),
    [
        ("Tides lowers the mean error from 14 cm to 8 cm in 9 harbors.", WITHOUT, "evidence"),
        ("Tides lowers the mean error from 14 cm to 6 cm.", WITHOUT, "6 is not"),
        ("Tides lowers the mean error from 14% to 9%.", WITHOUT, "14% is not"),
        ("Tides raises the mean error from 14 cm to 9 cm in Hamburg.", WITHOUT, "too little"),
        ("Ladder Pruning does slow decoding by 58.3%.", SENTENCE, "negation"),
        ("Tides does not lower the mean error in 8 harbours.", WITHOUT, "negation"),
        ("It lowers the mean error from 14 cm to 9 cm.", WITHOUT, "who or what"),
        ("Our Tides lowers the mean error from 14 cm to 9 cm.", WITHOUT, "who or what"),
        ("Tides lowers the mean error from 14 cm to", WITHOUT, "finished"),
        ("Tides.", WITHOUT, "finished"),
        ("", WITHOUT, "finished"),
        ("Tides lowers the mean error faster in 8 harbours.", WITHOUT, "direction"),
        ("The mean error lowers Tides in 8 harbours.", WITHOUT, "too little"),
    ],
)
def test_altered_sentences_are_rejected(text, source, reason):
    verdict = check(text, evidence(source), "What happens?")
    assert not verdict.keep and reason in verdict.reason


def test_an_asked_quantity_must_be_there():
    text = "Tides lowers the mean error in harbours."
    assert check(text, evidence(WITHOUT), "What does Tides do?").keep
    assert not check(text, evidence(WITHOUT), "By how much does Tides lower the error?").keep

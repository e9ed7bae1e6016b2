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
        (SENTENCE.replace(", i.e. by 58.3%", ""), SENTENCE),
        ("Tides lowers the mean error from 14 cm to 9 cm.", WITHOUT),
        ("The authors show a map.", "Furthermore, we show a map (see Fig. 2), which is blue."),
        (
            "Rain helps most of the crops.",
            "Moreover, our results show that rain helps most of the crops.",
        ),
        (
            "Tides, a model, lowers the error.",
            "Tides, a model, lowers the error (Lee, 1990) by 3%.",
        ),
        (
            "Tides lowers the error in winter.",
            "Tides, the first such model, lowers the error in winter.",
        ),
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
        ("Ladder Pruning does not slow decoding by 58.3%.", SENTENCE, "left out"),
        ("Tides lowers the error in 8 harbours.", WITHOUT, "left out"),
        ("Tides wins in summer.", "On most coasts, Tides wins in summer.", "left out"),
        ("Tides wins every race.", "Tides wins almost every race.", "left out"),
        (
            "Tides halves the error.",
            "Tides, which may lag (by up to a day), halves the error.",
            "left out",
        ),
        ("Tides lowers the mean error to 14 cm from 9 cm in 8 harbours.", WITHOUT, "put in"),
        ("Tides lowers the mean error by 14 cm to 9 cm in 8 harbours.", WITHOUT, "put in"),
        (
            "A wins on most of the boards.",
            "A wins on most of the boards, if the board is small.",
            "left out",
        ),
        (
            "The robot does use radar and does not use sonar.",
            "The robot does not use radar and does not use sonar.",
            "negation",
        ),
        (
            "Transformers and Ladders beat all of the others.",
            "Transformers beat all of the others.",
            "put in",
        ),
        ("A title about ladders.", WITHOUT, "evidence"),
        ("Tidees lowers the mean error from 14 cm to 9 cm in 8 harbours.", WITHOUT, "put in"),
        (
            "Pebble follows TinyStories, and has 1.3 billion parameters.",
            "Pebble follows TinyStories, and phi-1, which has 1.3 billion parameters.",
            "left out",
        ),
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
    source = "Tides lowers the mean error in all harbours, by 3 cm."
    text = "Tides lowers the mean error in all harbours."
    assert check(text, evidence(source), "What does Tides do?").keep
    assert not check(text, evidence(source), "By how much does Tides lower the error?").keep

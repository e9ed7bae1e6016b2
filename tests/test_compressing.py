import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.compressing import SHORTEST, compress


@pytest.mark.parametrize(
    ("sentence", "shortest"),
    [
        (
            "Furthermore, we show that Tides lowers the error in every harbour.",
            "Tides lowers the error in every harbour.",
        ),
        (
            "In this paper, we propose Tides, a model (see Fig. 2) of water, which reads gauges.",
            "The authors propose Tides, a model of water.",
        ),
        (
            "Our experiments demonstrate that our method halves the error of all others.",
            "The method halves the error of all others.",
        ),
        (
            "We hypothesize that tides slow the ships in every harbour.",
            "The authors hypothesize that tides slow the ships in every harbour.",
        ),
    ],
)
def test_what_is_left_out(sentence, shortest):
    assert compress(sentence)[-1] == shortest


@pytest.mark.parametrize(
    "sentence",
    [
        "Tides lowers the mean error from 14 cm to 9 cm in 8 harbours.",
        "MapQA, which reads the legend first, outperforms all of its rivals, as expected.",
        "Short one.",
        "",
    ],
)
def test_a_sentence_without_anything_to_spare_has_no_compression(sentence):
    assert compress(sentence) == []


@given(st.text(alphabet="We show,that (our) in; 12%.", max_size=80))
def test_compressions_are_shorter_sentences(sentence):
    for text in compress(sentence):
        assert text[-1] in ".!?" and len(text.split()) >= SHORTEST
        assert text == " ".join(text.split()) != sentence

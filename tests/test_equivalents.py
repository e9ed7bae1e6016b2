"""Texts in one form: what counts as the same, and what does not."""

import pytest

from assistant.equivalents import words


def forms(text):
    return [word.form for word in words(text)]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("12,000 t", "12 000 t"),
        ("12\u202f000 t", "12000 t"),
        ("3 %", "3 per cent"),
        ("3-5%", "3% to 5 percent"),
        ("from 3 to 5%", "from 3% to 5%"),
        ("seven nights", "7 nights"),
        ("a 15-µm drum", "the 15 μm drum"),
        ("5 kilometres", "5 km"),
        ("8 hours per night", "eight hours a night"),
        ("within a year", "within one year"),
        ("a third of it", "one third of it"),
        ("less than 5 cm", "under 5 cm"),
        ("at most 5 cm", "no more than 5 cm"),
        ("two or more", "at least two"),
        ("a share of 0.5", "a share of 50 %"),
        ("harbours were analysed", "harbors were analyzed"),
        ("optimisation of modelling", "optimization of modeling"),
        ("the model's rate", "a model's rate"),
        ("we made and used nets", "the authors make and use nets"),
        ("rates rose", "rates increased"),
        ("it doesn't work", "it does not work"),
    ],
)
def test_what_is_the_same(one, other):
    assert forms(one) == forms(other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("1,200", "1.200"),
        ("1,200", "120"),
        ("3 mW", "3 MW"),
        ("3%", "3 percentage points"),
        ("-20 °C", "20 °C"),
        ("20 °C", "20 °F"),
        ("10^8", "10^6"),
        ("v1.0", "v2.0"),
        ("GPT-3", "GPT-4"),
        ("P < 0.1", "P > 0.1"),
        ("over five years", "more than five years"),
        ("a score of 0.5", "a score of 50%"),
        ("a few", "few"),
        ("rats", "rates"),
        ("not", "note"),
        ("filled", "filed"),
        ("$3", "€3"),
        ("5 hours per night", "5 hours"),
    ],
)
def test_what_is_not(one, other):
    assert forms(one) != forms(other)


def test_words_are_kept_as_they_are_written_with_their_articles():
    (ink,) = [word for word in words("We like the Red inks.") if word.text == "inks"]
    (red,) = [word for word in words("We like the Red inks.") if word.text == "Red"]
    assert (ink.form, ink.article, red.form, red.article) == ("ink", "", "red", "the")
    assert words("") == words(" .  ! ") == []


@pytest.mark.parametrize("number", ["0.95²", "0.5.3", "0.1@5", "0.1^5", "0.", "0.9\u0663"])
def test_what_only_begins_like_a_share_is_no_error(number):
    text = f"We reach an accuracy of {number} on it."
    assert forms(text) == forms(text)

import tomllib
from importlib.resources import files

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.errors import UsageError
from assistant.thesaurus import Thesaurus, thesaurus
from assistant.words import stem

KNOWN = Thesaurus(
    {
        "graphics card": ["GPU", "accelerator", "CUDA"],
        "card": ["record"],
        "for free": ["training-free"],
        "squeeze": ["compress"],
        "google's chip": ["TPU"],
    }
)


def test_terms_stand_in_place_of_a_phrase_and_behind_it():
    assert KNOWN.wordings("Which graphics cards squeezed it?") == [
        "Which graphics cards squeezed it?",
        "Which GPU compress it?",
        "Which graphics cards GPU accelerator squeezed compress it?",
    ]


def test_a_question_in_the_terms_of_the_field_has_one_wording():
    assert KNOWN.wordings("What is muTransfer?") == ["What is muTransfer?"]


def test_the_longest_phrase_counts_and_not_the_words_inside_it():
    found = KNOWN.matches("a graphics card, a card")
    assert [terms[0] for _, _, terms in found] == ["GPU", "record"]


def test_small_words_are_part_of_a_phrase():
    assert KNOWN.wordings("Is it free?") == ["Is it free?"]
    assert "training-free" in KNOWN.wordings("Is it there for free?")[1]


def test_a_possessive_is_its_word():
    for question in ("Is Google's chip fast?", "Is Google’s chip fast?", "Is Google chip fast?"):
        assert KNOWN.wordings(question)[1] == "Is TPU fast?"


@given(st.text(alphabet="graphics crd'’s:\n\u00e9\u4e2d\U0001f600", max_size=60))
def test_what_is_matched_is_a_slice_of_the_question(question):
    end = 0
    for start, stop, _ in KNOWN.matches(question):
        assert end <= start < stop <= len(question)
        end = stop
    first, *others = KNOWN.wordings(question)
    assert first == question and len(others) in (0, 2)


def test_the_entries_that_come_with_the_program_are_told_apart_by_their_stems():
    entries = tomllib.loads(files("assistant").joinpath("thesaurus.toml").read_text("utf-8"))
    stems = [tuple(map(stem, phrase.replace("'s", "").split())) for phrase in entries]
    assert len(set(stems)) == len(entries) > 1000
    for phrase, terms in entries.items():
        assert phrase == phrase.lower().strip() and 1 <= len(terms) <= 6, phrase
        assert all(term.strip() for term in terms), phrase
    assert thesaurus().wordings("Does it fit on my graphics card?")[1] == "Does it fit on my GPU?"


def test_own_entries_are_laid_over_those_of_the_program(tmp_path):
    own = tmp_path / "own.toml"
    own.write_text('"the old beast" = ["cluster A"]\n"graphics card" = []\n')
    wordings = thesaurus(own).wordings
    assert wordings("Is the old beast free?")[1] == "Is cluster A free?"
    assert "GPU" not in " ".join(wordings("Is a graphics card free?"))
    assert "GPU" in " ".join(thesaurus().wordings("Is a graphics card free?"))


@pytest.mark.parametrize("text", ["x = ", '"card" = "GPU"', "[card]\nx = 1"])
def test_a_thesaurus_that_cannot_be_read_is_named(tmp_path, text):
    own = tmp_path / "own.toml"
    own.write_text(text)
    with pytest.raises(UsageError, match=r"own\.toml"):
        thesaurus(own)
    with pytest.raises(UsageError, match=r"none\.toml"):
        thesaurus(tmp_path / "none.toml")

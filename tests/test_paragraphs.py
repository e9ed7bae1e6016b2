"""Paragraphs by a scripted model: what stands, what is told otherwise, and in which order."""

import re

import pytest
from support import ParagraphModel

from assistant.errors import Interrupted, ModelLost, PromptTooLong
from assistant.evidence import Evidence
from assistant.joint_check import check_jointly
from assistant.library import StoredPaper
from assistant.marker_form import MarkerForm
from assistant.papers import Paper
from assistant.paragraphs import Claimed, claims, passages
from assistant.writing import LONGEST_SENTENCE

QUESTION = "How do the planners differ? [7]"
EMBER = "We show that Ember cuts the use of gas by 18%, while the bricks [2] keep strength."
CINDER = "Moreover, Cinder shortens the cooling of a kiln by 6 hours."
COPPER = "A sensor of copper is needed in every wall."
SAID_OF_EMBER = "Ember cuts the use of gas by 18%."
SAID_OF_CINDER = "Cinder shortens the cooling of a kiln by 6 hours."


def evidence(text, title="Planning kilns"):
    return Evidence(StoredPaper(f"p{len(text)}", Paper(title, text), ((0, len(text)),)), 0, 1.0)


TOLD = [evidence(EMBER, "Ember [3]"), evidence(CINDER), evidence(COPPER)]


def told(model, items=TOLD, **options):
    """What comes, in order: a text with what it cites, or what is to be told otherwise."""
    return [
        (passage.made.text if passage.made else None, [item.text for item in passage.evidence])
        for passage in passages(model, QUESTION, items, **options)
    ]


def test_sentences_that_pass_stand_with_what_they_cite():
    model = ParagraphModel(f"{SAID_OF_CINDER} [2] {SAID_OF_EMBER} [1] {COPPER} [3]")
    assert told(model) == [
        (SAID_OF_CINDER, [CINDER]),
        (SAID_OF_EMBER, [EMBER]),
        (COPPER, [COPPER]),
    ]


def test_several_markers_cite_several_sentences():
    both = f"{SAID_OF_EMBER[:-1]}, while {SAID_OF_CINDER}"
    for markers in ("[1][2]", "[1] [2]", "[1, 2]"):
        model = ParagraphModel(f"{both} {markers}")
        assert told(model) == [(both, [EMBER, CINDER]), (None, [COPPER])]
    assert told(ParagraphModel(f"{both} [1]")) == [(None, [EMBER, CINDER, COPPER])]
    assert told(ParagraphModel(f"{SAID_OF_EMBER} [1][2]")) == [(None, [EMBER, CINDER, COPPER])]


def test_what_fails_is_told_otherwise_in_its_place_and_what_is_not_cited_at_the_end():
    model = ParagraphModel(f"Ember saves 19% of gas. [1] {SAID_OF_CINDER} [2]")
    assert told(model) == [(None, [EMBER]), (SAID_OF_CINDER, [CINDER]), (None, [COPPER])]


def test_a_model_of_which_nothing_stands_changes_no_order():
    model = ParagraphModel("Copper is cheap. [3] Cinder is cheap. [2]")
    assert told(model) == [(None, [EMBER, CINDER, COPPER])]


def test_what_another_sentence_tells_is_not_told_again():
    model = ParagraphModel(f"{SAID_OF_EMBER} [1] The bricks keep it. [1] {SAID_OF_CINDER} [2]")
    assert told(model) == [
        (SAID_OF_EMBER, [EMBER]),
        (SAID_OF_CINDER, [CINDER]),
        (None, [COPPER]),
    ]


@pytest.mark.parametrize(
    "reply",
    [
        "",
        SAID_OF_EMBER,
        f"{SAID_OF_EMBER} [",
        f"{SAID_OF_EMBER} [1",
        f"{SAID_OF_EMBER} [7]",
        f"{SAID_OF_EMBER} [0]",
        f"{SAID_OF_EMBER} [1][7]",
        f"{SAID_OF_EMBER} (1)",
        f"{SAID_OF_CINDER} [1]",
        f"[1] {SAID_OF_EMBER}",
    ],
)
def test_no_sentence_stands_without_the_marker_of_its_evidence(reply):
    assert told(ParagraphModel(reply)) == [(None, [EMBER, CINDER, COPPER])]


def test_sentences_come_as_soon_as_they_are_checked():
    model = ParagraphModel(f"{SAID_OF_EMBER} [1] {SAID_OF_CINDER} [2] {COPPER} [3] Never. [1]")
    first = next(passages(model, QUESTION, TOLD))
    assert first.made.text == SAID_OF_EMBER and model.is_open


def test_after_a_failure_nothing_comes_before_the_model_has_ended():
    model = ParagraphModel(f"{SAID_OF_EMBER} [1] Cinder is cheap. [2] {COPPER} [3]")
    found = passages(model, QUESTION, TOLD)
    assert next(found).made and model.is_open
    assert next(found).made is None and not model.is_open


def test_a_model_that_repeats_itself_is_not_listened_to():
    model = ParagraphModel(f"{SAID_OF_EMBER} [1] " * 50)
    texts = list(claims(model.stream([], max_tokens=9)))
    assert texts == [Claimed(SAID_OF_EMBER, (1,))] and model.is_open


def test_more_sentences_than_there_is_evidence_are_not_listened_to():
    more = " ".join(f"Copper is needed {number} times. [3]" for number in range(50))
    model = ParagraphModel(f"{more} {SAID_OF_EMBER} [1]")
    assert told(model) == [(None, [EMBER, CINDER, COPPER])] and model.is_open


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("A b. [1] C d. [2][3]", [("A b.", (1,)), ("C d.", (2, 3))]),
        ("A b [1]. C d [2].", [("A b.", (1,)), ("C d.", (2,))]),
        ("A b. [2][2][1]", [("A b.", (2, 1))]),
        ("A\n b. [1]\n\nC d. [2]\n", [("A b.", (1,)), ("C d.", (2,))]),
        ("A b. [1] C d", [("A b.", (1,)), ("C d", ())]),
        ("A [b] c. [1]", [("A [b] c.", (1,))]),
        ("A b. [1234]", [("A b. [1234]", ())]),
        ("", []),
    ],
)
def test_markers_are_read_in_the_spellings_of_servers(text, expected):
    for pieces in ([text], text, [text[:7], text[7:]]):
        assert [(c.text, c.numbers) for c in claims(pieces)] == expected


def test_brackets_of_papers_and_questions_are_no_markers_to_the_model():
    model = ParagraphModel("")
    told(model)
    prompt = model.prompts[0][-1].content
    assert "[1] (Ember (3)) We show" in prompt and "the bricks (2) keep" in prompt
    assert "differ? (7)" in prompt
    assert [line[:3] for line in prompt.split("\n")] == ["[1]", "[2]", "[3]", "Que"]


def test_the_stable_part_of_the_prompt_stands_first():
    model = ParagraphModel("", "")
    told(model)
    told(model, [evidence(COPPER), evidence(CINDER)])
    assert model.prompts[0][:-1] == model.prompts[1][:-1]
    assert model.prompts[0][0].role == "system"
    assert all(said.role in ("user", "assistant") for said in model.prompts[0][1:])


def test_the_examples_in_the_prompt_are_what_passes_the_check():
    model = ParagraphModel("")
    told(model)
    _, *examples, _ = model.prompts[0]
    shown = list(zip(examples[::2], examples[1::2], strict=True))
    several = 0
    for asked, written in shown:
        *notes, question = asked.content.split("\n")
        found = [re.fullmatch(r"\[\d\] \((.+?)\) (.+)", note).groups() for note in notes]
        table = [evidence(text, title) for title, text in found]
        assert MarkerForm(len(table), len(table)).is_whole(written.content)
        for claimed in claims([written.content]):
            cited = [[table[number - 1]] for number in claimed.numbers]
            verdict = check_jointly(claimed.text, cited, question.removeprefix("Question: "))
            assert verdict.keep, (claimed, verdict)
            several += len(cited) > 1
    assert len(shown) == 2 and several


def test_decoding_is_told_the_table_and_the_words_on_it():
    model = ParagraphModel("")
    told(model)
    assert (model.form.numbers, model.form.sentences) == (3, 3)
    assert model.max_tokens < 2 * sum(len(model.tokens(item.text)) for item in TOLD)
    letters = {letter for letter in "[]123.Emb" if ord(letter) in model.allowed}
    assert letters == set("[]123.Emb") and ord("Z") not in model.allowed


def test_what_does_not_fit_the_context_is_told_otherwise():
    model = ParagraphModel(PromptTooLong("x", "y"), f"{SAID_OF_EMBER} [1]")
    assert told(model) == [(SAID_OF_EMBER, [EMBER]), (None, [CINDER, COPPER])]
    assert model.form.numbers == 2
    model = ParagraphModel(PromptTooLong("x", "y"), PromptTooLong("x", "y"))
    assert told(model) == [(None, [EMBER, CINDER, COPPER])]


def test_one_sentence_and_one_that_is_too_long_make_no_paragraph():
    long = evidence("red ink " * LONGEST_SENTENCE)
    for items in (TOLD[:1], [TOLD[0], long], []):
        model = ParagraphModel()
        assert told(model, items) == ([(None, [item.text for item in items])] if items else [])
        assert not model.prompts


@pytest.mark.parametrize("said", [f"{SAID_OF_EMBER} [1] Cin", ""])
def test_a_model_that_is_lost_leaves_the_rest_to_quotes(said):
    error = ModelLost("the server broke off", "see its log")
    found = list(passages(ParagraphModel([said, error]), QUESTION, TOLD))
    *made, last = found
    assert [passage.made.text for passage in made] == ([SAID_OF_EMBER] if said else [])
    assert last.made is error and len(last.evidence) == (2 if said else 3)


def test_an_interrupt_passes_through():
    with pytest.raises(Interrupted):
        told(ParagraphModel([f"{SAID_OF_EMBER} [1] Cin", Interrupted("stopped")]))


def test_entailment_is_asked_of_all_that_is_cited():
    asked = []

    def follows(source, text):
        asked.append((source, text))
        return text == SAID_OF_EMBER

    model = ParagraphModel(f"{SAID_OF_EMBER} [1] {SAID_OF_CINDER} [2]")
    assert told(model, follows=follows) == [
        (SAID_OF_EMBER, [EMBER]),
        (None, [CINDER]),
        (None, [COPPER]),
    ]
    assert asked == [(EMBER, SAID_OF_EMBER), (CINDER, SAID_OF_CINDER)]

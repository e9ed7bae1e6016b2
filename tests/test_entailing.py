"""The one further condition on reworded sentences, for users who have a model for it."""

import pytest
from support import ScriptedModel

from assistant.evidence import Evidence
from assistant.library import StoredPaper
from assistant.papers import Paper
from assistant.writing import Unwritten, Written, write

SOURCE = "Moreover, we show that red ink fades in the sun (see Fig. 2), unlike blue ink."
SHORTER = "Red ink fades in the sun, unlike blue ink."


@pytest.fixture
def evidence():
    return Evidence(StoredPaper("p0", Paper("Ink", SOURCE), ((0, len(SOURCE)),)), 0, 1.0)


def test_a_sentence_that_follows_is_written_whoever_worded_it(evidence):
    asked = []

    def follows(source, sentence):
        asked.append((source, sentence))
        return True

    written = write(ScriptedModel(SHORTER), "What fades?", evidence, follows=follows)
    assert written == Written(SHORTER, 1.0) and asked == [(SOURCE, SHORTER)]
    held = ScriptedModel()
    held.writes_freely = False
    assert isinstance(write(held, "What fades?", evidence, follows=follows), Written)


def test_one_that_does_not_is_quoted(evidence):
    written = write(ScriptedModel(SHORTER), "What fades?", evidence, follows=lambda *_: False)
    assert written == Unwritten("the evidence does not entail it")


def test_it_is_not_asked_about_what_the_check_rejects(evidence):
    def follows(source, sentence):
        assert "green" not in sentence
        return False

    reply = ScriptedModel("Green ink fades in the sun.")
    assert isinstance(write(reply, "What fades?", evidence, follows=follows), Unwritten)


def test_of_the_rewordings_only_those_that_follow_are_chosen_from(evidence):
    model = ScriptedModel()
    model.writes_freely = False
    written = write(model, "What fades?", evidence, follows=lambda _, text: "Fig." not in text)
    assert isinstance(written, Written) and "Fig." not in written.text

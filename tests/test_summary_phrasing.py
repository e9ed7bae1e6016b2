"""Headings of themes in a model's words: only what the papers of the theme bear out."""

import pytest
from support import ScriptedModel

from assistant.checking import FUNCTION_WORDS
from assistant.config import Config
from assistant.errors import Interrupted, ModelUnusable, PromptTooLong
from assistant.library import StoredPaper
from assistant.model_files import local_writer, writes_own_sentences
from assistant.papers import Paper
from assistant.prompts import render
from assistant.sentences import split_sentences
from assistant.summary.phrasing import ROOM, heading, is_borne_out, phrasing
from assistant.summary.summarizing import summarize
from assistant.writing import allowed_tokens

PAPERS = [
    Paper("Wide Rafters Carry Snow", "Rafters of oak carry heavy snow on roofs."),
    Paper("Oak Rafters in Old Roofs", "We measure rafters. Snow loads bend them."),
    Paper("When Roofs Fail Under Snow", "Roofs with thin rafters fail first."),
]


@pytest.mark.parametrize(
    ("named", "borne_out"),
    [
        ("Rafters of roofs under snow", True),
        ("Snow-roofs", True),
        ("Oak rafters", True),
        ("Steel rafters", False),
        ("Roofs in Norway", False),
        ("Rafters rafters snow", False),
        ("Methods and models", False),
        ("Snow [7] on roofs", False),
        ("Snow on roofs and rafters and roofs of oak and snow", False),
        ("", False),
    ],
)
def test_a_heading_has_no_telling_word_that_few_papers_have(named, borne_out):
    assert is_borne_out(named, PAPERS) is borne_out


def test_the_model_reads_terms_and_titles_and_its_first_line_counts():
    model = ScriptedModel('"rafters under snow."\nHere is why')
    assert heading(model, "rafters, snow", PAPERS) == "Rafters under snow"
    asked = model.prompts[0][-1].content
    assert "rafters, snow" in asked and all(paper.title in asked for paper in PAPERS)
    assert heading(ScriptedModel("Bridges of steel"), "rafters, snow", PAPERS) is None


@pytest.mark.parametrize("error", [ModelUnusable("it failed", ""), PromptTooLong("too long", "")])
def test_a_model_that_fails_is_not_asked_again(error):
    model = ScriptedModel(error)
    phrase = phrasing(lambda: model)
    assert phrase("rafters", PAPERS) is None and phrase("rafters", PAPERS) is None
    assert len(model.prompts) == 1
    with pytest.raises(Interrupted):
        phrasing(lambda: ScriptedModel(Interrupted()))("rafters", PAPERS)


def test_themes_have_the_headings_that_their_papers_bear_out():
    stored = [
        StoredPaper(paper.id, paper, tuple(split_sentences(paper.abstract))) for paper in PAPERS
    ]
    vectors = {paper.id: [1.0, 0.0] for paper in stored}
    for reply, expected in (("Rafters under snow", True), ("Bridges of steel", False)):
        phrase = phrasing(lambda reply=reply: ScriptedModel(reply))
        summary = summarize(stored, vectors, "roofs", "themes", phrase=phrase)
        (section,) = summary.sections
        assert (section.heading == "Rafters under snow") is expected
        brief = summarize(stored, vectors, "roofs", "brief", phrase=phrase)
        assert [s.heading for s in brief.sections] == ["What was done", "Key findings"]


def test_only_a_local_model_that_writes_freely_names_themes():
    assert not writes_own_sentences(Config())
    assert not writes_own_sentences(Config(endpoint="http://127.0.0.1:9"))
    assert not writes_own_sentences(Config(model="no-such-model"))


@pytest.mark.model
def test_the_bundled_model_writes_with_the_words_of_the_titles():
    model = local_writer(Config(), lambda what, done, total: None)
    letters = set("".join(["rafters, snow", *(paper.title for paper in PAPERS)]).lower())
    given = []
    for _ in range(2):
        before = model.work.written
        given.append(heading(model, "rafters, snow", PAPERS))
        assert 0 < model.work.written - before <= ROOM
    assert given[0] == given[1]
    asked = render("name_theme", terms="rafters, snow", titles=PAPERS[0].title)
    written = "".join(model.stream(asked, max_tokens=ROOM, allowed=allowed_tokens(model, "Snow")))
    assert written and set(written.lower()) <= letters | set("".join(FUNCTION_WORDS)) | {" "}
    model.close()

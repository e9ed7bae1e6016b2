import json

import jsonschema
import pytest
from support import FIXTURES, ScriptedModel, WordsEncoder, hit, no_progress

from assistant import answering, evidence, indexing
from assistant.answers import Finished, Found, Sentence
from assistant.config import Config
from assistant.errors import Interrupted
from assistant.explaining import explanation_json, explanation_text
from assistant.introducing import label
from assistant.library import StoredPaper
from assistant.papers import Paper
from assistant.render import answer_json, answer_text
from assistant.retrieval import Hit, Retriever
from assistant.signals import SentenceMatch

QUESTION = "How many layers of a language model does Ladder Pruning remove on 7B parameters?"
GOLD = (
    "On a model of 7B parameters, Ladder Pruning removes 30% of the layers and keeps 91% of the "
    "accuracy."
)
SHORTER = "On a model of 7B parameters, Ladder Pruning removes 30% of the layers."


@pytest.fixture
def retriever(library, index):
    indexing.index_waiting(library, index, WordsEncoder(), no_progress)
    return Retriever(library, index, WordsEncoder())


def run(retriever, model, question=QUESTION, **options):
    options = {"papers": 3, "sentences": 1} | options
    load = (lambda: model) if model else None
    return list(answering.answer(question, retriever, load, **options))


def test_a_sentence_that_passes_the_check_is_written(retriever):
    model = ScriptedModel(SHORTER)
    found, sentence, finished = run(retriever, model)
    assert isinstance(found, Found) and isinstance(sentence, Sentence)
    assert (sentence.sentence.origin, sentence.sentence.citations) == ("written", (1,))
    assert finished.answer.text == f"{SHORTER} [1]"
    assert GOLD in model.prompts[0][-1].content and QUESTION in model.prompts[0][-1].content


@pytest.mark.parametrize(
    "reply",
    [
        "Ladder Pruning removes 35% of the layers.",
        "Ladder Pruning removes no layers and keeps 91% of the accuracy.",
        "We remove 30% of the layers.",
        "Ladder Pruning removes 30% of the",
        "",
    ],
)
def test_one_that_fails_is_replaced_by_the_quote(retriever, reply):
    *_, finished = run(retriever, ScriptedModel(reply))
    (sentence,) = finished.answer.sentences
    assert (sentence.text, sentence.origin, sentence.support) == (GOLD, "quoted", 1.0)
    assert sentence.note
    assert finished.answer.text == f"The authors write: “{GOLD}” [1]"


def test_without_a_model_everything_is_quoted(retriever):
    *_, finished = run(retriever, None, "Compare Ladder Pruning and Tides.", sentences=1)
    assert [s.origin for s in finished.answer.sentences] == ["quoted"] * 5


def test_no_evidence_means_refusal_and_no_model(retriever):
    model = ScriptedModel()
    _, finished = run(retriever, model, "zebra crossings quantum chromodynamics")
    assert finished.answer.refused and finished.answer.reason and not model.prompts
    assert "nearest papers" in answer_text(finished.answer, 80)


def test_a_premise_that_the_papers_do_not_mention_is_named(retriever):
    question = "Why does Ladder Pruning need 8 GPUs for its 7B model?"
    *_, finished = run(retriever, None, question, least_confidence=0.0)
    assert not finished.answer.refused
    assert finished.answer.reason == "the papers cited do not mention 8, GPUs"
    assert "\n\nThe papers cited do not mention 8, GPUs.\n\n[1]" in answer_text(finished.answer, 80)
    *_, finished = run(retriever, None)
    assert finished.answer.reason is None


def test_an_interrupt_passes_through(retriever):
    with pytest.raises(Interrupted):
        run(retriever, ScriptedModel(Interrupted()))


def test_quotes_are_slices_and_the_contract_holds(retriever):
    schema = json.loads((FIXTURES / "answer.schema.json").read_text("utf-8"))
    for question in (QUESTION, "How do drones count bees in orchards?", "zebra crossings"):
        *_, finished = run(retriever, None, question, sentences=3)
        assert isinstance(finished, Finished)
        value = answer_json(
            finished.answer,
            identifier=None,
            model={"name": "m", "sha256": "0"},
            library={"papers": 6, "snapshot": "x-1"},
            manifest=None,
        )
        jsonschema.validate(value, schema)
        numbers = {source["number"] for source in value["sources"]}
        assert all(set(s["citations"]) <= numbers and s["citations"] for s in value["sentences"])
        for source, cited in zip(value["sources"], finished.answer.sources, strict=True):
            for quote in source["quotes"]:
                abstract = cited.stored.paper.abstract
                assert abstract[quote["start"] : quote["end"]] == quote["text"] != ""


def test_text_lists_each_source_once_with_its_quotes(retriever):
    *_, finished = run(retriever, None, sentences=3)
    text = answer_text(finished.answer, 80)
    assert text.count("Ladder Pruning Removes Whole Layers") == 1
    assert f"> {GOLD[:40]}" in text
    assert all(len(line) <= 80 for line in text.split("\n"))


def test_an_explanation_accounts_for_every_paper_and_sentence(retriever):
    model = ScriptedModel("We remove 30% of the layers.")
    *_, finished = run(retriever, model, papers=2)
    facts = explanation_json(finished.answer, Config(papers=2, sentences=1))
    assert facts["taken_as"] == "a question about one thing, asking for a quantity"
    (used,) = facts["used"]
    assert used["evidence"] == GOLD and used["note"] == finished.answer.sentences[0].note != ""
    assert [paper["number"] for paper in facts["papers"]] == [1, None, None, None, None, None]
    assert facts["papers"][0]["left"] is None
    assert facts["papers"][1]["left"] == "its sentences bear less on the question than those used"
    assert facts["papers"][2]["left"] == "not among the first 2 (--papers)"
    assert facts["left"] and used["score"] >= facts["left"][0]["score"] > 0
    assert {item["why"] for item in facts["left"]} == {
        "quoted beside the answer",
        "more than 0.8 behind the best",
    }
    text = explanation_text(finished.answer, Config(papers=2, sentences=1), 80)
    assert all(len(line) <= 80 for line in text.split("\n"))
    for words in ("Papers found", GOLD[:40], "not among the first 2", "behind the best"):
        assert words in text


def test_an_explanation_of_a_refusal_names_nothing_used(retriever):
    *_, finished = run(retriever, None, "zebra crossings quantum chromodynamics")
    facts = explanation_json(finished.answer, Config())
    assert facts["used"] == [] and facts["confidence"] < facts["least_confidence"]
    assert {paper["left"] for paper in facts["papers"]} == {"the question is not answered"}
    text = explanation_text(finished.answer, Config(), 80)
    assert "Sentences used, by how well they bear on the question:\n  none\n" in text


def test_an_explanation_tells_that_papers_were_named():
    class Trees:
        def search(self, question, k):
            near = (("FiR: Tall Stems", 1.6), ("On Elms?", 1.5), ("OAK: Wide Crowns", 1.2))
            return [hit(title, score, ("It grows.", 0.7)) for title, score in near]

    *_, finished = run(Trees(), None, "How do OAK and FiR differ?", least_confidence=0)
    facts = explanation_json(finished.answer, Config())
    assert [paper["number"] for paper in facts["papers"]] == [2, None, 1]
    assert facts["papers"][1]["left"].startswith("only the papers that the question names")
    text = explanation_text(finished.answer, Config(), 80)
    assert "OAK: Wide Crowns. " in text and "On Elms? On Elms?" in text


def test_what_an_answer_has_no_room_for_is_quoted_beside_it(retriever, monkeypatch):
    monkeypatch.setattr(evidence, "FARTHEST_OF_ONE", 2)
    whole = run(retriever, None, sentences=4)[-1].answer
    monkeypatch.setattr(evidence, "WORDS_A_SENTENCE", 1)
    answer = run(retriever, None, sentences=4)[-1].answer
    assert [sentence.text for sentence in answer.sentences] == [GOLD]
    (source,) = answer.sources
    assert source.quotes[0] == answer.sentences[0].spans[0]
    kept = {s for s in whole.sources if s.stored.id == source.stored.id for s in s.quotes}
    assert len(source.quotes) > 1 and set(source.quotes) == kept
    facts = explanation_json(answer, Config(papers=3, sentences=4))
    assert "quoted beside the answer" in {item["why"] for item in facts["left"]}


class TwoPapers:
    """Finds two papers of two sentences each, whatever is asked."""

    sentences = (
        ("However, the dredger of the old port digs only at low water.", "It digs at night."),
        ("MapQA reads the charts of the old port, enabling forecasts for ships.", "It is new."),
    )
    titles = ("On Dredging", "MapQA: Answers from Charts")

    def search(self, question, k):
        hits = []
        for title, sentences, score in zip(self.titles, self.sentences, (1.6, 1.5), strict=True):
            abstract, first = " ".join(sentences), len(sentences[0])
            stored = StoredPaper(
                title, Paper(title, abstract, year=2020), ((0, first), (first + 1, len(abstract)))
            )
            matches = (SentenceMatch(0.9, 0.9, 0.0, 0.0), SentenceMatch(0.8, 0.8, 0.0, 0.0))
            hits.append(Hit(stored, score, 0.5, matches))
        return hits


def test_quotes_are_cut_and_introduced_and_sources_keep_whole_sentences():
    answer = run(TwoPapers(), None, "Compare them.", least_confidence=0.0)[-1].answer
    assert answer.text == (
        "One paper (2020): “… the dredger of the old port digs only at low water.” [1] "
        "“It digs at night.” [1] “MapQA reads the charts of the old port …” [2] “It is new.” [2]"
    )
    value = answer_json(answer, identifier=None, model={}, library={}, manifest=None)
    for sentence, source in zip(value["sentences"][::2], value["sources"], strict=True):
        start, end = sentence["shown"]
        abstract = answer.sources[source["number"] - 1].stored.paper.abstract
        assert sentence["text"] == abstract[start:end]
        assert source["quotes"][0]["text"] in TwoPapers.sentences[source["number"] - 1]
    assert [s["lead"] for s in value["sentences"]] == ["One paper (2020):", "", "", ""]
    assert value["sentences"][1]["shown"] is None
    assert [s.spans for s in answer.sentences[:2]] == [((0, 60),), ((61, 78),)]
    explained = explanation_text(answer, Config(), 200)
    assert "However, the dredger" in explained and "quoted in part, support 1.00" in explained
    assert explanation_json(answer, Config())["used"][0]["shown"] == [9, 60]


def test_a_list_of_papers_has_a_line_for_each():
    question = "Which papers are about the old port?"
    answer = run(TwoPapers(), None, question, least_confidence=0.0)[-1].answer
    assert len(answer.sources) == 2
    assert [s.begins for s in answer.sentences] == [False, True]
    first, second = answer_text(answer, 200).split("\n\n")[0].split("\n")
    for line, source in zip((first, second), answer.sources, strict=True):
        assert line.startswith(f"{label(source.stored)}: ")


def test_a_part_is_quoted_only_if_it_follows_where_that_is_asked_for():
    options = {"least_confidence": 0.0, "follows": lambda evidence, part: False}
    answer = run(TwoPapers(), None, "Compare them.", **options)[-1].answer
    assert {s.shown for s in answer.sentences} == {None}


def test_a_change_of_paper_is_told_between_written_sentences():
    model = ScriptedModel("", "", "MapQA reads the charts of the old port.", "")
    answer = run(TwoPapers(), model, "Compare them.", least_confidence=0.0)[-1].answer
    assert [s.origin for s in answer.sentences] == ["written", "quoted", "written", "quoted"]
    assert [bool(s.lead) for s in answer.sentences] == [True, False, False, False]

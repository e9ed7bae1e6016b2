"""What kinds of question change about the sentences of an answer."""

import pytest
from support import ScriptedModel, WordsEncoder, no_progress

from assistant import answering, indexing
from assistant.answers import Found
from assistant.config import Config
from assistant.conversations import Conversation, Exchange
from assistant.explaining import explanation_json, explanation_text
from assistant.export import to_html, to_markdown
from assistant.protocol import Reply, dump_reply, load_reply
from assistant.records import dump_answer, load_answer
from assistant.render import answer_text
from assistant.retrieval import Retriever
from assistant.tui.chat import LiveExchange
from assistant.tui.evidence_panel import evidence_content
from assistant.tui.exchange import content_of, targets_of

LOWERS = "Tides lowers the mean error from 14 cm to 9 cm in 8 harbours."


@pytest.fixture
def ask(library, index):
    indexing.index_waiting(library, index, WordsEncoder(), no_progress)
    retriever = Retriever(library, index, WordsEncoder())

    def run(question, **options):
        options = {"papers": 3, "sentences": 4, "least_confidence": 0.0} | options
        return list(answering.answer(question, retriever, None, **options))

    return run


@pytest.mark.parametrize(
    ("question", "stance", "verdict"),
    [
        ("Does Tides lower the mean error?", "supports", "Yes, according to [1]."),
        ("Does Tides raise the mean error?", "contradicts", "No, according to [1]."),
        ("Tides lowers the mean error.", "supports", "Supported by [1]."),
        ("Tides raises the mean error.", "contradicts", "Contradicted by [1]."),
    ],
)
def test_what_settles_a_question_comes_first_and_is_said_before(ask, question, stance, verdict):
    found, first, *_, finished = ask(question)
    answer = finished.answer
    assert isinstance(found, Found) and found.verdict == answer.verdict == verdict
    assert (first.sentence.text, first.sentence.stance) == (LOWERS, stance)
    shown = " ".join(answer_text(answer, 80).split())
    assert shown.startswith(verdict) and shown.index(verdict) < shown.index("“Tides lowers")


def test_a_question_about_another_thing_is_not_settled(ask):
    answer = ask("Does Ebbs lower the mean error?")[-1].answer
    assert answer.sentences and {sentence.stance for sentence in answer.sentences} == {""}
    assert answer.verdict == "No outright yes or no was found; this is what comes nearest."
    answer = ask("Ebbs lowers the mean error.")[-1].answer
    assert answer.verdict.startswith("Nothing was found that outright supports")


@pytest.mark.parametrize(
    "question",
    ["How many bees are there in orchards?", "mean error harbours", "Which papers are on bees?"],
)
def test_other_questions_have_no_verdict(ask, question):
    answer = ask(question)[-1].answer
    assert answer.verdict == "" and not any(s.stance for s in answer.sentences)


def test_a_follow_up_is_not_held_against_the_papers(ask):
    answer = ask("Does it lower the mean error?", standalone="Does Tides lower the mean error?")
    assert answer[-1].answer.verdict == ""


def test_no_sentence_is_lost_by_it(ask):
    question = "Does Tides lower the mean error?"
    plain = ask(question.rstrip("?").replace("Does", "How does") + "?")[-1].answer
    settled = ask(question)[-1].answer
    assert {s.text for s in plain.sentences} <= {s.text for s in settled.sentences}


def test_a_model_may_tell_what_the_rules_do_not(ask):
    question = "Is Tides a transformer that reads gauges?"
    asked = []

    def relates(evidence, statement):
        asked.append(statement)
        return "entailment" if "transformer" in evidence else "neutral"

    answer = ask(question, relates=relates)[-1].answer
    assert answer.verdict == "Yes, according to [1]."
    assert set(asked) == {"Tides is a transformer that reads gauges"}


def test_a_model_is_not_asked_about_other_things_nor_followed_against_the_rules(ask):
    def relates(evidence, statement):
        return "contradiction"

    answer = ask("Does Ebbs lower the mean error?", relates=relates)[-1].answer
    assert not any(sentence.stance for sentence in answer.sentences)
    answer = ask("Does Tides lower the mean error?", relates=relates)[-1].answer
    assert {s.stance for s in answer.sentences if s.text == LOWERS} == {""}


def test_a_definition_begins_with_the_sentence_that_defines(ask):
    answer = ask("What is Pebble?")[-1].answer
    assert answer.sentences[0].text.startswith("We present Pebble, a speech enhancer")
    assert {source.stored.paper.title[:6] for source in answer.sources} == {"Pebble"}
    left = explanation_json(answer, Config(papers=3))["papers"][-1]["left"]
    assert left == "it does not mention “Pebble”"


def test_a_follow_up_may_ask_for_a_definition(ask):
    answer = ask("And Pebble?", standalone="What is Pebble?")[-1].answer
    assert answer.sentences[0].text.startswith("We present Pebble, a speech enhancer")
    assert explanation_json(answer, Config())["taken_as"] == "a question for what “Pebble” means"
    answer = ask("Thanks", standalone="What is Pebble Thanks")[-1].answer
    assert not answer.refused


def test_a_term_that_no_paper_mentions_is_not_explained(ask):
    answer = ask("What is speculative decoding?")[-1].answer
    assert answer.refused and not answer.sentences
    assert answer.reason == "none of the nearest papers mentions “speculative decoding”"


def test_the_explanation_tells_what_the_question_was_taken_for(ask):
    answer = ask("Does Tides lower the mean error?")[-1].answer
    facts = explanation_json(answer, Config(papers=3))
    assert facts["taken_as"].endswith("held against the papers: “Tides lower the mean error”")
    assert facts["used"][0]["stance"] == "supports"
    assert "support 1.00, supports it" in " ".join(
        explanation_text(answer, Config(papers=3), 80).split()
    )
    answer = ask("What is Pebble?")[-1].answer
    assert explanation_json(answer, Config())["taken_as"] == "a question for what “Pebble” means"


def test_it_is_kept_sent_and_exported(ask):
    found, *_, finished = ask("Does Tides lower the mean error?")
    answer = finished.answer
    kept = dump_answer(answer)
    assert load_answer(kept).verdict == answer.verdict
    assert load_answer(kept).sentences == answer.sentences
    assert load_reply(dump_reply(Reply(1, found))).event.verdict == answer.verdict
    talk = Conversation(1, "Tides", "", "", (Exchange(answer.question, answer, "", "tiny"),))
    for text in (to_markdown(talk), to_html(talk)):
        assert text.index("Yes, according to [1].") < text.index("Tides lowers the mean")


def test_an_answer_that_an_older_version_kept_has_none(ask):
    kept = dump_answer(ask("Does Tides lower the mean error?")[-1].answer)
    del kept["verdict"]
    for sentence in kept["sentences"]:
        del sentence["stance"]
    loaded = load_answer(kept)
    assert loaded.verdict == "" and not any(sentence.stance for sentence in loaded.sentences)


def test_a_worded_sentence_keeps_the_stance_of_its_evidence(library, index):
    indexing.index_waiting(library, index, WordsEncoder(), no_progress)
    retriever = Retriever(library, index, WordsEncoder())
    model = ScriptedModel("Tides lowers the mean error from 14 cm to 9 cm.")
    events = answering.answer(
        "Does Tides lower the mean error?",
        retriever,
        lambda: model,
        papers=1,
        sentences=1,
        least_confidence=0.0,
    )
    sentence = list(events)[-1].answer.sentences[0]
    assert (sentence.origin, sentence.stance) == ("written", "supports")


def test_the_chat_shows_it_before_the_sentences_while_the_answer_comes(ask):
    found, sentence, *_, finished = ask("Does Tides lower the mean error?")
    coming = LiveExchange("Does Tides lower the mean error?", "answering", verdict=found.verdict)
    coming.sentences, coming.sources = [sentence.sentence], list(sentence.sources)
    kept = LiveExchange.of(Exchange(finished.answer.question, finished.answer, "", "tiny"))
    for exchange in (coming, kept):
        shown = content_of(exchange, None).plain
        assert shown.index("Yes, according to [1].") < shown.index("Tides lowers the mean")
        panel = evidence_content(targets_of(exchange)[0], exchange.answer).plain
        assert "It supports what was asked." in panel


def test_a_term_whose_words_only_are_there_is_said_to_be_missing(ask):
    answer = ask("What is ladder learning?")[-1].answer
    assert answer.sentences
    assert answer.reason == "the papers cited do not mention “ladder learning”"

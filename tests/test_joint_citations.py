"""A sentence that cites two papers, or two sentences of one: everywhere that answers go."""

import json
from dataclasses import replace

import jsonschema
import pytest
from support import FIXTURES, WORDS_IDENTITY, ParagraphModel, WordsEncoder, no_progress

from assistant import indexing
from assistant.answering import answer
from assistant.answers import Asked, Finished, Sentence
from assistant.config import Config
from assistant.conversations import Conversation, Exchange
from assistant.errors import ModelLost
from assistant.evaluation import scoring
from assistant.evaluation.questions import Question
from assistant.explaining import explanation_json, explanation_text
from assistant.export import to_html, to_json, to_markdown
from assistant.manifest import manifest
from assistant.protocol import Reply, dump_reply, load_reply
from assistant.records import dump_answer, load_answer
from assistant.render import answer_json, answer_text
from assistant.replaying import compare
from assistant.retrieval import Retriever
from assistant.tui.chat import LiveExchange
from assistant.tui.evidence_panel import evidence_content
from assistant.tui.exchange import content_of, targets_of
from assistant.verifying import verify

QUESTION = "Compare Ladder Pruning and Tides."
OF_TWO = (
    "On a model of 7B parameters, Ladder Pruning removes 30% of the layers, while Tides lowers the"
    " mean error from 14 cm to 9 cm in 8 harbours."
)
OF_ONE = (
    "Ladder Pruning removes whole layers of a language model in one step, and retraining is not"
    " needed."
)
WRONG = "Tides is a transformer of 7B parameters."
REPLY = f"{OF_TWO} [1][4] {OF_ONE} [2][3] {WRONG} [5]"
LEFT = "Tides is a transformer that reads gauges and weather."


@pytest.fixture
def retriever(library, index):
    indexing.index_waiting(library, index, WordsEncoder(), no_progress)
    return Retriever(library, index, WordsEncoder())


def run(retriever, *replies):
    model = ParagraphModel(*replies, *[""] * 9)
    return list(answer(QUESTION, retriever, lambda: model, papers=3, sentences=1))


@pytest.fixture
def events(retriever):
    return run(retriever, REPLY)


@pytest.fixture
def given(events):
    return events[-1].answer


def as_json(given, library):
    given.asked = Asked()
    settings = Config(papers=3, sentences=1, writing="paragraphs")
    made = answer_json(
        given,
        identifier=None,
        model={"name": "tiny", "sha256": ""},
        library={"papers": library.count(), "snapshot": library.snapshot()},
        manifest=manifest(given, settings, WORDS_IDENTITY, True, True),
    )
    return json.loads(json.dumps(made))


def test_each_citation_has_its_sentence(given):
    two, one, quote = given.sentences
    assert (two.text, two.citations) == (OF_TWO, (1, 2))
    assert (one.text, one.citations, [*one.cited]) == (OF_ONE, (1, 1), [1])
    assert (quote.text, quote.origin, quote.citations) == (LEFT, "quoted", (2,))
    abstracts = {source.number: source.stored.paper.abstract for source in given.sources}
    cited = [
        abstracts[number][start:end]
        for sentence in given.sentences
        for number, (start, end) in zip(sentence.citations, sentence.spans, strict=True)
    ]
    assert [text[:15] for text in cited] == [
        *("On a model of 7", "Tides lowers th"),
        *("Ladder Pruning ", "Retraining is n", "Tides is a tran"),
    ]
    assert len(set(cited)) == 5 and all(source.quotes for source in given.sources)


def test_a_sentence_comes_with_all_sources_it_cites(events):
    said = [event for event in events if isinstance(event, Sentence)]
    assert [[source.number for source in event.sources] for event in said] == [[1, 2], [1], [2]]
    chat = {number for event in said for number in event.sentence.cited}
    assert chat == {source.number for event in said for source in event.sources}


def test_the_engine_sends_it_whole(events):
    for event in events[1:-1]:
        found = load_reply(dump_reply(Reply(5, event))).event
        assert found.sentence == event.sentence
        assert [(s.number, s.stored.id) for s in found.sources] == [
            (s.number, s.stored.id) for s in event.sources
        ]


def test_a_conversation_keeps_it(given):
    kept = load_answer(json.loads(json.dumps(dump_answer(given))))
    assert kept.sentences == given.sentences and kept.text == given.text


def test_each_marker_is_printed_once(given):
    assert given.text == (
        f"{OF_TWO} [1][2] The first paper: {OF_ONE} [1] The second paper (2023): “{LEFT}” [2]"
    )
    assert "\n[2] Tides" in answer_text(given, 80)


def test_the_contract_holds_and_names_each_paper_once(given, library):
    value = as_json(given, library)
    jsonschema.validate(value, json.loads((FIXTURES / "answer.schema.json").read_text("utf-8")))
    assert [s["citations"] for s in value["sentences"]] == [[1, 2], [1], [2]]


def test_a_saved_answer_is_verified_by_all_it_cites(given, library):
    value = as_json(given, library)
    assert {finding.fault for finding in verify(value, library)} == {""}
    for text, fault in (
        (OF_TWO.replace("9 cm", "8 cm"), "a statement in it is carried by none"),
        (OF_TWO.replace("Tides", "Ladder Pruning"), "a statement in it is carried by none"),
        (OF_TWO.split(", while", maxsplit=1)[0] + ".", "a statement in it is carried by none"),
    ):
        value["sentences"][0]["text"] = text
        *_, found, _, _ = verify(value, library)
        assert found.what == text and fault in found.fault
    value["sentences"][0]["text"] = OF_TWO
    value["sources"][1]["id"] = "p0000000000"
    *_, found, _, _ = verify(value, library)
    assert found.fault == "of a paper that it cites no quote stands any more"


def test_asked_again_it_is_the_same(given, retriever, library):
    saved = as_json(given, library)
    assert compare(saved, as_json(run(retriever, REPLY)[-1].answer, library), library).same
    other = compare(saved, as_json(run(retriever, "")[-1].answer, library), library)
    assert any(OF_TWO in str(change) for change in other.answer)


def test_an_explanation_names_every_sentence_that_was_used(given):
    facts = explanation_json(given, Config(papers=3, sentences=1))
    assert [used["number"] for used in facts["used"]] == [1, 2, 1, 1, 2]
    assert len({used["evidence"] for used in facts["used"]}) == 5
    text = explanation_text(given, Config(papers=3, sentences=1), 80)
    assert "Tides lowers the mean error" in " ".join(text.split())


def test_exports_lead_each_marker_to_what_it_cites(given):
    exchange = Exchange(QUESTION, given, "2026-03-01T10:15:30+00:00", "tiny")
    kept = Conversation(7, "Both", "2026-03-01 10:15:00", "2026-03-01T11:00:00Z", [exchange])
    assert f"{OF_TWO} [1][2]" in to_markdown(kept).replace("\\", "")
    first, second, _ = json.loads(to_json(kept))["exchanges"][0]["sentences"]
    assert (first["citations"], second["citations"]) == ([1, 2], [1])
    page = to_html(kept)
    both = "Ladder Pruning removes whole layers of a language model in one step. Retraining"
    assert page.count(both) >= 1 and "Tides lowers the mean error" in page


def test_the_chat_shows_a_marker_for_each_paper(given):
    exchange = LiveExchange(QUESTION, "done", given.sentences, given.sources, given)
    targets = targets_of(exchange)
    assert [target.number for target in targets] == [1, 2, 1, 2]
    assert [len(target.spans) for target in targets] == [1, 1, 2, 1]
    assert f"{OF_ONE} [1]\nThe second paper" in content_of(exchange, 2).plain
    panel = evidence_content(targets[2], given).plain
    assert panel.count("▶") == 2 and "Worded from the 2 sentences that it cites" in panel


def test_nothing_in_it_counts_as_invented_or_invalid(given, library):
    asked = Question("q", QUESTION, "compare", "")
    stored = {paper.id: paper for paper in library.papers()}
    assert not scoring.problems(given, stored)
    assert not any(scoring.invented(sentence, given, asked) for sentence in given.sentences)
    alone = replace(given.sentences[0], citations=(1,), spans=given.sentences[0].spans[:1])
    assert scoring.invented(alone, given, asked) == ["14", "9", "8"]


def test_a_server_lost_in_mid_paragraph_leaves_quotes_of_all_the_rest(retriever):
    *_, finished = run(retriever, [f"{OF_TWO} [1][4] Ladder", ModelLost("it broke off", "ask")])
    assert isinstance(finished, Finished)
    first, *rest = finished.answer.sentences
    assert first.text == OF_TWO and finished.answer.lost == "it broke off"
    assert [(s.origin, s.note) for s in rest] == [("quoted", "it broke off")] * 3

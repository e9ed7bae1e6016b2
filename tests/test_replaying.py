"""Saved answers asked again: what is the same, and item by item what is not."""

import copy
import json
import shutil
from dataclasses import replace

import jsonschema
import pytest
from scripted_server import ScriptedServer, says
from support import FIXTURES, PAGES, WORDS_IDENTITY, ScriptedModel, WordsEncoder, no_progress

from assistant import adding, answering, indexing
from assistant.answers import Asked
from assistant.config import Config
from assistant.conversation import Turn
from assistant.errors import UsageError
from assistant.filters import Filters
from assistant.library import Library
from assistant.manifest import manifest
from assistant.render import answer_json
from assistant.replaying import check_places, compare, request
from assistant.retrieval import Retriever
from assistant.vectors import VectorIndex

real = pytest.mark.model
QUESTION = "How many layers of a language model does Ladder Pruning remove on 7B parameters?"
ASKED = Asked(
    history=(Turn("user", "What is pruned?"), Turn("assistant", "Layers.")),
    filters=Filters((2020, None), ("compact.txt",), ("Ito",), "thesis"),
    without=("p0000000001",),
    seed=4,
)


def ask(library, index, question=QUESTION, *, asked=ASKED, **settings):
    """As ``ask --json`` prints it, with words for an encoder and a scripted model."""
    config = Config(**{"papers": 3, "sentences": 2} | settings)
    indexing.index_waiting(library, index, WordsEncoder(), no_progress)
    *_, finished = answering.answer(
        question,
        Retriever(library, index, WordsEncoder()),
        lambda: ScriptedModel("", "", "", "", "", ""),
        papers=config.papers,
        sentences=config.sentences,
    )
    finished.answer.asked = asked
    value = answer_json(
        finished.answer,
        identifier="a",
        model={"name": config.model, "sha256": "0" * 64},
        library={"papers": library.count(), "snapshot": library.snapshot()},
        manifest=manifest(finished.answer, config, WORDS_IDENTITY, True, False),
    )
    return json.loads(json.dumps(value))


@pytest.fixture(scope="module")
def unchanged(tmp_path_factory):
    """A library that no test changes, and an answer from it."""
    library = Library.create(tmp_path_factory.mktemp("replay") / "library")
    adding.add(library, PAGES, no_progress)
    yield library, ask(library, VectorIndex(library.path / "chroma", WORDS_IDENTITY))
    library.close()


@pytest.fixture
def saved(unchanged):
    return copy.deepcopy(unchanged[1])


def said(comparison):
    return [str(change) for change in (*comparison.changed, *comparison.answer)]


def test_the_manifest_is_part_of_the_contract(saved):
    jsonschema.validate(saved, json.loads((FIXTURES / "answer.schema.json").read_text("utf-8")))


def test_the_same_question_to_the_same_library_gives_the_same(library, index):
    saved = ask(library, index)
    found = compare(saved, ask(library, index), library)
    assert found.same and not found.unknown, said(found)


def test_how_it_was_asked_is_read_back(saved):
    found = request(saved)
    assert found.asked == Asked(ASKED.history, False, ASKED.filters, ASKED.without)
    assert found.settings["seed"] == 4 and found.settings["papers"] == 3
    assert Config(**found.settings) == Config(papers=3, sentences=2, seed=4)


def test_timings_are_not_compared(saved, unchanged):
    now = copy.deepcopy(saved)
    now["timings"]["total_s"] = 99.0
    assert compare(saved, now, unchanged[0]).same


@pytest.mark.parametrize(
    ("path", "value", "expected"),
    [
        (("version",), "0.0.1", "program version: 0.1.0 -> 0.0.1"),
        (("manifest", "program", "sources"), "00", "program sources: * -> 00"),
        (("manifest", "packages", "chromadb"), "0", "package chromadb: * -> 0"),
        (("manifest", "settings", "seed"), 5, "setting seed: 4 -> 5"),
        (("manifest", "settings", "least_confidence"), 0.5, "setting least_confidence: * -> 0.5"),
        (("manifest", "filters", "set"), None, "filter set: only then: thesis"),
        (("manifest", "history"), [], "history: * -> []"),
        (("manifest", "quotes_only"), True, "quotes only: false -> true"),
        (("manifest", "writes_freely"), False, "writes freely: true -> false"),
        (("manifest", "writes_paragraphs"), True, "writes paragraphs: false -> true"),
        (("manifest", "settings", "writing"), "sentences", "setting writing: auto -> sentences"),
        (("manifest", "encoder", "sha256"), "1", "encoder sha256: * -> 1"),
        (("manifest", "reranker"), "1", "reranker: only now: 1"),
        (("model", "name"), "big", "model name: smollm2-135m-instruct -> big"),
        (("model", "sha256"), "1", "model sha256: * -> 1"),
        (("library", "snapshot"), "x-1", "library snapshot: * -> x-1"),
        (("confidence",), 0.0, "confidence: * -> 0.0"),
        (("refused",), True, "refused: false -> true"),
        (("reason",), "why", "reason: only now: why"),
        (("answer",), "Yes.", "text: * -> Yes."),
        (("sources", 0, "title"), "Ink", "cited paper p* title: * -> Ink"),
        (("sources", 0, "quotes", 0, "start"), 1, "quote of p*: only then: *"),
        (("retrieved", 0, "score"), 0.1, "scores of 1 papers found: [*] -> [0.1]"),
    ],
)
def test_each_thing_that_differs_is_named(saved, unchanged, path, value, expected):
    now = copy.deepcopy(saved)
    place = now
    for key in path[:-1]:
        place = place[key]
    place[path[-1]] = value
    found = compare(saved, now, unchanged[0])
    first, _, last = expected.partition("*")
    assert any(line.startswith(first) for line in said(found)), said(found)
    assert any(line.endswith(last.rpartition("*")[2]) for line in said(found)), said(found)
    assert not found.same and len(said(found)) <= 2


def test_a_sentence_that_is_otherwise_is_shown_in_both_wordings(library, index):
    saved = ask(library, index, "Compare Ladder Pruning and Tides.")
    now = copy.deepcopy(saved)
    now["sentences"][0]["text"] = "Something else."
    del now["sentences"][1]
    found = compare(saved, now, library)
    first, second = (line for line in said(found) if line.startswith("sentence"))
    assert first.startswith(f"sentence 1: {saved['sentences'][0]['text']} (quoted, p")
    assert "-> Something else. (quoted, p" in first
    assert second.startswith(f"sentence 2: only then: {saved['sentences'][1]['text']}")


def test_a_paper_that_was_removed_is_named(library, index):
    saved = ask(library, index)
    gone = saved["sources"][0]
    indexing.remove(library, index, [gone["id"]])
    found = compare(saved, ask(library, index), library)
    lines = said(found)
    assert f"paper {gone['id']} “{gone['title']}”: only then: in the library" in lines
    assert "library papers: 6 -> 5" in lines
    assert f"cited paper {gone['id']}: only then: {gone['title']}" in lines
    assert any(line.startswith("sentence 1: ") for line in lines)


def test_a_paper_that_was_edited_is_named(library, index, tmp_path):
    saved = ask(library, index)
    cited = saved["sources"][0]
    stored = library.get(cited["id"])
    record = {"title": stored.paper.title, "abstract": f"{stored.paper.abstract} It ends here."}
    indexing.remove(library, index, [stored.id])
    (tmp_path / "x.jsonl").write_text(json.dumps(record))
    adding.add(library, [str(tmp_path / "x.jsonl")], no_progress)
    assert library.get(cited["id"]).paper.abstract.endswith("It ends here.")
    lines = said(compare(saved, ask(library, index), library))
    assert any(line.startswith(f"paper {stored.id} ") and "edited" in line for line in lines)


def test_a_new_paper_that_is_found_is_named(library, index, tmp_path):
    saved = ask(library, index)
    record = {"title": "Layers of a language model", "abstract": f"{QUESTION[:-1]} is unknown."}
    (tmp_path / "x.jsonl").write_text(json.dumps(record))
    adding.add(library, [str(tmp_path / "x.jsonl")], no_progress)
    lines = said(compare(saved, ask(library, index), library))
    assert "library papers: 6 -> 7" in lines
    assert any(line.startswith("paper found p") and "only now" in line for line in lines)


def test_of_a_file_without_a_manifest_what_it_cannot_tell_is_said(library, index):
    saved = ask(library, index)
    del saved["manifest"]
    assert request(saved).settings == {"model": "smollm2-135m-instruct"}
    now = ask(library, index)
    found = compare(saved, now, library)
    assert found.same and "settings" in found.unknown
    saved["model"] = {"name": "none (quotes only)", "sha256": ""}
    assert request(saved).asked.quotes_only and not request(saved).settings


def test_what_was_refused_as_no_question_cannot_be_asked_again(saved):
    assert request(saved | {"manifest": None}) is None


def test_a_summary_is_no_answer():
    with pytest.raises(UsageError, match="only answers"):
        request({"topic": "ink", "sources": [], "sections": []})


@pytest.mark.parametrize(
    ("path", "value"),
    [
        (("history",), [{"role": "system", "content": "x"}]),
        (("history",), [{"role": "user"}]),
        (("history",), [5]),
        (("filters",), None),
        (("filters", "years"), [1]),
        (("filters", "years"), ["a", None]),
        (("filters", "authors"), [5]),
        (("filters", "set"), 5),
        (("settings",), []),
        (("settings", "papers"), 0),
        (("settings", "model"), 5),
        (("without",), None),
        (("papers",), [1]),
    ],
)
def test_a_manifest_of_another_kind_is_refused(saved, path, value):
    place = saved["manifest"]
    for key in path[:-1]:
        place = place[key]
    place[path[-1]] = value
    with pytest.raises(UsageError, match="manifest"):
        request(saved)


@pytest.mark.parametrize("name", ["endpoint", "encoder", "reranker", "entailment", "thesaurus"])
def test_a_file_points_to_no_place_that_the_own_settings_do_not(saved, name):
    asked = request(saved).settings
    check_places(asked, Config())
    pointing = asked | {name: "http://127.0.0.1:9/v1"}
    with pytest.raises(UsageError, match=f"{name} http://127") as caught:
        check_places(pointing, Config())
    assert f"ASSISTANT_{name.upper()}" in caught.value.hint
    check_places(pointing, replace(Config(), **{name: pointing[name]}))


def test_a_setting_that_the_manifest_lacks_is_todays(saved):
    del saved["manifest"]["settings"]["context"]
    assert "context" not in request(saved).settings


@pytest.fixture
def kept(papers, tmp_path, command_line):
    """A file with the answers to three lines, one of them no question, by the real models."""
    lines = [
        {"id": "a", "question": QUESTION},
        {
            "id": 2,
            "question": "By how much?",
            "history": [{"role": "user", "content": "What does Tides do to the mean error?"}],
        },
        {"question": ""},
    ]
    (tmp_path / "q.jsonl").write_text("\n".join(map(json.dumps, lines)))
    _, out, _ = command_line("--library", papers, "ask", "--batch", tmp_path / "q.jsonl", "--jsonl")
    file = tmp_path / "answers.jsonl"
    file.write_text(out)
    schema = json.loads((FIXTURES / "answer.schema.json").read_text("utf-8"))
    for line in out.splitlines():
        jsonschema.validate(json.loads(line), schema)
    return file


@real
def test_twice_the_same_bytes(papers, kept, command_line):
    for _ in range(2):
        code, out, err = command_line("--library", papers, "replay", kept)
        assert code == 0 and out == kept.read_text(), err
        assert "3 of 3 are the same" in err


@real
def test_answers_of_several_runs_in_one_file_are_the_same(papers, tmp_path, command_line):
    """What was asked before in the same run makes no difference."""
    other = "How do drones count bees in orchards?"
    lines = [
        command_line("--library", papers, "ask", question, "--json")[1]
        for question in (other, QUESTION, QUESTION)
    ]
    file = tmp_path / "answers.jsonl"
    file.write_text("".join(lines))
    assert command_line("--library", papers, "replay", file)[:2] == (0, "".join(lines))


@real
def test_an_answer_with_options_is_asked_with_them_again(papers, tmp_path, command_line):
    file = tmp_path / "answer.json"
    options = ("--seed", 7, "--papers", 2, "--sentences", 1, "--year", "2025", "--explain")
    _, out, _ = command_line("--library", papers, "ask", QUESTION, *options, "--json")
    file.write_text(out)
    assert command_line("--library", papers, "replay", file)[:2] == (0, out)
    code, out, err = command_line("--library", papers, "replay", file, "--todays-settings")
    assert code == 1 and "setting seed: 7 -> 0" in err and "setting papers: 2 -> 5" in err
    assert json.loads(out)["manifest"]["settings"]["seed"] == 0
    file.write_text(json.dumps(json.loads(out) | {"question": "?"}))
    assert "cannot be asked again" in command_line("--library", papers, "replay", file)[2]


@real
def test_quotes_need_no_model(papers, tmp_path, command_line):
    file = tmp_path / "answer.json"
    _, out, _ = command_line("--library", papers, "ask", QUESTION, "--quotes-only", "--json")
    file.write_text(out)
    assert command_line("--library", papers, "replay", file)[:2] == (0, out)


@real
def test_after_a_paper_was_removed_it_is_said_which(papers, kept, tmp_path, command_line):
    first = json.loads(kept.read_text().splitlines()[0])["sources"][0]
    library = tmp_path / "copy"
    shutil.copytree(papers, library)  # all tests with real models share theirs
    assert command_line("--library", library, "remove", first["id"], "--yes")[0] == 0
    code, out, err = command_line("--library", library, "replay", kept)
    assert code == 1 and "2 of 3 are not the same now" in err
    assert f"- paper {first['id']} “{first['title']}”: only then: in the library" in err
    assert first["id"] not in {hit["id"] for hit in json.loads(out.splitlines()[0])["retrieved"]}


@real
def test_another_seed_and_another_setting_are_named_as_json(papers, kept, command_line):
    code, out, _ = command_line(
        *("--library", papers, "replay", kept, "--seed", 3, "--sentences", 1, "--json")
    )
    first, second, third = map(json.loads, out.splitlines())
    assert code == 1 and (first["same"], second["same"], third["same"]) == (False, False, None)
    changed = {item["what"]: (item["was"], item["now"]) for item in first["changed"]}
    assert changed == {"setting sentences": (4, 1), "setting seed": (0, 3)}
    assert third["problem"]


@real
def test_a_model_that_is_not_here_is_said(papers, kept, tmp_path, command_line):
    answer = json.loads(kept.read_text().splitlines()[0])
    for name, words in (
        ("llama-3.2-3b-instruct", "not on this computer"),
        (str(tmp_path / "gone.gguf"), "not a known name and not a file"),
    ):
        answer["manifest"]["settings"]["model"] = name
        kept.write_text(json.dumps(answer))
        code, out, err = command_line("--library", papers, "replay", kept)
        assert code == 1 and not out and words in err and "replay --model" in err, err


@real
def test_a_file_of_an_older_version_is_asked_with_todays_settings(papers, kept, command_line):
    answer = json.loads(kept.read_text().splitlines()[0])
    del answer["manifest"]
    kept.write_text(json.dumps(answer, ensure_ascii=False) + "\n")
    code, out, err = command_line("--library", papers, "replay", kept)
    assert code == 0 and out == kept.read_text()
    assert "does not tell: settings" in err


@real
def test_no_server_that_a_file_names_is_asked(papers, kept, command_line, monkeypatch):
    server = ScriptedServer(says("Layers are removed."))
    monkeypatch.setenv("OPENAI_API_KEY", "secret")
    answer = json.loads(kept.read_text().splitlines()[0])
    answer["manifest"]["settings"]["endpoint"] = server.url
    kept.write_text(json.dumps(answer))
    try:
        code, out, err = command_line("--library", papers, "replay", kept)
        assert (code, out) == (2, "") and server.url in err and not server.requests
        code, *_ = command_line("--library", papers, "replay", kept, "--endpoint", server.url)
        assert code == 1 and server.requests
    finally:
        server.close()

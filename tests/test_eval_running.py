"""Evaluations from start to end over small libraries, with a stand-in for the encoder."""

import json
import shutil
from pathlib import Path

import pytest
from scripted_server import BREAK, ScriptedServer, says
from support import FIXTURES, WordsEncoder, first_and, no_progress
from support import PAGES as PAGE_NAMES

from assistant import adding, api, encoders, indexing
from assistant.config import Config
from assistant.encoder_export import export_dir
from assistant.errors import (
    AssistantError,
    Interrupted,
    LibraryLocked,
    LibraryStale,
    ModelLost,
    OutputUnwritable,
    UsageError,
)
from assistant.evaluation import evaluating, running
from assistant.evaluation.request import Request
from assistant.evaluation.results import Result, ResultLog
from assistant.evaluation.scoring import Part
from assistant.evaluation.summary import TAKEN_AWAY, summarise
from assistant.evaluation.workspace import Workspace
from assistant.library import Library
from assistant.vectors import VectorIndex

EVAL = FIXTURES / "eval"
PAGES = [Path(name) for name in PAGE_NAMES]


class WordsModel(WordsEncoder):
    """Stands for the encoder of papers and for its export."""

    sha256 = "0" * 64
    encodes_papers = False
    graph = None

    def __init__(self, folder, name="words", *_):
        self.name = name

    def export(self):
        folder = export_dir(self.sha256)
        folder.mkdir(parents=True, exist_ok=True)
        (folder / "export.json").write_text("{}")
        return folder


@pytest.fixture(autouse=True)
def words(monkeypatch, tmp_path):
    monkeypatch.setenv("ASSISTANT_CACHE", str(tmp_path / "cache"))
    monkeypatch.setattr(encoders, "SentenceEncoder", WordsModel)
    monkeypatch.setattr(encoders, "ExportedEncoder", WordsModel)


@pytest.fixture
def evaluate(tmp_path):
    """Evaluate and get the run; ``said`` collects the notices."""

    def do(request, settings=None, progress=no_progress):
        run, do.indexed = evaluating.evaluate(
            settings or Config(), request, progress, do.said.append
        )
        return run

    do.said = []
    return do


@pytest.fixture
def asked(monkeypatch):
    """The ids of the questions that are asked, in order."""
    ids = []
    ask = running.ask

    def note(assistant, task, *rest):
        ids.append(task.question.id)
        return ask(assistant, task, *rest)

    monkeypatch.setattr(running, "ask", note)
    return ids


def over_pages(**values):
    return Request(EVAL / "questions.jsonl", tuple(PAGES), quotes_only=True, **values)


def test_questions_over_a_throw_away_library(evaluate, tmp_path):
    run = evaluate(over_pages())
    by_id = {result.id: result for result in run.results}
    pebble = by_id["pebble"].measures
    assert (pebble["hit@1"], pebble["R@5"], pebble["nDCG@10"]) == (1.0, 1.0, 1.0)
    assert by_id["tides"].measures["R@10"] == 1.0
    assert "hit@1" not in by_id["lighthouse"].measures
    assert {r.refused for r in run.results} <= {True, False} and not any(
        result.problems for result in run.results
    )
    assert all(result.measures.get("written", 0.0) == 0.0 for result in run.results)
    assert all(result.measures["invalid"] == 0.0 for result in run.results)
    assert run.models["writer"] is None and run.models["encoder"]["name"]
    assert run.data["papers"]["count"] == 6 and run.data["questions"]["count"] == 6
    assert evaluate.indexed
    assert not any((tmp_path / "cache" / "evaluations").iterdir()), "the library is thrown away"
    summary = summarise(run.results)
    assert list(summary.groups) == [
        *("compare", "factoid/colloquial", "factoid/plain", "follow-up", "follow-up/2nd"),
        *("unanswerable", "all"),
    ]
    assert summary.sizes["all"] == 6
    assert (summary.refusing.answerable, summary.refusing.unanswerable) == (5, 1)


def test_papers_found_are_all_that_is_asked_for(evaluate):
    run = evaluate(over_pages(only=frozenset({Part.RETRIEVAL})))
    assert all(result.refused is None and not result.answer for result in run.results)
    assert {"hit@1", "R@5", "R@10", "nDCG@10", "CPU s", "wall s"} == set(run.results[0].measures)
    assert summarise(run.results).refusing is None


def test_each_question_again_without_its_papers(evaluate):
    run = evaluate(over_pages(take_away=True))
    twice = [result for result in run.results if result.taken_away]
    assert [result.id for result in twice] == ["pebble", "bees", "ladder", "ladder-2", "tides"]
    for result in twice:
        assert result.answerable is False and "hit@1" not in result.measures
        gold = {"Pebble", "How", "Ladder", "Tides:"} if result.id == "tides" else None
        if gold:
            titles = " ".join(title for _, title, _ in result.retrieved)
            assert "Tides" not in titles and "Pebble" not in titles
    summary = summarise(run.results)
    assert (summary.refusing.answerable, summary.refusing.unanswerable) == (5, 6)
    assert summary.sizes["all"] == 6 and summary.sizes[TAKEN_AWAY] == 5


@pytest.mark.parametrize("stop_after", first_and([1, 4]))
def test_a_stopped_run_goes_on_where_it_was(evaluate, asked, stop_after):
    def stop(what, done, total):
        if what == "Asking questions" and done == stop_after:
            raise Interrupted

    with pytest.raises(Interrupted):
        evaluate(over_pages(), progress=stop)
    first = list(asked)
    assert len(first) == stop_after
    asked.clear()
    run = evaluate(over_pages())
    assert first + asked == [result.id for result in run.results] and len(run.results) == 6
    assert f"stopped after {stop_after} of 6 questions" in evaluate.said[0]
    assert not evaluate.indexed, "the index was there already"


def test_a_run_stopped_while_it_makes_the_library(evaluate, monkeypatch):
    monkeypatch.setattr(indexing, "PAPERS_A_BATCH", 2)

    def stop(what, done, total):
        if what == "Indexing papers" and done == 2:
            raise Interrupted

    with pytest.raises(Interrupted):
        evaluate(over_pages(), progress=stop)
    seen = []
    run = evaluate(over_pages(), progress=lambda *step: seen.append(step))
    assert ("Indexing papers", 0, 4) in seen, "two of the six papers were indexed before"
    assert not any(what.startswith("Reading") for what, _, _ in seen)
    assert len(run.results) == 6


def test_other_settings_do_not_take_up_a_stopped_run(evaluate, asked):
    def stop(what, done, total):
        if what == "Asking questions" and done == 3:
            raise Interrupted

    with pytest.raises(Interrupted):
        evaluate(over_pages(), progress=stop)
    asked.clear()
    evaluate(over_pages(), Config(sentences=2))
    assert len(asked) == 6


def test_a_kept_library_is_named_and_used_again(evaluate, asked, tmp_path):
    request = over_pages(keep=True, work=tmp_path / "work")
    evaluate(request)
    (folder,) = [path for path in (tmp_path / "work").iterdir() if path.is_dir()]
    assert str(folder / "library") in evaluate.said[-1]
    library = Library.open(folder / "library")
    assert library.count() == 6
    library.close()
    asked.clear()
    evaluate(request)
    assert not evaluate.indexed and len(asked) == 6, "a finished run is not taken up"


def test_a_collection(evaluate):
    run = evaluate(Request(EVAL / "shore", take_away=True))
    a, b, c = [result for result in run.results if not result.taken_away]
    assert a.measures["hit@1"] == b.measures["hit@1"] == c.measures["R@5"] == 1.0
    assert b.measures["rationale@1"] == 1.0 and "rationale@1" not in a.measures
    ids = [identifier for identifier, _, _ in c.retrieved]
    assert len(set(ids)) == 4, "two documents with the same text are two papers"
    hidden = next(r for r in run.results if r.taken_away and r.id == "c")
    assert not any("Sand" in answer for answer in hidden.answer)
    assert {i for i, _, _ in hidden.retrieved} == set(ids) - set(ids[:2])
    assert run.data["papers"]["count"] == 4


def test_a_collection_needs_no_answers_unless_they_are_wanted(evaluate):
    run = evaluate(Request(EVAL / "shore"))
    assert all(result.refused is None for result in run.results)
    run = evaluate(Request(EVAL / "shore", only=frozenset({Part.ANSWERS}), quotes_only=True))
    assert all("recall" in result.measures for result in run.results)


@pytest.fixture
def own(tmp_path):
    """A library of the user's own, indexed."""
    library = Library.create(tmp_path / "own")
    adding.add(library, PAGE_NAMES, no_progress)
    index = VectorIndex(library.path / "chroma", api.Assistant(Config()).index.encoder)
    indexing.index_waiting(library, index, WordsEncoder(), no_progress)
    WordsModel(None).export()
    library.close()
    return tmp_path / "own"


def test_the_own_library_is_only_read(evaluate, own, tmp_path):
    before = _state(own)
    run = evaluate(
        Request(EVAL / "questions.jsonl", quotes_only=True, keep=True), Config(library=str(own))
    )
    assert len(run.results) == 6 and run.data["papers"]["from"] == "own library"
    assert _state(own) == before
    with_pages = evaluate(over_pages())
    assert with_pages.data["papers"]["sha256"] == run.data["papers"]["sha256"]


def _state(folder):
    library = Library.open(folder)
    state = (library.snapshot(), library.waiting_count(), list(library.papers()))
    library.close()
    return state, sorted(path.name for path in folder.iterdir() if "-wal" not in path.name)


def test_the_own_library_is_not_indexed_for_an_evaluation(evaluate, tmp_path):
    library = Library.create(tmp_path / "own")
    settings = Config(library=str(tmp_path / "own"))
    request = Request(EVAL / "questions.jsonl", quotes_only=True)
    with pytest.raises(AssistantError, match="holds no papers"):
        evaluate(request, settings)
    adding.add(library, PAGE_NAMES, no_progress)
    library.close()
    with pytest.raises(LibraryStale, match="not all papers of the library are indexed"):
        evaluate(request, settings)


def test_gold_papers_that_are_not_there_are_named(evaluate, tmp_path):
    file = tmp_path / "questions.jsonl"
    rows = [
        {
            "question": "What are Tides?",
            "gold_titles": ["Tides: forecasting harbour levels with transformers!", "Lost Paper"],
        },
        {"question": "Where is it?", "gold_titles": ["Lost Paper", "Another"]},
    ]
    file.write_text("".join(json.dumps(row) + "\n" for row in rows))
    run = evaluate(Request(file, tuple(PAGES), quotes_only=True))
    assert [result.id for result in run.results] == ["line 1"]
    assert run.results[0].measures["R@5"] == 1.0
    assert evaluate.said == [
        "2 gold papers are not in the library: “Lost Paper”; “Another”. "
        "1 questions that have no other are left out."
    ]
    file.write_text(json.dumps(rows[1]))
    with pytest.raises(UsageError, match="none of the papers"):
        evaluate(Request(file, tuple(PAGES)))


def test_requests_that_cannot_be_served(evaluate, tmp_path):
    with pytest.raises(UsageError, match="papers of its own"):
        evaluate(Request(EVAL / "shore", tuple(PAGES)))
    with pytest.raises(UsageError, match="cannot read"):
        evaluate(Request(EVAL / "questions.jsonl", (tmp_path / "none",)))
    (tmp_path / "prose.txt").write_text("Nothing here is a paper.")
    with pytest.raises(AssistantError, match="no papers in"):
        evaluate(Request(EVAL / "questions.jsonl", (tmp_path / "prose.txt",)))
    (tmp_path / "bare.jsonl").write_text('{"question": "What is Pebble?"}')
    with pytest.raises(UsageError, match="no question names its papers"):
        evaluate(Request(tmp_path / "bare.jsonl", tuple(PAGES), take_away=True))


def test_two_runs_do_not_share_a_folder(tmp_path):
    with Workspace("x", tmp_path).held():
        with pytest.raises(LibraryLocked, match="another evaluation"):
            Workspace("x", tmp_path).held().__enter__()
        (tmp_path / "x" / "file").write_text("")
        Workspace("x", tmp_path).remove()
    assert list(tmp_path.iterdir()) == []
    (tmp_path / "file").write_text("")
    with pytest.raises(OutputUnwritable, match="cannot use the folder"):
        Workspace("x", tmp_path / "file").held().__enter__()


RESULT = Result("a", "d", "Why?", "all", False, True, {"hit@1": 1.0}, True, 0.25, "So.", ("p1",),
                (("p1", "T", 0.5),), ("no quote",), 12.0)  # fmt: skip


def test_a_result_is_read_back_as_it_was():
    assert Result.from_json(json.loads(json.dumps(RESULT.to_json()))) == RESULT


def test_a_torn_last_line_is_taken_away(tmp_path):
    log = ResultLog(tmp_path / "deep" / "results.jsonl")
    assert log.read() == {}
    log.append(RESULT)
    whole = log.file.read_bytes()
    log.file.write_bytes(whole + whole[: len(whole) // 2])
    assert log.read() == {("d", False): RESULT}
    log.append(RESULT)
    assert log.file.read_bytes() == whole * 2
    shutil.rmtree(log.file.parent)
    log.file.parent.write_text("in the way")
    with pytest.raises(OutputUnwritable, match="cannot keep the results"):
        log.append(RESULT)


def test_what_is_quoted_for_want_of_a_server_is_not_measured(evaluate, tmp_path, asked):
    server = ScriptedServer(says("It is blue."), [BREAK])
    settings = Config(endpoint=server.url)
    request = Request(EVAL / "questions.jsonl", tuple(PAGES), work=tmp_path / "work")
    try:
        with pytest.raises(ModelLost, match="broke off"):
            evaluate(request, settings)
        server.replies = [says("It is blue.")]
        run = evaluate(request, settings)
    finally:
        server.close()
    writer = {"name": "tiny", "sha256": "", "endpoint": server.url}
    writer |= {"writes_freely": True, "writes_paragraphs": False}
    assert run.models["writer"] == writer
    assert not {"endpoint", "endpoint_model"} & run.settings.keys()
    assert len(run.results) == 6

"""The engine process with the real models: asked, cancelled, killed, added to."""

import json
import os
import shutil
import signal
import subprocess
import sys
import threading
import time

import pytest

from assistant.answers import Found, Sentence
from assistant.config import Config
from assistant.engine_client import EngineClient, log_file
from assistant.errors import EngineLost
from assistant.library import Library
from assistant.protocol import (
    Add,
    Added,
    Answered,
    Ask,
    Cancelled,
    Failed,
    Opened,
    Progress,
    Ready,
    Summarize,
    Summarized,
)
from assistant.sets import PaperSets

pytestmark = pytest.mark.model
QUESTION = "How much of a 7B model's accuracy is kept when whole layers are removed?"


class Heard:
    """What a client received, in order."""

    def __init__(self):
        self.replies = []
        self._more = threading.Condition()

    def __call__(self, reply):
        with self._more:
            self.replies.append(reply)
            self._more.notify_all()

    def wait(self, identifier, *kinds):
        """The first event of one of the kinds for a request."""

        def found():
            return next(
                (
                    r.event
                    for r in self.replies
                    if r.id == identifier and isinstance(r.event, kinds)
                ),
                None,
            )

        with self._more:
            assert self._more.wait_for(found, timeout=600), [r.event for r in self.replies]
            return found()

    def kinds(self, identifier):
        return [type(reply.event) for reply in self.replies if reply.id == identifier]


@pytest.fixture
def heard():
    return Heard()


@pytest.fixture(scope="module")
def running(papers, tmp_path_factory):
    """A client over a library of its own, and what it hears; the first that asks starts it."""
    library = tmp_path_factory.mktemp("engine") / "library"
    shutil.copytree(papers, library)
    heard = Heard()
    client = EngineClient(Config(library=str(library)), heard)
    yield client, heard, library
    client.close()


def test_a_question_sent_before_the_models_are_loaded_is_answered(running):
    client, heard, library = running
    client.send(Ask(7, QUESTION))
    opened = heard.wait(0, Opened)
    assert (opened.path, opened.papers, opened.uses_starter) == (str(library), 6, False)
    assert heard.wait(0, Ready).model == "smollm2-135m-instruct"
    answer = heard.wait(7, Answered).finished.answer
    kinds = heard.kinds(7)
    assert kinds[0] is Found and kinds[-1] is Answered
    assert kinds[1:-1] == [Sentence] * len(answer.sentences)
    sentence = answer.sentences[0]
    (start, end) = sentence.spans[0]
    assert answer.sources[0].stored.paper.abstract[start:end] == (
        answer.sources[0].stored.sentence(
            answer.sources[0].stored.sentences.index(sentence.spans[0])
        )
    )
    assert answer.considered


def test_cancelling_stops_at_once_and_the_next_question_is_answered(running):
    client, heard, _ = running
    client.start()
    heard.wait(0, Ready)
    for identifier in range(11, 16):
        client.send(Ask(identifier, QUESTION))
        client.cancel(identifier)
        assert heard.wait(identifier, Cancelled, Answered)
    client.send(Ask(19, QUESTION))
    assert heard.wait(19, Answered, Cancelled, Failed).finished.answer.sentences


def test_marked_papers_and_sets_are_summarized_with_progress(running):
    client, heard, path = running
    client.start()
    heard.wait(0, Ready)
    library = Library.open(path)
    ids = library.identifiers()[:3]
    PaperSets(library).add("three", ids)
    library.close()
    client.send(Summarize(41, "marked", "table", (ids[1], "p0000000000", ids[0])))
    made = heard.wait(41, Summarized, Failed)
    assert [note.stored.id for note in made.summary.notes] == [ids[1], ids[0]]
    assert made.papers >= 6 and heard.kinds(41)[0] is Progress
    client.send(Summarize(42, "a set", "themes", set_name="three"))
    summary = heard.wait(42, Summarized, Failed).summary
    assert summary.topic == "a set" and len(summary.sources) == 3
    client.send(Summarize(43, "none", "brief", ("p0000000000",)))
    assert "no papers to summarize" in heard.wait(43, Failed).message
    client.send(Summarize(45, "pruning layers", "brief", tuple(ids), threshold=0.4))
    made = heard.wait(45, Summarized, Failed)
    assert made.summary.off_topic and not made.near_misses
    assert len(made.summary.off_topic) + len(made.summary.notes) == 3
    client.send(Summarize(46, "pruning layers", "brief", threshold=0.9))
    made = heard.wait(46, Summarized, Failed)
    assert not made.summary.off_topic and "Pruning" in made.summary.notes[0].stored.paper.title
    client.send(Summarize(47, "tax law of Iceland", "brief", threshold=1.0))
    assert "no paper is on the topic" in heard.wait(47, Failed).message
    client.cancel(44)
    client.send(Summarize(44, "a set", "themes", set_name="three"))
    assert heard.wait(44, Cancelled, Summarized)


def test_two_more_clients_share_a_running_engine(running, monkeypatch):
    client, heard, _ = running
    client.start()
    heard.wait(0, Ready)
    for name, value in client._engine.environment().items():
        monkeypatch.setenv(name, value)
    others = [(EngineClient(Config(), heard), heard) for heard in (Heard(), Heard())]
    try:
        for other, _ in others:
            other.send(Ask(1, QUESTION))
            assert other._engine is None
        for _, heard in others:
            heard.wait(1, Answered)
    finally:
        for other, _ in others:
            other.close()


def test_papers_are_added_in_the_background_while_another_engine_answers(running, tmp_path):
    client, heard, library = running
    file = tmp_path / "more.jsonl"
    records = [
        {"title": f"Lantern {i}", "abstract": f"Lantern {i} burns for {i + 2} hours in the rain."}
        for i in range(40)
    ]
    file.write_text("\n".join(map(json.dumps, records)))
    adder_heard = Heard()
    adder = EngineClient(Config(library=str(library)), adder_heard, background=True)
    try:
        client.start()
        heard.wait(0, Ready)
        adder.send(Add(1, (str(file),)))
        adder_heard.wait(0, Progress)
        client.send(Ask(21, QUESTION))
        heard.wait(21, Answered)
        assert adder_heard.wait(1, Added, Failed).added == 40
        client.send(Ask(22, "How long does Lantern 17 burn in the rain?"))
        answer = heard.wait(22, Answered, Failed).finished.answer
        assert "Lantern 17" in [source.stored.paper.title for source in answer.sources]
    finally:
        adder.close()


def test_a_killed_engine_is_told_of_and_started_anew(running):
    client, heard, _ = running
    client.start()
    heard.wait(0, Ready)
    process = client._engine.process
    os.kill(process.pid, signal.SIGSTOP)
    client.send(Ask(31, QUESTION))
    os.kill(process.pid, signal.SIGKILL)
    failed = heard.wait(31, Failed)
    assert "SIGKILL" in failed.message and str(log_file()) in failed.hint
    assert heard.wait(0, Failed)
    client.send(Ask(32, QUESTION))
    assert heard.wait(32, Answered)


def test_an_engine_that_cannot_start_says_so(papers, heard, monkeypatch):
    monkeypatch.setattr("sys.executable", "/no/such/python")
    client = EngineClient(Config(library=str(papers)), heard)
    with pytest.raises(EngineLost, match="cannot be started"):
        client.start()
    client.close()


def test_a_missing_library_is_a_failure_not_an_end(tmp_path, heard):
    client = EngineClient(Config(library=str(tmp_path / "none")), heard)
    try:
        client.start()
        assert "there is no library" in heard.wait(0, Failed).message
        client.send(Ask(1, QUESTION))
        assert "there is no library" in heard.wait(1, Failed).message
    finally:
        client.close()


def test_the_engine_ends_with_the_program_that_started_it(papers):
    code = (
        "import sys, time, json\n"
        "from assistant.config import Config\n"
        "from assistant.engine_client import EngineProcess\n"
        "engine = EngineProcess(Config(**json.loads(sys.argv[1])))\n"
        "print(engine.process.pid, flush=True)\n"
        "time.sleep(600)\n"
    )
    settings = json.dumps(vars(Config(library=str(papers))))
    with subprocess.Popen(
        [sys.executable, "-c", code, settings], stdout=subprocess.PIPE, text=True
    ) as parent:
        engine = int(parent.stdout.readline())
        parent.kill()
    end = time.monotonic() + 60
    while is_running(engine):
        assert time.monotonic() < end
        time.sleep(0.05)


def is_running(process):
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    with open(f"/proc/{process}/stat") as stream:  # noqa: PTH123
        return stream.read().rsplit(")", 1)[1].split()[0] != "Z"

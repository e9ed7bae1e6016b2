"""Kept conversations: on disk at once, found again, deleted and brought back."""

import json
import os
import sqlite3
import subprocess
import sys

import pytest
from support import ScriptedModel, WordsEncoder, no_progress

from assistant import indexing
from assistant.answering import answer
from assistant.answers import AnswerSentence, Finished
from assistant.conversations import ConversationStore, Exchange, utc_now
from assistant.errors import AssistantError, LibraryStale, LibraryUnwritable, UsageError
from assistant.protocol import (
    Add,
    Added,
    Answered,
    Ask,
    Cancel,
    Cancelled,
    Failed,
    Opened,
    Progress,
    Ready,
    Refresh,
    Reply,
    Turn,
    dump_reply,
    dump_request,
    load_reply,
    load_request,
)
from assistant.records import dump_sentence, load_sentence
from assistant.retrieval import Retriever

QUESTION = "How many layers of a language model does Ladder Pruning remove on 7B parameters?"


@pytest.fixture
def events(library, index):
    indexing.index_waiting(library, index, WordsEncoder(), no_progress)
    retriever = Retriever(library, index, WordsEncoder())
    model = ScriptedModel(*["On a model of 7B parameters, it removes 30% of the layers."] * 3)
    return list(answer(QUESTION, retriever, lambda: model, sentences=3))


@pytest.fixture
def exchange(events):
    return Exchange(QUESTION, events[-1].answer, utc_now(), "scripted")


@pytest.fixture
def store(tmp_path):
    store = ConversationStore(tmp_path / "conversations.sqlite")
    yield store
    store.close()


def reopened(store):
    return ConversationStore(store._file)


def without_similarities(answer):
    """The answer as it is kept: of the papers retrieved, no similarity of each sentence."""
    hits = [(hit.stored, hit.score, hit.similarity) for hit in answer.retrieved]
    return {**vars(answer), "retrieved": hits}


def test_an_answer_comes_back_as_it_was(store, exchange):
    identifier = store.begin(QUESTION)
    assert store.append(identifier, exchange) == 0
    again = reopened(store)
    conversation = again.load(identifier)
    again.close()
    (kept,) = conversation.exchanges
    assert (kept.question, kept.asked_at, kept.model) == (QUESTION, exchange.asked_at, "scripted")
    assert without_similarities(kept.answer) == without_similarities(exchange.answer)
    assert kept.answer.considered and kept.answer.sentences[0].spans
    assert conversation.title == QUESTION


def test_every_message_of_the_engine_comes_through_as_it_was(events):
    found, *sentences, finished = events
    assert isinstance(finished, Finished)
    for event in (
        *sentences,
        Progress("x", 1, 2),
        Opened("/p", 3, True),
        Ready("m", "very small"),
        Added(1, 2, 3, 4, ("f:1: r",), ("s",)),
        Failed("m", "h"),
        Cancelled(),
    ):
        assert load_reply(dump_reply(Reply(5, event))) == Reply(5, event)
    answered = load_reply(dump_reply(Reply(5, Answered(finished, "m")))).event
    assert answered.finished.answer.text == finished.answer.text
    again = load_reply(dump_reply(Reply(5, found))).event
    assert [hit.stored for hit in again.hits] == [hit.stored for hit in found.hits]
    for request in (
        Ask(1, "q\ud800", (Turn("user", "a"), Turn("assistant", "b")), "s", 2),
        Add(2, ("a", "b"), 1999),
        Cancel(3),
        Refresh(),
    ):
        sent = load_request(dump_request(request))
        assert sent == request or (isinstance(sent, Ask) and sent.question == "q?")


def test_a_question_in_progress_is_kept_until_it_is_answered(store, exchange):
    identifier = store.begin(QUESTION)
    store.set_pending(identifier, QUESTION)
    assert store.load(identifier).pending == QUESTION
    store.append(identifier, exchange)
    assert store.load(identifier).pending == ""


def test_an_answer_is_replaced_in_its_place(store, exchange):
    identifier = store.begin(QUESTION)
    store.append(identifier, exchange)
    store.append(identifier, Exchange("Second?", exchange.answer, exchange.asked_at, "m"))
    store.replace(identifier, 0, Exchange("First?", exchange.answer, exchange.asked_at, "m"))
    assert [e.question for e in store.load(identifier).exchanges] == ["First?", "Second?"]


def test_the_last_changed_comes_first_and_text_is_found_anywhere(store, exchange):
    first, second = store.begin("About 100% cotton_wool"), store.begin("Other")
    store.append(second, exchange)
    store._db.execute("UPDATE conversations SET changed_at = '2000-01-01 00:00:00' WHERE id = 1")
    assert [one.id for one in store.summaries()] == [second, first]
    assert [one.exchanges for one in store.summaries()] == [1, 0]
    assert [one.id for one in store.summaries("100% COTTON_")] == [first]
    assert [one.id for one in store.summaries("ladder pruning")] == [second]
    assert store.summaries("0%_c") == [] and store.summaries("\\") == []


def test_renaming_keeps_a_title_and_shortens_a_long_one(store):
    identifier = store.begin("Old")
    store.rename(identifier, "  \n ")
    assert store.load(identifier).title == "Old"
    store.rename(identifier, "New\nname " + "x" * 200)
    assert store.load(identifier).title.startswith("New name xxx")
    assert len(store.load(identifier).title) == 80


def test_deleted_conversations_come_back_until_they_are_purged(store, exchange):
    identifier = store.begin(QUESTION)
    store.append(identifier, exchange)
    store.delete(identifier)
    assert store.summaries() == []
    store.purge()
    store.restore(identifier)
    assert len(store.load(identifier).exchanges) == 1
    store.delete(identifier)
    store._db.execute("UPDATE conversations SET deleted_at = '2000-01-01 00:00:00'")
    store.purge()
    with pytest.raises(UsageError, match="no conversation has the number"):
        store.load(identifier)
    assert store._db.execute("SELECT count(*) FROM exchanges").fetchone() == (0,)


def test_only_what_a_dead_process_left_open_counts_as_left_open(store):
    dead, alive, released = (store.begin(name) for name in ("dead", "alive", "released"))
    store._db.execute("UPDATE conversations SET owner = 'gone' WHERE id = ?", (dead,))
    store.release(released)
    other = reopened(store)
    assert other.left_open() == dead
    with pytest.raises(UsageError, match="open in another window"):
        other.take(alive)
    other.take(dead)
    assert store.left_open() is None and other.left_open() is None
    with pytest.raises(UsageError):
        store.take(dead)
    other.close()
    store.take(dead)


def test_a_program_that_was_killed_holds_nothing(store, tmp_path):
    code = (
        "import os, sys, signal, pathlib\n"
        "from assistant.conversations import ConversationStore\n"
        "ConversationStore(pathlib.Path(sys.argv[1])).begin('Killed?')\n"
        "os.kill(os.getpid(), signal.SIGKILL)\n"
    )
    file = str(store._file)
    assert subprocess.run([sys.executable, "-c", code, file], check=False).returncode == -9
    left = store.left_open()
    store.take(left)
    assert store.load(left).title == "Killed?"
    assert len(list(tmp_path.glob("chat-*.lock"))) == 1


def test_ids_are_not_used_twice(store):
    first = store.begin("a")
    store.delete(first)
    store._db.execute("UPDATE conversations SET deleted_at = '2000-01-01 00:00:00'")
    store.purge()
    assert store.begin("b") > first


def test_a_newer_or_damaged_file_is_refused(tmp_path, store, exchange):
    newer = tmp_path / "newer.sqlite"
    with sqlite3.connect(newer) as database:
        database.execute("PRAGMA user_version = 99")
    database.close()
    with pytest.raises(LibraryStale, match="newer version"):
        ConversationStore(newer)
    damaged = tmp_path / "damaged.sqlite"
    damaged.write_bytes(b"no database" * 1000)
    with pytest.raises(LibraryStale, match=r"damaged\.sqlite is damaged"):
        ConversationStore(damaged)
    identifier = store.begin(QUESTION)
    store.append(identifier, exchange)
    store.append(identifier, exchange)
    store._db.execute("UPDATE exchanges SET answer = '{}' WHERE position = 0")
    damaged, whole = store.load(identifier).exchanges
    assert damaged.answer.refused and "damaged" in damaged.answer.reason
    assert whole.answer.sentences


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write anywhere")
def test_a_folder_without_permission_is_an_error_with_a_hint(tmp_path):
    tmp_path.chmod(0o500)
    with pytest.raises(LibraryUnwritable):
        ConversationStore(tmp_path / "conversations.sqlite")


def test_a_full_disk_is_an_error_and_what_was_kept_stays(store, exchange):
    identifier = store.begin(QUESTION)
    store.append(identifier, exchange)
    pages = store._db.execute("PRAGMA page_count").fetchone()[0]
    store._db.execute(f"PRAGMA max_page_count = {pages}")
    with pytest.raises(AssistantError, match="full"):
        for _ in range(50):
            store.append(identifier, exchange)
    assert store.load(identifier).exchanges[0].question == QUESTION


def test_an_answer_to_a_deleted_conversation_brings_it_back(store, exchange):
    identifier = store.begin(QUESTION)
    store.append(identifier, exchange)
    store.delete(identifier)
    store.append(identifier, exchange)
    assert [one.exchanges for one in store.summaries()] == [2]
    store._db.execute("DELETE FROM exchanges")
    store._db.execute("DELETE FROM conversations")
    store.append(identifier, exchange)
    assert [one.exchanges for one in store.summaries()] == [1]


def test_resuming_a_deleted_conversation_brings_it_back(store, exchange):
    identifier = store.begin(QUESTION)
    store.append(identifier, exchange)
    store.delete(identifier)
    store.take(identifier)
    assert [one.id for one in store.summaries()] == [identifier]


def test_a_conversation_without_an_answer_goes_when_it_is_put_away(store, exchange):
    empty, kept = store.begin("Cancelled?"), store.begin(QUESTION)
    store.append(kept, exchange)
    store.release(empty)
    store.release(kept)
    assert [one.id for one in store.summaries()] == [kept]


def test_a_sentence_comes_back_and_one_of_an_older_version_has_no_lead():
    sentence = AnswerSentence(
        "it is", (1,), "quoted", 1.0, spans=((0, 20),), lead="A (2020):", shown=(9, 14)
    )
    kept = json.loads(json.dumps(dump_sentence(sentence)))
    assert load_sentence(kept) == sentence
    del kept["lead"], kept["shown"]
    older = load_sentence(kept)
    assert (older.lead, older.shown, older.body) == ("", None, "“it is”")

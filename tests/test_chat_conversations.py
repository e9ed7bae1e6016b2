"""Conversations kept by the chat: resumed, found, renamed, deleted, exported."""

import json
from pathlib import Path

import pytest
from driving import PEBBLE, QUESTION, drive, driven, make_library, prepare
from scripted_engine import ScriptedEngine
from textual.widgets import Input

from assistant.conversations import ConversationStore
from assistant.tui.question_input import QuestionInput
from assistant.tui.shelf import LAST


async def open_list(driver, *texts):
    await driver.press("f3")
    await driver.shows("answer", *texts)


@driven()
async def test_each_finished_answer_is_kept_and_can_be_resumed(driver):
    await driver.ask(PEBBLE)
    await driver.press("ctrl+n")
    await driver.shows("Ask your papers")
    await driver.ask(QUESTION)
    await open_list(driver, PEBBLE, "1 answer")
    await driver.press("down", "enter")
    await driver.shows(f"› {PEBBLE}", "90k parameters")
    await driver.ask("What does it need?")
    assert ScriptedEngine.asked[-1].history[0].content == PEBBLE
    await open_list(driver, "2 answers")


@driven()
async def test_the_list_is_searched_in_answers_too(driver):
    await driver.ask(PEBBLE)
    await driver.press("ctrl+n")
    await driver.ask(QUESTION)
    await open_list(driver)
    await driver.press("slash")
    await driver.type("90k param")
    await driver.shows_not("How many layers")
    await driver.shows(PEBBLE)
    await driver.type("%")
    await driver.shows("No conversation yet, or none that fits.")


@driven()
async def test_a_title_is_given_from_chat_and_list(driver):
    await driver.ask(PEBBLE)
    await driver.press("escape", "t")
    driver.app.screen.query_one(Input).value = "[b]Hearing[/b] aids"
    await driver.press("enter")
    await open_list(driver, "[b]Hearing[/b] aids")
    await driver.press("t")
    driver.app.screen.query_one(Input).value = "Aids"
    await driver.press("enter")
    await driver.shows("Aids", "1 answer")
    assert driver.app.chat.title == "Aids"


@driven()
async def test_deleting_can_be_undone(driver):
    await driver.ask(PEBBLE)
    await open_list(driver)
    await driver.press("d")
    await driver.shows("deleted; z brings it back", "No conversation yet")
    assert not driver.app.chat.exchanges
    await driver.press("z")
    await driver.shows(PEBBLE, "1 answer")


@driven()
async def test_exporting_writes_all_formats_and_overwrites_nothing(driver, tmp_path):
    await driver.ask()
    for suffix in ("md", "json", "html", "bib"):
        await driver.press("escape", "x")
        await driver.shows("Export to")
        driver.app.screen.query_one(Input).value = str(tmp_path / f"talk.{suffix}")
        await driver.press("enter")
        await driver.shows(f"talk.{suffix}")
        await driver.press("escape")
    assert QUESTION in (tmp_path / "talk.md").read_text()
    assert json.loads((tmp_path / "talk.json").read_text())["exchanges"][0]["question"] == QUESTION
    assert "Ladder Pruning" in (tmp_path / "talk.html").read_text()
    assert "title = {" in (tmp_path / "talk.bib").read_text()
    await driver.press("escape", "x")
    driver.app.screen.query_one(Input).value = str(tmp_path / "talk.docx")
    await driver.press("enter")
    await driver.shows("The ending must be one of md, html, json, bib")
    assert not (tmp_path / "talk.docx").exists()


def test_after_a_kill_the_conversation_is_there_up_to_the_last_answer(tmp_path, monkeypatch):
    prepare(monkeypatch)
    path = make_library(tmp_path / "library")

    async def ask_one(driver):
        await driver.ask(PEBBLE)

    drive(ask_one, path)
    store = ConversationStore(path / "conversations.sqlite")
    store.set_pending(1, "A question in progress?")
    store._db.execute("UPDATE conversations SET owner = 'gone'")
    store.close()

    async def look(driver):
        await driver.shows("The program ended unexpectedly", "90k parameters")
        assert driver.app.chat.questions == [PEBBLE]
        assert driver.app.screen.query_one(QuestionInput).text == "A question in progress?"

    drive(look, path)


@pytest.mark.exhaustive
def test_after_an_orderly_end_a_new_conversation_begins_unless_asked(tmp_path, monkeypatch):
    prepare(monkeypatch)
    path = make_library(tmp_path / "library")

    async def ask_one(driver):
        await driver.ask(PEBBLE)
        await driver.press("f10")

    async def fresh(driver):
        await driver.shows("Ask your papers")

    async def resumed(driver):
        await driver.shows(f"› {PEBBLE}")

    drive(ask_one, path)
    drive(fresh, path)
    drive(resumed, path, resume=LAST)
    drive(resumed, path, resume=1)


@pytest.mark.exhaustive
def test_where_nothing_can_be_kept_the_chat_goes_on(tmp_path, monkeypatch):
    prepare(monkeypatch)
    path = make_library(tmp_path / "library")
    (path / "conversations.sqlite").write_bytes(b"this is no database at all" * 100)

    async def ask_one(driver):
        await driver.ask_only(PEBBLE)
        await driver.shows("This conversation is not being kept", "90k parameters")
        await driver.ask(QUESTION)
        await driver.shows("worded by scripted")

    drive(ask_one, path)


@pytest.mark.exhaustive
@driven()
async def test_what_is_open_in_another_window_stays_there(driver):
    await driver.ask(PEBBLE)
    await driver.press("ctrl+n")
    await driver.shows("Ask your papers")
    other = ConversationStore(Path(driver.app.backend.settings.library) / "conversations.sqlite")
    other.take(1)
    await open_list(driver)
    await driver.press("enter")
    await driver.shows("this conversation is open in another window")
    other.close()
    await driver.press("enter")
    await driver.shows(f"› {PEBBLE}")

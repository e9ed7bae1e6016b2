"""The library in the chat: search, filters, marks, sets, adding, driven by keys."""

import json
from pathlib import Path

import pytest
from driving import driven
from scripted_engine import ScriptedEngine
from support import FIXTURES, PAGES
from textual.widgets import Input, Select

from assistant.library import Library
from assistant.sets import PaperSets
from assistant.tui.paper_list import PaperList


def papers(driver):
    return driver.app.screen.query_one(PaperList)


def sets_of(driver):
    library = Library.open(Path(driver.app.backend.settings.library))
    try:
        sets = PaperSets(library)
        return {one.name: len(sets.members(one.name)) for one in sets.overview()}
    finally:
        library.close()


async def opened(driver):
    await driver.press("f2")
    await driver.shows("6 papers", "Pebble")


async def choose(driver, name, value):
    driver.app.screen.query_one(f"#{name}", Select).value = value
    await driver.pilot.pause()


@driven()
async def test_all_papers_are_listed_and_the_one_under_the_cursor_is_shown(driver):
    await opened(driver)
    await driver.shows("Hearing aids have room for very small models only.")
    await driver.press("down")
    await driver.shows("Counting bees by hand is slow.")
    await driver.press("end")
    await driver.until(lambda: papers(driver).current is not None)
    await driver.press("f2")
    await driver.shows("Ask your papers")


@driven()
async def test_searching_as_one_types(driver):
    await opened(driver)
    await driver.press("slash")
    await driver.type("bee")
    await driver.shows("1 of 6 papers", "Counting Insects With Drones")
    await driver.press("enter")
    assert papers(driver).has_focus
    await driver.press("slash", "end", "x")
    await driver.shows("0 of 6 papers", "No paper fits")


@driven()
async def test_filters_by_year_and_source(driver):
    await opened(driver)
    field = driver.app.screen.query_one("#year-from", Input)
    field.focus()
    await driver.type("2999")
    await driver.shows("0 of 6 papers")
    field.value = ""
    await driver.shows("6 papers")
    await choose(driver, "source", PAGES[0])
    await driver.shows("of 6 papers")
    assert 0 < len(papers(driver).numbers) < 6


@driven()
async def test_marks_become_a_set_that_the_chat_is_restricted_to(driver):
    await opened(driver)
    await driver.press("space", "space")
    await driver.shows("2 marked", "✓")
    await driver.press("s")
    await driver.shows("Name of the set for 2 papers")
    await driver.type("small things")
    await driver.press("enter")
    await driver.shows("2 papers added to the set “small things”")
    await choose(driver, "set", "small things")
    await driver.shows("2 of 6 papers")
    await driver.press("u")
    await driver.shows("only the set “small things”")
    await driver.press("escape")
    await driver.ask("What is Pebble?")
    assert ScriptedEngine.asked[-1].set_name == "small things"
    found = {hit.stored.paper.title for hit in driver.app.chat.exchanges[0].answer.retrieved}
    assert len(found) == 2


@pytest.mark.exhaustive
@driven()
async def test_the_chat_chooses_among_sets_too(driver):
    await driver.press("tab", "s")
    await driver.shows("There are no sets yet")
    await opened(driver)
    await driver.press("m", "s")
    await driver.type("all")
    await driver.press("enter")
    await driver.shows("6 papers added")
    await driver.press("f2", "tab", "s")
    await driver.shows("All papers", "all (6)")
    await driver.press("down", "enter")
    await driver.shows("only the set “all”")
    await driver.press("s", "up", "enter")
    await driver.shows_not("only the set “all”")


@driven()
async def test_a_set_is_renamed_thinned_out_deleted_and_brought_back(driver):
    await opened(driver)
    await driver.press("m", "s")
    await driver.type("one")
    await driver.press("enter")
    await driver.shows("6 papers added")
    await choose(driver, "set", "one")
    await driver.press("n")
    await driver.shows("New name of the set")
    driver.app.screen.query_one(Input).value = "two"
    await driver.press("enter")
    await driver.until(lambda: sets_of(driver) == {"two": 6})
    await choose(driver, "set", "two")
    await driver.shows("6 papers")
    papers(driver).focus()
    await driver.press("minus")
    await driver.shows("1 papers taken out")
    assert sets_of(driver) == {"two": 5}
    await driver.press("d")
    await driver.shows("Set “two” deleted; z brings it back.")
    assert sets_of(driver) == {}
    await driver.press("z")
    await driver.shows("Set “two” is back")
    assert sets_of(driver) == {"two": 5}


@driven()
async def test_adding_does_not_block_the_chat(driver, tmp_path):
    file = tmp_path / "new.jsonl"
    records = [{"title": "Lanterns in Fog", "abstract": "Lanterns of 3 W are seen at 40 m in fog."}]
    file.write_text("\n".join(map(json.dumps, records)) + "\nnot json\n")
    await opened(driver)
    ScriptedEngine.gate.clear()
    await driver.press("a")
    await driver.shows("Add papers")
    driver.app.screen.query_one("#path", Input).value = str(file)
    await driver.press("enter")
    await driver.shows("Indexing papers", "25%")
    await driver.press("a")
    await driver.shows("Papers are being added already")
    await driver.press("f2")
    await driver.type("typing goes on")
    await driver.shows("typing goes on")
    ScriptedEngine.gate.set()
    await driver.shows("1 read, 1 added, 0 already there, 1 rejected.", "Press v")
    await driver.type("!")
    await driver.shows("typing goes on!")
    await driver.press("f2")
    await driver.shows("7 papers")
    await driver.press("v")
    await driver.shows("new.jsonl")
    await driver.press("escape")
    await driver.shows_not("25%")


@driven()
async def test_adding_is_stopped_by_a_key(driver):
    await opened(driver)
    ScriptedEngine.gate.clear()
    assert not is_animated(driver)
    await driver.press("a")
    await driver.shows("Add papers")
    driver.app.screen.query_one("#path", Input).value = str(FIXTURES / "compact.txt")
    await driver.press("enter")
    await driver.shows("Indexing papers")
    await driver.press("k")
    ScriptedEngine.gate.set()
    await driver.shows("Adding was stopped")
    await driver.until(lambda: not is_animated(driver))


def is_animated(driver):
    """Whether a progress bar is drawn again and again, seen or not."""
    bars = [bar for screen in driver.app.screen_stack for bar in screen.query("Bar")]
    assert bars
    return any(bar.auto_refresh for bar in bars)


@driven()
async def test_a_path_that_does_not_exist_stays_in_the_dialog(driver):
    await opened(driver)
    await driver.press("a")
    driver.app.screen.query_one("#path", Input).value = "/no/such/[red]file"
    await driver.press("enter")
    await driver.shows("There is no /no/such/[red]file", "Add papers")
    await driver.press("escape")
    await driver.shows_not("Add papers")


@driven()
async def test_a_locked_library_leaves_a_message_and_a_usable_chat(driver):
    await opened(driver)
    library = Library.open(Path(driver.app.backend.settings.library))
    with library.writing():
        await driver.press("a")
        await driver.shows("Add papers")
        driver.app.screen.query_one("#path", Input).value = str(FIXTURES / "compact.txt")
        await driver.press("enter")
        await driver.shows("Adding failed: another process is writing to the library")
        await driver.press("f2")
        await driver.ask("How many layers of a model does Ladder Pruning remove?")
        await driver.shows("worded by scripted")
    library.close()


@pytest.mark.exhaustive
@driven()
async def test_paths_that_no_system_takes_are_refused_not_fatal(driver):
    await opened(driver)
    await driver.press("a")
    await driver.type("~nosuchuser/")
    for path in ("~nosuchuser/x", "x" * 5000, "a\0b"):
        driver.app.screen.query_one("#path", Input).value = path
        await driver.press("enter")
        await driver.shows("There is no", "Add papers")


@pytest.mark.exhaustive
@driven()
async def test_another_library_takes_set_and_marks_away(driver):
    from assistant.protocol import Opened, Reply

    await opened(driver)
    await driver.press("space")
    driver.app.use_set("elsewhere")
    driver.app.tell(driver.app.Replied(Reply(0, Opened("/another", 0, False))))
    await driver.until(lambda: driver.app.status.set_name is None)
    assert not driver.app.marked and driver.app.chat.set_name is None


@pytest.mark.exhaustive
@driven()
async def test_leaving_the_screen_while_it_is_filled_is_harmless(driver):
    for key in ("f2", "f3"):
        for _ in range(2):
            await driver.pilot.press(key, key)
    await driver.shows("Ask your papers")

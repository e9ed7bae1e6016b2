"""Summaries in the chat: asked for from the library, shown, cancelled, exported, driven by keys."""

import json

from driving import driven
from scripted_engine import ScriptedEngine
from textual.widgets import Input, Select

from assistant.errors import LibraryStale
from assistant.tui.chat_screen import ChatScreen
from assistant.tui.conversation_view import ConversationView
from assistant.tui.library_screen import LibraryScreen
from assistant.tui.summary_dialog import SummaryDialog
from assistant.tui.summary_screen import SummaryScreen


async def mark_all(driver):
    await driver.press("f2")
    await driver.shows("6 papers", "Pebble")
    await driver.press("m")
    await driver.shows("6 marked")


async def summarize(driver, style="themes"):
    """Of all six papers, from the library."""
    await mark_all(driver)
    await driver.press("y")
    await driver.on(SummaryDialog)
    await driver.press(*["down"] * ["themes", "brief", "table"].index(style), "enter")
    await driver.on(SummaryScreen)
    await driver.shows("6 of 6 papers read")


@driven()
async def test_the_marked_papers_are_summarized_and_markers_lead_to_the_cited_sentences(driver):
    await summarize(driver)
    await driver.shows("6 marked papers · themes", "a speech enhancer of 90k", "Sources")
    await driver.press("down")
    await driver.shows("▶", "Quoted; support 1.00 of 1.")
    view = driver.app.screen.query_one(ConversationView)
    first = view.selected
    assert first.number == 1 and first.sentence.text in first.stored.paper.abstract
    seen = {first.stored.id}
    for _ in range(40):
        await driver.press("down")
        seen.add(view.selected.stored.id)
    assert len(seen) == 6
    await driver.press("escape")
    await driver.on(LibraryScreen)


@driven()
async def test_each_style_is_asked_for_and_a_table_says_what_is_not_stated(driver):
    await summarize(driver, "table")
    assert ScriptedEngine.asked[-1].style == "table"
    await driver.shows("· table ·", "not stated", "problem", "limits")
    await driver.press("n")
    await driver.on(SummaryDialog)
    await driver.press("down", "enter")
    await driver.shows("· brief ·", "What was done", "Key findings")
    assert ScriptedEngine.asked[-1].style == "brief"


@driven()
async def test_a_set_is_summarized_from_the_palette(driver):
    await mark_all(driver)
    await driver.press("s")
    await driver.type("all")
    await driver.press("enter")
    await driver.shows("6 papers added")
    await driver.press("f2", "ctrl+p")
    await driver.type("summary")
    await driver.shows("The last summary, or a first one")
    await driver.press("enter")
    await driver.on(SummaryDialog)
    await driver.press("enter")
    await driver.shows("The set “all” · themes · 6 of 6 papers read")
    assert ScriptedEngine.asked[-1].set_name == "all"
    await driver.press("f9")
    await driver.on(ChatScreen)
    await driver.press("f9")
    await driver.shows("The set “all” · themes · 6 of 6 papers read")


@driven()
async def test_marked_papers_and_sets_can_both_be_chosen(driver):
    await mark_all(driver)
    await driver.press("s")
    await driver.type("all")
    await driver.press("enter")
    await driver.shows("6 papers added")
    await driver.press("space", "y")
    await driver.on(SummaryDialog)
    await driver.shows("1 marked paper")
    driver.app.screen.query_one(Select).value = 1
    await driver.press("enter")
    await driver.shows("The set “all” · themes")


@driven()
async def test_of_marked_papers_only_those_on_the_topic_are_summarized_and_the_others_named(driver):
    await mark_all(driver)
    await driver.press("y")
    await driver.on(SummaryDialog)
    await driver.press("shift+tab", "shift+tab")
    await driver.type("speech enhancement")
    await driver.press("enter")
    await driver.on(SummaryScreen)
    await driver.shows("speech enhancement · themes · 2 of 2 papers read, 2 cited; 4 off topic")
    await driver.shows("Off topic", "because its relevance is 0.17", "under 0.5")
    assert ScriptedEngine.asked[-1].threshold == 0.5
    view = driver.app.screen.query_one(ConversationView)
    await driver.press("end")
    await driver.shows("Point at a marker")
    await driver.press("up", "down")
    left = view.selected
    assert left.number == 6 and not left.spans
    await driver.shows(f"[6] {left.stored.paper.title}")


@driven()
async def test_the_library_is_summarized_on_a_topic_and_the_limit_can_be_changed(driver):
    await driver.press("f9")
    await driver.on(SummaryDialog)
    await driver.press("enter")
    await driver.shows("the library needs a topic")
    await driver.type("speech enhancement")
    await driver.press("tab")
    limit = driver.app.screen.query_one("#limit", Input)
    limit.value = "0.9"
    await driver.press("enter")
    await driver.on(SummaryScreen)
    await driver.shows(
        "speech enhancement · themes · 1 of 1 papers read, 1 cited; 1 nearly on topic"
    )
    await driver.shows("Nearly on topic", "[2] One Author Is Enough", "relevance 0.61")
    await driver.press("down", "end", "up", "down")
    await driver.shows("▶", "◀")
    await driver.press("n")
    await driver.on(SummaryDialog)
    assert driver.app.screen.query_one("#topic", Input).value == "speech enhancement"
    limit = driver.app.screen.query_one("#limit", Input)
    assert limit.value == "0.9"
    limit.value = "2"
    await driver.press("enter")
    await driver.shows("the threshold 2 is not between 0 and 1")
    limit.value = "-"
    await driver.press("enter")
    await driver.shows("the limit - is no number")
    limit.value = ".6"
    await driver.press("enter")
    await driver.on(SummaryScreen)
    await driver.shows("2 of 2 papers read")
    assert ScriptedEngine.asked[-1].threshold == 0.6


@driven()
async def test_a_topic_that_no_paper_is_on_is_said_with_the_nearest_relevance(driver):
    await driver.press("f9")
    await driver.on(SummaryDialog)
    await driver.type("tax law")
    await driver.press("enter")
    await driver.on(SummaryScreen)
    await driver.shows("No summary: no paper is on the topic", "under 0.5")


@driven()
async def test_a_summary_in_progress_is_cancelled_and_the_one_before_stays(driver):
    await summarize(driver, "brief")
    ScriptedEngine.gate.clear()
    await driver.press("n")
    await driver.on(SummaryDialog)
    await driver.press("enter")
    await driver.shows("Reading abstracts: 0 of 6", "Esc cancels")
    await driver.press("escape")
    await driver.shows("The summary was cancelled")
    ScriptedEngine.gate.set()
    await driver.shows("6 marked papers · brief")
    assert isinstance(driver.app.screen, SummaryScreen)
    await driver.press("escape")
    await driver.on(LibraryScreen)


@driven()
async def test_a_summary_that_is_made_meanwhile_is_announced(driver):
    await mark_all(driver)
    ScriptedEngine.gate.clear()
    await driver.press("y")
    await driver.on(SummaryDialog)
    await driver.press("enter")
    await driver.shows("Reading abstracts: 0 of 6")
    await driver.press("f9", "f2")
    await driver.on(ChatScreen)
    await driver.type("typing goes on")
    ScriptedEngine.gate.set()
    await driver.shows("The summary is ready; F9 shows it.")
    await driver.press("f9")
    await driver.shows("6 of 6 papers read")


@driven()
async def test_a_failure_is_shown_and_another_summary_can_be_made(driver):
    ScriptedEngine.failure = LibraryStale("the index is damaged", "reindex it")
    await mark_all(driver)
    await driver.press("y")
    await driver.on(SummaryDialog)
    await driver.press("enter")
    await driver.shows("No summary: the index is damaged (reindex it)")
    ScriptedEngine.failure = None
    await driver.press("n")
    await driver.on(SummaryDialog)
    await driver.press("enter")
    await driver.shows("6 of 6 papers read")


@driven()
async def test_a_summary_is_exported_in_each_format(driver, tmp_path):
    await summarize(driver)
    written = {}
    for ending in ("md", "html", "json", "bib", "csv"):
        await driver.press("x")
        await driver.shows("Export to", "md, html, json, bib, csv")
        path = tmp_path / f"summary.{ending}"
        driver.app.screen.query_one(Input).value = str(path)
        await driver.press("enter")
        await driver.shows("Written to")
        await driver.until(path.exists)
        written[ending] = path.read_text("utf-8")
    assert "## Sources" in written["md"] and written["html"].startswith("<!doctype html>")
    assert written["bib"].count("title = ") == 6
    assert written["csv"].startswith("id,title,year,problem,")
    summary = json.loads(written["json"])
    assert summary["coverage"]["read"] == 6 and summary["library"]["papers"] == 6
    cited = {number for s in summary["sections"][0]["sentences"] for number in s["citations"]}
    assert cited == {1, 2, 3, 4, 5, 6}


@driven()
async def test_what_is_marked_or_cited_is_copied(driver):
    await summarize(driver)
    await driver.press("c")
    await driver.shows("the summary is saved in")
    await driver.press("b")
    await driver.shows("the BibTeX is saved in")
    driver.app.screen.query_one(ConversationView).select(0, 0)
    await driver.pilot.pause()
    assert len(driver.app.screen.papers_meant()) == 1

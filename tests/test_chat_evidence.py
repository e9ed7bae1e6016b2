"""Markers, the evidence behind them, copying and links, driven by keys and mouse."""

import pytest
from driving import QUESTION, driven, flat
from textual.widgets import Static

from assistant.config import data_dir
from assistant.tui.conversation_view import ConversationView
from assistant.tui.evidence_panel import EvidencePanel
from assistant.tui.exchange import ExchangeView


def evidence(driver):
    panel = driver.app.screen.query_one(EvidencePanel).query_one(Static)
    return " ".join(str(panel.content).split())


@driven()
async def test_pointing_at_a_marker_shows_the_sentence_in_its_abstract(driver):
    await driver.ask()
    await driver.press("escape")
    view = driver.app.screen.query_one(ConversationView)
    target = view.selected
    abstract = target.stored.paper.abstract
    (start, end) = target.spans[0]
    await driver.until(lambda: f"▶ {abstract[start:end]} ◀" in evidence(driver))
    await driver.shows(target.stored.paper.title, "▶", "◀", "support", "Also considered, not used:")
    before, after = abstract[:start].strip(), abstract[end:].strip()
    assert before in evidence(driver) and after in evidence(driver)


@driven()
async def test_each_marker_is_reached_by_keys_and_the_panel_follows(driver):
    await driver.ask()
    await driver.press("escape", "home")
    seen = []
    view = driver.app.screen.query_one(ConversationView)
    expected = [s.text for s in driver.app.chat.exchanges[0].sentences]
    assert len(expected) > 1
    for _ in expected:
        await driver.press("up")
    for _ in expected:
        seen.append(view.selected.sentence.text)
        await driver.press("down")
    assert seen == expected


@driven()
async def test_the_panel_says_why_a_sentence_was_quoted(driver):
    await driver.ask()
    quoted = next(s for s in driver.app.chat.exchanges[0].sentences if s.origin == "quoted")
    await driver.press("escape")
    view = driver.app.screen.query_one(ConversationView)
    while view.selected.sentence != quoted:
        await driver.press("up")
    assert quoted.note
    await driver.shows("Quoted instead of worded", quoted.note)


@driven()
async def test_the_mouse_points_too(driver):
    await driver.ask()
    view = driver.app.screen.query_one(ExchangeView)
    region = view.region_of(1)
    line = view.render_line(region.y)
    column = 0
    for segment in line:
        if segment.style and segment.style.meta.get("target") == 1:
            break
        column += segment.cell_length
    await driver.pilot.hover(ExchangeView, offset=(column + 1, region.y))
    await driver.until(lambda: view.selected == 1)
    await driver.shows("▶")


@driven()
async def test_f4_hides_the_evidence_and_it_is_remembered(driver):
    await driver.shows("Evidence")
    await driver.press("f4")
    assert not driver.app.screen.query_one(EvidencePanel).display
    await driver.until(lambda: "hidden" in (data_dir() / "chat.json").read_text())
    await driver.press("f4")
    assert driver.app.screen.query_one(EvidencePanel).display


@driven(size=(80, 24))
async def test_on_a_small_terminal_the_evidence_comes_below_while_pointing(driver):
    panel = driver.app.screen.query_one(EvidencePanel)
    assert not panel.display
    await driver.ask()
    await driver.press("escape")
    await driver.shows("▶")
    assert panel.display and panel.size.width > 70
    await driver.press("escape")
    assert not panel.display


@driven()
@pytest.mark.parametrize(
    ("key", "expected"),
    [
        ("c", [QUESTION, "[1] Ladder Pruning Removes Whole Layers", "    > "]),
        ("i", ["Ladder Pruning Removes Whole Layers Without Retraining"]),
        ("b", ["@misc{", "title = {"]),
    ],
)
async def test_what_cannot_be_copied_is_saved_and_the_path_is_shown(driver, key, expected):
    await driver.ask()
    await driver.press("escape", key)
    await driver.shows("This terminal may not copy", "saved in")
    (path,) = (data_dir() / "copied").iterdir()
    assert path.name in flat(driver.text).replace(" ", "")
    text = path.read_text()
    assert all(" ".join(part.split()) in " ".join(text.split()) for part in expected)
    assert (path.suffix == ".bib") == (key == "b")


@driven()
async def test_a_clipboard_program_is_used_where_there_is_one(driver, monkeypatch):
    copied = []
    monkeypatch.setattr("pyperclip.copy", copied.append)
    monkeypatch.delenv("SSH_CONNECTION", raising=False)
    await driver.ask()
    await driver.press("escape", "i")
    await driver.shows("Copied: citation")
    assert "Ladder Pruning" in copied[0]


@driven()
async def test_a_terminal_that_copies_is_asked_to(driver, monkeypatch):
    monkeypatch.setenv("TERM", "xterm-kitty")
    await driver.ask()
    await driver.press("escape", "c")
    await driver.shows("Copied by the terminal: answer")
    assert QUESTION in driver.app.clipboard


@driven()
async def test_a_link_is_shown_before_it_is_opened(driver, monkeypatch):
    opened = []
    monkeypatch.setattr("assistant.tui.paper_actions.open_address", lambda a: not opened.append(a))
    await driver.ask()
    link = "https://doi.org/10.1000/" + "long/" * 30
    stored = driver.app.chat.exchanges[0].sources[0].stored
    object.__setattr__(stored.paper, "doi", link.removeprefix("https://doi.org/"))
    await driver.press("escape", "o")
    await driver.shows("Open this address in the browser?")
    assert link in driver.text.replace("│", "").replace("\n", "").replace(" ", "")
    assert not opened
    await driver.press("escape", "o")
    await driver.press("enter")
    await driver.until(lambda: opened == [link])


@pytest.mark.exhaustive
@driven()
async def test_a_paper_without_a_link_says_so(driver):
    await driver.ask()
    await driver.press("escape", "o")
    await driver.shows("No web address is known")


@pytest.mark.exhaustive
@driven()
async def test_without_a_browser_with_windows_the_address_is_saved(driver, monkeypatch):
    monkeypatch.delenv("WAYLAND_DISPLAY", raising=False)
    await driver.ask()
    stored = driver.app.chat.exchanges[0].sources[0].stored
    object.__setattr__(stored.paper, "doi", "10.1000/x")
    await driver.press("escape", "o")
    await driver.shows("https://doi.org/10.1000/x")
    await driver.press("enter")
    await driver.shows("No browser with a window was found here", "the address is saved in")
    (path,) = (data_dir() / "copied").iterdir()
    assert path.read_text() == "https://doi.org/10.1000/x\n"


@driven(size=(80, 24))
async def test_the_evidence_scrolls_without_losing_the_marker(driver):
    await driver.ask()
    await driver.press("escape")
    panel = driver.app.screen.query_one(EvidencePanel)
    before = panel.scroll_y
    await driver.press("shift+down", "shift+down")
    await driver.until(lambda: panel.scroll_y > before)
    await driver.press("shift+up", "shift+up")
    await driver.until(lambda: panel.scroll_y == before)
    assert driver.app.screen.query_one(ConversationView).has_focus

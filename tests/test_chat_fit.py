"""How the chat fits terminals, eyes and hands: sizes, contrast, keys, hostile text."""

import json
import re
import unicodedata
from dataclasses import dataclass, field

import pytest
from driving import (
    REFUSED,
    drive,
    driven,
    flat,
    make_library,
    prepare,
    screen_text,
)
from scripted_engine import ScriptedEngine
from support import FIXTURES, WORDS_IDENTITY, WordsEncoder, first_and, no_progress
from textual.widgets import Input

from assistant import adding, indexing
from assistant.library import Library
from assistant.tui.app import ChatApp
from assistant.tui.chat_screen import ChatScreen
from assistant.tui.conversations_screen import ConversationsScreen
from assistant.tui.dialogs import AddDialog, ReadDialog, TextDialog
from assistant.tui.keys import PLACES, key_map, key_map_text, only
from assistant.tui.library_screen import LibraryScreen
from assistant.tui.summary_dialog import SummaryDialog
from assistant.tui.summary_screen import SummaryScreen
from assistant.tui.themes import THEMES
from assistant.vectors import VectorIndex

LEAST_CONTRAST = 4.5
"""WCAG 2 level AA for text."""


async def every_screen(driver):
    """Each screen in turn, with its name; the chat stands where it began at the end."""
    yield "welcome"
    await driver.ask()
    yield "answer"
    await driver.press("escape")
    yield "evidence"
    await driver.press("e")
    yield "editing"
    await driver.press("escape")
    await driver.ask(REFUSED)
    yield "refusal"
    await driver.press("f2")
    await driver.shows("6 papers")
    await driver.press("space")
    yield "library"
    await driver.press("a")
    await driver.on(AddDialog)
    yield "add"
    await driver.press("escape")
    await driver.on(LibraryScreen)
    await driver.press("m", "y")
    await driver.on(SummaryDialog)
    yield "summarize"
    await driver.press("enter")
    await driver.on(SummaryScreen)
    await driver.shows("6 of 6 papers read")
    await driver.press("down")
    await driver.shows("▶")
    yield "summary"
    await driver.press("escape")
    await driver.on(LibraryScreen)
    await driver.press("slash")
    await driver.until(lambda: isinstance(driver.app.focused, Input))
    await driver.type("zz")
    await driver.shows("0 of 6 papers")
    yield "nothing-found"
    await driver.press("f3")
    await driver.shows("2 answers")
    yield "conversations"
    await driver.press("x")
    await driver.on(TextDialog)
    yield "export"
    await driver.press("escape")
    await driver.on(ConversationsScreen)
    await driver.press("f1")
    await driver.on(ReadDialog)
    yield "help"
    await driver.press("escape")
    await driver.on(ConversationsScreen)
    await driver.press("ctrl+p")
    await driver.shows("Search for commands", "Back")
    yield "palette"
    await driver.press("escape")
    await driver.on(ConversationsScreen)
    await driver.press("f3")


def luminance(colour):
    def linear(part):
        part /= 255
        return part / 12.92 if part <= 0.03928 else ((part + 0.055) / 1.055) ** 2.4

    return 0.2126 * linear(colour[0]) + 0.7152 * linear(colour[1]) + 0.0722 * linear(colour[2])


def contrast(one, other):
    bright, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (bright + 0.05) / (dark + 0.05)


def is_text(char):
    return not char.isspace() and not 0x2500 <= ord(char) <= 0x259F


def weak_text(app):
    """Texts that stand out too little from what is behind them; behind a dialog none is read."""
    weak = {}
    dialogs = app.screen.query(".dialog")
    region = dialogs.first().region if dialogs else app.screen.region
    for strip in app.screen._compositor.render_strips()[region.y : region.bottom]:
        for text, style, _ in strip.crop(region.x, region.right):
            if style is None or not any(map(is_text, text)):
                continue
            front, back = style.color, style.bgcolor
            if front is None or back is None or not front.triplet or not back.triplet:
                continue
            assert not style.dim, text
            ratio = contrast(front.triplet, back.triplet)
            if ratio < LEAST_CONTRAST:
                weak[text.strip()] = round(ratio, 2)
    return weak


def misplaced(app):
    """Widgets that stick out of the screen or overlap."""
    screen = app.screen.region
    for widget in app.screen.query("*"):
        seen = widget.region.intersection(widget.parent.region)
        if widget.region and not screen.contains_region(seen):
            yield f"{widget} sticks out"
    for container in app.screen.walk_children():
        shown = [c for c in container.children if c.display and c.region.area]
        shown = [c for c in shown if c.styles.layer == "default" and not c.is_scrollable_child]
        for i, one in enumerate(shown):
            yield from (f"{one}, {o}" for o in shown[i + 1 :] if one.region.overlaps(o.region))


@dataclass
class Walk:
    """What was seen on every screen in a terminal of one size, in one theme."""

    text: dict[str, str] = field(default_factory=dict)
    misplaced: dict[str, list[str]] = field(default_factory=dict)
    weak: dict[str, dict[str, float]] = field(default_factory=dict)


@pytest.fixture(scope="module")
def walks():
    """The walks that were made: each takes long and serves several tests."""
    return {}


@pytest.fixture
def walk(walks, tmp_path, monkeypatch):
    """Walks through all screens in a terminal of a size, once."""

    def walk(size, theme=THEMES[0].name):
        if (size, theme) not in walks:
            prepare(monkeypatch)
            monkeypatch.chdir(FIXTURES)
            folder = make_library(tmp_path / "library", ["compact.txt", "spaced.txt"])
            seen = Walk()
            drive(lambda driver: look(driver, theme, seen), folder, size)
            walks[size, theme] = seen
        return walks[size, theme]

    async def look(driver, theme, seen):
        driver.app.theme = theme
        async for name in every_screen(driver):
            await driver.pilot.pause(0.3)
            seen.text[name] = screen_text(driver.app)
            seen.misplaced[name] = list(misplaced(driver.app))
            seen.weak[name] = weak_text(driver.app)

    return walk


@pytest.mark.parametrize("theme", first_and(theme.name for theme in THEMES))
def test_all_text_has_enough_contrast(walk, theme):
    assert not [weak for weak in walk((120, 40), theme).weak.items() if weak[1]]


@pytest.mark.parametrize(
    "size", [(80, 24), (120, 40), pytest.param((200, 60), marks=pytest.mark.exhaustive)]
)
def test_nothing_sticks_out_or_overlaps(walk, size):
    assert not [faults for faults in walk(size).misplaced.items() if faults[1]]


@driven(size=(120, 40))
async def test_resizing_loses_nothing(driver):
    await driver.ask()
    before = flat(driver.text)
    await driver.pilot.resize_terminal(40, 12)
    await driver.pilot.pause()
    await driver.pilot.resize_terminal(250, 70)
    await driver.shows("worded by scripted")
    await driver.pilot.resize_terminal(120, 40)
    await driver.until(lambda: flat(driver.text) == before)


def test_no_key_is_one_that_multiplexers_take():
    taken = {"ctrl+b", "ctrl+a", "ctrl+s", "ctrl+j", "ctrl+o", "ctrl+z"}
    for _, place in PLACES:
        for binding in only(place):
            assert not taken & set(binding.key.split(",")), binding


@pytest.mark.parametrize(
    "kind", [ChatApp, ChatScreen, LibraryScreen, SummaryScreen, ConversationsScreen]
)
def test_every_key_leads_to_an_action(kind):
    for binding in only(kind.BINDINGS):
        name = binding.action.split("(")[0]
        assert hasattr(kind, f"action_{name}"), binding
        assert binding.tooltip, binding


def test_the_key_map_names_every_key_once_a_place():
    text = key_map_text()
    for section in key_map():
        keys = [keys for keys, _ in section.keys]
        assert len(keys) == len(set(keys))
        assert section.title in text and all(what in text for _, what in section.keys)


@driven()
async def test_the_palette_has_every_action_of_the_screen(driver):
    for keys, kind in ((), ChatScreen), (("f2",), LibraryScreen), (("f3",), ConversationsScreen):
        await driver.press(*keys)
        assert isinstance(driver.app.screen, kind)
        names = {command.title for command in driver.app.get_system_commands(driver.app.screen)}
        wanted = {binding.description for binding in only([*kind.BINDINGS, *ChatApp.BINDINGS])}
        assert wanted - names == {"Palette"}


@driven()
async def test_the_palette_runs_an_action(driver):
    await driver.press("ctrl+p")
    await driver.type("high-contrast-light")
    await driver.until(lambda: "Theme: dark" not in flat(driver.text))
    await driver.press("enter")
    await driver.until(lambda: driver.app.theme == "high-contrast-light")


@driven()
async def test_a_theme_is_remembered(driver):
    await driver.press("f8")
    assert driver.app.theme == "light"
    app = driver.app
    await driver.until(app.preferences._file.exists)
    assert ChatApp(app.backend.settings, engine=ScriptedEngine).theme == "light"


@driven()
async def test_focus_goes_round_by_tab_and_is_always_seen(driver):
    await driver.ask()
    seen = set()
    for _ in range(3):
        focused = driver.app.focused
        seen.add(focused.id)
        border = driver.app.current_theme.variables["border"]
        assert focused.styles.border_top[1].hex.lower() == border, focused
        await driver.press("tab")
    assert seen == {"question", "conversation", "evidence"}


@driven()
async def test_help_lists_the_keys_of_every_place(driver):
    await driver.press("f1")
    await driver.shows("Keys", "Everywhere", "Typing a question")
    await driver.press("end")
    await driver.shows("Conversations")
    await driver.press("escape")
    await driver.shows("Ask your papers")


def test_without_colour_everything_is_still_told_apart(tmp_path, monkeypatch):
    prepare(monkeypatch)
    monkeypatch.setenv("NO_COLOR", "1")

    async def look(driver):
        await driver.ask()
        await driver.press("escape")
        await driver.shows("▶", "◀", "“")
        reversed_text = [
            text
            for strip in driver.app.screen._compositor.render_strips()
            for text, style, _ in strip
            if style and style.reverse
        ]
        assert "[1]" in reversed_text

    drive(look, make_library(tmp_path / "library"))


ZERO_WIDTH_JOINER = "\u200d"
HOSTILE = {
    "markup": "[red]Lamps[/red] [/b] [@click=app.quit]Bright[/] \\[x] $accent",
    "escapes": "Lamps \x1b[31mred\x1b[0m \x1b]0;title\x07 \x9b2J bell\x07",
    "bidi": "Lamps \u202egnirts\u202c \u05e9\u05dc\u05d5\u05dd \u0645\u0631\u062d\u0628\u0627",
    "wide": "灯 " * 30 + "👩‍👩‍👧 é́́",
    "long": "Lamps and " * 1000,
    "one-word": "L" * 10_000,
}


@pytest.mark.parametrize("name", ["markup", *first_and([*HOSTILE][1:])])
@pytest.mark.parametrize("size", first_and([(80, 24), (120, 40)]))
def test_hostile_text_is_only_text(tmp_path, monkeypatch, name, size):
    prepare(monkeypatch)
    text = HOSTILE[name]
    folder = tmp_path / "library"
    library = Library.create(folder)
    file = tmp_path / f"{name}.jsonl"
    record = {"title": text, "abstract": f"Lamps of kind zebra glow. {text} The zebra lamp wins."}
    file.write_text(json.dumps(record))
    assert adding.add(library, [str(file)], no_progress).added == 1
    index = VectorIndex(folder / "chroma", WORDS_IDENTITY)
    indexing.index_waiting(library, index, WordsEncoder(), no_progress)
    library.close()

    async def look(driver):
        await driver.ask("Lamps of kind zebra glow, do lamps of kind zebra glow?")
        await driver.press("escape")
        await driver.shows("Lamps of kind zebra glow.")
        seen = [screen_text(driver.app)]
        await driver.press("f2")
        await driver.until(lambda: isinstance(driver.app.screen, LibraryScreen), "the library")
        await driver.shows("1 paper")
        seen.append(screen_text(driver.app))
        await driver.press("m", "y")
        await driver.on(SummaryDialog)
        await driver.press("enter")
        await driver.shows("1 of 1 papers read")
        await driver.press("down")
        await driver.shows("▶")
        seen.append(screen_text(driver.app))
        await driver.press("f3")
        await driver.shows("1 answer")
        await driver.press("f3", "t")
        driver.app.screen.query_one(Input).value = text
        await driver.press("enter", "f3")
        seen.append(screen_text(driver.app))
        for screen in seen:
            for line in screen.split("\n"):
                assert not any(
                    unicodedata.category(c) in ("Cc", "Cf") for c in line if c != "\u200d"
                )
        if name == "markup":
            assert "[red]Lamps[/red]" in flat(seen[1]) and "[red]Lamps[/red]" in flat(seen[0])

    drive(look, folder, size)


@pytest.mark.parametrize("name", ["answer-80x24", "evidence-120x40", "library-120x40"])
def test_screens_look_as_they_did(walk, name):
    """Compares with ``fixtures/screens``; to accept a change, delete the file and run again."""
    screen, size = name.rsplit("-", 1)
    kept = FIXTURES / "screens" / f"{name}.txt"
    width, height = map(int, size.split("x"))
    seen = walk((width, height)).text[screen]
    text = "\n".join(line.rstrip() for line in seen.split("\n")) + "\n"
    text = re.sub(r"\d+\.\d s", "0.0 s", text)
    if not kept.exists():
        kept.parent.mkdir(exist_ok=True)
        kept.write_text(text, encoding="utf-8")
    assert text == kept.read_text(encoding="utf-8")

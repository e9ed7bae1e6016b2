"""Drives the chat by keys in tests: real screens, real library, scripted models."""

import asyncio
import functools
import inspect
import shutil
import tempfile
import time
from pathlib import Path

import textual.app
import textual.pilot
from scripted_engine import ScriptedEngine
from support import PAGES, WORDS_IDENTITY, WordsEncoder, no_progress
from textual._context import active_app
from textual.pilot import Pilot

from assistant import adding, indexing
from assistant.config import Config
from assistant.library import Library
from assistant.tui.app import ChatApp
from assistant.tui.chat_screen import JUST_NOW
from assistant.vectors import VectorIndex

QUESTION = "How many layers of a language model does Ladder Pruning remove on 7B parameters?"
PEBBLE = "Does the speech enhancer Pebble of 90k parameters run on a hearing aid?"
REFUSED = "Who won the football championship yesterday?"
PATIENCE = 600
"""Seconds until a wait counts as failed; no test expects anything within a time."""


Pilot._wait_for_screen = functools.partialmethod(Pilot._wait_for_screen, timeout=PATIENCE)


async def settle(*_, **__):
    """Wait until all that was posted is handled, and what that posted.

    Textual's own wait looks for rest in the CPU time of the process, a second long for each key
    where other programs keep the machine busy.
    """
    for _ in range(3):
        await asyncio.sleep(0.005)
        await Pilot(active_app.get())._wait_for_screen()


textual.app.wait_for_idle = textual.pilot.wait_for_idle = settle

_made = tempfile.TemporaryDirectory()


def make_library(folder, pages=PAGES):
    """The six papers of the fixture pages, indexed."""
    shutil.copytree(_indexed(tuple(pages)), folder, dirs_exist_ok=True)
    return folder


@functools.cache
def _indexed(pages):
    """A library that is made once and copied for each test."""
    folder = Path(tempfile.mkdtemp(dir=_made.name))
    library = Library.create(folder)
    adding.add(library, pages, no_progress)
    index = VectorIndex(folder / "chroma", WORDS_IDENTITY)
    indexing.index_waiting(library, index, WordsEncoder(), no_progress)
    library.close()
    return folder


class Driver:
    """A running chat and the keyboard before it."""

    def __init__(self, app, pilot):
        self.app = app
        self.pilot = pilot
        self.told = []
        """The short-lived messages since the last key."""
        notify = app.notify

        def recording(message, **options):
            self.told.append(message)
            notify(message, **options)

        app.notify = recording

    @property
    def text(self):
        """What can be read on the screen, widget by widget."""
        return shown_text(self.app)

    async def press(self, *keys):
        self.told.clear()
        await self.pilot.press(*keys)
        await self.pilot.pause()

    async def type(self, text):
        await self.press(*("space" if char == " " else char for char in text))

    async def ask_only(self, question=QUESTION):
        """Ask and wait for the whole answer."""
        self.app.screen.query_one("#question").put(question)
        await self.press("enter")
        await self.until(lambda: not self.app.chat.is_answering)
        await self.pilot.pause()

    async def ask(self, question=QUESTION):
        """Ask, wait for the whole answer, and for Esc to mean something else than cancelling."""
        await self.ask_only(question)
        await self.pilot.pause(JUST_NOW)

    async def shows(self, *texts):
        """Wait until all texts are on the screen or in a message that was, wherever lines break."""

        def all_seen():
            seen = solid("\n".join([self.text, *self.told]))
            return all(solid(text) in seen for text in texts)

        await self.until(all_seen, texts)

    async def on(self, kind):
        """Wait until a screen of this kind is there."""
        await self.until(lambda: isinstance(self.app.screen, kind), kind.__name__)

    async def shows_not(self, text):
        await self.until(lambda: solid(text) not in solid(self.text), text)

    async def until(self, condition, what=""):
        end = time.monotonic() + PATIENCE
        while not condition():
            assert time.monotonic() < end, f"{what} did not come:\n{screen_text(self.app)}"
            await self.pilot.pause(0.02)


def screen_text(app):
    """The screen as a picture of characters."""
    width = app.size.width
    return "\n".join(strip.crop(0, width).text for strip in app.screen._compositor.render_strips())


def shown_text(app):
    """What each widget in view shows, one after another: text that stands side by side apart."""
    strips = app.screen._compositor.render_strips()
    texts = []
    for widget, (region, clip) in app.screen._compositor.visible_widgets.items():
        if not widget.children or widget.border_title:
            part = region.intersection(clip)
            lines = [strip.crop(part.x, part.right).text for strip in strips[part.y : part.bottom]]
            texts.append(" ".join(line.strip() for line in lines))
    return "\n".join(texts)


def flat(text):
    """The words of a text in reading order, frames and line breaks aside."""
    return " ".join(text.translate(FRAMES).split())


def solid(text):
    """A text without frames and blanks: a narrow box may break a line within a word."""
    return "".join(flat(text).split())


FIXTURES = ("tmp_path", "monkeypatch")

FRAMES = str.maketrans(dict.fromkeys("│╭╮╰╯─▁▂▃▄▅▆▇█▔▊▎▌▕▏╌", " "))


def driven(size=(120, 40), folder="library", **options):
    """A test that gets a ``Driver``; the chat is closed afterwards, whatever happens."""

    def decorate(test):
        parameters = inspect.signature(test).parameters

        @functools.wraps(test)
        def run(tmp_path, monkeypatch, **more):
            prepare(monkeypatch)
            path = make_library(tmp_path / folder)
            given = {"tmp_path": tmp_path, "monkeypatch": monkeypatch}
            wanted = {name: given[name] for name in FIXTURES if name in parameters}
            drive(lambda driver: test(driver, **more, **wanted), path, size, **options)

        fixtures = [inspect.Parameter(n, inspect.Parameter.KEYWORD_ONLY) for n in FIXTURES]
        _, *own = inspect.signature(test).parameters.values()
        own = [
            p.replace(kind=inspect.Parameter.KEYWORD_ONLY) for p in own if p.name not in FIXTURES
        ]
        run.__signature__ = inspect.Signature([*fixtures, *own])
        return run

    return decorate


def prepare(monkeypatch):
    """Engines that are ready and hold nothing back, a terminal that cannot copy."""
    ScriptedEngine.gate.set()
    ScriptedEngine.ready.set()
    ScriptedEngine.asked.clear()
    ScriptedEngine.failure = None
    for name in ("TMUX", "STY", "TERM_PROGRAM", "KITTY_WINDOW_ID", "WT_SESSION", "DISPLAY"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("TERM", "xterm")
    monkeypatch.setattr("pyperclip.copy", refuse_to_copy)


def refuse_to_copy(text):
    import pyperclip

    raise pyperclip.PyperclipException("no clipboard here")


def drive(test, library, size=(120, 40), **options):
    """Run ``test(driver)`` in a chat on a library."""

    async def main():
        app = ChatApp(Config(library=str(library)), engine=ScriptedEngine, **options)
        app.animation_level = "none"
        async with app.run_test(size=size, notifications=True) as pilot:
            driver = Driver(app, pilot)
            if ScriptedEngine.ready.is_set():
                await driver.until(lambda: app.status.ready)
            await test(driver)

    asyncio.run(main())

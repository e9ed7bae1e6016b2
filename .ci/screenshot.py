"""Makes the README's picture and recording of the chat: the real program, asked a question.

``python .ci/screenshot.py`` writes ``chat.svg``; ``python .ci/screenshot.py --text`` prints a small
terminal after each key instead.
"""

from __future__ import annotations

import asyncio
import os
import re
import sys
import tempfile
from pathlib import Path

from textual.pilot import Pilot

from assistant.config import Config
from assistant.tui.app import ChatApp

TARGET = Path(__file__).with_name("chat.svg")
SIZE = (110, 32)


async def ready(app: ChatApp, pilot: Pilot[None]) -> None:
    """Wait until the models are loaded; the starter library is indexed first."""
    for _ in range(6000):
        await pilot.pause(0.1)
        if app.status.ready:
            return
    raise TimeoutError("the models are not loaded")


async def take(app: ChatApp) -> str:
    """The screen with the first answer and the evidence behind its last marker."""
    async with app.run_test(size=SIZE) as pilot:
        await ready(app, pilot)
        await pilot.press("enter")
        while not app.chat.is_answering:
            await pilot.pause(0.05)
        while app.chat.is_answering:
            await pilot.pause(0.1)
        await pilot.pause(1)
        await pilot.press("escape")
        await pilot.pause(0.5)
        return app.export_screenshot(title="assistant chat")


async def record(app: ChatApp) -> None:
    """Print the screen after each of a few keys."""
    async with app.run_test(size=(80, 24)) as pilot:
        await ready(app, pilot)
        for keys in (["enter"], ["escape"]):
            await pilot.press(*keys)
            await pilot.pause(0.5)
            while app.chat.is_answering:
                await pilot.pause(0.1)
            await pilot.pause(0.5)
            print(f"-- {' '.join(keys)}")
            for strip in app.screen._compositor.render_strips():
                print(strip.text.rstrip())


def main() -> None:
    """Write the picture beside this file, or print the recording."""
    with tempfile.TemporaryDirectory() as folder:
        os.environ["ASSISTANT_DATA"] = folder
        if "--text" in sys.argv:
            asyncio.run(record(ChatApp(Config())))
            return
        picture = asyncio.run(take(ChatApp(Config())))
    # the fonts come from the reader's computer, not from a server
    picture = re.sub(r"@font-face \{.*?\}\s*", "", picture, flags=re.DOTALL)
    picture = picture.replace("Fira Code", "monospace")
    TARGET.write_text(re.sub(r"[ \t]+\n", "\n", picture), encoding="utf-8")
    print(f"{TARGET}: {TARGET.stat().st_size} bytes")


if __name__ == "__main__":
    main()

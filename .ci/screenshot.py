"""Makes the README's picture of the chat: the real program, asked its first question."""

from __future__ import annotations

import asyncio
import os
import re
import sys
import tempfile
from pathlib import Path

from assistant.config import Config
from assistant.tui.app import ChatApp

TARGET = Path(__file__).with_name("chat.svg")
SIZE = (110, 32)


async def take(app: ChatApp) -> str:
    """The screen with the first answer and the evidence behind its second marker."""
    async with app.run_test(size=SIZE) as pilot:
        for _ in range(6000):
            await pilot.pause(0.1)
            if app.status.ready:
                break
        await pilot.press("enter")
        await pilot.pause(0.5)
        while app.chat.is_answering:
            await pilot.pause(0.1)
        await pilot.press("escape", "up", "up")
        await pilot.pause(0.5)
        return app.export_screenshot(title="assistant chat")


def main() -> None:
    """Write ``chat.svg`` beside this file."""
    theme = sys.argv[1] if len(sys.argv) > 1 else "dark"
    with tempfile.TemporaryDirectory() as folder:
        os.environ["ASSISTANT_DATA"] = folder
        app = ChatApp(Config())
        app.theme = theme
        picture = asyncio.run(take(app))
    # the fonts come from the reader's computer, not from a server
    picture = re.sub(r"@font-face \{.*?\}\s*", "", picture, flags=re.DOTALL)
    picture = picture.replace("Fira Code", "monospace")
    TARGET.write_text(re.sub(r"[ \t]+\n", "\n", picture), encoding="utf-8")
    print(f"{TARGET}: {TARGET.stat().st_size} bytes")


if __name__ == "__main__":
    main()

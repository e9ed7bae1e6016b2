"""What the chat asks of the desktop: to copy a text, and to open a link."""

from __future__ import annotations

import asyncio
import io
import os
import shutil
import subprocess
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

from assistant.config import data_dir

if TYPE_CHECKING:
    from textual.app import App

_TERMINALS = {"iTerm.app", "WezTerm", "ghostty", "vscode", "rio", "tabby", "contour"}
"""Values of ``TERM_PROGRAM`` of terminals known to obey the copying sequence OSC 52."""
_TERMS = ("xterm-kitty", "alacritty", "foot", "xterm-ghostty", "wezterm", "contour")


async def copy(app: App[Any], text: str, what: str, suffix: str) -> str:
    """Copy as far as this terminal can, otherwise save to a file; tells what was done."""
    if app.is_web:
        app.deliver_text(io.StringIO(text), save_filename=f"{what}.{suffix}")
        return f"Handed to the browser as a file: {what}.{suffix}"
    if await asyncio.to_thread(copy_with_program, text):
        return f"Copied: {what}"
    app.copy_to_clipboard(text)
    if terminal_copies():
        return f"Copied by the terminal: {what}"
    try:
        path = await asyncio.to_thread(save_copy, text, suffix)
    except OSError as error:
        return f"The {what} could not be saved: {error.strerror}"
    return f"This terminal may not copy; the {what} is saved in\n{path}"


def open_address(address: str) -> bool:
    """Open a web address in a browser with a window of its own; False if there is none.

    A browser that runs in a terminal would take this one.
    """
    opener = {"darwin": "open", "win32": "explorer"}.get(sys.platform, "xdg-open")
    has_windows = sys.platform in ("darwin", "win32") or bool(
        os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY")
    )
    if not has_windows or not shutil.which(opener):
        return False
    nothing = subprocess.DEVNULL
    try:
        subprocess.Popen(
            [opener, address],
            stdin=nothing,
            stdout=nothing,
            stderr=nothing,
            start_new_session=True,
        )
    except OSError:
        return False
    return True


def copy_with_program(text: str) -> bool:
    """Copy with xclip, wl-copy, pbcopy or the like, unless this is a remote machine."""
    import pyperclip

    if os.environ.get("SSH_CONNECTION"):
        return False
    try:
        pyperclip.copy(text)
    except pyperclip.PyperclipException:
        return False
    return True


def terminal_copies() -> bool:
    """Whether the terminal is one that is known to copy when a program asks it to."""
    environment = os.environ
    if environment.get("TMUX") or environment.get("STY"):
        return False  # it depends on their settings
    return (
        environment.get("TERM_PROGRAM", "") in _TERMINALS
        or environment.get("TERM", "").startswith(_TERMS)
        or bool(environment.get("WT_SESSION") or environment.get("KITTY_WINDOW_ID"))
    )


def save_copy(text: str, suffix: str = "txt") -> Path:
    """Write the text to a new file of its own and return its path.

    Raises ``OSError``.
    """
    folder = data_dir() / "copied"
    folder.mkdir(parents=True, exist_ok=True)
    stem = time.strftime("%Y-%m-%d-%H%M%S")
    number = 1
    while True:
        path = folder / (f"{stem}.{suffix}" if number == 1 else f"{stem}-{number}.{suffix}")
        try:
            with path.open("x", encoding="utf-8") as stream:
                stream.write(text if text.endswith("\n") else f"{text}\n")
        except FileExistsError:
            number += 1
        else:
            return path

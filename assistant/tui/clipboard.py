"""Copying from the terminal: a clipboard program, the terminal itself, or else a file."""

from __future__ import annotations

import os
import time
from pathlib import Path

from assistant.config import data_dir

_TERMINALS = {"iTerm.app", "WezTerm", "ghostty", "vscode", "rio", "tabby", "contour"}
"""Values of ``TERM_PROGRAM`` of terminals known to obey the copying sequence OSC 52."""
_TERMS = ("xterm-kitty", "alacritty", "foot", "xterm-ghostty", "wezterm", "contour")


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

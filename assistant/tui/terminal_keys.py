"""Alt+Enter as terminals without a newer keyboard protocol send it: Escape, then carriage return.

Textual 8 knows letters after an Escape as Alt with a letter, but drops Alt before Enter.
"""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any, cast

from textual._ansi_sequences import ANSI_SEQUENCES_KEYS


def teach_alt_enter() -> None:
    """Have Textual report Alt+Enter under its own name."""
    sequences = cast("dict[str, Any]", ANSI_SEQUENCES_KEYS)
    sequences["\x1b\r"] = (SimpleNamespace(value="alt+enter"),)

"""How much memory is free, how much a language model takes, and how much this process took."""

from __future__ import annotations

import re
import sys
from pathlib import Path

from assistant.errors import ModelUnusable

_MEMINFO = Path("/proc/meminfo")
_MEGABYTE = 1_000_000
_SHARE_BESIDE_WEIGHTS = 0.2
_ALWAYS = 100 * _MEGABYTE
"""With the share: context and buffers; the catalogue has 0.9 to 1.3 times as much."""


def needed(model: Path) -> int:
    """Bytes that llama.cpp takes for the model file with a context of 2048 tokens, roughly."""
    return round(model.stat().st_size * (1 + _SHARE_BESIDE_WEIGHTS)) + _ALWAYS


def available() -> int | None:
    """Bytes that can be had without swapping, or ``None`` where the system does not tell."""
    try:
        found = re.search(r"^MemAvailable:\s+(\d+) kB", _MEMINFO.read_text("ascii"), re.MULTILINE)
    except OSError:
        return None
    return int(found[1]) * 1024 if found else None


def check(model: Path) -> None:
    """Raises ``ModelUnusable`` if the model would not fit into the memory that is free."""
    free, wanted = available(), needed(model)
    if free is not None and wanted > free:
        raise ModelUnusable(
            f"{model.name} needs about {wanted // _MEGABYTE} MB of memory, and"
            f" {free // _MEGABYTE} MB are free",
            "close other programs, or choose a smaller model: assistant models list",
        )


def peak_mb() -> int | None:
    """The most memory that this process has had so far, in units of 10^6 bytes.

    ``None`` where the system does not tell.
    """
    try:
        import resource
    except ImportError:  # Windows
        return None
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return round(peak * (1 if sys.platform == "darwin" else 1024) / _MEGABYTE)

"""Which models compute now, so that a signal handler can have them stop by themselves."""

from __future__ import annotations

import threading
from typing import Protocol


class Cancellable(Protocol):
    """A model that raises ``Interrupted`` soon after ``cancel`` is set."""

    cancel: threading.Event


computing: list[Cancellable] = []
"""The models that somebody waits for now."""


def interrupt() -> bool:
    """Stop the model that computes now, if one does, and tell whether one did.

    A signal handler calls this, and raises only if the answer is False: an exception cannot pass
    through llama.cpp, but the cancelled model raises ``Interrupted`` a moment later.
    """
    for model in computing:
        model.cancel.set()
    return bool(computing)

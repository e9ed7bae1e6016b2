"""The ``assistant`` command: start-up, interrupts, and one line for every error."""

from __future__ import annotations

import os
import signal
import sys
from types import FrameType

from assistant.errors import AssistantError, ExitCode, Interrupted


def main() -> None:
    """Run the command line and leave with one of the documented exit codes."""
    signal.signal(signal.SIGINT, _interrupted)
    try:
        from assistant.cli.app import app

        app(prog_name="assistant")
    except AssistantError as error:
        hint = f" ({error.hint})" if error.hint else ""
        print(f"assistant: {error.message}{hint}", file=sys.stderr)
        sys.exit(error.exit_code)
    except Interrupted:
        print("assistant: stopped", file=sys.stderr)
        _leave(ExitCode.INTERRUPTED)
    except BrokenPipeError:
        _leave(ExitCode.DONE)


def _interrupted(signum: int, frame: FrameType | None) -> None:
    model = sys.modules.get("assistant.model")
    if model is None or not model.interrupt():
        raise Interrupted


def _leave(code: ExitCode) -> None:
    """End at once: native threads and a closed pipe must not delay or spoil the exit."""
    for stream in (sys.stdout, sys.stderr):
        try:
            stream.flush()
        except OSError:
            os.dup2(os.open(os.devnull, os.O_WRONLY), stream.fileno())
    os._exit(code)

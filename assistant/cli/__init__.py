"""The ``assistant`` command: start-up, interrupts, and one line for every error."""

from __future__ import annotations

import os
import signal
import sys
from types import FrameType

from assistant.errors import AssistantError, ExitCode, Interrupted
from assistant.interrupting import interrupt
from assistant.terminal import safe


def main() -> None:
    """Run the command line and leave with one of the documented exit codes."""
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")  # more only wait for one another here
    signal.signal(signal.SIGINT, _interrupted)
    if hasattr(signal, "SIGPIPE"):
        signal.signal(signal.SIGPIPE, signal.SIG_DFL)  # `assistant list | head` ends quietly
    for name in ("stdout", "stderr"):
        if getattr(sys, name) is None:  # closed by the caller
            setattr(sys, name, open(os.devnull, "w"))  # noqa: PTH123, SIM115
        elif hasattr(getattr(sys, name), "reconfigure"):
            getattr(sys, name).reconfigure(errors="replace")
    try:
        from assistant.cli.app import app

        code = app(prog_name="assistant", standalone_mode=False)
        sys.stdout.flush()
        sys.exit(code or ExitCode.DONE)
    except AssistantError as error:
        hint = f" ({error.hint})" if error.hint else ""
        print(safe(f"assistant: {error.message}{hint}"), file=sys.stderr)
        sys.exit(error.exit_code)
    except Interrupted:
        print("assistant: stopped", file=sys.stderr)
        _leave(ExitCode.INTERRUPTED)
    except OSError as error:
        print(f"assistant: cannot write the output: {error.strerror}", file=sys.stderr)
        _leave(ExitCode.ERROR)
    except Exception as error:
        # typer's own errors (an unknown option, an aborted question) know how to show themselves
        if not hasattr(error, "exit_code"):
            if isinstance(error.__cause__, Interrupted):  # Python wraps what __set_name__ raises
                print("assistant: stopped", file=sys.stderr)
                _leave(ExitCode.INTERRUPTED)
            if type(error).__name__ != "Abort":
                raise
            sys.exit(ExitCode.ERROR)
        error.show()  # type: ignore[attr-defined]
        sys.exit(error.exit_code)


def _interrupted(signum: int, frame: FrameType | None) -> None:
    if not interrupt():
        raise Interrupted


def _leave(code: ExitCode) -> None:
    """End at once: native threads and a closed pipe must not delay or spoil the exit."""
    for stream in (sys.stdout, sys.stderr):
        try:
            stream.flush()
        except OSError:
            os.dup2(os.open(os.devnull, os.O_WRONLY), stream.fileno())
    os._exit(code)

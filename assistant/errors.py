"""Every failure a user can meet, each with a hint and an exit code.

AssistantError (1)
├── UsageError (2)            the command or question cannot be understood
├── LibraryMissing (4)        there is no library where one was named
├── LibraryStale (4)          the library does not fit this program or encoder
├── LibraryLocked (5)         another process is writing
├── LibraryUnwritable (1)     no permission, no space
├── SourceUnreadable (1)      an input file cannot be read as papers
├── OutputUnwritable (1)      an export cannot be written where it was to go
├── ModelUnusable (1)         a model file does not work, or a server gives no model
│   ├── PromptTooLong         what it is to read does not fit into its context
│   └── ModelLost (1)         the server that runs the model has failed meanwhile
└── EngineLost (1)            the process that runs the models has ended
"""

from __future__ import annotations

from enum import IntEnum


class ExitCode(IntEnum):
    """The exit codes of the ``assistant`` command; part of its interface."""

    DONE = 0
    ERROR = 1
    USAGE = 2
    NOTHING_FOUND = 3
    LIBRARY = 4
    LOCKED = 5
    INTERRUPTED = 130


class AssistantError(Exception):
    """What happened (``message``) and what the user can do about it (``hint``)."""

    exit_code = ExitCode.ERROR

    def __init__(self, message: str, hint: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint


class UsageError(AssistantError):
    """The request itself cannot be served: an empty question, an unknown setting."""

    exit_code = ExitCode.USAGE


class LibraryMissing(AssistantError):
    """No library exists at the path that was named."""

    exit_code = ExitCode.LIBRARY


class LibraryStale(AssistantError):
    """The library was written by a newer program, or its index by another encoder."""

    exit_code = ExitCode.LIBRARY


class LibraryLocked(AssistantError):
    """Another process holds the one write lock of the library."""

    exit_code = ExitCode.LOCKED


class LibraryUnwritable(AssistantError):
    """The library's folder or disk does not accept the write."""


class SourceUnreadable(AssistantError):
    """A file given to ``add`` cannot be read as papers at all."""


class OutputUnwritable(AssistantError):
    """The folder or disk that an export was to go to does not accept it."""


class ModelUnusable(AssistantError):
    """A language model or encoder is missing, damaged or of the wrong kind."""


class PromptTooLong(ModelUnusable):
    """Prompt and answer do not fit into the context of the language model."""


class ModelLost(ModelUnusable):
    """The server that runs the language model, reached before, fails at a sentence."""


class EngineLost(AssistantError):
    """The process that holds index and models cannot be started, or has died."""


class Interrupted(BaseException):
    """The user pressed Ctrl-C; not an ``Exception``, so that no library swallows it."""

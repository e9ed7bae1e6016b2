"""What every command needs: the settings, the assistant, and where output goes."""

from __future__ import annotations

import json
import shlex
import shutil
import sys
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

import typer

from assistant import config
from assistant.cli.progress import Reporter
from assistant.config import Config
from assistant.terminal import safe

if TYPE_CHECKING:
    from assistant.api import Assistant


@dataclass
class Session:
    """One run of the command; heavy parts are imported when a command first uses them."""

    library_option: Path | None
    config_option: Path | None

    @cached_property
    def reporter(self) -> Reporter:
        """Progress on standard error."""
        return Reporter(sys.stderr)

    def config(self, **flags: Any) -> Config:
        """The settings in force; flags that are ``None`` were not given."""
        return config.load(
            self.config_option,
            config_required=True if self.config_option else None,
            library=str(self.library_option) if self.library_option else None,
            **flags,
        )

    def global_options(self) -> list[str]:
        """The options before the command, to start another process with."""
        options = []
        if self.library_option:
            options += ["--library", str(self.library_option)]
        if self.config_option:
            options += ["--config", str(self.config_option)]
        return options

    def assistant(self, **flags: Any) -> Assistant:
        """The assistant on the chosen library, with flags laid over the settings."""
        from assistant.api import Assistant

        return Assistant(self.config(**flags), self.reporter)

    def announce_model(self, assistant: Assistant) -> None:
        """Say on standard error which model of a server writes, and what is sent where."""
        from assistant.endpoint import RemoteModel

        if assistant.config.endpoint and isinstance(assistant.model, RemoteModel):
            for said in filter(None, (assistant.model.choice, assistant.model.warning)):
                notice(said)

    def announce_library(self, assistant: Assistant) -> None:
        """Say so on standard error if the answers come from the starter library."""
        if assistant.uses_starter:
            notice(
                "Your own library is empty, so this is about the starter library: "
                f"{assistant.library.count()} papers as synopses written for this program, not as "
                "their authors' abstracts. Add yours with: assistant add PATH"
            )

    def announce_unchecked(self, assistant: Assistant) -> None:
        """Say so on standard error if nobody knows yet how the language model writes."""
        from assistant.model_files import UNCHECKED

        model = assistant.loaded_model
        if model is not None and model.manner == UNCHECKED:
            notice(
                f"{model.name} is not checked yet, so it only chooses among safe rewordings. "
                f"Measure it once: assistant models check {shlex.quote(assistant.config.model)}"
            )


def session(context: typer.Context) -> Session:
    """The session that the global options made."""
    found = context.find_object(Session)
    assert found is not None
    return found


def notice(text: str) -> None:
    """One line for the person, not for the next program in the pipe."""
    typer.echo("\n".join(safe(line) for line in text.split("\n")), err=True)


def print_json(value: Any) -> None:
    """One JSON object on one line, flushed, so that a reader downstream sees it at once."""
    sys.stdout.write(json.dumps(value, ensure_ascii=False) + "\n")
    sys.stdout.flush()


def width() -> int:
    """Columns of the terminal, at most 100; 100 in a pipe."""
    return min(shutil.get_terminal_size((100, 24)).columns, 100) if sys.stdout.isatty() else 100

"""``assistant models check``: how well and how fast a language model writes here."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Annotated

import typer

from assistant.cli.session import print_json, session
from assistant.errors import UsageError
from assistant.terminal import safe

if TYPE_CHECKING:
    from assistant.trial import Trial

_ROWS = {
    "kept": "kept by the check",
    "copied": "copied word for word",
    "invented": "with an invented number",
    "negation": "with a negation more or less",
    "circles": "going round in circles",
    "unfinished": "unfinished",
    "merged": "with a fact of what it does not cite",
    "stray": "with a marker that is none",
}
_OF_MARKERS = ("merged", "stray")
_LABEL = 38
"""Columns."""


def check(
    context: typer.Context,
    model: Annotated[
        str | None, typer.Argument(help="Known name or GGUF file; the one in use without it.")
    ] = None,
    json_output: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
) -> None:
    """Measure how a model writes, and decide whether it may write sentences or whole answers.

    It writes for a fixed set of evidence sentences, freely and held to safe rewordings, then whole
    paragraphs. What is found holds for this very file from now on, whatever the catalogue says.
    """
    from assistant import __version__, measured
    from assistant.model_files import local_writer
    from assistant.trial import try_out

    run = session(context)
    settings = run.config()
    if settings.endpoint and model is None:
        raise UsageError("a server's model is not checked", "name a model of this computer")
    found = local_writer(replace(settings, model=model or settings.model), run.reporter)
    try:
        trial = try_out(found, run.reporter)
    finally:
        run.reporter.stop()
        found.close()
    figures = {"name": found.name, "program": __version__, **trial.to_json()}
    measured.keep(found.sha256, figures)
    if json_output:
        print_json({"sha256": found.sha256} | figures)
        return
    typer.echo(safe(found.name))
    for line in _lines(trial):
        typer.echo(line)
    typer.echo(f"Kept in {measured.file()}.")


def _lines(trial: Trial) -> list[str]:
    from assistant.attempts import WAYS

    figures = trial.to_json()
    lines = [f"{'':{_LABEL}}" + "".join(f"{way:>12}" for way in WAYS)]
    lines.append(
        f"{'sentences':{_LABEL}}" + "".join(f"{figures[w]['sentences']:>12}" for w in WAYS)
    )
    for what, label in _ROWS.items():
        shares = [
            "-" if what in _OF_MARKERS and way != "paragraphs" else f"{figures[way][what]:.0%}"
            for way in WAYS
        ]
        lines.append(f"{label:{_LABEL}}" + "".join(f"{text:>12}" for text in shares))
    seconds = "".join(f"{figures[way]['cpu_seconds_per_sentence']:>12.2f}" for way in WAYS)
    lines.append(f"{'CPU seconds a sentence':{_LABEL}}{seconds}")
    memory = f"{trial.peak_memory_mb} MB" if trial.peak_memory_mb else "unknown"
    reasons = ", and it does so although told not to" if trial.reasons_anyway else ""
    lines += [
        f"tokens a second: {trial.read_per_second:.0f} read,"
        f" {trial.written_per_second:.1f} written",
        f"loaded in {trial.load_seconds:.1f} s; memory of the process at most: {memory}",
        f"chat template: {'yes' if trial.has_template else 'none, ChatML is taken'}",
        f"reasons before it answers: {trial.thinking}{reasons}",
        "It writes its own sentences first; those that fail the check are replaced."
        if trial.writes_freely
        else "Of single sentences it only chooses among safe rewordings of the evidence.",
        "It writes answers of several sentences as a whole before that."
        if trial.writes_paragraphs
        else "It does not write answers as a whole, unless the setting writing says so.",
    ]
    return lines

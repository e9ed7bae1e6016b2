"""``assistant verify``: whether saved answers still hold in today's library."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from assistant.cli.batch import read_text
from assistant.cli.session import notice, print_json, session
from assistant.errors import ExitCode
from assistant.terminal import safe


def verify(
    context: typer.Context,
    file: Annotated[
        Path, typer.Argument(help="What ask or summarize printed with --json; - is a pipe.")
    ],
    json_output: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
) -> None:
    """Check saved answers and summaries again: their papers, quotes and sentences."""
    from assistant.verifying import read_saved
    from assistant.verifying import verify as verified

    saved = read_saved(read_text(file))
    run = session(context)
    assistant = run.assistant()
    failed = 0
    try:
        for record in saved:
            findings = verified(record, assistant.library)
            faulty = [finding for finding in findings if finding.fault]
            failed += len(faulty)
            name = str(record.get("question") or record.get("topic") or "")
            if json_output:
                found = [{"what": item.what, "fault": item.fault or None} for item in findings]
                print_json({"id": record.get("id"), "question": name, "findings": found})
                continue
            holding = f"{len(findings) - len(faulty)} of {len(findings)} hold"
            typer.echo(f"{safe(name)}: {holding if findings else 'it cites nothing'}")
            for finding in faulty:
                typer.echo(f"  - {safe(finding.what)}: {safe(finding.fault)}")
        run.announce_library(assistant)
    finally:
        assistant.close()
    if failed:
        notice(f"assistant: {failed} no longer hold")
        raise typer.Exit(ExitCode.ERROR)

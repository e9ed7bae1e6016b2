"""``assistant doctor``: whether everything the program needs is there."""

from __future__ import annotations

from typing import Annotated

import typer

from assistant.cli.session import print_json, session
from assistant.errors import ExitCode


def doctor(
    context: typer.Context,
    json_output: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
) -> None:
    """Check the installation; each line that fails says how to mend it."""
    from assistant.doctor import examine

    run = session(context)
    findings = examine(run.config())
    if json_output:
        print_json([vars(finding) for finding in findings])
    else:
        for finding in findings:
            mark = "ok  " if finding.ok else "FAIL"
            mend = f" -> {finding.mend}" if finding.mend and not finding.ok else ""
            typer.echo(f"{mark} {finding.what}: {finding.found}{mend}")
    if not all(finding.ok for finding in findings):
        raise typer.Exit(ExitCode.ERROR)

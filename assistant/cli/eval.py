"""``assistant eval``: questions with known answers, asked and measured."""

from __future__ import annotations

import sys
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from assistant.cli.choosing import EndpointOption, ModelOption
from assistant.cli.session import notice, print_json, session
from assistant.errors import ExitCode, Interrupted


class Measured(StrEnum):
    """What ``--only`` accepts."""

    RETRIEVAL = "retrieval"
    EVIDENCE = "evidence"
    ANSWERS = "answers"
    REFUSING = "refusing"


def evaluate(
    context: typer.Context,
    questions: Annotated[
        Path,
        typer.Argument(
            metavar="QUESTIONS",
            help="JSON Lines with question, gold_titles, …, or a folder in BEIR's layout.",
        ),
    ],
    more_papers: Annotated[
        list[Path] | None, typer.Argument(metavar="[PATH]…", help="More files after --papers.")
    ] = None,
    papers: Annotated[
        list[Path] | None,
        typer.Option(
            metavar="PATH…",
            help="Files for a throw-away library; without them your own library is asked.",
        ),
    ] = None,
    only: Annotated[
        list[Measured] | None, typer.Option(help="Measure only this; may be repeated.")
    ] = None,
    types: Annotated[
        list[str] | None, typer.Option("--type", help="Only questions of this type; repeatable.")
    ] = None,
    limit: Annotated[
        int | None, typer.Option(min=1, help="Ask so many, spread over the file.")
    ] = None,
    take_away: Annotated[
        bool,
        typer.Option("--take-away", help="Ask each again with its papers hidden, to see refusals."),
    ] = False,
    quotes_only: Annotated[
        bool, typer.Option("--quotes-only", help="Quote the abstracts; no language model.")
    ] = False,
    model: ModelOption = None,
    endpoint: EndpointOption = None,
    encoder: Annotated[str | None, typer.Option(help="Known encoder or its folder.")] = None,
    seed: Annotated[
        int | None, typer.Option(min=0, help="0: likeliest wording; another: another wording.")
    ] = None,
    json_output: Annotated[
        Path | None, typer.Option("--json", help="Write everything to this file; - prints it.")
    ] = None,
    against: Annotated[
        Path | None, typer.Option(help="Compare with an earlier file of --json.")
    ] = None,
    work: Annotated[
        Path | None, typer.Option(help="Folder for what is made meanwhile; the cache without it.")
    ] = None,
    keep: Annotated[bool, typer.Option("--keep", help="Keep the throw-away library.")] = False,
) -> None:
    """Measure answers to questions whose right answers are known.

    Tells how many of the right papers are found, sentences quoted, facts given and questions
    refused. A run that was stopped goes on where it was.
    """
    from assistant.evaluation import comparing, comparison_report, record
    from assistant.evaluation.evaluating import evaluate
    from assistant.evaluation.report import report
    from assistant.evaluation.request import Request
    from assistant.evaluation.scoring import Part
    from assistant.evaluation.summary import summarise

    run = session(context)
    earlier = record.read(against) if against else None
    to_file = json_output is not None and str(json_output) != "-"
    if json_output is not None and to_file:
        record.check_place(json_output)
    request = Request(
        questions,
        papers=(*(papers or ()), *(more_papers or ())),
        only=frozenset(Part(name) for name in only or ()),
        quotes_only=quotes_only,
        take_away=take_away,
        kinds=tuple(types or ()),
        limit=limit,
        seed=seed,
        work=work,
        keep=keep,
        against=earlier,
    )
    try:
        settings = run.config(model=model, endpoint=endpoint, encoder=encoder)
        measured, indexed = evaluate(settings, request, run.reporter, notice)
    except Interrupted:
        run.reporter.stop()
        notice("What was done so far is kept; the same command goes on from there.")
        raise
    finally:
        run.reporter.stop()
    summary = summarise(measured.results)
    text = report(summary, indexed=indexed)
    if earlier:
        found = comparing.compare(earlier, measured)
        text += f"\n\n\n{comparison_report.report(found, str(against))}"
    if json_output is not None and not to_file:
        print_json(measured.to_json(summary))
        print(text, file=sys.stderr)
    else:
        if json_output is not None:
            record.write(measured.to_json(summary), json_output)
        typer.echo(text)
    for result in measured.results:
        for problem in result.problems:
            notice(f"assistant: {result.name}: {problem}")
    if summary.invalid:
        raise typer.Exit(ExitCode.ERROR)

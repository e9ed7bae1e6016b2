"""``assistant replay``: saved answers asked for again, and what is otherwise now."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from assistant.cli.batch import read_text
from assistant.cli.choosing import EndpointOption
from assistant.cli.session import Session, notice, print_json, session
from assistant.errors import ExitCode, ModelUnusable, UsageError

if TYPE_CHECKING:
    from assistant.answers import Asked
    from assistant.api import Assistant
    from assistant.replaying import Comparison


def replay(
    context: typer.Context,
    file: Annotated[Path, typer.Argument(help="What ask printed with --json; - is a pipe.")],
    json_output: Annotated[
        bool, typer.Option("--json", help="Print what differs as JSON, instead of the answers.")
    ] = False,
    todays_settings: Annotated[
        bool, typer.Option("--todays-settings", help="Do not take the settings from the file.")
    ] = False,
    papers: Annotated[int | None, typer.Option(min=1, help="Ask with another number.")] = None,
    sentences: Annotated[int | None, typer.Option(min=1, help="Ask with another number.")] = None,
    model: Annotated[str | None, typer.Option(help="Ask with another model.")] = None,
    endpoint: EndpointOption = None,
    seed: Annotated[int | None, typer.Option(min=0, help="Ask with another seed.")] = None,
) -> None:
    """Ask for saved answers again and say what is otherwise now.

    Each is asked as it was, with the settings in the file, and printed with the timings in the
    file: the same bytes if nothing differs. What differs is said on standard error, and the exit
    code is then 1.
    """
    from assistant.api import Assistant
    from assistant.replaying import check_places, compare, request
    from assistant.verifying import read_saved

    saved = read_saved(read_text(file))
    requests = [request(record) for record in saved]
    run = session(context)
    options = {"papers": papers, "sentences": sentences, "seed": seed}
    assistant: Assistant | None = None
    differing = 0
    try:
        for record, asked in zip(saved, requests, strict=True):
            if asked is None:
                _report(record, None, "it was refused as no question", json_output)
                if not json_output:
                    print_json(record)
                continue
            wanted = {} if todays_settings else asked.settings
            unused = {"endpoint"} if endpoint is not None or asked.asked.quotes_only else set()
            check_places({k: v for k, v in wanted.items() if k not in unused}, run.config())
            settings = replace(run.config(), **wanted)
            settings = settings.laid_over(model=model, endpoint=endpoint, **options)
            if assistant is None or assistant.config != settings:
                if assistant:
                    assistant.close()
                assistant = Assistant(settings, run.reporter)
            if not asked.asked.quotes_only:
                _find_model(run, assistant)
            try:
                now = _answer(assistant, record, asked.asked)
            except UsageError as error:  # a set that is no more
                differing += 1
                _report(record, None, f"it cannot be asked again: {error.message}", json_output)
                continue
            found = compare(record, now, assistant.library)
            differing += not found.same
            _report(record, found, "", json_output)
            if not json_output:
                print_json(now)
        if assistant:
            run.announce_library(assistant)
            run.announce_unchecked(assistant)
    finally:
        run.reporter.stop()
        if assistant:
            assistant.close()
    if differing:
        notice(f"assistant: {differing} of {len(saved)} are not the same now")
        raise typer.Exit(ExitCode.ERROR)
    notice(f"assistant: {len(saved)} of {len(saved)} are the same, timings aside")


def _find_model(run: Session, assistant: Assistant) -> None:
    if assistant.loaded_model is not None:
        return
    try:
        _ = assistant.model
        run.announce_model(assistant)
    except ModelUnusable as error:
        option = "--endpoint URL" if assistant.config.endpoint else "--model NAME"
        other = f"or ask with another: assistant replay {option}"
        raise ModelUnusable(error.message, f"{error.hint}; {other}") from error


def _answer(assistant: Assistant, record: Mapping[str, Any], asked: Asked) -> dict[str, Any]:
    """The answer of now as ``ask --json`` prints it, with what the file has of keys and timings."""
    from assistant.answers import Finished
    from assistant.explaining import explanation_json

    *_, finished = assistant.ask(
        record["question"],
        asked.history,
        quotes_only=asked.quotes_only,
        filters=asked.filters,
        without=asked.without,
    )
    assert isinstance(finished, Finished)
    printed = assistant.to_json(finished.answer, record.get("id"), quotes_only=asked.quotes_only)
    printed["timings"] = record.get("timings")
    if "explanation" in record:
        printed["explanation"] = explanation_json(finished.answer, assistant.config)
    if "manifest" not in record:
        del printed["manifest"]
    return printed


def _report(
    record: Mapping[str, Any], found: Comparison | None, problem: str, as_json: bool
) -> None:
    if as_json:
        print_json(
            {
                "id": record.get("id"),
                "question": record["question"],
                "same": found.same if found else None,
                "problem": problem or None,
                "changed": [vars(change) for change in found.changed] if found else [],
                "answer": [vars(change) for change in found.answer] if found else [],
                "unknown": found.unknown or None if found else None,
            }
        )
        return
    if problem:
        notice(f"{record['question']}: {problem}")
        return
    assert found
    if found.unknown:
        notice(
            f"{record['question']}: the file is of an older version and does not tell: "
            f"{found.unknown}; today's are taken"
        )
    if found.same:
        return
    notice(f"{record['question']}: not the same now")
    notice("What decides the answer:")
    for change in found.changed:
        notice(f"- {change}")
    if not found.changed:
        notice("- nothing that the file tells has changed")
    notice("The answer:")
    for change in found.answer:
        notice(f"- {change}")
    if not found.answer:
        notice("- is the same")

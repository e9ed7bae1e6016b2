"""``assistant ask``: one question, a question from a pipe, or a file of questions."""

from __future__ import annotations

import sys
from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from assistant.cli.batch import read_batch
from assistant.cli.choosing import (
    AuthorOption,
    EndpointOption,
    ModelOption,
    SetOption,
    SourceOption,
    YearOption,
    chosen,
)
from assistant.cli.session import Session, notice, print_json, session, width
from assistant.errors import AssistantError, ExitCode, UsageError
from assistant.terminal import safe

if TYPE_CHECKING:
    from assistant.answers import Answer
    from assistant.api import Assistant
    from assistant.conversation import Turn
    from assistant.filters import Filters


@dataclass(frozen=True)
class _How:
    """What the options say of how to answer, and what to print."""

    quotes_only: bool
    filters: Filters
    explained: bool

    @property
    def asking(self) -> dict[str, Any]:
        """The options of ``Assistant.ask``."""
        return {"quotes_only": self.quotes_only, "filters": self.filters}


def ask(
    context: typer.Context,
    question: Annotated[
        str | None, typer.Argument(help="The question; - or nothing reads it from a pipe.")
    ] = None,
    json_output: Annotated[bool, typer.Option("--json", help="Print one JSON object.")] = False,
    batch: Annotated[
        Path | None,
        typer.Option(help='File of questions, JSON Lines with "id", "question", "history".'),
    ] = None,
    jsonl: Annotated[
        bool, typer.Option("--jsonl", help="With --batch: print one JSON object a question.")
    ] = False,
    papers: Annotated[int | None, typer.Option(min=1, help="Most papers to draw on.")] = None,
    sentences: Annotated[int | None, typer.Option(min=1, help="Most sentences.")] = None,
    model: ModelOption = None,
    endpoint: EndpointOption = None,
    seed: Annotated[
        int | None, typer.Option(min=0, help="0: likeliest wording; another: another wording.")
    ] = None,
    quotes_only: Annotated[
        bool, typer.Option("--quotes-only", help="Quote the abstracts; no language model.")
    ] = False,
    explain: Annotated[
        bool, typer.Option("--explain", help="Print also what was found, used and left, and why.")
    ] = False,
    year: YearOption = None,
    source: SourceOption = None,
    author: AuthorOption = None,
    set_name: SetOption = None,
) -> None:
    """Answer a question from the library, every sentence cited."""
    if batch is not None and question is not None:
        raise UsageError("give a question or --batch FILE, not both", "assistant ask --help")
    run = session(context)
    assistant = run.assistant(
        papers=papers, sentences=sentences, model=model, endpoint=endpoint, seed=seed
    )
    how = _How(quotes_only, chosen(year, source, author, set_name), explain)
    try:
        if not quotes_only:
            run.announce_model(assistant)
        if batch is not None:
            _batch(run, assistant, batch, jsonl or json_output, how)
            return
        text = _question(question)
        if json_output:
            answer = _last(assistant, text, how)
            _print_json(assistant, answer, how)
        else:
            answer = _to_terminal(run, assistant, text, how)
        run.announce_unchecked(assistant)
    finally:
        run.reporter.stop()
        assistant.close()
    if answer.refused:
        raise typer.Exit(ExitCode.NOTHING_FOUND)


def _question(argument: str | None) -> str:
    if argument not in (None, "-"):
        return str(argument)
    if argument is None and sys.stdin.isatty():
        raise UsageError("no question", 'example: assistant ask "What is muTransfer?"')
    return sys.stdin.read()


def _last(assistant: Assistant, question: str, how: _How, history: tuple[Turn, ...] = ()) -> Answer:
    from assistant.answers import Finished

    *_, finished = assistant.ask(question, history, **how.asking)
    assert isinstance(finished, Finished)
    _announce_loss(finished.answer)
    return finished.answer


def _print_json(
    assistant: Assistant, answer: Answer, how: _How, identifier: str | None = None
) -> None:
    from assistant.explaining import explanation_json

    printed = assistant.to_json(answer, identifier, quotes_only=how.quotes_only)
    if how.explained:
        printed["explanation"] = explanation_json(answer, assistant.config)
    print_json(printed)


def _to_terminal(run: Session, assistant: Assistant, question: str, how: _How) -> Answer:
    """Print each sentence as soon as it is checked, then the sources."""
    from assistant.answers import Finished, Found, Sentence, with_markers
    from assistant.render import refusal_text, remark_text, sources_text, verdict_text
    from assistant.terminal import LineFiller

    filler = LineFiller(width())
    for event in assistant.ask(question, **how.asking):
        if isinstance(event, Found):
            typer.echo(verdict_text(event.verdict, width()), nl=False)
        elif isinstance(event, Sentence):
            made = event.sentence
            sys.stdout.write(filler.fill(with_markers(made), on_new_line=made.begins))
            sys.stdout.flush()
        elif isinstance(event, Finished):
            answer = event.answer
    if answer.refused:
        typer.echo(refusal_text(answer, width()))
    else:
        remark = remark_text(answer, width())
        typer.echo(f"\n\n{remark}{sources_text(answer.sources, width())}")
        _explain_origin(assistant, answer, how.quotes_only)
    if how.explained:
        typer.echo(f"\n{_explanation(assistant, answer, how)}")
    run.announce_library(assistant)
    return answer


def _explanation(assistant: Assistant, answer: Answer, how: _How) -> str:
    from assistant.explaining import explanation_text

    writer = "" if how.quotes_only else assistant.model.label
    return explanation_text(answer, assistant.config, width(), writer)


def _explain_origin(assistant: Assistant, answer: Answer, quotes_only: bool) -> None:
    made = Counter(sentence.maker for sentence in answer.sentences)
    if quotes_only:
        notice("\nAll sentences are quoted.")
        return
    model = assistant.model
    by = model.label + (f" ({model.manner})" if model.manner else "")
    rule = f"; {made['rule']} shortened by rule, as the model's own failed" if made["rule"] else ""
    notice(
        f"\n{made['model']} of {made.total()} sentences worded by {by} and checked against the "
        f"sentence they cite{rule}; those in quotation marks are quoted."
    )
    _announce_loss(answer)


def _announce_loss(answer: Answer) -> None:
    if answer.lost:
        notice(f"assistant: the model was lost, so that the rest is quoted: {answer.lost}")


def _batch(run: Session, assistant: Assistant, file: Path, as_json: bool, how: _How) -> None:
    """Answer every line; a line that is no question is answered with an error object."""
    from assistant.filters import members
    from assistant.render import answer_text

    failed = False
    members(assistant.library, how.filters)
    for number, item, problem in read_batch(file, "question"):
        try:
            if problem:
                raise UsageError(problem)
            answer = _last(assistant, item["question"], how, _history(item))
        except UsageError as error:
            failed = True
            notice(f"assistant: {file}:{number}: {error.message}")
            if as_json:
                answer = _refusal(item, error)
                _print_json(assistant, answer, how, item.get("id"))
            continue
        if as_json:
            _print_json(assistant, answer, how, item.get("id"))
            continue
        typer.echo(f"## {safe(item['question'])}\n\n{answer_text(answer, width())}\n")
        if how.explained:
            typer.echo(f"{_explanation(assistant, answer, how)}\n")
    run.announce_library(assistant)
    run.announce_unchecked(assistant)
    if failed:
        raise typer.Exit(ExitCode.ERROR)


def _history(item: dict[str, Any]) -> tuple[Turn, ...]:
    from assistant.conversation import Turn

    turns = item.get("history") or []
    if not isinstance(turns, list) or not all(
        isinstance(turn, dict)
        and turn.get("role") in ("user", "assistant")
        and isinstance(turn.get("content"), str)
        for turn in turns
    ):
        raise UsageError('"history" must be a list of {"role", "content"}')
    return tuple(Turn(turn["role"], turn["content"]) for turn in turns)


def _refusal(item: dict[str, Any], error: AssistantError) -> Answer:
    from assistant.answers import Answer

    return Answer(str(item.get("question") or ""), refused=True, reason=error.message)

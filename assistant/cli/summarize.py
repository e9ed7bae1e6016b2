"""``assistant summarize``: what a set of papers says, every paper read, every sentence cited."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from enum import StrEnum
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Annotated

import typer

from assistant.cli.choosing import AuthorOption, SetOption, SourceOption, YearOption, chosen
from assistant.cli.cite import named
from assistant.cli.papers import name_rejected
from assistant.cli.session import Session, notice, print_json, session, width
from assistant.errors import ExitCode, UsageError
from assistant.terminal import safe

if TYPE_CHECKING:
    from assistant.api import Assistant
    from assistant.filters import Filters
    from assistant.library import StoredPaper
    from assistant.summary.choosing import Candidate, Choice, OffTopic
    from assistant.summary.summarizing import Summary

MOST_LEFT_OUT = 500
"""Papers of a set that are looked through for those off a topic."""
FEWEST = 3
"""Papers that a summary is meant for; fewer are quoted all the same, and it is said."""


class Style(StrEnum):
    """What ``--style`` accepts."""

    BRIEF = "brief"
    THEMES = "themes"
    TABLE = "table"


class SummaryFormat(StrEnum):
    """What ``--format`` accepts."""

    TEXT = "text"
    MARKDOWN = "markdown"
    JSON = "json"
    CSV = "csv"
    BIBTEX = "bibtex"
    HTML = "html"


def summarize(
    context: typer.Context,
    topic: Annotated[
        str | None,
        typer.Argument(
            help="What the papers are about; without it, all chosen ones. - reads ids from a pipe."
        ),
    ] = None,
    papers: Annotated[
        list[str] | None,
        typer.Option("--papers", metavar="ID", help="This paper; - reads ids from a pipe."),
    ] = None,
    files: Annotated[
        list[str] | None,
        typer.Option("--from", metavar="FILE", help="The papers of this file; none are kept."),
    ] = None,
    style: Annotated[
        Style, typer.Option(help="Key findings, theme by theme, or a table.")
    ] = Style.THEMES,
    columns: Annotated[
        str | None,
        typer.Option(
            metavar="NAME,…",
            help="Columns of the table: problem, method, data, finding, limits, or words of yours.",
        ),
    ] = None,
    form: Annotated[
        SummaryFormat, typer.Option("--format", help="How it is printed; CSV is the table.")
    ] = SummaryFormat.TEXT,
    threshold: Annotated[
        float | None,
        typer.Option(
            help="A paper is on topic from this relevance on, 0.5 by default: 0 is an ordinary "
            "paper of the library, 1 the nearest to a topic that the library is about.",
        ),
    ] = None,
    explain: Annotated[
        bool, typer.Option("--explain", help="Say of each paper why it is on topic.")
    ] = False,
    year: YearOption = None,
    source: SourceOption = None,
    author: AuthorOption = None,
    set_name: SetOption = None,
) -> None:
    """Summarize a set of papers, with quotes from every one of them."""
    filters = chosen(year, source, author, set_name)
    if topic == "-":
        topic, papers = None, [*(papers or []), "-"]
    if not (topic or papers or files or filters):
        raise UsageError(
            "say which papers: a topic, --set, --papers, --from or a filter",
            'example: assistant summarize "pruning of language models"',
        )
    if papers and (topic or files or filters):
        raise UsageError(
            "--papers goes with no topic, no --from and no filter", "assistant summarize --help"
        )
    if files and set_name:
        raise UsageError("--set is of the library, --from is not", "assistant summarize --help")
    if not topic and (explain or threshold is not None):
        raise UsageError("--explain and --threshold go with a topic", "assistant summarize --help")
    chosen_style = Style.TABLE if form is SummaryFormat.CSV else style
    if columns is not None and chosen_style is not Style.TABLE:
        raise UsageError("--columns are those of --style table", "assistant summarize --help")
    names = [name.strip() for name in (columns or "").split(",")] if columns is not None else []
    with _assistant(session(context), files or []) as assistant:
        choice = _on_topic(assistant, topic, filters, threshold, explain) if topic else None
        found = choice.papers if choice else _listed(assistant, papers, filters)
        left_out = _left_out(assistant, choice, filters) if choice and (files or filters) else []
        if not found:
            notice("no papers to summarize")
            raise typer.Exit(ExitCode.NOTHING_FOUND)
        if len(found) < FEWEST:
            notice(f"a summary is meant for {FEWEST} or more papers; this one has {len(found)}")
        whole = f"{len(found)} papers" if papers or files else filters.place
        summary = assistant.summarize(
            found, topic or whole, chosen_style.value, off_topic=left_out, columns=names
        )
        _print(assistant, summary, form, choice)
        session(context).announce_library(assistant)


@contextmanager
def _assistant(run: Session, files: list[str]) -> Iterator[Assistant]:
    """The assistant on the chosen library, or on a passing one of the papers of the files."""
    from assistant.api import Assistant

    with TemporaryDirectory(prefix="assistant-summary-") as folder:
        settings = run.config()
        if files:
            settings = replace(settings, library=str(Path(folder) / "library"))
        assistant = Assistant(settings, run.reporter)
        try:
            if files:
                report = assistant.add(files)
                name_rejected(report)
                notice(f"{report.read} records read, {len(report.rejected)} rejected")
            yield assistant
        finally:
            run.reporter.stop()
            assistant.close()


def _on_topic(
    assistant: Assistant, topic: str, filters: Filters, threshold: float | None, explain: bool
) -> Choice:
    """The papers on a topic; says how many they are, and which others are nearly."""
    choice = assistant.on_topic(topic, threshold, filters)
    count = len(choice.belonging)
    papers = "1 paper belongs" if count == 1 else f"{count} papers belong"
    notice(
        f"{papers} to the topic, of the {choice.looked_at} nearest: "
        f"relevance {choice.threshold:g} or more (--threshold)"
    )
    if choice.missing:
        notice(f"no paper of them mentions: {', '.join(choice.missing)}")
    if explain:
        _say_why(choice.belonging)
    if choice.near_misses:
        notice("nearly:")
        _say_why(choice.near_misses)
    return choice


def _say_why(candidates: Sequence[Candidate]) -> None:
    """On standard error, each paper with its relevance and the sentence that matched."""
    from assistant.render import wrapped

    for candidate in candidates:
        lines = wrapped(
            f"  {candidate.relevance:5.2f}  ", safe(candidate.stored.paper.title), width()
        )
        if candidate.sentence is not None:
            lines += wrapped("         > ", safe(candidate.reason), width())
        typer.echo("\n".join(lines), err=True)


def _left_out(assistant: Assistant, choice: Choice, filters: Filters) -> list[OffTopic]:
    """The papers that were chosen and are not on topic, up to a whole set of them."""
    from assistant.filters import members
    from assistant.summary.choosing import off_topic

    among = members(assistant.library, filters)
    ids = assistant.library.identifiers() if among is None else among
    return off_topic(choice, assistant.library.fetch(ids[:MOST_LEFT_OUT]).values())


def _listed(assistant: Assistant, papers: list[str] | None, filters: Filters) -> list[StoredPaper]:
    """The papers named or, without names, those that fulfil the filters, each once."""
    from assistant.filters import members

    if papers:
        identifiers = list(named(papers))
        if not identifiers:
            raise UsageError("no ids were given", "example: assistant list | assistant summarize -")
    else:
        chosen_ids = members(assistant.library, filters)
        identifiers = assistant.library.identifiers() if chosen_ids is None else chosen_ids
    found = {stored.id: stored for stored in map(assistant.library.get, identifiers)}
    return list(found.values())


def _print(
    assistant: Assistant, summary: Summary, form: SummaryFormat, choice: Choice | None
) -> None:
    from assistant.export.summary_html import to_html
    from assistant.summary import formats

    if form is SummaryFormat.JSON:
        library = {
            "papers": assistant.library.count(),
            "snapshot": assistant.library.snapshot(),
        }
        why = {} if choice is None else {"choice": formats.choice_json(choice)}
        print_json(formats.as_json(summary, library) | why)
    elif form is SummaryFormat.MARKDOWN:
        typer.echo(formats.markdown(summary))
    elif form is SummaryFormat.HTML:
        sys.stdout.write(to_html(summary))
    elif form is SummaryFormat.CSV:
        sys.stdout.write(formats.as_csv(summary))
    elif form is SummaryFormat.BIBTEX:
        sys.stdout.write(formats.as_bibtex(summary))
    else:
        typer.echo(formats.text(summary, width()))

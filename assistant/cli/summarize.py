"""``assistant summarize``: what a set of papers says, every paper read, every sentence cited."""

from __future__ import annotations

import sys
from collections.abc import Iterator
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

if TYPE_CHECKING:
    from assistant.api import Assistant
    from assistant.filters import Filters
    from assistant.library import StoredPaper
    from assistant.summary.choosing import OffTopic

MOST = 500
"""Papers of one summary."""


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
        str | None, typer.Argument(help="What the papers are about; without it, all chosen ones.")
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
    form: Annotated[
        SummaryFormat, typer.Option("--format", help="How it is printed; CSV is the table.")
    ] = SummaryFormat.TEXT,
    threshold: Annotated[
        float | None,
        typer.Option(
            min=0, max=1, help="A paper is on topic from this part of the best paper's score on."
        ),
    ] = None,
    year: YearOption = None,
    source: SourceOption = None,
    author: AuthorOption = None,
    set_name: SetOption = None,
) -> None:
    """Summarize a set of papers, with quotes from every one of them."""
    filters = chosen(year, source, author, set_name)
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
    with _assistant(session(context), files or []) as assistant:
        found, left_out = _chosen(
            assistant, topic, papers, filters, threshold, names_others=bool(files or filters)
        )
        if not found:
            notice("no papers to summarize")
            raise typer.Exit(ExitCode.NOTHING_FOUND)
        whole = f"{len(found)} papers" if papers or files else filters.place
        chosen_style = Style.TABLE if form is SummaryFormat.CSV else style
        _print(assistant, found, left_out, topic or whole, chosen_style, form)
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


def _chosen(
    assistant: Assistant,
    topic: str | None,
    papers: list[str] | None,
    filters: Filters,
    threshold: float | None,
    *,
    names_others: bool,
) -> tuple[list[StoredPaper], list[OffTopic]]:
    """The papers of the set; for a topic, says how many belong and, if asked, which do not."""
    from assistant.filters import members
    from assistant.summary.choosing import AS_NEAR, off_topic, on_topic

    if topic:
        hits = assistant.find(topic, MOST, filters)
        near = AS_NEAR if threshold is None else threshold
        belonging = on_topic(hits, near)
        notice(
            f"{len(belonging)} of the {len(hits)} nearest papers belong to the topic: "
            f"their score is at least {near:g} of the best (--threshold)"
        )
        if not names_others:
            return belonging, []
        among = members(assistant.library, filters)
        members_ids = assistant.library.identifiers() if among is None else among
        chosen = assistant.library.fetch(members_ids[:MOST])
        return belonging, off_topic(hits, near, chosen.values())
    if papers:
        identifiers = list(named(papers))
    else:
        chosen_ids = members(assistant.library, filters)
        identifiers = assistant.library.identifiers() if chosen_ids is None else chosen_ids
    if len(identifiers) > MOST:
        raise UsageError(
            f"{len(identifiers)} papers are more than a summary holds ({MOST})",
            "choose fewer with a topic or a filter",
        )
    found = {stored.id: stored for stored in map(assistant.library.get, identifiers)}
    return list(found.values()), []


def _print(
    assistant: Assistant,
    papers: list[StoredPaper],
    left_out: list[OffTopic],
    topic: str,
    style: Style,
    form: SummaryFormat,
) -> None:
    from assistant.export.summary_html import to_html
    from assistant.summary import formats
    from assistant.summary.summarizing import paper_vectors, sentence_vectors, summarize

    assistant.retriever  # noqa: B018 - indexes what waits
    vectors = paper_vectors(assistant.index, papers)
    sentences = sentence_vectors(assistant.index, papers)
    summary = summarize(papers, vectors, topic, style.value, sentences, left_out)
    if form is SummaryFormat.JSON:
        library = assistant.library
        print_json(
            formats.as_json(summary, {"papers": library.count(), "snapshot": library.snapshot()})
        )
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

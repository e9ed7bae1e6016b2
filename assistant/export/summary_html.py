"""A summary as one HTML page: what each paper says, and papers per year and theme."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from assistant.answers import AnswerSentence
from assistant.export.page import marker, named, page, source_list, text
from assistant.summary.formats import cells, paper_by_paper
from assistant.summary.summarizing import Summary

_PREFIX = "summary"


def to_html(summary: Summary) -> str:
    """The page; each marker leads to its source and shows the quote under the pointer."""
    return page(summary.topic, _body(summary))


def _body(summary: Summary) -> Iterator[str]:
    yield f'<p class="faint">{text(summary.coverage)}. Every sentence is quoted; what stands'
    yield "before a colon is made by rule.</p>"
    if summary.style == "table":
        yield from _table(summary)
    else:
        if summary.style == "themes":
            yield from _chart(summary)
        for section in summary.sections:
            yield f'<section><h2 dir="auto">{text(section.heading)}</h2>'
            for sentences in paper_by_paper(section):
                yield f'<p dir="auto">{_quoted(sentences)}</p>'
            for part in section.parts:
                if summary.names_parts:
                    yield f"<h3>{part.name}</h3>"
                for statement in part.statements:
                    sides = " – ".join(map(_quoted, statement.sides))
                    yield f'<p dir="auto">{text(statement.lead)} {sides}</p>'
            yield "</section>"
    yield "<h2>Sources</h2>"
    yield from source_list(summary.sources, _PREFIX)
    if summary.empty:
        yield "<p>Not read, as they have no abstract:</p><ul>"
        yield from (f'<li dir="auto">{named(stored)}</li>' for stored in summary.empty)
        yield "</ul>"
    if summary.off_topic:
        yield "<p>Off topic:</p><ul>"
        for left_out in summary.off_topic:
            because = text(left_out.reason)
            yield f'<li dir="auto">{named(left_out.stored)}, because {because}</li>'
        yield "</ul>"


def _quoted(sentences: Iterable[AnswerSentence]) -> str:
    return " ".join(
        f"{text(sentence.lead)} {text(sentence.body)} {marker(number, _PREFIX, sentence.text)}"
        for sentence in sentences
        for number in sentence.citations
    )


def _chart(summary: Summary) -> Iterator[str]:
    """How many papers of each theme are from which year; nothing where no year is known."""
    years = sorted({year for section in summary.sections for year in section.years})
    if not years:
        return
    columns = [*map(str, years)]
    undated = any(section.undated for section in summary.sections)
    if undated:
        columns.append("no year")
    yield '<table class="chart"><caption>Papers per year and theme</caption><tr><th></th>'
    yield from (f'<th scope="col">{column}</th>' for column in columns)
    yield "</tr>"
    for section in summary.sections:
        counts = [section.years.get(year, 0) for year in years]
        if undated:
            counts.append(section.undated)
        yield f'<tr><th scope="row" dir="auto">{text(section.heading)}</th>'
        yield from (f"<td>{_squares(count)}</td>" for count in counts)
        yield "</tr>"
    yield "</table>"


def _squares(count: int) -> str:
    return f"{'■' * min(count, 10)} {count}" if count else ""


def _table(summary: Summary) -> Iterator[str]:
    numbers = {source.stored.id: source.number for source in summary.sources}
    heads = (f'<th dir="auto">{text(column)}</th>' for column in summary.columns)
    yield f"<table><tr><th>paper</th>{''.join(heads)}</tr>"
    for note in summary.notes:
        paper = marker(numbers[note.stored.id], _PREFIX, note.stored.paper.title)
        told = "".join(
            f'<td dir="auto">{text(cell)}</td>' for cell in cells(summary, note).values()
        )
        yield f"<tr><td>{paper}</td>{told}</tr>"
    yield "</table>"

"""A summary -> text for the terminal, Markdown, JSON, CSV, BibTeX."""

from __future__ import annotations

import csv
import io
import itertools
from collections.abc import Iterator
from typing import Any

from assistant import __version__
from assistant.answers import AnswerSentence, with_markers
from assistant.bibliography import bibtex
from assistant.render import headline, source_json, wrapped
from assistant.summary.choosing import Candidate, Choice, OffTopic
from assistant.summary.notes import Notes
from assistant.summary.parts import Statement
from assistant.summary.summarizing import Section, Summary
from assistant.terminal import safe

NOT_STATED = "not stated"


def text(summary: Summary, width: int) -> str:
    """For the terminal or a pipe: sections or, for a table, a block of lines for each paper."""
    blocks = [f"{safe(summary.topic)}\n{summary.coverage}."]
    if summary.style == "table":
        wide = min(max(map(len, summary.columns)), width // 3)
        for number, note in enumerate(summary.notes, start=1):
            lines = wrapped(f"[{number}] ", headline(note.stored), width)
            for name, cell in cells(summary, note).items():
                lines += wrapped(f"    {safe(name):{wide}} ", safe(cell), width)
            blocks.append("\n".join(lines))
    else:
        for section in summary.sections:
            lines = [safe(section.heading)]
            for told in _told(section):
                lines += wrapped("- ", safe(told), width)
            for part in section.parts:
                lines += [f"{part.name}:"] if summary.names_parts else []
                for statement in part.statements:
                    lines += wrapped("- ", safe(stated(statement)), width)
            blocks.append("\n".join(lines))
        sources = [
            line
            for source in summary.sources
            for line in wrapped(f"[{source.number}] ", headline(source.stored), width)
        ]
        blocks.append("\n".join(sources))
    if summary.empty:
        unread = [f"  - {headline(stored)}" for stored in summary.empty]
        blocks.append("\n".join(["Not read, as they have no abstract:", *unread]))
    if summary.off_topic:
        lines = ["Off topic:"]
        for left_out in summary.off_topic:
            lines += wrapped("  - ", _because(left_out), width)
        blocks.append("\n".join(lines))
    return "\n\n".join(blocks)


def markdown(summary: Summary) -> str:
    """Markdown with a list of sources; the table as a table."""
    lines = [f"# {_escaped(summary.topic)}", "", f"{summary.coverage}.", ""]
    if summary.style == "table":
        heads = " | ".join(map(_escaped, ("paper", *summary.columns)))
        lines += [f"| {heads} |", f"|---{'|---' * len(summary.columns)}|"]
        for number, note in enumerate(summary.notes, start=1):
            row = " | ".join(map(_escaped, cells(summary, note).values()))
            lines.append(f"| [{number}] | {row} |")
        lines.append("")
    for section in summary.sections if summary.style != "table" else ():
        lines += [f"## {_escaped(section.heading)}", ""]
        told = [f"- {_escaped(told)}" for told in _told(section)]
        lines += [*told, ""] if told else []
        for part in section.parts:
            lines += [f"### {part.name}", ""] if summary.names_parts else []
            lines += [*(f"- {_escaped(stated(statement))}" for statement in part.statements), ""]
    lines += ["## Sources", ""]
    lines += [f"- [{s.number}] {_escaped(headline(s.stored))}" for s in summary.sources]
    if summary.empty:
        lines += ["", "Not read, as they have no abstract:", ""]
        lines += [f"- {_escaped(headline(stored))}" for stored in summary.empty]
    if summary.off_topic:
        lines += ["", "Off topic:", ""]
        lines += [f"- {_escaped(_because(left_out))}" for left_out in summary.off_topic]
    return "\n".join(lines)


def as_json(summary: Summary, library: dict[str, Any]) -> dict[str, Any]:
    """The object that ``summarize --json`` prints."""
    return {
        "topic": summary.topic,
        "style": summary.style,
        "papers": [note.stored.id for note in summary.notes],
        "coverage": {
            "read": len(summary.notes),
            "total": len(summary.notes) + len(summary.empty),
            "cited": sum(bool(source.quotes) for source in summary.sources),
            "without_abstract": [stored.id for stored in summary.empty],
            "off_topic": [
                {"id": left_out.stored.id, "reason": left_out.reason}
                for left_out in summary.off_topic
            ],
        },
        "sections": [
            {
                "heading": section.heading,
                "sentences": list(map(_sentence_json, section.sentences)),
                "parts": [
                    {
                        "name": part.name,
                        "statements": [
                            {
                                "kind": statement.kind,
                                "lead": statement.lead,
                                "sides": [[*map(_sentence_json, s)] for s in statement.sides],
                            }
                            for statement in part.statements
                        ],
                    }
                    for part in section.parts
                ],
                "years": {str(year): count for year, count in section.years.items()},
            }
            for section in (summary.sections if summary.style != "table" else ())
        ],
        "table": {
            "columns": list(summary.columns),
            "rows": [
                {"id": note.stored.id, "cells": {c: note.quote(c) for c in summary.columns}}
                for note in (summary.notes if summary.style == "table" else ())
            ],
        },
        "sources": [source_json(source) for source in summary.sources],
        "library": library,
        "version": __version__,
    }


def _sentence_json(sentence: AnswerSentence) -> dict[str, Any]:
    return {
        "text": sentence.text,
        "lead": sentence.lead,
        "citations": list(sentence.citations),
        "origin": sentence.origin,
        "support": sentence.support,
    }


def choice_json(choice: Choice) -> dict[str, Any]:
    """Why the papers were chosen for a topic, and which nearly were."""

    def told(candidate: Candidate) -> dict[str, Any]:
        stored, index = candidate.stored, candidate.sentence
        sentence = None
        if index is not None:
            start, end = stored.sentences[index]
            sentence = {"text": stored.sentence(index), "start": start, "end": end}
        return {
            "id": stored.id,
            "title": stored.paper.title,
            "relevance": round(candidate.relevance, 3),
            "sentence": sentence,
        }

    return {
        "threshold": choice.threshold,
        "looked_at": choice.looked_at,
        "missing": list(choice.missing),
        "papers": [told(candidate) for candidate in choice.belonging],
        "near_misses": [told(candidate) for candidate in choice.near_misses],
    }


def as_csv(summary: Summary) -> str:
    """The table: a row a paper; what is not stated says so."""
    file = io.StringIO()
    writer = csv.writer(file, lineterminator="\n")
    writer.writerow(["id", "title", "year", *map(_inert, summary.columns)])
    for note in summary.notes:
        paper = note.stored.paper
        facts = (note.stored.id, paper.title, paper.year or "", *cells(summary, note).values())
        writer.writerow([_inert(str(fact)) for fact in facts])
    return file.getvalue()


def as_bibtex(summary: Summary) -> str:
    """Exactly the papers that are cited."""
    return bibtex(source.stored.paper for source in summary.sources if source.quotes)


def paper_by_paper(section: Section) -> Iterator[list[AnswerSentence]]:
    """The sentences of each paper."""
    for _, sentences in itertools.groupby(section.sentences, lambda sentence: sentence.citations):
        yield list(sentences)


def stated(statement: Statement) -> str:
    """A statement with its quotes and markers; a dash stands between sides that are opposed."""
    sides = [" ".join(map(with_markers, side)) for side in statement.sides]
    return " ".join(filter(None, [statement.lead, " – ".join(sides)]))


def _because(left_out: OffTopic) -> str:
    return f"{headline(left_out.stored)}, because {safe(left_out.reason)}"


def _told(section: Section) -> Iterator[str]:
    """What each paper says, with markers."""
    for sentences in paper_by_paper(section):
        yield " ".join(map(with_markers, sentences))


def cells(summary: Summary, note: Notes) -> dict[str, str]:
    """The row of a paper: a sentence for each column, or that it is not stated."""
    return {c: " ".join((note.quote(c) or NOT_STATED).split()) for c in summary.columns}


def _inert(cell: str) -> str:
    """A cell that no spreadsheet takes for a formula."""
    return f"'{cell}" if cell.startswith(("=", "+", "-", "@")) else cell


def _escaped(text: str) -> str:
    """Text of papers without effect in Markdown."""
    line = " ".join(safe(text).split())
    return "".join(f"\\{char}" if char in "\\`*_<>|#" else char for char in line)

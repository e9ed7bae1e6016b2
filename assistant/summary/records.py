"""Summaries as JSON and back, complete: what the engine sends."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from assistant.records import (
    dump_papers,
    dump_sentence,
    dump_source,
    load_papers,
    load_sentence,
    load_source,
)
from assistant.summary.choosing import Candidate, OffTopic
from assistant.summary.notes import Notes
from assistant.summary.parts import Part, Statement
from assistant.summary.summarizing import Section, Summary


def dump_summary(summary: Summary) -> dict[str, Any]:
    """The summary with every paper of its set, each once, whole."""
    left_out = [left_out.stored for left_out in summary.off_topic]
    papers = [*(note.stored for note in summary.notes), *summary.empty, *left_out]
    return {
        "topic": summary.topic,
        "style": summary.style,
        "notes": [[note.stored.id, dict(note.sentences)] for note in summary.notes],
        "empty": [stored.id for stored in summary.empty],
        "sections": [
            [
                section.heading,
                [dump_sentence(sentence) for sentence in section.sentences],
                [_dump_part(part) for part in section.parts],
                [[year, count] for year, count in section.years.items()],
                section.undated,
            ]
            for section in summary.sections
        ],
        "sources": [dump_source(source) for source in summary.sources],
        "columns": list(summary.columns),
        "off_topic": [[left_out.stored.id, left_out.reason] for left_out in summary.off_topic],
        "papers": dump_papers(papers),
    }


def _dump_part(part: Part) -> list[Any]:
    statements = [
        [made.kind, made.lead, [list(map(dump_sentence, side)) for side in made.sides]]
        for made in part.statements
    ]
    return [part.name, statements]


def _load_part(record: list[Any]) -> Part:
    name, statements = record
    made = (
        Statement(kind, lead, tuple(tuple(map(load_sentence, side)) for side in sides))
        for kind, lead, sides in statements
    )
    return Part(name, tuple(made))


def load_summary(record: dict[str, Any]) -> Summary:
    """The summary that ``dump_summary`` was given."""
    papers = load_papers(record["papers"])
    return Summary(
        record["topic"],
        record["style"],
        [
            Notes(papers[i], {role: tuple(indexes) for role, indexes in found.items()})
            for i, found in record["notes"]
        ],
        [papers[i] for i in record["empty"]],
        [
            Section(
                heading,
                [load_sentence(sentence) for sentence in sentences],
                [_load_part(part) for part in parts],
                dict(years),
                undated,
            )
            for heading, sentences, parts, years, undated in record["sections"]
        ],
        [load_source(source, papers) for source in record["sources"]],
        [OffTopic(papers[i], reason) for i, reason in record["off_topic"]],
        tuple(record["columns"]),
    )


def dump_candidates(candidates: Iterable[Candidate]) -> dict[str, Any]:
    """Papers with how far they belong to a topic."""
    found = list(candidates)
    return {
        "found": [[one.stored.id, one.relevance, one.sentence] for one in found],
        "papers": dump_papers(one.stored for one in found),
    }


def load_candidates(record: dict[str, Any]) -> tuple[Candidate, ...]:
    """The candidates that ``dump_candidates`` was given."""
    papers = load_papers(record["papers"])
    return tuple(Candidate(papers[i], near, sentence) for i, near, sentence in record["found"])

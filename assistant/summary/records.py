"""Summaries as JSON and back, complete: what the engine sends."""

from __future__ import annotations

from typing import Any

from assistant.records import (
    dump_papers,
    dump_sentence,
    dump_source,
    load_papers,
    load_sentence,
    load_source,
)
from assistant.summary.notes import Notes
from assistant.summary.summarizing import Section, Summary


def dump_summary(summary: Summary) -> dict[str, Any]:
    """The summary with every paper of its set, each once, whole."""
    papers = [*(note.stored for note in summary.notes), *summary.empty]
    return {
        "topic": summary.topic,
        "style": summary.style,
        "notes": [[note.stored.id, dict(note.sentences)] for note in summary.notes],
        "empty": [stored.id for stored in summary.empty],
        "sections": [
            [section.heading, [dump_sentence(sentence) for sentence in section.sentences]]
            for section in summary.sections
        ],
        "sources": [dump_source(source) for source in summary.sources],
        "papers": dump_papers(papers),
    }


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
            Section(heading, [load_sentence(sentence) for sentence in sentences])
            for heading, sentences in record["sections"]
        ],
        [load_source(source, papers) for source in record["sources"]],
    )

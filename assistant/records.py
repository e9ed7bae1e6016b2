"""Answers as JSON and back, complete: what conversations keep and what the engine sends."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import fields, replace
from typing import Any

from assistant.answers import Answer, AnswerSentence, CitedSource, Timings
from assistant.evidence import Evidence
from assistant.library import StoredPaper
from assistant.papers import Paper
from assistant.retrieval import Hit

_PAPER = tuple(field.name for field in fields(Paper))
_TUPLES = {"authors", "numbers"}


def dump_answer(answer: Answer) -> dict[str, Any]:
    """The answer with every paper that it names, each once, whole.

    Of the papers retrieved, the similarities of the single sentences are left out.
    """
    papers = [
        *(source.stored for source in answer.sources),
        *(item.stored for item in answer.considered),
        *(hit.stored for hit in answer.retrieved),
    ]
    return {
        "question": answer.question,
        "sentences": [dump_sentence(sentence) for sentence in answer.sentences],
        "sources": [dump_source(source) for source in answer.sources],
        "retrieved": [[hit.stored.id, hit.score, hit.similarity] for hit in answer.retrieved],
        "considered": [[item.stored.id, item.index, item.score] for item in answer.considered],
        "searched_for": answer.searched_for,
        "confidence": answer.confidence,
        "refused": answer.refused,
        "reason": answer.reason,
        "verdict": answer.verdict,
        "lost": answer.lost,
        "timings": vars(answer.timings),
        "papers": dump_papers(papers),
    }


def load_answer(record: dict[str, Any]) -> Answer:
    """The answer that ``dump_answer`` was given.

    Raises ``KeyError``, ``TypeError`` or ``ValueError`` for anything else.
    """
    papers = load_papers(record["papers"])
    return Answer(
        question=record["question"],
        sentences=[load_sentence(item) for item in record["sentences"]],
        sources=[load_source(item, papers) for item in record["sources"]],
        retrieved=[Hit(papers[i], score, near, ()) for i, score, near in record["retrieved"]],
        considered=[Evidence(papers[i], index, score) for i, index, score in record["considered"]],
        searched_for=record.get("searched_for", record["question"]),
        confidence=record.get("confidence", 0.0),
        refused=record["refused"],
        reason=record["reason"],
        verdict=record.get("verdict", ""),
        lost=record.get("lost", ""),
        timings=Timings(**record["timings"]),
    )


def dump_sentence(sentence: AnswerSentence) -> dict[str, Any]:
    """One sentence of an answer."""
    return dict(vars(sentence))


def load_sentence(record: dict[str, Any]) -> AnswerSentence:
    """The sentence that ``dump_sentence`` was given."""
    return AnswerSentence(
        **record
        | {
            "citations": tuple(record["citations"]),
            "spans": tuple((start, end) for start, end in record["spans"]),
            "shown": tuple(shown) if (shown := record.get("shown")) else None,
        }
    )


def dump_source(source: CitedSource) -> dict[str, Any]:
    """A source by the id of its paper."""
    return {"number": source.number, "paper": source.stored.id, "quotes": list(source.quotes)}


def load_source(record: dict[str, Any], papers: dict[str, StoredPaper]) -> CitedSource:
    """The source that ``dump_source`` was given, with its paper out of ``papers``."""
    quotes = [(start, end) for start, end in record["quotes"]]
    return CitedSource(record["number"], papers[record["paper"]], quotes)


def dump_papers(papers: Iterable[StoredPaper]) -> dict[str, Any]:
    """Papers by id; a fact that is not known is left out."""
    return {
        stored.id: {
            "sentences": stored.sentences,
            **{name: value for name in _PAPER if (value := getattr(stored.paper, name))},
        }
        for stored in papers
    }


def load_papers(records: dict[str, Any]) -> dict[str, StoredPaper]:
    """The papers that ``dump_papers`` was given, by id."""
    loaded = {}
    for identifier, record in records.items():
        facts = {name: value for name, value in record.items() if name != "sentences"}
        facts |= {name: tuple(facts[name]) for name in _TUPLES & facts.keys()}
        sentences = tuple((start, end) for start, end in record["sentences"])
        loaded[identifier] = StoredPaper(identifier, replace(_EMPTY, **facts), sentences)
    return loaded


_EMPTY = Paper(title="", abstract="")

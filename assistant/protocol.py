"""What the engine and its clients say to each other: one JSON object a message."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

from assistant.answers import Finished, Found, Sentence
from assistant.conversation import Turn
from assistant.records import (
    dump_answer,
    dump_papers,
    dump_sentence,
    dump_source,
    load_answer,
    load_papers,
    load_sentence,
    load_source,
)
from assistant.retrieval import Hit
from assistant.summary.choosing import Candidate
from assistant.summary.records import dump_candidates, dump_summary, load_candidates, load_summary
from assistant.summary.summarizing import Style, Summary

FOLDER_PREFIX = "assistant-"
"""Begins the name of the temporary folder that an engine's socket lies in."""
KEY_VARIABLE = "ASSISTANT_ENGINE_KEY"
"""Environment variable with the secret that clients must know, in hexadecimal digits."""


@dataclass(frozen=True)
class Ask:
    """Answer a question; the replies are ``Found``, ``Sentence``..., ``Answered``."""

    id: int
    """Chosen by the client, above 0; all replies carry it."""
    question: str
    history: tuple[Turn, ...] = ()
    set_name: str | None = None
    """The set of papers to answer from; ``None`` for all."""
    attempt: int = 0
    """0 for the first answer to a question, then 1, 2, ... for other wordings."""


@dataclass(frozen=True)
class Add:
    """Add files and folders to the library; the replies are ``Progress``..., ``Added``."""

    id: int
    paths: tuple[str, ...]
    year: int | None = None
    """Year of dates that are printed without one."""


@dataclass(frozen=True)
class Summarize:
    """Summarize papers; the replies are ``Progress``..., ``Summarized``."""

    id: int
    topic: str
    """What the summary is headed."""
    style: Style
    papers: tuple[str, ...] = ()
    """Ids; those that the library does not have are left out."""
    set_name: str | None = None
    """The set to summarize, in place of ``papers``."""
    threshold: float | None = None
    """The relevance from which a paper belongs to the topic; without it, all belong.

    With it, no papers and no set mean the whole library.
    """


@dataclass(frozen=True)
class Cancel:
    """Stop working on a request; its last reply is then ``Cancelled``."""

    id: int


@dataclass(frozen=True)
class Refresh:
    """Look anew which library is meant and what it holds; the reply goes to all clients."""

    id: int = 0


Request = Ask | Add | Summarize | Cancel | Refresh


@dataclass(frozen=True)
class Progress:
    """``done`` of ``total`` is done; a total of 0 is a message without a count."""

    what: str
    done: int
    total: int


@dataclass(frozen=True)
class Opened:
    """The library that questions go to."""

    path: str
    papers: int
    uses_starter: bool


@dataclass(frozen=True)
class Ready:
    """Everything is loaded; questions are answered without delay."""

    model: str
    manner: str
    """Why it only chooses among safe rewordings; empty for a model that writes freely."""
    warning: str = ""
    """What is sent to another computer, in words; empty if nothing is."""


@dataclass(frozen=True)
class Answered:
    """The whole answer."""

    finished: Finished
    model: str
    """Name of the model that worded it."""


@dataclass(frozen=True)
class Summarized:
    """The whole summary."""

    summary: Summary
    papers: int
    """How many papers the library has."""
    snapshot: str
    """As ``Library.snapshot``."""
    near_misses: tuple[Candidate, ...] = ()
    """The papers of the library that nearly belong to the topic."""


@dataclass(frozen=True)
class Added:
    """What became of added files."""

    read: int
    added: int
    merged: int
    undated: int
    rejected: tuple[str, ...]
    """One line each: file, line, reason."""
    skipped: tuple[str, ...]


@dataclass(frozen=True)
class Failed:
    """The request, or the start, came to nothing."""

    message: str
    hint: str = ""


@dataclass(frozen=True)
class Cancelled:
    """The request was stopped on demand."""


Event = (
    Found
    | Sentence
    | Answered
    | Summarized
    | Progress
    | Opened
    | Ready
    | Added
    | Failed
    | Cancelled
)


@dataclass(frozen=True)
class Reply:
    """An event and the request it belongs to; 0 for what concerns everybody."""

    id: int
    event: Event


_REQUESTS = {kind.__name__: kind for kind in (Ask, Add, Summarize, Cancel, Refresh)}
_PLAIN = {kind.__name__: kind for kind in (Progress, Opened, Ready, Failed, Cancelled)}


def dump_request(request: Request) -> bytes:
    """A request as it is sent."""
    body = dict(vars(request))
    if isinstance(request, Ask):
        body["history"] = [vars(turn) for turn in request.history]
    return _dump(type(request).__name__, body)


def load_request(message: bytes) -> Request:
    """The request that ``dump_request`` was given."""
    kind, body = _load(message)
    if kind == "Ask":
        body["history"] = tuple(Turn(**turn) for turn in body["history"])
    elif kind == "Add":
        body["paths"] = tuple(body["paths"])
    elif kind == "Summarize":
        body["papers"] = tuple(body["papers"])
    request: Request = _REQUESTS[kind](**body)
    return request


def dump_reply(reply: Reply) -> bytes:
    """A reply as it is sent."""
    event = reply.event
    if isinstance(event, Found):
        body: dict[str, Any] = {
            "hits": [[hit.stored.id, hit.score, hit.similarity] for hit in event.hits],
            "papers": dump_papers(hit.stored for hit in event.hits),
            "verdict": event.verdict,
        }
    elif isinstance(event, Sentence):
        body = {
            "sentence": dump_sentence(event.sentence),
            "sources": [dump_source(source) for source in event.sources],
            "papers": dump_papers(source.stored for source in event.sources),
        }
    elif isinstance(event, Answered):
        body = {"answer": dump_answer(event.finished.answer), "model": event.model}
    elif isinstance(event, Summarized):
        body = dict(vars(event)) | {
            "summary": dump_summary(event.summary),
            "near_misses": dump_candidates(event.near_misses),
        }
    else:
        body = dict(vars(event))
    return _dump(type(event).__name__, {"id": reply.id, "body": body})


def load_reply(message: bytes) -> Reply:
    """The reply that ``dump_reply`` was given."""
    kind, envelope = _load(message)
    body = envelope["body"]
    event: Event
    if kind == "Found":
        papers = load_papers(body["papers"])
        hits = tuple(Hit(papers[i], score, near, ()) for i, score, near in body["hits"])
        event = Found(hits, body["verdict"])
    elif kind == "Sentence":
        papers = load_papers(body["papers"])
        sources = tuple(load_source(source, papers) for source in body["sources"])
        event = Sentence(load_sentence(body["sentence"]), sources)
    elif kind == "Answered":
        event = Answered(Finished(load_answer(body["answer"])), body["model"])
    elif kind == "Summarized":
        summary, near = load_summary(body["summary"]), load_candidates(body["near_misses"])
        event = Summarized(**body | {"summary": summary, "near_misses": near})
    elif kind == "Added":
        lists = {name: tuple(body[name]) for name in ("rejected", "skipped")}
        event = Added(**body | lists)
    else:
        event = _PLAIN[kind](**body)
    return Reply(envelope["id"], event)


def _dump(kind: str, body: dict[str, Any]) -> bytes:
    return json.dumps([kind, body], ensure_ascii=False).encode("utf-8", "replace")


def _load(message: bytes) -> tuple[str, dict[str, Any]]:
    kind, body = json.loads(message)
    return kind, body

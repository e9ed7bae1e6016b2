"""A folder in the layout of BEIR, or of SciFact or PubMedQA, -> documents and questions.

``corpus.jsonl`` holds the documents, ``queries.jsonl``, ``claims.jsonl`` or ``questions.jsonl`` the
questions, ``qrels.tsv`` or ``qrels/*.tsv`` which document belongs to which. Without judgements a
claim belongs to the documents it cites, and the question ``q123`` to the document ``123``.
"""

from __future__ import annotations

import csv
import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from assistant.errors import AssistantError, UsageError
from assistant.evaluation.json_lines import Record, bad_line, objects
from assistant.evaluation.questions import (
    Question,
    identifier_of,
    nonempty,
    plain_question,
    texts,
)
from assistant.papers import clean_text
from assistant.sentences import Span

CORPUS = "corpus.jsonl"
QUERIES = ("queries.jsonl", "claims.jsonl", "questions.jsonl")

Judgements = dict[str, dict[str, float]]
"""For each question the documents that belong to it, with their grades."""


@dataclass(frozen=True)
class Document:
    """One text of a collection."""

    id: str
    title: str
    """May be empty."""
    abstract: str
    spans: tuple[Span, ...] | None
    """Its sentences as the collection cuts them; ``None`` if it does not."""
    line: int
    places: Mapping[int, int]
    """Number of a sentence in the collection -> its place in ``spans``; blank ones have none."""


@dataclass(frozen=True)
class Collection:
    """Documents, and questions whose gold papers are ids of documents."""

    documents: tuple[Document, ...]
    questions: tuple[Question, ...]


def read_collection(folder: Path) -> Collection:
    """Read the whole folder; questions without a judged document are left out.

    Raises ``UsageError`` if files are missing, ``AssistantError`` that names the first bad line.
    """
    documents = _documents(_corpus(folder))
    judged = _judgements(folder)
    file = next((folder / name for name in QUERIES if (folder / name).is_file()), None)
    if file is None:
        raise UsageError(f"{folder} holds no questions", f"expected one of {', '.join(QUERIES)}")
    questions: dict[str, Question] = {}
    for number, record in objects(file):
        try:
            question = _question(record, number, judged, documents)
        except (UsageError, ValueError) as error:
            raise bad_line(file, number, str(error)) from error
        if question.id in questions:
            raise bad_line(file, number, f"a second question has the id {question.id!r}")
        questions[question.id] = question
    with_gold = tuple(question for question in questions.values() if question.gold)
    return Collection(tuple(documents.values()), nonempty(with_gold, file))


def corpus_sha256(folder: Path) -> str:
    """Digest of the documents' file. Raises ``UsageError`` if there is none."""
    return hashlib.sha256(_corpus(folder).read_bytes()).hexdigest()


def _corpus(folder: Path) -> Path:
    file = folder / CORPUS
    if not file.is_file():
        raise UsageError(
            f"{folder} holds no {CORPUS}",
            "give a file of questions, or a folder with corpus.jsonl and queries.jsonl",
        )
    return file


def _documents(file: Path) -> dict[str, Document]:
    documents: dict[str, Document] = {}
    for number, record in objects(file):
        try:
            document = _document(record, number)
        except ValueError as error:
            raise bad_line(file, number, str(error)) from error
        if document.id in documents:
            raise bad_line(file, number, f"a second document has the id {document.id!r}")
        documents[document.id] = document
    return documents


def _document(record: Record, number: int) -> Document:
    identifier = identifier_of(record, "_id", "id", "doc_id")
    if not identifier:
        raise ValueError('expected an "id"')
    title = record.get("title")
    title = " ".join(clean_text(title).split()) if isinstance(title, str) else ""
    for name in ("sentences", "abstract"):
        if isinstance(record.get(name), list):
            abstract, spans, places = _joined(texts(record, name))
            return Document(identifier, title, abstract, spans, number, places)
    value = record.get("text", record.get("abstract"))
    if not isinstance(value, str):
        raise ValueError('expected a "text" or "sentences"')
    return Document(identifier, title, clean_text(value).strip(), None, number, {})


def _joined(sentences: tuple[str, ...]) -> tuple[str, tuple[Span, ...], dict[int, int]]:
    """One text with a space between the sentences, their spans, and where each one went."""
    kept: list[str] = []
    spans: list[Span] = []
    places: dict[int, int] = {}
    start = 0
    for number, sentence in enumerate(sentences):
        text = clean_text(sentence).strip()
        if text:
            places[number] = len(spans)
            spans.append((start, start + len(text)))
            kept.append(text)
            start += len(text) + 1
    return " ".join(kept), tuple(spans), places


def _judgements(folder: Path) -> Judgements | None:
    """What the tables say, or ``None`` if there are none."""
    files = [folder / "qrels.tsv"] if (folder / "qrels.tsv").is_file() else []
    files += sorted((folder / "qrels").glob("*.tsv"))
    judged: Judgements = {}
    for file in files:
        try:
            rows = list(csv.reader(file.read_text("utf-8-sig").splitlines(), delimiter="\t"))
        except (OSError, UnicodeDecodeError, csv.Error) as error:
            raise AssistantError(f"cannot read {file}: {error}", "check the file") from error
        for number, row in enumerate(rows, start=1):
            if not row or (number == 1 and not _is_number(row[-1])):
                continue
            if len(row) < 3 or not _is_number(row[-1]):
                raise bad_line(file, number, "expected query-id, corpus-id and score")
            if float(row[-1]) > 0:
                judged.setdefault(row[0], {})[row[-2]] = float(row[-1])
    return judged if files else None


def _question(
    record: Record, number: int, judged: Judgements | None, documents: Mapping[str, Document]
) -> Question:
    question = plain_question(record, number, "text", "claim", "question", "query")
    evidence = record.get("evidence")
    evidence = evidence if isinstance(evidence, dict) else None
    rationales = {
        identifier: _places(groups, documents[identifier])
        for identifier, groups in (evidence or {}).items()
        if identifier in documents
    }
    if judged is not None:
        gold = judged.get(question.id, {})
    else:
        cited = record.get("cited_doc_ids")
        named = [str(item) for item in cited] if isinstance(cited, list) else []
        same = (question.id, question.id.removeprefix("q"))
        gold = dict.fromkeys([*rationales, *named] or [i for i in same if i in documents][:1], 1.0)
    return replace(
        question,
        gold=gold,
        rationales={identifier: places for identifier, places in rationales.items() if places},
        answerable=None if evidence == {} else bool(gold) or None,
    )


def _places(groups: Any, document: Document) -> tuple[int, ...]:
    """The sentences of all groups of evidence, by their place in the stored text."""
    if not isinstance(groups, list):
        raise ValueError('"evidence" must give a list for each document')
    numbers: set[int] = set()
    for group in groups:
        sentences = group.get("sentences") if isinstance(group, dict) else None
        if not isinstance(sentences, list) or not all(isinstance(n, int) for n in sentences):
            raise ValueError('"evidence" must give lists of {"sentences": [numbers]}')
        numbers.update(sentences)
    return tuple(sorted(document.places[n] for n in numbers if n in document.places))


def _is_number(text: str) -> bool:
    return text.strip().replace(".", "", 1).lstrip("-").isdecimal()

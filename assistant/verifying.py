"""Saved answers and summaries against today's library: whether papers, quotes, sentences hold."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from assistant.errors import UsageError
from assistant.evidence import Evidence
from assistant.introducing import may_introduce
from assistant.joint_check import check_jointly
from assistant.library import Library, StoredPaper
from assistant.trimming import trims


@dataclass(frozen=True)
class Finding:
    """What became of one quote or sentence."""

    what: str
    """``[1]`` for a source, the text of a sentence or a cell."""
    fault: str
    """What is wrong with it now; empty if it holds."""


def read_saved(text: str) -> list[dict[str, Any]]:
    """The answers and summaries in a file: one JSON object, or one on each line.

    Raises ``UsageError`` for anything else.
    """
    try:
        records = [json.loads(text)]
    except (ValueError, RecursionError):
        try:
            records = [json.loads(line) for line in text.split("\n") if line.strip()]
        except (ValueError, RecursionError) as error:
            raise _not_saved(1) from error
    for number, record in enumerate(records, start=1):
        if not isinstance(record, dict) or not _is_saved(record):
            raise _not_saved(number)
    if not records:
        raise _not_saved(1)
    return records


def verify(record: Mapping[str, Any], library: Library) -> list[Finding]:
    """Every source with its quotes, then every sentence and cell, in their order.

    A quote must stand in today's abstract at its place; a quoted sentence and a cell must be a
    quote of a paper they cite, a sentence at least a part that today's rules let stand for one; a
    written one must pass today's check by quotes of all it cites.
    """
    sources: list[Mapping[str, Any]] = list(record["sources"])
    papers = library.fetch([source["id"] for source in sources])
    findings = [
        Finding(f"[{source['number']}] {source['title']}", _source(source, papers))
        for source in sources
    ]
    quotes = {source["number"]: _standing(source, papers) for source in sources}
    question = str(record.get("question") or record.get("topic") or "")
    for sentence in _sentences(record):
        cited = [quotes.get(number, []) for number in sentence["citations"]]
        fault = _sentence(sentence["text"], sentence["origin"], cited, question)
        lead = str(sentence.get("lead") or "")
        papers_cited = [one[0].stored for one in cited if one]
        if not fault and not any(may_introduce(lead, stored) for stored in papers_cited):
            fault = f"{lead!r} introduces none of the papers that it cites"
        findings.append(Finding(sentence["text"], fault))
    cells = [*_cells(record)]
    rows = library.fetch([identifier for identifier, _ in cells])
    for identifier, cell in cells:
        stored = rows.get(identifier)
        stands = stored is not None and cell in stored.paper.abstract
        findings.append(
            Finding(cell, "" if stands else f"it is not in the abstract of {identifier}")
        )
    return findings


def _source(source: Mapping[str, Any], papers: Mapping[str, StoredPaper]) -> str:
    stored = papers.get(source["id"])
    if stored is None:
        return "the library has no such paper now"
    lost = [q for q in source["quotes"] if not _stands(q, stored)]
    moved = sum(quote["text"] in stored.paper.abstract for quote in lost)
    if not lost:
        return ""
    where = f", {moved} of them at another place now" if moved else ""
    return f"its abstract has changed: {len(lost)} of {len(source['quotes'])} quotes differ{where}"


def _stands(quote: Mapping[str, Any], stored: StoredPaper) -> bool:
    found: str = stored.paper.abstract[quote["start"] : quote["end"]]
    return bool(found) and found == str(quote["text"])


def _standing(source: Mapping[str, Any], papers: Mapping[str, StoredPaper]) -> list[Evidence]:
    """The quotes of a source that still stand, as evidence."""
    stored = papers.get(source["id"])
    if stored is None:
        return []
    spans = tuple((q["start"], q["end"]) for q in source["quotes"] if _stands(q, stored))
    quoted = StoredPaper(stored.id, stored.paper, spans)
    return [Evidence(quoted, index, 0.0) for index in range(len(spans))]


def _sentence(text: str, origin: str, cited: Sequence[Sequence[Evidence]], question: str) -> str:
    """What is wrong with it; ``cited`` are, for each citation, the quotes that still stand."""
    if not any(cited):
        return "no quote that it cites stands any more"
    if origin == "quoted":
        texts = (_may_be_quoted(evidence, question) for one in cited for evidence in one)
        quoted = any(_folded(text) in parts for parts in texts)
        return "" if quoted else "it is not one of the quotes that it cites"
    if not all(cited):
        return "of a paper that it cites no quote stands any more"
    return check_jointly(text, cited, question).reason


def _may_be_quoted(evidence: Evidence, question: str) -> set[str]:
    """The sentence, and its parts that may stand for it."""
    abstract = evidence.stored.paper.abstract
    spans = [evidence.stored.sentences[evidence.index], *trims(question, evidence)]
    return {_folded(abstract[start:end]) for start, end in spans}


def _sentences(record: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    yield from record.get("sentences", ())
    for section in record.get("sections", ()):
        yield from section["sentences"]
        for part in section.get("parts", ()):
            for statement in part["statements"]:
                for side in statement["sides"]:
                    yield from side


def _cells(record: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    for row in record.get("table", {}).get("rows", ()):
        yield from ((row["id"], cell) for cell in row["cells"].values() if cell)


def _folded(text: str) -> str:
    return " ".join(text.split())


def _is_saved(record: Mapping[str, Any]) -> bool:
    """Whether the fields that are read here are there."""
    try:
        for source in record["sources"]:
            _ = source["number"] + 0, source["title"] + "", source["id"] + ""
            for quote in source["quotes"]:
                _ = quote["text"] + "", quote["start"] + 0, quote["end"] + 0
        for sentence in _sentences(record):
            _ = sentence["text"] + "", sentence["origin"], [n + 0 for n in sentence["citations"]]
        return all(isinstance(text, str) for row in _cells(record) for text in row)
    except (AttributeError, KeyError, TypeError):
        return False


def _not_saved(number: int) -> UsageError:
    return UsageError(
        f"object {number} of the file is no answer or summary",
        'save one with: assistant ask "..." --json > answer.json',
    )

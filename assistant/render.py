"""Answers, hits and papers -> terminal text and the JSON contract."""

from __future__ import annotations

import textwrap
from collections.abc import Sequence
from typing import Any

from assistant import __version__
from assistant.answers import Answer, CitedSource, with_markers
from assistant.library import StoredPaper
from assistant.retrieval import Hit
from assistant.terminal import LineFiller, as_sentence, safe

QUOTES_ONLY = "none (quotes only)"
"""Stands for the model of an answer that no model had a part in."""


def answer_json(
    answer: Answer,
    *,
    identifier: str | None,
    model: dict[str, Any],
    library: dict[str, Any],
    manifest: dict[str, Any] | None,
) -> dict[str, Any]:
    """The object that ``ask --json`` prints; ``manifest`` is what else decided the answer."""
    return {
        "id": identifier,
        "question": answer.question,
        "answer": answer.text,
        "confidence": answer.confidence,
        "refused": answer.refused,
        "reason": answer.reason,
        "verdict": answer.verdict or None,
        "sentences": [
            {
                "text": sentence.text,
                "citations": list(sentence.cited),
                "origin": sentence.origin,
                "support": sentence.support,
                "stance": sentence.stance or None,
                "lead": sentence.lead,
                "shown": list(sentence.shown) if sentence.shown else None,
            }
            for sentence in answer.sentences
        ],
        "sources": [source_json(source) for source in answer.sources],
        "retrieved": [
            {"id": hit.stored.id, "title": hit.stored.paper.title, "score": round(hit.score, 4)}
            for hit in answer.retrieved
        ],
        "model": model,
        "library": library,
        "timings": {
            name: None if value is None else round(value, 3)
            for name, value in vars(answer.timings).items()
        },
        "version": __version__,
        "manifest": manifest,
    }


def paper_json(stored: StoredPaper) -> dict[str, Any]:
    """The object that ``show --json`` and ``library export`` print; ``add`` reads it back."""
    paper = stored.paper
    return {
        "id": stored.id,
        "title": paper.title,
        "abstract": paper.abstract,
        "authors": list(paper.authors),
        "author_count": paper.author_count,
        "organisation": paper.organisation,
        "year": paper.year,
        "date": paper.date,
        "doi": paper.doi,
        "arxiv_id": paper.arxiv_id,
        "url": paper.link,
        "venue": paper.venue,
        "numbers": list(paper.numbers),
        "source": paper.source,
        "line": paper.line,
        "kind": paper.kind,
        "sentences": [list(span) for span in stored.sentences],
    }


def source_json(source: CitedSource) -> dict[str, Any]:
    """A cited paper with each cited sentence and its offsets into the abstract."""
    paper = source.stored.paper
    return {
        "number": source.number,
        "id": source.stored.id,
        "title": paper.title,
        "authors": list(paper.authors),
        "year": paper.year,
        "doi": paper.doi,
        "arxiv_id": paper.arxiv_id,
        "url": paper.link,
        "quotes": [
            {"text": paper.abstract[start:end], "start": start, "end": end}
            for start, end in source.quotes
        ],
    }


def hit_json(hit: Hit, sentences: int = 3) -> dict[str, Any]:
    """A paper found, with the sentences nearest to the query."""
    order = sorted(range(len(hit.sentences)), key=lambda i: -hit.sentences[i].score)
    return {
        "id": hit.stored.id,
        "title": hit.stored.paper.title,
        "score": round(hit.score, 4),
        "sentences": [
            {
                "text": hit.stored.sentence(index),
                "start": hit.stored.sentences[index][0],
                "end": hit.stored.sentences[index][1],
                "score": round(hit.sentences[index].score, 4),
            }
            for index in order[:sentences]
        ],
    }


def sources_text(sources: Sequence[CitedSource], width: int) -> str:
    """The list under an answer: number, title, year, link, and each cited sentence."""
    blocks = []
    for source in sources:
        lines = wrapped(f"[{source.number}] ", headline(source.stored), width)
        abstract = source.stored.paper.abstract
        for start, end in source.quotes:
            lines += wrapped("    > ", safe(abstract[start:end]), width)
        blocks.append("\n".join(lines))
    return "\n".join(blocks)


def headline(stored: StoredPaper) -> str:
    """``Title (year). id. link`` with whatever of it is known."""
    paper = stored.paper
    title = safe(paper.title).rstrip(".")
    year = f" ({paper.year})" if paper.year else ""
    kind = " [synopsis]" if paper.kind == "synopsis" else ""
    link = f" {safe(paper.link)}" if paper.link else ""
    stop = "" if title.endswith(("?", "!")) and not year else "."
    return f"{title}{year}{stop}{kind} {stored.id}{link}"


def answer_text(answer: Answer, width: int) -> str:
    """A whole answer for the terminal or a pipe."""
    if answer.refused:
        return refusal_text(answer, width)
    filler = LineFiller(width)
    body = "".join(filler.fill(with_markers(s), on_new_line=s.begins) for s in answer.sentences)
    verdict = verdict_text(answer.verdict, width)
    remark = remark_text(answer, width)
    return f"{verdict}{body}\n\n{remark}{sources_text(answer.sources, width)}"


def verdict_text(verdict: str, width: int) -> str:
    """What the sources say of a yes/no question, as a paragraph; empty for other questions."""
    return f"{textwrap.fill(verdict, width)}\n\n" if verdict else ""


def remark_text(answer: Answer, width: int) -> str:
    """What the papers of an answer do not mention, as a paragraph; empty where there is nothing."""
    return f"{textwrap.fill(as_sentence(answer.reason), width)}\n\n" if answer.reason else ""


def refusal_text(answer: Answer, width: int) -> str:
    """That there is no answer, why, and the nearest papers."""
    lines = [f"{answer.text} {as_sentence(answer.reason)}".strip()]
    if answer.retrieved:
        lines.append("The nearest papers:")
        for hit in answer.retrieved[:3]:
            lines += wrapped("  - ", headline(hit.stored), width)
    return "\n".join(lines)


def wrapped(first: str, text: str, width: int) -> list[str]:
    """Lines of at most ``width`` columns, the first after ``first``, the others below its end."""
    return textwrap.wrap(
        text,
        max(width, 40),
        initial_indent=first,
        subsequent_indent=" " * len(first),
        break_on_hyphens=False,
        break_long_words=False,
    )

"""A conversation as one HTML page."""

from __future__ import annotations

from collections.abc import Iterator
from html import escape
from typing import TYPE_CHECKING

from assistant.answers import Answer
from assistant.export import parts
from assistant.export.page import marker, named, page, source_list, text

if TYPE_CHECKING:
    from assistant.conversations import Conversation, Exchange


def to_html(conversation: Conversation) -> str:
    """The page; each marker leads to its source and shows the cited sentence under the pointer."""
    lines = [
        f'<p class="faint">{text(parts.facts(conversation))}</p>',
        f'<p class="faint">{text(parts.reading(conversation))}</p>',
    ]
    for number, exchange in enumerate(conversation.exchanges, start=1):
        lines += ["<section>", *_exchange(exchange, f"q{number}"), "</section>"]
    if entries := parts.bibliography(conversation):
        lines += ["<section>", "<h2>BibTeX</h2>", f"<pre>{escape(entries)}</pre>", "</section>"]
    return page(conversation.title, lines)


def _exchange(exchange: Exchange, prefix: str) -> Iterator[str]:
    answer = exchange.answer
    yield f'<h2 dir="auto" id="{prefix}">{text(exchange.question)}</h2>'
    if parts.is_refusal(answer):
        yield f'<p class="refusal">{text(parts.refusal(answer))}</p>'
        yield f'<p class="faint">{text(parts.made_by(exchange))}</p>'
        if hits := parts.nearest(answer):
            yield "<p>The nearest papers:</p>"
            yield "<ul>"
            yield from (f'<li dir="auto">{named(hit.stored)}</li>' for hit in hits)
            yield "</ul>"
        return
    if answer.verdict:
        yield f"<p>{text(answer.verdict)}</p>"
    yield f'<p class="answer" dir="auto">{_answer(answer, prefix)}</p>'
    yield f'<p class="faint">{text(parts.made_by(exchange))}</p>'
    yield from source_list(answer.sources, prefix)


def _answer(answer: Answer, prefix: str) -> str:
    sentences = []
    for sentence in answer.sentences:
        markers = "".join(
            marker(number, prefix, cited) for number, cited in parts.citations(answer, sentence)
        )
        words = text(parts.words(sentence))
        sentences += ["<br>"] if sentence.begins else []
        sentences.append(f'<span class="{sentence.origin}">{words} {markers}</span>')
    return "\n".join(sentences)

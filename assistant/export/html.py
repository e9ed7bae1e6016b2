"""A conversation as one HTML page that needs nothing else and runs nothing."""

from __future__ import annotations

from collections.abc import Iterator
from html import escape
from typing import TYPE_CHECKING

from assistant.answering import Answer
from assistant.export import parts
from assistant.library import StoredPaper
from assistant.terminal import safe

if TYPE_CHECKING:
    from assistant.conversations import Conversation, Exchange

_STYLE = """
:root { color-scheme: light dark; --text: #1c1c1c; --page: #ffffff; --faint: #5a5a5a;
  --line: #c8c8c8; --link: #0b4f9e; --target: #fff3c4; }
@media (prefers-color-scheme: dark) { :root { --text: #e6e6e6; --page: #161616; --faint: #a8a8a8;
  --line: #484848; --link: #8ab8ff; --target: #3d3510; } }
body { margin: 0; background: var(--page); color: var(--text);
  font: 1.0625rem/1.55 Georgia, "Times New Roman", serif; overflow-wrap: anywhere; }
main { max-width: 44rem; margin: 0 auto; padding: 2rem 1rem; }
h1, h2 { line-height: 1.25; font-family: system-ui, sans-serif; }
h2 { margin-top: 2.5rem; font-size: 1.25rem; }
a { color: var(--link); }
a.marker { text-decoration: none; }
.faint { color: var(--faint); font-size: 0.875rem; }
.sources { padding-left: 2rem; font-size: 0.9375rem; }
.sources li:target { background: var(--target); }
blockquote { margin: 0.4rem 0; padding-left: 0.8rem; border-left: 3px solid var(--line); }
pre { white-space: pre-wrap; font-size: 0.8125rem; border: 1px solid var(--line); padding: 0.8rem; }
@media print { :root { --text: #000; --page: #fff; --faint: #333; --link: #000; --target: #fff; }
  main { max-width: none; padding: 0; } h2 { break-after: avoid; }
  li, blockquote { break-inside: avoid; } }
"""
_POLICY = "default-src 'none'; style-src 'unsafe-inline'"


def to_html(conversation: Conversation) -> str:
    """The page; each marker leads to its source and shows the cited sentence under the pointer."""
    title = _text(conversation.title)
    lines = [
        "<!doctype html>",
        '<html lang="en">',
        "<head>",
        '<meta charset="utf-8">',
        f'<meta http-equiv="Content-Security-Policy" content="{escape(_POLICY)}">',
        '<meta name="viewport" content="width=device-width, initial-scale=1">',
        f"<title>{title}</title>",
        f"<style>{_STYLE}</style>",
        "</head>",
        "<body>",
        "<main>",
        f'<h1 dir="auto">{title}</h1>',
        f'<p class="faint">{_text(parts.facts(conversation))}</p>',
        f'<p class="faint">{_text(parts.reading(conversation))}</p>',
    ]
    for number, exchange in enumerate(conversation.exchanges, start=1):
        lines += ["<section>", *_exchange(exchange, f"q{number}"), "</section>"]
    if entries := parts.bibliography(conversation):
        lines += ["<section>", "<h2>BibTeX</h2>", f"<pre>{escape(entries)}</pre>", "</section>"]
    return "\n".join([*lines, "</main>", "</body>", "</html>"]) + "\n"


def _exchange(exchange: Exchange, prefix: str) -> Iterator[str]:
    answer = exchange.answer
    yield f'<h2 dir="auto" id="{prefix}">{_text(exchange.question)}</h2>'
    if parts.is_refusal(answer):
        yield f'<p class="refusal">{_text(parts.refusal(answer))}</p>'
        yield f'<p class="faint">{_text(parts.made_by(exchange))}</p>'
        if hits := parts.nearest(answer):
            yield "<p>The nearest papers:</p>"
            yield "<ul>"
            yield from (f'<li dir="auto">{_named(hit.stored)}</li>' for hit in hits)
            yield "</ul>"
        return
    yield f'<p class="answer" dir="auto">{_answer(answer, prefix)}</p>'
    yield f'<p class="faint">{_text(parts.made_by(exchange))}</p>'
    yield '<ol class="sources">'
    for source in answer.sources:
        anchor = f"{prefix}-source{source.number}"
        yield f'<li id="{anchor}" value="{source.number}" dir="auto">{_named(source.stored)}'
        for quote in parts.quotes(source):
            yield f'<blockquote dir="auto">{_text(quote)}</blockquote>'
        yield "</li>"
    yield "</ol>"


def _answer(answer: Answer, prefix: str) -> str:
    sentences = []
    for sentence in answer.sentences:
        markers = "".join(
            f'<a class="marker" href="#{prefix}-source{number}"'
            + (f' title="{_text(cited)}"' if cited else "")
            + f">[{number}]</a>"
            for number, cited in parts.citations(answer, sentence)
        )
        words = _text(parts.words(sentence))
        sentences.append(f'<span class="{sentence.origin}">{words} {markers}</span>')
    return "\n".join(sentences)


def _named(stored: StoredPaper) -> str:
    paper = parts.named(stored)
    link = _text(paper.other_link)
    if paper.link:
        link = f'<a href="{_text(paper.link)}" rel="noopener noreferrer">{_text(paper.link)}</a>'
    return " ".join(filter(None, [f"<cite>{_text(paper.title)}</cite>", _text(paper.facts), link]))


def _text(text: str) -> str:
    return escape(safe(text))

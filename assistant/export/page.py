"""The frame of an HTML page that needs nothing else and runs nothing."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from html import escape

from assistant.answers import CitedSource
from assistant.export import parts
from assistant.library import StoredPaper
from assistant.terminal import safe

_STYLE = """
:root { color-scheme: light dark; --text: #1c1c1c; --page: #ffffff; --faint: #5a5a5a;
  --line: #c8c8c8; --link: #0b4f9e; --target: #fff3c4; }
@media (prefers-color-scheme: dark) { :root { --text: #e6e6e6; --page: #161616; --faint: #a8a8a8;
  --line: #484848; --link: #8ab8ff; --target: #3d3510; } }
body { margin: 0; background: var(--page); color: var(--text);
  font: 1.0625rem/1.55 Georgia, "Times New Roman", serif; overflow-wrap: anywhere; }
main { max-width: 44rem; margin: 0 auto; padding: 2rem 1rem; }
h1, h2, h3 { line-height: 1.25; font-family: system-ui, sans-serif; }
h2 { margin-top: 2.5rem; font-size: 1.25rem; }
h3 { font-size: 1rem; }
a { color: var(--link); }
a.marker { text-decoration: none; }
.faint { color: var(--faint); font-size: 0.875rem; }
.sources { padding-left: 2rem; font-size: 0.9375rem; }
.sources li:target { background: var(--target); }
table { border-collapse: collapse; font-size: 0.875rem; }
th, td { border: 1px solid var(--line); padding: 0.25rem 0.5rem; text-align: left;
  vertical-align: top; }
.chart td { text-align: center; }
blockquote { margin: 0.4rem 0; padding-left: 0.8rem; border-left: 3px solid var(--line); }
pre { white-space: pre-wrap; font-size: 0.8125rem; border: 1px solid var(--line); padding: 0.8rem; }
@media print { :root { --text: #000; --page: #fff; --faint: #333; --link: #000; --target: #fff; }
  main { max-width: none; padding: 0; } h2 { break-after: avoid; }
  li, blockquote { break-inside: avoid; } }
"""
_POLICY = "default-src 'none'; style-src 'unsafe-inline'"


def page(title: str, body: Iterable[str]) -> str:
    """A whole page; ``body`` is HTML already, the title is text."""
    lines = [
        "<!doctype html>",
        '<html lang="en">',
        "<head>",
        '<meta charset="utf-8">',
        f'<meta http-equiv="Content-Security-Policy" content="{escape(_POLICY)}">',
        '<meta name="viewport" content="width=device-width, initial-scale=1">',
        f"<title>{text(title)}</title>",
        f"<style>{_STYLE}</style>",
        "</head>",
        "<body>",
        "<main>",
        f'<h1 dir="auto">{text(title)}</h1>',
        *body,
    ]
    return "\n".join([*lines, "</main>", "</body>", "</html>"]) + "\n"


def marker(number: int, prefix: str, cited: str) -> str:
    """A link into the list of sources, with the cited sentence, if it is known, as its title."""
    shown = f' title="{text(cited)}"' if cited else ""
    return f'<a class="marker" href="#{prefix}-source{number}"{shown}>[{number}]</a>'


def source_list(sources: Iterable[CitedSource], prefix: str) -> Iterator[str]:
    """Each source with the sentences cited from it; the prefix tells several lists apart."""
    yield '<ol class="sources">'
    for source in sources:
        anchor = f"{prefix}-source{source.number}"
        yield f'<li id="{anchor}" value="{source.number}" dir="auto">{named(source.stored)}'
        for quote in parts.quotes(source):
            yield f'<blockquote dir="auto">{text(quote)}</blockquote>'
        yield "</li>"
    yield "</ol>"


def named(stored: StoredPaper) -> str:
    """A paper in a list of sources."""
    paper = parts.named(stored)
    link = text(paper.other_link)
    if paper.link:
        link = f'<a href="{text(paper.link)}" rel="noopener noreferrer">{text(paper.link)}</a>'
    return " ".join(filter(None, [f"<cite>{text(paper.title)}</cite>", text(paper.facts), link]))


def text(words: str) -> str:
    """Text of papers and people without effect in HTML."""
    return escape(safe(words))

"""A conversation as Markdown in which no text from outside can become markup."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

from assistant.answers import Answer
from assistant.export import parts
from assistant.library import StoredPaper
from assistant.terminal import safe

if TYPE_CHECKING:
    from assistant.conversations import Conversation, Exchange

_ACTIVE = re.compile(
    r"[\\`*_\[\]<>&~|$^{}@#]"
    r"|:(?=//)|(?<=mailto):|(?<=xmpp):"  # what renderers take for an address by itself
    r"|(?<=\w)\.(?=[^\W\d])",  # and for a host
    re.IGNORECASE,
)
_BLOCK = re.compile(r"^(?:\d+(?=[.)])|(?=[-+=]))")
"""Before what would make the line an item of a list, or the one above it a heading."""


def to_markdown(conversation: Conversation) -> str:
    """Title, questions with their answers and sources, and the BibTeX of the cited papers."""
    blocks = [
        f"# {_plain(conversation.title)}",
        _plain(parts.facts(conversation)),
        _plain(parts.reading(conversation)),
    ]
    for exchange in conversation.exchanges:
        blocks += _exchange(exchange)
    if entries := parts.bibliography(conversation):
        longest = max((len(run) for run in re.findall("`+", entries)), default=0)
        fence = "`" * max(3, longest + 1)
        blocks += ["## BibTeX", f"{fence}bibtex\n{entries}{fence}"]
    return "\n\n".join(blocks) + "\n"


def _exchange(exchange: Exchange) -> Iterator[str]:
    answer = exchange.answer
    yield f"## {_plain(exchange.question)}"
    if parts.is_refusal(answer):
        yield _plain(parts.refusal(answer))
        yield f"*{_plain(parts.made_by(exchange))}*"
        if hits := parts.nearest(answer):
            yield "The nearest papers:"
            yield "\n".join(f"- {_named(hit.stored)}" for hit in hits)
        return
    if answer.verdict:
        yield _verdict(answer.verdict)
    yield _answer(answer)
    yield f"*{_plain(parts.made_by(exchange))}*"
    yield "\n\n".join(
        "\n\n".join(
            [
                f"- [{source.number}] {_named(source.stored)}",
                *(f"  > {_plain(quote)}" for quote in parts.quotes(source)),
            ]
        )
        for source in answer.sources
    )


def _answer(answer: Answer) -> str:
    return "".join(
        ("\n\n" if sentence.begins else " " if place else "")
        + _plain(parts.words(sentence))
        + " "
        + "".join(f"[{number}]" for number, _ in parts.citations(answer, sentence))
        for place, sentence in enumerate(answer.sentences)
    )


def _verdict(verdict: str) -> str:
    """The line with its markers, as they are in the answer."""
    return _plain(verdict).replace("\\[", "[").replace("\\]", "]")


def _named(stored: StoredPaper) -> str:
    paper = parts.named(stored)
    link = f"<{paper.link}>" if paper.link else _plain(paper.other_link)
    return " ".join(filter(None, [_plain(paper.title), _plain(paper.facts), link]))


def _plain(text: str) -> str:
    """The text on one line, to be read as the characters it has."""
    return _BLOCK.sub(r"\g<0>\\", _ACTIVE.sub(r"\\\g<0>", safe(text)))

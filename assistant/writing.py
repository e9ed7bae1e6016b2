"""One evidence sentence -> one sentence of the answer, by a model held to the evidence's words."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Protocol

from assistant.evidence import Evidence
from assistant.prompts import Message, render

FUNCTION_WORDS = """
a an the and or of in on at by for from to with without than as that which when while because since
is are was were be been being has have had does do did can could may not no it its they their this
these both each more less most over under up down into between per only also such so but if
paper authors study method model uses using shows proposes gives . , ; : ( )
""".split()
"""Words the writer may use besides those of its evidence; none names a thing or a number."""

FIRST_PERSON = frozenset({"we", "our", "us", "ours", "i", "my"})
"""Never written: the answer speaks about the authors, not as them."""

EXTRA_TOKENS = 12
"""How many tokens a sentence may be longer than its evidence."""

_WORD = re.compile(r"\w+|[^\w\s]")


class LanguageModel(Protocol):
    """What writing needs of a model."""

    def tokens(self, text: str) -> list[int]:
        """The model's tokens for plain text."""

    def stream(
        self,
        messages: Sequence[Message],
        *,
        max_tokens: int,
        allowed: frozenset[int] | None = None,
        seed: int = 0,
    ) -> Iterator[str]:
        """The next message, piece by piece, written only with the allowed tokens."""


def write(model: LanguageModel, question: str, evidence: Evidence, seed: int = 0) -> str:
    """A sentence that answers from this evidence alone; unchecked, possibly cut off or empty."""
    messages = render(
        "write_sentence",
        title=_one_line(evidence.stored.paper.title),
        evidence=_one_line(evidence.text),
        question=_one_line(question),
    )
    source = f"{evidence.text} {evidence.stored.paper.title}"
    pieces = model.stream(
        messages,
        max_tokens=len(model.tokens(evidence.text)) + EXTRA_TOKENS,
        allowed=allowed_tokens(model, source),
        seed=seed,
    )
    return _one_line("".join(pieces))


def allowed_tokens(model: LanguageModel, source: str) -> frozenset[int]:
    """The tokens of the words of ``source``, inside and at the start of a sentence."""
    words = [word for word in source.split() if word.lower() not in FIRST_PERSON]
    words += [part for part in _WORD.findall(source) if part.lower() not in FIRST_PERSON]
    words += FUNCTION_WORDS
    allowed: set[int] = set()
    for word in dict.fromkeys(words):
        allowed.update(model.tokens(word), model.tokens(f" {word}"))
        if word.islower():
            allowed.update(model.tokens(word.capitalize()))
    return frozenset(allowed)


def _one_line(text: str) -> str:
    return " ".join(text.split())

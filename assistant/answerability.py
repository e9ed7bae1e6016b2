"""How surely the papers found answer the question, and what it names that they do not."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping, Sequence

from assistant.library import StoredPaper
from assistant.named_papers import NAME
from assistant.retrieval import Hit
from assistant.weights import Weights, weights
from assistant.words import solid

USUAL_LEAD = 0.5
"""How far the best paper is before the fifth, where there are no five to tell."""

_ENDING = re.compile(r"(-[a-z]{3,})*s?$")
"""What is no part of a name: LoRA-style, LLMs."""
_WHO = frozenset(["AI2", "CMU", "DeepMind", "IBM", "MIT", "NVIDIA", "OpenAI"])
"""Whose work it is, which abstracts seldom say."""
_NUMBER = re.compile(r"\d+(?:[.,]\d+)*")
_NUMBER_ALONE = re.compile(r"(?<![\w.])\d+(?:[.,]\d+)*")
"""A number that does not begin inside a word: 70 in LLaMA-70B, but not 8 in GSM8K."""
_TAKEN_FOR_GRANTED = re.compile(r"(?<![\w.-])(?!(?:19|20)\d\d\b)\d+(?:[.,]\d+)*[A-Za-z%]*")
"""A number that is neither a year nor part of a name: 8, 7B, 3.5%."""


def confidence(question: str, hits: Sequence[Hit], weighing: Weights | None = None) -> float:
    """The probability, 0 to 1, that these papers answer the question.

    A logistic regression on ``features``, fitted on questions with and without an answer.
    """
    if not hits:
        return 0.0
    known: Mapping[str, float] = (weighing or weights()).answerable
    found = features(question, hits)
    total = known["constant"] + sum(
        weight * found[name] for name, weight in known.items() if name != "constant"
    )
    return 1 / (1 + math.exp(-max(-30.0, min(30.0, total))))


def features(question: str, hits: Sequence[Hit]) -> dict[str, float]:
    """What the confidence is reckoned from; ``hits`` are all that were found, best first."""
    best, first = hits[0], [hit.stored for hit in hits[:5]]
    text = f"{best.stored.paper.title} {best.stored.paper.abstract}"
    return {
        "paper": best.score,
        "chunk": best.similarity,
        "lead": best.score - hits[4].score if len(hits) > 4 else USUAL_LEAD,
        "names_missing": float(any(n not in _WHO for n in _names_unmentioned(question, first))),
        "numbers_missing": float(any(number not in text for number in _NUMBER.findall(question))),
    }


def unmentioned(question: str, papers: Sequence[StoredPaper]) -> list[str]:
    """Names and numbers of the question that no title or abstract of these papers has.

    What the question takes for granted and an answer from these papers does not confirm. A name is
    there in any case and hyphenation, and as an acronym of words that follow one another.
    """
    known = set(_NUMBER_ALONE.findall(_text_of(papers)))
    numbers = _TAKEN_FOR_GRANTED.findall(question)
    missing = [number for number in numbers if not known & set(_NUMBER.findall(number))]
    return sorted({*missing, *_names_unmentioned(question, papers)}, key=question.index)


def _names_unmentioned(question: str, papers: Sequence[StoredPaper]) -> list[str]:
    text = _text_of(papers)
    run = solid(text)
    initials = "".join(word[0] for word in re.findall(r"\w+", text.lower()))
    return [
        name
        for name in ([] if question.isupper() else NAME.findall(question))
        if (bare := solid(_ENDING.sub("", name))) not in run and bare not in initials
    ]


def _text_of(papers: Sequence[StoredPaper]) -> str:
    return " ".join(f"{stored.paper.title} {stored.paper.abstract}" for stored in papers)

"""A written sentence against its own evidence: kept, or replaced by the verbatim quote."""

from __future__ import annotations

import re
from dataclasses import dataclass

from assistant.evidence import Evidence, asks_quantity
from assistant.retrieval import STOP_WORDS
from assistant.writing import FIRST_PERSON

SUPPORTED = 0.9
"""The least support for a written sentence to be kept."""

_NUMBER = re.compile(r"\d+(?:[.,]\d+)*")
_QUANTITY = re.compile(r"[^\s\d(\[{\"'“]?\d+(?:[.,]\d+)*[^\s.,;:)\]}\"'”]*")
_WORD = re.compile(r"[\w%]+(?:[-.'’]\w+)*")
_NEGATIONS = frozenset(
    "not no never none nor neither cannot without fail fails failed lack lacks unable".split()
)
_DIRECTIONS = (
    {"increase", "increases", "increased", "increasing", "rise", "rises", "grow", "grows"},
    {
        "decrease",
        "decreases",
        "decreased",
        "decreasing",
        "reduce",
        "reduces",
        "reduced",
        "reducing",
    },
    {"higher", "more", "better", "larger", "greater", "faster", "above", "improve", "improves"},
    {"lower", "less", "worse", "smaller", "fewer", "slower", "below", "under", "underperforms"},
    {"outperform", "outperforms", "outperformed", "outperforming", "exceeds", "surpasses"},
)
_DANGLING = frozenset({"it", "its", "they", "their", "this", "these", "those", "he", "she"})


@dataclass(frozen=True)
class Verdict:
    """Whether a sentence may stand, how much of it its evidence carries, and what is wrong."""

    keep: bool
    support: float
    """0 to 1: the share of its telling words that occur in the evidence in the same order."""
    reason: str = ""


def check(sentence: str, evidence: Evidence, question: str) -> Verdict:
    """Judge a written sentence by its evidence sentence and the title above it."""
    source = evidence.text
    title = evidence.stored.paper.title
    words = _words(sentence)
    support = _support(words, _words(source), set(_words(title)))

    def reject(reason: str) -> Verdict:
        return Verdict(False, support, reason)

    if len(words) < 4 or not sentence.endswith((".", "!", "?")):
        return reject("not a finished sentence")
    if words[0] in _DANGLING or FIRST_PERSON & set(words):
        return reject("it is not clear who or what is meant")
    known = set(_QUANTITY.findall(source)) | set(_QUANTITY.findall(title))
    for number in _QUANTITY.findall(sentence):
        if number not in known:
            return reject(f"{number} is not in the evidence")
    if asks_quantity(question) and _NUMBER.search(source) and not _NUMBER.search(sentence):
        return reject("a quantity is asked and the sentence leaves it out")
    if bool(_NEGATIONS & set(words)) != bool(_NEGATIONS & set(_words(source))):
        return reject("a negation was added or lost")
    for direction in _DIRECTIONS:
        if direction & set(words) and not direction & set(_words(source)):
            return reject("a direction that the evidence does not give")
    if support < SUPPORTED:
        return reject("too little of it is in the evidence")
    return Verdict(True, support)


def _words(text: str) -> list[str]:
    return [word.lower() for word in _WORD.findall(text)]


def _support(sentence: list[str], source: list[str], title: set[str]) -> float:
    """Length of the longest common subsequence with the source, over the length of the sentence.

    Only telling words count, and one that is in the title but not in the source counts as there.
    """
    telling = [word for word in sentence if word not in STOP_WORDS]
    if not telling:
        return 0.0
    there = set(source)
    from_title = [word for word in telling if word in title and word not in there]
    rest = [word for word in telling if word not in from_title]
    row = [0] * (len(source) + 1)
    for word in rest:
        previous = row
        row = [0]
        for index, other in enumerate(source):
            row.append(
                previous[index] + 1 if word == other else max(previous[index + 1], row[index])
            )
    return (row[-1] + len(from_title)) / len(telling)

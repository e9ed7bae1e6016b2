"""All evidence of an answer -> one paragraph by a model, each sentence checked by what it cites.

The model reads the evidence sentences numbered and ends each sentence with markers; what they name
is what the sentence is checked against. What fails, and what no sentence cites, is left to the
writing of single sentences.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import islice

from assistant.checking import Verdict
from assistant.errors import ModelLost, PromptTooLong
from assistant.evidence import Evidence
from assistant.joint_check import check_jointly
from assistant.marker_form import MarkerForm
from assistant.prompts import Message, render
from assistant.writing import (
    EXTRA_TOKENS,
    LONGEST_QUESTION,
    LONGEST_SENTENCE,
    Follows,
    LanguageModel,
    Written,
    allowed_tokens,
)

LEAST_NOTES = 2
"""Evidence sentences; from fewer no paragraph is written."""
_BRACKETS = str.maketrans("[]", "()")
_MARKERS = re.compile(r"((?:\s*\[\d{1,3}(?:\s*,\s*\d{1,3})*\])+)\s*([.!?]?)(?=\s*[^\s\[.!?])")
"""Markers and a full stop behind them, once it is clear that no further marker follows."""
_AT_END = re.compile(_MARKERS.pattern.removesuffix(r"(?=\s*[^\s\[.!?])") + r"\s*$")
_NUMBER = re.compile(r"\d+")


@dataclass(frozen=True)
class Claimed:
    """A sentence that a model wrote, and the numbers in its markers."""

    text: str
    numbers: tuple[int, ...]
    """Each once, in the order of the markers; empty if it broke off before them."""


@dataclass(frozen=True)
class Passage:
    """What comes next in an answer, or what it is to be made from."""

    evidence: tuple[Evidence, ...]
    made: Written | ModelLost | None
    """A checked sentence that cites all of the evidence; else each piece is to be told by itself,
    by quotes where the model was lost."""


def passages(
    model: LanguageModel,
    question: str,
    told: Sequence[Evidence],
    seed: int = 0,
    follows: Follows | None = None,
) -> Iterator[Passage]:
    """Everything that the answer is to tell, as the model puts it where that passes the check.

    A sentence comes as soon as it is checked, until one fails: what has to be told otherwise stands
    in its place, and comes only when the model has written its last word. At the end comes what no
    sentence cites. If all fail, everything comes as it was planned.
    Raises what the model raises, but for ``ModelLost`` and ``PromptTooLong``.
    """
    waiting: list[Passage] = []
    said: list[Evidence] = []
    lost: ModelLost | None = None
    try:
        for claimed, table in _claims(model, question, told, seed):
            cited = tuple(table[n - 1] for n in claimed.numbers if 0 < n <= len(table))
            verdict = _judged(claimed, cited, question, follows)
            made = Written(claimed.text, verdict.support) if verdict.keep else None
            said += cited if made else ()
            if made and not waiting:
                yield Passage(cited, made)
            else:
                waiting.append(Passage(cited, made))
    except ModelLost as error:
        lost = error
    for passage in (*(waiting if said else ()), Passage(tuple(told), None)):
        if passage.made:
            yield passage
        elif left := tuple(item for item in passage.evidence if item not in said):
            said += left
            yield Passage(left, lost)


def claims(pieces: Iterable[str]) -> Iterator[Claimed]:
    """The sentences of a paragraph that comes in pieces, each as soon as its markers are whole.

    Once a sentence comes again, no more is read. Last comes what stands behind the last marker.
    """
    text, seen = "", set()
    for piece in pieces:
        text += piece
        while match := _MARKERS.search(text):
            claimed = _claimed(text, match)
            if claimed.text in seen:
                return
            seen.add(claimed.text)
            yield claimed
            text = text[match.end() :]
    if match := _AT_END.search(text):
        claimed = _claimed(text, match)
        if claimed.text not in seen:
            yield claimed
    elif text.strip():
        yield Claimed(" ".join(text.split()), ())


def write_paragraph(
    model: LanguageModel, question: str, table: Sequence[Evidence], seed: int = 0
) -> Iterator[str]:
    """What the model writes about the evidence on the table, piece by piece, unchecked.

    Its markers are numbers on the table, from 1, and no sentence has none, if decoding can be held
    to that. Raises ``PromptTooLong``.
    """
    source = " ".join(f"{item.text} {item.stored.paper.title}" for item in table)
    words = [word.capitalize() for word in source.split() if word.islower()]
    markers = [f". [{n}][{n}]" for n in range(1, len(table) + 1)]
    allowed = allowed_tokens(model, " ".join([source, *words]))
    room = sum(len(model.tokens(item.text)) + EXTRA_TOKENS for item in table)
    return model.stream(
        _prompt(question, table),
        max_tokens=room,
        allowed=allowed.union(*map(model.tokens, markers)),
        seed=seed,
        form=MarkerForm(len(table), len(table)),
    )


def _claims(
    model: LanguageModel, question: str, told: Sequence[Evidence], seed: int
) -> Iterator[tuple[Claimed, Sequence[Evidence]]]:
    """Each sentence with the evidence on the table: all that fits the context."""
    table = [item for item in told if len(item.text) <= LONGEST_SENTENCE]
    while len(table) >= LEAST_NOTES:
        try:
            written = claims(write_paragraph(model, question, table, seed))
            yield from ((claimed, table) for claimed in islice(written, len(table)))
        except PromptTooLong:
            table = table[:-1]
        else:
            return


def _claimed(text: str, match: re.Match[str]) -> Claimed:
    words = f"{text[: match.start()]}{match[2]}"
    numbers = dict.fromkeys(map(int, _NUMBER.findall(match[1])))
    return Claimed(" ".join(words.split()), tuple(numbers))


def _judged(
    claimed: Claimed, cited: Sequence[Evidence], question: str, follows: Follows | None
) -> Verdict:
    if not cited or len(cited) < len(claimed.numbers):
        return Verdict(False, 0.0, "a marker is missing, or not on the table")
    verdict = check_jointly(claimed.text, [[item] for item in cited], question)
    source = " ".join(" ".join(item.text.split()) for item in cited)
    if verdict.keep and follows and not follows(source, claimed.text):
        return replace(verdict, keep=False, reason="the evidence does not entail it")
    return verdict


def _prompt(question: str, table: Sequence[Evidence]) -> list[Message]:
    """The notes with their numbers; brackets of a paper or question cannot look like markers."""
    notes = [
        f"[{number}] {_plain(f'({item.stored.paper.title}) {item.text}')}"
        for number, item in enumerate(table, start=1)
    ]
    asked = _plain(question)[:LONGEST_QUESTION]
    return render("write_paragraph", notes="\n".join(notes), question=asked)


def _plain(text: str) -> str:
    return " ".join(text.split()).translate(_BRACKETS)

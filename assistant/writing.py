"""One evidence sentence -> one checked sentence of the answer, by a model held to its words."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Protocol

from assistant.checking import FIRST_PERSON, FUNCTION_WORDS, Verdict, check
from assistant.compressing import compress
from assistant.errors import PromptTooLong
from assistant.evidence import Evidence
from assistant.prompts import Message, render

if TYPE_CHECKING:
    from assistant.marker_form import MarkerForm


LONGEST_SENTENCE = 1500
"""Characters of an evidence sentence; a longer one is no sentence, and is quoted."""
LONGEST_QUESTION = 600
"""Characters of the question that the model reads."""
EXTRA_TOKENS = 12
"""How many tokens a sentence may be longer than its evidence."""

Follows = Callable[[str, str], bool]
"""Whether the second sentence follows from the first."""

_WORD = re.compile(r"\w+|[^\w\s]")
_WE_DO = re.compile(r"\b[Ww]e (?:also |further |then )?([a-z]+)")
"""What the authors say they do; "we propose" may become "the paper proposes"."""


class LanguageModel(Protocol):
    """What writing needs of a model."""

    writes_freely: bool
    """Whether its own sentences are worth trying before the rewordings of the evidence."""
    writes_paragraphs: bool
    """Whether it is to write all sentences of an answer at once, before single ones."""

    def tokens(self, text: str) -> list[int]:
        """The model's tokens for plain text, or as many as there are at most."""

    def stream(
        self,
        messages: Sequence[Message],
        *,
        max_tokens: int,
        allowed: frozenset[int] | None = None,
        seed: int = 0,
        form: MarkerForm | None = None,
    ) -> Iterator[str]:
        """The next message, piece by piece.

        Written only with the allowed tokens, and in the form, if the model can be held to that.
        """

    def choose(
        self, messages: Sequence[Message], choices: Sequence[str], seed: int = 0
    ) -> str | None:
        """The next message, held to one of the choices; ``None`` if the model cannot be held."""


@dataclass(frozen=True)
class Written:
    """A sentence that passed the check."""

    text: str
    support: float
    """0 to 1, as the check gave it."""
    note: str = ""
    """Why it is no wording of the model, if it is none."""


@dataclass(frozen=True)
class Unwritten:
    """Why the quote stands instead."""

    reason: str


def write(
    model: LanguageModel,
    question: str,
    evidence: Evidence,
    seed: int = 0,
    follows: Follows | None = None,
) -> Written | Unwritten:
    """One checked sentence that answers from this evidence alone.

    With ``follows``, only one that it finds to follow from the evidence.

    A model that can writes it with the words of the evidence; if that fails the check, or for a
    smaller model, decoding is held to those rewordings of the evidence that pass the check. Where
    decoding cannot be held, the rewording that leaves out least is taken.

    Raises what the model raises.
    """
    if len(evidence.text) > LONGEST_SENTENCE:
        return Unwritten("it is too long to be reworded")
    reason = "nothing in it can be reworded safely"
    try:
        if model.writes_freely:
            text = draft(model, question, evidence, seed)
            verdict = _judged(text, evidence, question, follows)
            if verdict.keep:
                return Written(text, verdict.support)
            reason = verdict.reason
        return choose(model, question, evidence, seed, follows, otherwise=reason)
    except PromptTooLong:
        return Unwritten("with the question it is too long for the context of the model")


def draft(model: LanguageModel, question: str, evidence: Evidence, seed: int = 0) -> str:
    """What the model writes by itself with the words of the evidence, unchecked.

    Raises ``PromptTooLong``.
    """
    source = evidence.text
    pieces = model.stream(
        _prompt(question, evidence),
        max_tokens=len(model.tokens(source)) + EXTRA_TOKENS,
        allowed=allowed_tokens(model, f"{source} {evidence.stored.paper.title}"),
        seed=seed,
    )
    return _one_line("".join(pieces))


def choose(
    model: LanguageModel,
    question: str,
    evidence: Evidence,
    seed: int = 0,
    follows: Follows | None = None,
    *,
    otherwise: str = "nothing in it can be reworded safely",
) -> Written | Unwritten:
    """The rewording of the evidence that the model chooses among those that pass the check.

    ``otherwise`` is the reason given if there are no rewordings: the fault of the model's own
    sentence, if it wrote one. Raises ``PromptTooLong``.
    """
    own_fault, support = otherwise, {}
    for text in compress(evidence.text, evidence.stored.paper.title):
        verdict = _judged(text, evidence, question, follows)
        if verdict.keep:
            support[text] = verdict.support
        else:
            otherwise = verdict.reason
    if not support:
        return Unwritten(otherwise)
    chosen = model.choose(_prompt(question, evidence), list(support), seed)
    if chosen is None:
        text = next(iter(support))
        return Written(text, support[text], f"the model's own sentence failed: {own_fault}")
    return Written(chosen, support[chosen])


def _prompt(question: str, evidence: Evidence) -> list[Message]:
    return render(
        "write_sentence",
        title=_one_line(evidence.stored.paper.title),
        evidence=_one_line(evidence.text),
        question=_one_line(question)[:LONGEST_QUESTION],
    )


def _judged(text: str, evidence: Evidence, question: str, follows: Follows | None) -> Verdict:
    verdict = check(text, evidence, question)
    if verdict.keep and follows and not follows(_one_line(evidence.text), text):
        return replace(verdict, keep=False, reason="the evidence does not entail it")
    return verdict


def allowed_tokens(model: LanguageModel, source: str) -> frozenset[int]:
    """The tokens of the words of ``source``, inside and at the start of a sentence."""
    words = [word for word in source.split() if word not in FIRST_PERSON]
    words += [part for part in _WORD.findall(source) if part not in FIRST_PERSON]
    words += FUNCTION_WORDS
    words += [f"{verb}s" for verb in _WE_DO.findall(source)]
    allowed: set[int] = set()
    for word in dict.fromkeys(words):
        allowed.update(model.tokens(word), model.tokens(f" {word}"))
        if word.islower():
            allowed.update(model.tokens(word.capitalize()))
    return frozenset(allowed)


def _one_line(text: str) -> str:
    return " ".join(text.split())

"""Follow-up questions made self-contained with what went before; retrieval picks the reading."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Literal

from assistant.words import STOP_WORDS, telling_words

_REFERS_BACK = re.compile(
    r"\b(it|its|they|them|their|these|those|this|the same|also|instead|there|here"
    r"|(does|do|did|of|by|than|at|is|was|with|for|on) that|that (one|help|work|mean)\w*"
    r"|(?<!can )(?<!could )(?<!does )(?<!may )(?<!must )(?<!should )(?<!would )ones?(?! of)"
    r"|the (method|model|models|paper|papers|approach|authors?|result|results|technique|system"
    r"|study|smaller|smallest|larger|largest|bigger|biggest|other|others|latter|former|second"
    r"|first|rest|benchmarks?|data|dataset|datasets|gain|gains|improvement|error))\b"
    r"|^(and|but|so|then|what about|how about|why\?|really)\b",
    re.IGNORECASE,
)
_OTHER_SUBJECT = re.compile(
    r"^(?:and|but|so|then)?,?\s*(?:what|how)\s+about\s+(?P<a>[^?,]+)\??$"
    r"|^and\s+(?P<b>(?:\S+\s+){0,3}[^\s?,]+)\?$",
    re.IGNORECASE,
)
"""“And LoRA?”, “What about RoBERTa?”: the question before, asked of something else."""
_ANOTHER_ONE = re.compile(
    r"^(?:and|what about|how about|is there|are there)\s+(?:also\s+)?ones?\s+"
    r"(?P<phrase>(?P<with>for|on|about|in|of|with)\s[^?,]+)\?*$",
    re.IGNORECASE,
)
_CHANGES_TOPIC = re.compile(
    r"^(something else|another (question|topic)|(a )?(different|new) (question|topic)|by the way"
    r"|on another note|changing the (topic|subject))\b",
    re.IGNORECASE,
)
_ASKS_WHAT_IT_IS = re.compile(
    r"^what (is|are) (an? )?(?!(it|its|that|this|they|their|these|those|there|the|about|actually"
    r"|better|best|different|left|meant|missing|new|next|not|so|still|worse|worst|wrong)\b)"
    r"[\w-]+( [\w-]+)?\s*\?*$",
    re.IGNORECASE,
)
_TOPIC = re.compile(r"^(?:(?:and|but|so|then),? )*(?:the )?(?P<name>[\w-]+), (?=\w)", re.IGNORECASE)
"""What "it" further on is, if it is a name: “And LoRA, what does it freeze?”"""
_NAME = re.compile(r"\b(?:\w*[A-Z][\w-]*[A-Z]\w*|[A-Z][\w-]*\d[\w-]*|[a-z]+[A-Z]\w*)\b")
_CAPITAL = re.compile(r"(?<![.?!]\s)(?<!^)\b[A-Z]\w+")
SHORT = 2
"""A question of so few telling words leans on what went before, unless it has a name."""
MARGIN = 0.05
"""How much surer retrieval must be of another reading than of the first."""


@dataclass(frozen=True)
class Turn:
    """One message of the conversation so far."""

    role: Literal["user", "assistant"]
    content: str


def readings(question: str, history: Sequence[Turn]) -> list[str]:
    """What the question may mean as one that stands alone, the likeliest first.

    A question that lacks nothing has itself as its only reading.
    """
    previous = _last_complete(history)
    if previous is None:
        return [question]
    if complete := _completed(question, previous):
        return [complete]
    found = [f"{previous} {question}"]
    if names := _new_names(history, previous):
        found.append(f"{' '.join(names)} {previous} {question}")
    return found


def resolve(question: str, history: Sequence[Turn], confidence: Callable[[str], float]) -> str:
    """The reading that retrieval is surest to answer; the first unless another is clearly better.

    ``confidence`` gives the probability that the library answers a question.
    """
    first, *others = readings(question, history)
    if not others:
        return first
    least = confidence(first) + MARGIN
    best = max(((confidence(other), other) for other in others), key=lambda pair: pair[0])
    return best[1] if best[0] >= least else first


def leans(question: str) -> bool:
    """Whether the question cannot be understood without the one before."""
    if _CHANGES_TOPIC.search(question) or _ASKS_WHAT_IT_IS.search(question):
        return False
    topic = _TOPIC.match(question)
    if topic and _NAME.fullmatch(topic["name"]):
        return False
    named = bool(_NAME.search(question) or _CAPITAL.search(question))
    telling = [word for word in telling_words(question) if word not in STOP_WORDS]
    return bool(_REFERS_BACK.search(question)) or (len(telling) <= SHORT and not named)


def _last_complete(history: Sequence[Turn]) -> str | None:
    """The last question that stands alone, or can be made to by the ones before; or the first."""
    complete: str | None = None
    for asked in (turn.content for turn in history if turn.role == "user"):
        complete = asked if complete is None else _completed(asked, complete) or complete
    return complete


def _completed(question: str, previous: str) -> str | None:
    """The question if it stands alone, or the one before with what it puts in its place."""
    if subject := _other_subject(question):
        return _with_subject(previous, subject)
    return _another_one(question, previous) or (None if leans(question) else question)


def _other_subject(question: str) -> str | None:
    """The name that the question puts in place of the one before."""
    match = _OTHER_SUBJECT.match(question.strip())
    subject = (match["a"] or match["b"]) if match else ""
    if "," in subject or subject.split(" ")[0].lower() in STOP_WORDS - {"a", "an", "the"}:
        return None
    return subject if _NAME.search(subject) or _CAPITAL.search("x " + subject) else None


def _another_one(question: str, previous: str) -> str | None:
    """“And one for Hindi?”: the question before, with that in place of its last such phrase."""
    match = _ANOTHER_ONE.match(question.strip())
    if not match:
        return None
    *_, last = [None, *re.finditer(rf"\b{match['with']}\b [^,?]*", previous)]
    return previous[: last.start()] + match["phrase"] + previous[last.end() :] if last else None


def _with_subject(previous: str, subject: str) -> str:
    """The question before with its name, or the first of its names, replaced."""
    first = _NAME.search(previous) or _CAPITAL.search(previous)
    if first is None:
        return f"{subject} {previous}"
    replaced = first.group()
    return first.re.sub(
        lambda name: subject if name.group() == replaced else name.group(), previous
    )


def _new_names(history: Sequence[Turn], previous: str) -> list[str]:
    """Names that the answers brought up and the question did not have."""
    answers = [turn.content for turn in history if turn.role == "assistant"]
    found = _NAME.findall(answers[-1]) or _CAPITAL.findall(answers[-1]) if answers else []
    return [name for name in dict.fromkeys(found) if name not in previous][:2]

"""What a text names, as stems, and whether it names a thing itself or another one called after it.

"Smoking cessation" is not smoking and "LoRA-FA" is not LoRA, but "statin use" stands for statins.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence, Set
from itertools import pairwise

from assistant import word_stems
from assistant.claims.naming import tokens_of
from assistant.claims.vocabulary import (
    COMPARED,
    COUNTS,
    IRREGULAR,
    LOSES,
    NEGATIONS,
    NOUNS,
    STATES,
    SYNONYMS,
    VERBS,
    WINS,
)
from assistant.words import STOP_WORDS, stem

_SIGNED = frozenset("positive negative inverse positively negatively inversely".split())
_CUES = frozenset([*VERBS, *COMPARED, *WINS, *LOSES, *NOUNS, *STATES]) | NEGATIONS | _SIGNED
LIGHT = frozenset(
    """also associated being broad clearly considerably correlate correlated correlates
    correlation did do does doing done effect effects found gave get gets give given gives got
    greatly had has have highly lead leads led linked markedly need needed needs obtain
    obtained obtains range related result resulted results show showed shown shows
    significantly strongly substantially take takes took use used uses using""".split()
)
"""Words of a statement that its evidence need not have."""


def ordered(text: str, without: Set[str] = frozenset()) -> list[str]:
    """Stems of its words in their order, but for those that say nothing of their own."""
    return [
        _stem(part)
        for token in tokens_of(text)
        for part in _parts(token)
        if part[:1].isalnum() and part not in STOP_WORDS and part not in without
    ]


def names(text: str) -> frozenset[str]:
    """Stems of what it is about, without the words that tell a direction."""
    return frozenset(ordered(text, _CUES | LIGHT))


def negations(text: str) -> int:
    """How often it denies something."""
    tokens = [token.lower() for token in tokens_of(text)]
    return sum(token in NEGATIONS or token.endswith(("n't", "n’t")) for token in tokens)


def last_named(text: str, of: Set[str]) -> str:
    """The last of these stems in the text; empty if there is none."""
    return next((word for word in reversed(ordered(text)) if word in of), "")


def stands_alone(thing: str, text: str, statement: str) -> bool:
    """Whether a stem of the statement stands in the text as it does there, not in another name."""
    allowed = {_stem(after) for part, after in _pairs(statement) if _stem(part) == thing}
    return any(
        _stem(part) == thing and (_stem(after) in allowed or not _goes_on(after))
        for part, after in _pairs(text)
    )


def _pairs(text: str) -> Iterator[tuple[str, str]]:
    """Each part of a word with the one behind it."""
    return pairwise([*(part for token in tokens_of(text) for part in _parts(token)), "."])


def _goes_on(after: str) -> bool:
    """Whether a word behind a name may make another name of it."""
    return not (
        after not in _LOSSES
        and (
            not after[:1].isalpha()
            or after in STOP_WORDS
            or after in _CUES
            or after in LIGHT
            or after.endswith(("ly", "ed"))
            or _stem(after) in GENERAL
            or after in _BEHIND
        )
    )


def _parts(token: str) -> Sequence[str]:
    return token.lower().removesuffix("'s").removesuffix("’s").split("-")


def _stem(word: str) -> str:
    stemmed = stem(IRREGULAR.get(word) or word_stems.stem(word))
    return SYNONYMS.get(stemmed, stemmed)


_LOSSES = frozenset("loss losses reduction reductions degradation deficiency".split())
_BEHIND = frozenset(
    """always often even still show shows showed gave gives give make makes made need needs take
    takes took cost costs run runs ran reach reaches achieve achieves produce produces provide
    provides tend remain remains proved proves per via plus versus during after before under over
    against across among at""".split()
)
GENERAL = frozenset(map(_stem, COUNTS)) | frozenset(
    map(
        _stem,
        """activation activity administration approach consumption expression exposure gene group
        intake method model overexpression patients people programme protein supplementation
        supplements system therapy training treatment use user""".split(),
    )
)
"""Stems of words that a thing may have behind it or not: "statin use", "the LoRA method"."""

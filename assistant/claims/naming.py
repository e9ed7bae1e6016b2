"""Words -> stems of what they name, so that two sentences are seen to speak of the same."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence

from assistant.claims.vocabulary import IRREGULAR, NEGATIONS, SYNONYMS
from assistant.words import STOP_WORDS, stem

_TOKEN = re.compile(r"\d[\d.,]*%?|[^\W\d_](?:[\w'’]|-(?=\w))*|[,.;:()]")
_HUNG = re.compile(r"\b(?<![\w-]{2})[\w-]+- (?:and|or) ")
"""The first of two words that share their end: "peer- and teacher-rated"."""
_WORD = re.compile(r"[^\W\d_]")
GENERAL = frozenset(
    """able achieve also although approach approaches among art based better data different due
    effective et al evaluate existing experiments first further given however improve improved large
    method methods model models more most new novel number often only other our over paper
    perform performance present problem propose proposed provide recent recently result results
    same several show significant significantly state still such task tasks through thus two use
    used using various via well while""".split()
)
"""Words of every abstract, which tell no theme."""
_AUXILIARIES = frozenset(
    """is are was were be been being do does did has have had can could may might will would also
    then still even far much slightly significantly substantially considerably markedly clearly
    steadily somewhat no any only twice nearly almost about on average further""".split()
)
_FIELD = frozenset(
    """parameter parameters training train trained fine tuning tune tuned memory size sizes language
    languages network networks neural learning learn learned deep machine llm llms pretrained
    pre pretraining compute computational cost costs efficient efficiency scale scaling
    optimization weights layers layer inference downstream gpu adaptation adaptive
    benchmark benchmarks across range wide number full reduce improve framework process strategy
    techniques technique test time domain distribution samples sample target leads lead simple
    complex quality require requires required achieve achieves making make makes level optimal rate
    generalization systems system application applications patients patient participants subjects
    volunteers individuals""".split()
)
_FILLING = (
    frozenset(
        """find finds found show shows showed shown report reports reveal revealed suggest suggests
        suggesting conclude contrary belief common average every all both other others one ones any
        compared relative comparison respectively percent per cent points point third quarter fifth
        tenth half factor times fold years year months month weeks week days day hours hour minutes
        two three four five six seven eight nine ten hundred thousand million large small best
        measure measures subgroup fully bin bins lowest highest off out near within
        among along nearby elsewhere afterwards later alone together became become between
        detect detected record recorded estimate estimated note noted conclusion conclusions
        background objective objectives
        effect effects difference change group groups people those once tried seen observed
        overall least most far much even still again according what nor there here without within
        whether neither against during after before under over above below further than then when
        contrast condition conditions setting settings case cases first second""".split()
    )
    | NEGATIONS
    | _AUXILIARIES
    | STOP_WORDS
)
"""Words that name nothing."""
COMMON = _FILLING | GENERAL | _FIELD
"""Words that name nothing by which two papers are seen to be about the same."""


def telling(tokens: Sequence[str]) -> frozenset[str]:
    """Stems of the words that name something that is not in every paper."""
    return _stems(tokens, COMMON)


def naming(tokens: Sequence[str]) -> frozenset[str]:
    """Stems of the words that name something, be it as common as accuracy."""
    return _stems(tokens, _FILLING)


def _stems(tokens: Sequence[str], without: Collection[str]) -> frozenset[str]:
    """Stems of words, of irregular forms and synonyms those of the first of them."""
    return frozenset(
        SYNONYMS.get(stemmed, stemmed)
        for token in tokens
        for part in _parts(token.lower())
        if len(part) > 2 and _WORD.match(part) and part not in without
        for stemmed in [stem(IRREGULAR.get(part, part))]
    )


def tokens_of(text: str) -> list[str]:
    """Its words, numbers and stops."""
    return _TOKEN.findall(_HUNG.sub("", text))


def _parts(word: str) -> list[str]:
    word = word.removesuffix("'s").removesuffix("’s")
    return word.split("-") if "-" in word else [word]

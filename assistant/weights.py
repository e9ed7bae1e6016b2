"""The weights of retrieval and refusal, read from ``ranking.toml``."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, fields
from functools import cache
from importlib.resources import files
from typing import Any


@dataclass(frozen=True)
class PaperWeights:
    """What each signal of a paper counts; 0 switches it off."""

    chunk: float
    sentence: float
    words: float
    pieces: float


@dataclass(frozen=True)
class SentenceWeights:
    """What each signal of a sentence counts."""

    sentence: float
    words: float
    pieces: float
    paper: float
    number: float
    """It has a number."""
    quantity: float
    """It has a number and the question asks for one."""
    place: float
    """How far down the abstract it stands, 0 to 1, for a claim; numbers count nothing then."""


@dataclass(frozen=True)
class Weights:
    """All weights in force."""

    papers: PaperWeights
    sentences: SentenceWeights
    answerable: Mapping[str, float]
    """Of the logistic regression behind ``confidence``; ``constant`` is its intercept."""


@cache
def weights() -> Weights:
    """The weights that come with the program."""
    text = files("assistant").joinpath("ranking.toml").read_text("utf-8")
    return parse(tomllib.loads(text))


def parse(tables: Mapping[str, Any]) -> Weights:
    """Weights from the tables of such a file; raises ``KeyError`` where one is missing."""
    papers = PaperWeights(**{f.name: tables["papers"][f.name] for f in fields(PaperWeights)})
    sentences = SentenceWeights(
        **{f.name: tables["sentences"][f.name] for f in fields(SentenceWeights)}
    )
    return Weights(papers, sentences, dict(tables["answerable"]))

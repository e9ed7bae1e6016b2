"""Fit the model that fills the table of a summary (``assistant/summary/roles.npz``).

usage: python benchmarks/fit_roles.py [--write]

It learns from ``summary_cells_tuned.toml``; from ``roles_made.toml``, synopses made up in various
registers; from ``roles_endings.toml``, two sentences each, of which the second may tell limits; and
from the starter library with the labels of ``roles_starter.toml``. Printed are the cells of the
first two files that are right, wrong and left empty in five-fold cross-validation, for which the
thresholds are chosen; ``--write`` replaces the model.
"""

from __future__ import annotations

import sys
import tomllib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize
from summary_cells import judge

from assistant.api import no_progress
from assistant.config import Config
from assistant.encoders import Encoders
from assistant.library import StoredPaper
from assistant.papers import Paper
from assistant.sentences import split_sentences
from assistant.starter import starter_papers
from assistant.summary.notes import ROLES
from assistant.summary.roles import (
    KINDS,
    Model,
    features,
    probabilities,
    telling,
    vector_features,
)

BESIDE = Path(__file__).parent
FOLDS = 5
ENDING_WEIGHT = 0.5
STARTER_WEIGHT = 0.3
"""What a sentence of the starter library counts: all are about one field and in one voice."""
GAIN = {"right": 1.0, "wrong": -2.0, "missed": 0.0}
"""What a cell is worth."""
THRESHOLDS = np.arange(0.3, 0.91, 0.02)


@dataclass
class Example:
    """A paper with labels."""

    texts: list[str]
    accepted: dict[str, list[int]]
    weight: float
    vectors: NDArray[np.float32] | None = None
    """Of its sentences."""

    def kinds(self) -> list[int]:
        """The kind of each sentence; of roles that no kind has together, the first that fit."""
        found = []
        for index in range(len(self.texts)):
            roles = {role for role in ROLES if index in self.accepted[role]}
            fitting = [kind for kind in KINDS if roles.issuperset(kind)]
            found.append(KINDS.index(max(fitting, key=len)))
        return found


def main(write: bool) -> None:
    """Cross-validate, fit, and write the model if asked to."""
    encoders = Encoders(Config().encoder, no_progress)
    judged = labelled("summary_cells_tuned.toml") + labelled("roles_made.toml")
    others = labelled("roles_endings.toml", ENDING_WEIGHT)
    others += labelled("roles_starter.toml", STARTER_WEIGHT)
    encoder = encoders.for_papers(1)
    for example in judged + others:
        example.vectors = encoder.encode(example.texts)
    # neighbours are often a pair about one question
    folds = [number // 2 % FOLDS for number in range(len(judged))]
    models = [
        fit([e for e, of_it in zip(judged, folds, strict=True) if of_it != fold] + others)
        for fold in range(FOLDS)
    ]
    thresholds = []
    for with_vectors in (False, True):
        likely = [
            probabilities(models[fold], e.texts, e.vectors if with_vectors else None)
            for e, fold in zip(judged, folds, strict=True)
        ]
        chosen = [best_threshold(judged, likely, column) for column in range(len(ROLES))]
        thresholds.append(chosen)
        print("with vectors" if with_vectors else "words alone", [f"{t:.2f}" for t in chosen])
        report(judged, likely, chosen)
    if write:
        fitted = fit(judged + others)
        path = BESIDE.parent / "assistant" / "summary" / "roles.npz"
        np.savez_compressed(
            path,
            encoder=np.array(encoders.identity.sha256),
            by_words=fitted.by_words.astype(np.float16),
            by_vectors=fitted.by_vectors.astype(np.float16),
            thresholds=np.array(thresholds, np.float32),
        )
        print(f"written: {path.stat().st_size} bytes")


def labelled(name: str, weight: float = 1.0) -> list[Example]:
    """The papers of such a file; an abstract that it lacks is one of the starter library."""
    starter = {paper.title: paper.abstract for paper in starter_papers()}
    examples = []
    for entry in tomllib.loads((BESIDE / name).read_text("utf-8"))["paper"]:
        abstract = entry.get("abstract") or starter[entry["title"]]
        paper = Paper(entry["title"], abstract)
        stored = StoredPaper(paper.id, paper, tuple(split_sentences(abstract)))
        examples.append(Example(telling(stored), {role: entry[role] for role in ROLES}, weight))
    return examples


def fit(examples: Sequence[Example]) -> Model:
    """A model of these."""
    words = [features(example.texts) for example in examples]
    vectors = [vector_features(e.vectors) for e in examples if e.vectors is not None]
    kinds = np.concatenate([example.kinds() for example in examples])
    weight = np.concatenate([[e.weight] * len(e.texts) for e in examples])
    rows = np.concatenate(words)
    both = np.concatenate([rows, np.concatenate(vectors)], axis=1)
    no_thresholds = np.zeros((2, len(ROLES)), np.float32)
    return Model(
        "", regression(rows, kinds, weight), regression(both, kinds, weight), no_thresholds
    )


def regression(
    rows: NDArray[np.float32], kinds: NDArray[np.int64], weight: NDArray[np.float64]
) -> NDArray[np.float32]:
    """The weights of a softmax regression with a normal prior of variance 1."""
    told = np.eye(len(KINDS))[kinds]

    def loss(flat: NDArray[np.float64]) -> tuple[float, NDArray[np.float64]]:
        weights = flat.reshape(rows.shape[1], len(KINDS))
        scores = rows @ weights
        scores -= scores.max(axis=1, keepdims=True)
        logarithms = scores - np.log(np.exp(scores).sum(axis=1, keepdims=True))
        value = -(weight * (told * logarithms).sum(axis=1)).sum() + (flat @ flat) / 2
        slope = rows.T @ (weight[:, None] * (np.exp(logarithms) - told)) + weights
        return float(value), slope.ravel()

    start = np.zeros(rows.shape[1] * len(KINDS))
    found = minimize(loss, start, jac=True, method="L-BFGS-B", options={"maxiter": 200})
    weights: NDArray[np.float32] = found.x.reshape(-1, len(KINDS)).astype(np.float32)
    return weights


def best_threshold(
    examples: Sequence[Example], likely: Sequence[NDArray[np.float32]], column: int
) -> float:
    """The threshold of one role that is worth most."""

    def worth(threshold: float) -> float:
        return sum(
            GAIN[verdict(example, rows, column, threshold)]
            for example, rows in zip(examples, likely, strict=True)
        )

    return float(max(THRESHOLDS, key=worth))


def verdict(example: Example, rows: NDArray[np.float32], column: int, threshold: float) -> str:
    """Whether a cell is right."""
    best = int(rows[:, column].argmax())
    shown = (best,) if rows[best, column] >= threshold else ()
    return judge(shown, example.accepted[ROLES[column]])


def report(
    examples: Sequence[Example],
    likely: Sequence[NDArray[np.float32]],
    thresholds: Sequence[float],
) -> None:
    """Print what cross-validation gave."""
    verdicts: dict[str, list[str]] = {
        role: [
            verdict(e, r, column, thresholds[column]) for e, r in zip(examples, likely, strict=True)
        ]
        for column, role in enumerate(ROLES)
    }
    verdicts["all"] = [each for column in verdicts.values() for each in column]
    for role, given in verdicts.items():
        shares = [given.count(each) / len(given) for each in ("right", "wrong", "missed")]
        print(
            f"  {role:8} {shares[0]:.2f} right, {shares[1]:.2f} wrong, "
            f"{shares[2]:.2f} 'not stated' though it is"
        )


if __name__ == "__main__":
    main("--write" in sys.argv[1:])

"""Fit the model that fills the table of a summary (``assistant/summary/roles.npz``).

usage: python benchmarks/fit_roles.py [--write]

It learns from ``summary_cells_tuned.toml``, from ``roles_made.toml``, synopses made up in various
registers and in the same form, and from the starter library with the labels of
``roles_starter.toml``. Printed are the cells of the first two files that are right, wrong and left
empty in five-fold cross-validation, with vectors and without; ``--write`` replaces the model.
"""

from __future__ import annotations

import sys
import tomllib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

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
from assistant.summary.roles import KINDS, features, probabilities

BESIDE = Path(__file__).parent
FOLDS = 5
STARTER_WEIGHT = 0.3
"""What a sentence of the starter library counts: all are about one field and in one voice."""
GAIN = {"right": 1.0, "wrong": -1.2, "missed": 0.0}
"""What a cell is worth."""
WITHOUT_LIMITS = 3.0
"""What a paper that states no limits counts for their threshold: most abstracts state none."""
THRESHOLDS = np.arange(0.1, 0.91, 0.02)


@dataclass
class Example:
    """A paper with labels."""

    stored: StoredPaper
    accepted: dict[str, list[int]]
    weight: float
    vectors: NDArray[np.float32] | None = None

    def kinds(self) -> list[int]:
        """The kind of each sentence; of roles that no kind has together, the first that fit."""
        found = []
        for index in range(len(self.stored.sentences)):
            roles = {role for role in ROLES if index in self.accepted[role]}
            fitting = [kind for kind in KINDS if roles.issuperset(kind)]
            found.append(KINDS.index(max(fitting, key=len)))
        return found


def main(write: bool) -> None:
    """Cross-validate, fit, and write the model if asked to."""
    encoders = Encoders(Config().encoder, no_progress)
    made = labelled(BESIDE / "summary_cells_tuned.toml") + labelled(BESIDE / "roles_made.toml")
    starter = labelled(BESIDE / "roles_starter.toml", STARTER_WEIGHT)
    encoder = encoders.for_papers(1)
    for example in made + starter:
        stored = example.stored
        texts = [stored.sentence(index) for index in range(len(stored.sentences))]
        example.vectors = encoder.encode(texts)
    fitted: dict[str, Any] = {}
    thresholds = []
    for name in ("with_vectors", "without_vectors"):
        if name == "without_vectors":
            for example in made + starter:
                example.vectors = None
        likely: list[NDArray[np.float32]] = [np.zeros(0, np.float32)] * len(made)
        for fold in range(FOLDS):
            # neighbours are often a pair about one question
            held = [n for n in range(len(made)) if n // 2 % FOLDS == fold]
            weights = fit([made[n] for n in range(len(made)) if n not in set(held)] + starter)
            for n in held:
                likely[n] = probabilities(features(made[n].stored, made[n].vectors), weights)
        chosen = [best_threshold(made, likely, column) for column in range(len(ROLES))]
        thresholds.append(chosen)
        report(name, made, likely, chosen)
        fitted[name] = fit(made + starter).astype(np.float16)
    if write:
        path = BESIDE.parent / "assistant" / "summary" / "roles.npz"
        np.savez_compressed(
            path,
            encoder=np.array(encoders.identity.sha256),
            thresholds=np.array(thresholds, np.float32),
            **fitted,
        )
        print(f"written: {path.stat().st_size} bytes")


def labelled(path: Path, weight: float = 1.0) -> list[Example]:
    """The papers of such a file; an abstract that it lacks is one of the starter library."""
    starter = {paper.title: paper.abstract for paper in starter_papers()}
    examples = []
    for entry in tomllib.loads(path.read_text("utf-8"))["paper"]:
        abstract = entry.get("abstract") or starter[entry["title"]]
        paper = Paper(entry["title"], abstract)
        stored = StoredPaper(paper.id, paper, tuple(split_sentences(abstract)))
        examples.append(Example(stored, {role: entry[role] for role in ROLES}, weight))
    return examples


def fit(examples: Sequence[Example]) -> NDArray[np.float32]:
    """The weights of a softmax regression with a normal prior of variance 1."""
    rows = np.concatenate([features(e.stored, e.vectors) for e in examples]).astype(float)
    kinds = np.concatenate([e.kinds() for e in examples])
    counted = np.concatenate([[e.weight] * len(e.stored.sentences) for e in examples])
    told = np.eye(len(KINDS))[kinds]

    def loss(flat: NDArray[np.float64]) -> tuple[float, NDArray[np.float64]]:
        weights = flat.reshape(rows.shape[1], len(KINDS))
        scores = rows @ weights
        scores -= scores.max(axis=1, keepdims=True)
        logarithms = scores - np.log(np.exp(scores).sum(axis=1, keepdims=True))
        value = -(counted * (told * logarithms).sum(axis=1)).sum() + (flat @ flat) / 2
        slope = rows.T @ (counted[:, None] * (np.exp(logarithms) - told)) + weights
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
        gained = 0.0
        for example, rows in zip(examples, likely, strict=True):
            unstated = ROLES[column] == "limits" and not example.accepted["limits"]
            of_it = GAIN[verdict(example, rows, column, threshold)]
            gained += of_it * (WITHOUT_LIMITS if unstated else 1.0)
        return gained

    return float(max(THRESHOLDS, key=worth))


def verdict(example: Example, rows: NDArray[np.float32], column: int, threshold: float) -> str:
    """Whether a cell is right."""
    best = int(rows[:, column].argmax())
    shown = (best,) if rows[best, column] >= threshold else ()
    return judge(shown, example.accepted[ROLES[column]])


def report(
    name: str,
    examples: Sequence[Example],
    likely: Sequence[NDArray[np.float32]],
    thresholds: Sequence[float],
) -> None:
    """Print what cross-validation gave."""
    print(f"{name}, {len(examples)} papers in {FOLDS} folds")
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

"""Fits the weights of ``assistant/ranking.toml`` on questions with known papers and sentences.

usage: python benchmarks/fit_ranking.py [--one-wording] [--refusals] LIBRARY QUESTIONS.jsonl ...

QUESTIONS has id, type, style, question, history, gold_titles, gold_sentences over the papers of
LIBRARY (a folder as ``assistant --library`` takes it); a folder in the layout of BEIR, with the
library that ``assistant eval FOLDER --keep`` left, counts for refusals only. Prints what the
weights in force give and what those fitted give in cross-validation (questions about the same
papers stay in one fold), each signal left out once, then the tables of the file. Several files of
questions count alike for papers; sentences are fitted on the first file alone; a file whose
questions no paper answers counts for refusals. With ``--one-wording`` questions are searched for as
they were asked, without the thesaurus; with ``--refusals`` only the confidence is fitted, for the
weights in force.
"""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass, fields, replace
from pathlib import Path

import numpy as np
from fitting import FOLDS, Array, Truth, differences, logistic, logistic_with_constant, share_of

from assistant import answerability
from assistant.answering import standalone
from assistant.api import Assistant, no_progress
from assistant.config import Config
from assistant.encoders import Encoders
from assistant.evaluation import gold
from assistant.evaluation.collection import read_collection
from assistant.evaluation.measures import (
    auc,
    calibration_error,
    hit,
    ndcg,
    recall,
    refusals_at,
    reliability,
)
from assistant.evaluation.questions import Question, read_questions
from assistant.evaluation.scoring import fold
from assistant.question_kinds import asks_quantity, is_claim
from assistant.retrieval import Hit, Retriever
from assistant.thesaurus import Thesaurus, thesaurus
from assistant.weights import PaperWeights, SentenceWeights, Weights, weights

ONE_WORDING, REFUSALS = "--one-wording", "--refusals"
LOOKED_AT = 60
"""Papers of a question that are ranked anew."""
NEAREST_WRONG = 25
"""Papers that do not answer, of those looked at, that the gold ones must stand before."""
COLLECTION, COLLECTION_COUNTS = "collection", 3.0
"""The kind of all questions of a folder, and how much more it counts than another kind."""
PRIOR = 0.5
"""The share of questions that have an answer, for which the confidence is made."""
PAPER_SIGNALS = [field.name for field in fields(PaperWeights)]
SENTENCE_SIGNALS = [field.name for field in fields(SentenceWeights)]


@dataclass(frozen=True)
class Case:
    """One question with what was found for it."""

    question: Question
    asked: str
    hits: list[Hit]
    hidden: list[Hit]
    """What is found with the gold papers taken away; nothing where there are none."""
    gold: frozenset[str]
    """Ids of the papers that answer."""
    ranked: bool
    """Whether papers and sentences are judged too, not refusals alone."""
    source: str
    """The name of the file or folder that the question is from."""
    fold: int

    @property
    def row(self) -> str:
        """The row of a table that it counts in."""
        return f"{self.source} {self.question.group}"


def main(arguments: Sequence[str]) -> None:
    """Fit and print."""
    cases: list[Case] = []
    paths = [Path(text) for text in arguments if text not in (ONE_WORDING, REFUSALS)]
    for folder, questions in zip(paths[::2], paths[1::2], strict=True):
        cases += read(folder, questions, Thesaurus({}) if ONE_WORDING in arguments else thesaurus())
    if REFUSALS in arguments:
        print_table("answerable", fit_answerable(cases, weights()))
        return
    ranked = [case for case in cases if case.ranked and case.gold]
    now = np.array([getattr(weights().papers, name) for name in PAPER_SIGNALS])
    show("papers, weights in force", ranked, lambda case: ranking(case, now))
    validated("papers", ranked, PAPER_SIGNALS, fit_papers, ranking)
    papers = PaperWeights(*map(float, fit_papers(ranked, PAPER_SIGNALS)))
    cases = [ordered(case, papers) for case in cases]
    first = cases[0].source
    quoting = [c for c in cases if c.source == first and c.question.gold_sentences]
    now = np.array([getattr(weights().sentences, name) for name in SENTENCE_SIGNALS])
    show("sentences, weights in force", quoting, lambda case: quoting_of(case, now))
    validated("sentences", quoting, SENTENCE_SIGNALS, fit_sentences, quoting_of)
    sentences = SentenceWeights(*map(float, fit_sentences(quoting, SENTENCE_SIGNALS)))
    by = Weights(papers, sentences, weights().answerable)
    answerable = fit_answerable(cases, by)
    print_table("papers", asdict(papers))
    print_table("sentences", asdict(sentences))
    print_table("answerable", answerable)


def print_table(title: str, table: Mapping[str, float]) -> None:
    """Print a table of ``ranking.toml``."""
    print(f"\n[{title}]")
    for name, value in table.items():
        print(f"{name} = {value:.2f}")


def read(folder: Path, questions: Path, synonyms: Thesaurus) -> list[Case]:
    """The questions with what a search finds for each."""
    assistant = Assistant(Config(library=str(folder)))
    library, index = assistant.library, assistant.index
    encoder = Encoders(assistant.config.encoder, no_progress).for_questions()
    retriever = Retriever(library, index, encoder, synonyms=synonyms)
    if questions.is_dir():
        found = read_collection(questions)
        names = gold.by_document(library, [document.id for document in found.documents])
        asked_all: Sequence[Question] = found.questions
    else:
        names, asked_all = gold.by_title(library), read_questions(questions)
    cases = []
    groups: dict[object, int] = {}
    for question in asked_all:
        ids = frozenset(i for name in question.gold for i in names.papers(name))
        asked = standalone(question.text, question.history, retriever)
        hits = retriever.search(asked, LOOKED_AT)
        hidden = retriever.without(names.belonging(question)).search(asked, 10) if ids else []
        number = groups.setdefault(ids or question.id, len(groups)) % FOLDS
        ranked = not questions.is_dir()
        cases.append(Case(question, asked, hits, hidden, ids, ranked, questions.stem, number))
        print(f"\r{len(cases)}", end="", file=sys.stderr)
    assistant.close()
    return cases


def fit_papers(cases: Sequence[Case], names: Sequence[str]) -> Array:
    """Weights that put gold papers before others; the largest is 1. Sources count alike."""
    rows, shares = [], []
    counts = Counter(case.source for case in cases)
    for case in cases:
        matrix = paper_signals(case)[:, [PAPER_SIGNALS.index(name) for name in names]]
        right = [i for i, found in enumerate(case.hits) if found.stored.id in case.gold]
        wrong = [i for i in range(len(case.hits)) if i not in right][:NEAREST_WRONG]
        made, share = differences(matrix[right], matrix[wrong])
        rows.append(made)
        shares.append(share / counts[case.source])
    return scaled(logistic(np.vstack(rows), np.concatenate(shares), penalty=0.02))


def fit_sentences(cases: Sequence[Case], names: Sequence[str]) -> Array:
    """Weights that put gold sentences before others; the largest is 1."""
    rows, shares = [], []
    for case in cases:
        matrix, right = sentence_signals(case)
        matrix = matrix[:, [SENTENCE_SIGNALS.index(name) for name in names]]
        made, share = differences(matrix[right], matrix[~right])
        rows.append(made)
        shares.append(share)
    return scaled(logistic(np.vstack(rows), np.concatenate(shares), penalty=0.02))


def scaled(found: Array) -> Array:
    """Divided by the largest."""
    result: Array = found / np.abs(found).max()
    return result


def paper_signals(case: Case) -> Array:
    """The signals of the papers found, shape ``(papers, signals)``."""
    return np.array([[getattr(h.signals, name) for name in PAPER_SIGNALS] for h in case.hits])


def sentence_signals(case: Case) -> tuple[Array, Truth]:
    """The signals of the sentences of the first five papers, and which of them are gold."""
    wanted = [fold(text) for text in case.question.gold_sentences]
    quantity, claim = asks_quantity(case.asked), is_claim(case.asked)
    rows, right = [], []
    for found in case.hits[:5]:
        for index, match in enumerate(found.sentences):
            text = fold(found.stored.sentence(index))
            number = not claim and any(char.isdigit() for char in text)
            behind = found.score - case.hits[0].score
            place = claim * index / max(1, len(found.sentences) - 1)
            row = [match.similarity, match.words, match.pieces, behind]
            row += [number, number and quantity, place]
            rows.append(row)
            right.append(any(text in other or other in text for other in wanted))
    return np.array(rows, dtype=float), np.array(right, dtype=bool)


def ordered(case: Case, by: PaperWeights) -> Case:
    """The case with its papers in the order of these weights."""

    def again(hits: Sequence[Hit]) -> list[Hit]:
        scored = [replace(h, score=h.signals.weighed(by)) for h in hits]
        return sorted(scored, key=lambda h: -h.score)

    return replace(case, hits=again(case.hits), hidden=again(case.hidden))


def ranking(case: Case, by: Array) -> dict[str, float]:
    """The measures of retrieval for one question under these weights."""
    order = np.argsort(-(paper_signals(case) @ by), kind="stable")
    ids = [case.hits[i].stored.id for i in order]
    grades = dict.fromkeys(case.gold, 1.0)
    return {
        "hit@1": hit(ids, grades, 1),
        "R@5": recall(ids, grades, 5),
        "R@10": recall(ids, grades, 10),
        "nDCG@10": ndcg(ids, grades, 10),
        "found": recall(ids, grades, LOOKED_AT),
    }


def quoting_of(case: Case, by: Array) -> dict[str, float]:
    """Whether gold sentences come first under these weights."""
    matrix, right = sentence_signals(case)
    order = np.argsort(-(matrix @ by), kind="stable")
    return {f"quoted@{k}": float(right[order[:k]].any()) for k in (1, 3, 5)}


def validated(
    title: str,
    cases: Sequence[Case],
    names: list[str],
    fit: Callable[[Sequence[Case], Sequence[str]], Array],
    measure: Callable[[Case, Array], dict[str, float]],
) -> None:
    """Print what weights fitted on the other folds give, with all signals and without each."""
    for off in (None, *names):
        kept = [name for name in names if name != off]
        by: dict[int, Array] = {}
        for number in range(FOLDS):
            found = fit([case for case in cases if case.fold != number], kept)
            by[number] = found if off is None else np.insert(found, names.index(off), 0.0)
        label = f"{title}, fitted" if off is None else f"{title}, without {off}"
        show(label, cases, lambda case: measure(case, by[case.fold]), details=off is None)  # noqa: B023


def fit_answerable(cases: Sequence[Case], by: Weights) -> dict[str, float]:
    """The table of the logistic regression; prints what it gives in cross-validation."""
    names = [name for name in by.answerable if name != "constant"]
    rows, truth, folds, kinds = [], [], [], []
    for case in cases:
        kind = f"{case.source} {case.question.kind}" if case.ranked else COLLECTION
        if not (case.gold or case.question.style == ""):
            kind += f" {case.question.style}"
        for hits, right in ((case.hits, bool(case.gold)), (case.hidden, False)):
            if hits:
                found = answerability.features(case.asked, hits)
                rows.append([found[name] for name in names])
                truth.append(right)
                folds.append(case.fold)
                kinds.append(kind if right or not case.gold else f"{kind} taken away")
    matrix, right_ones = np.array(rows), np.array(truth, dtype=bool)
    counting = {kind: COLLECTION_COUNTS for kind in kinds if kind.startswith(COLLECTION)}
    share = share_of(right_ones, kinds, PRIOR, counting)
    confidences = np.zeros(len(rows))
    for number in range(FOLDS):
        inside = np.array(folds) == number
        by_others = logistic_with_constant(matrix[~inside], right_ones[~inside], share[~inside])
        confidences[inside] = 1 / (1 + np.exp(-(matrix[inside] @ by_others[:-1] + by_others[-1])))
    print("\nrefusals, fitted")
    for kind in sorted(set(kinds)):
        chosen = [i for i, other in enumerate(kinds) if other == kind or right_ones[i]]
        print_refusals(kind, confidences[chosen].tolist(), right_ones[chosen].tolist())
    print_refusals("all", confidences.tolist(), truth)
    collections = [kind.startswith(COLLECTION) for kind in kinds]
    for title, which in (("collections alone", True), ("questions alone", False)):
        chosen = [i for i, other in enumerate(collections) if other is which]
        print_refusals(title, confidences[chosen].tolist(), right_ones[chosen].tolist())
    print("  confidence  questions  mean confidence  with an answer")
    for part in reliability(confidences.tolist(), truth):
        interval = f"{part.low:.1f}-{part.high:.1f}"
        print(f"  {interval:10} {part.count:10} {part.confidence:16.2f} {part.share:15.2f}")
    *slopes, constant = logistic_with_constant(matrix, right_ones, share).tolist()
    return {"constant": constant, **dict(zip(names, slopes, strict=True))}


def print_refusals(title: str, confidences: list[float], right: list[bool]) -> None:
    """Print how well confidences tell the questions with an answer from these others."""
    at = refusals_at(confidences, right)
    wrong = [c for c, truth in zip(confidences, right, strict=True) if not truth]
    if at and wrong:
        false = [c for c, truth in zip(confidences, right, strict=True) if truth]
        print(
            f"  {title:24} {len(wrong):4} AUC {auc(confidences, right):.3f}"
            f" refused at 5 % false {at[1]:.3f} (under {at[0]:.2f})"
            f" ECE {calibration_error(confidences, right):.3f}"
            f" under .5: {np.mean(np.array(wrong) < 0.5):.3f},"
            f" false {np.mean(np.array(false) < 0.5):.3f}"
        )


def show(
    title: str,
    cases: Sequence[Case],
    measure: Callable[[Case], Mapping[str, float]],
    details: bool = True,
) -> None:
    """Print the means of all, and of each kind of question."""
    rows: dict[str, list[Mapping[str, float]]] = {}
    for case in cases:
        row = measure(case)
        for name in (f"{case.source} all", case.row) if details else (f"{case.source} all",):
            rows.setdefault(name, []).append(row)
    print(f"\n{title}")
    for name, found in sorted(rows.items()):
        means = " ".join(f"{n} {np.mean([r[n] for r in found]):.3f}" for n in found[0])
        print(f"  {name:36} {len(found):4} {means}")


if __name__ == "__main__":
    given = [text for text in sys.argv[1:] if text not in (ONE_WORDING, REFUSALS)]
    if not given or len(given) % 2:
        sys.exit(__doc__)
    main(sys.argv[1:])

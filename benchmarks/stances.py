"""How often a sentence's stance towards a statement is read rightly.

usage: python benchmarks/stances.py [-v] [SCIFACT [PUBMEDQA]]

Reads ``stances.toml`` beside this script: pairs looked at while the rules were made, and pairs that
were not. SCIFACT holds ``claims.jsonl`` and ``corpus.jsonl``: each claim against every sentence of
the abstracts it is about. PUBMEDQA holds ``questions.jsonl`` and ``corpus.jsonl``: each question
against every sentence of its abstract and of the long answer. The rules were made on every second
claim and question, beginning with the first. A verdict is right if it is that of the whole
abstract; where that settles nothing every verdict is wrong. ``-v`` prints what is wrong of the
pairs that were looked at.
"""

from __future__ import annotations

import json
import sys
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from assistant.claims.stance import stance
from assistant.claims.statements import statement_of
from assistant.papers import Paper
from assistant.sentences import split_sentences

LABELS = {"SUPPORT": "supports", "CONTRADICT": "contradicts"}


@dataclass(frozen=True)
class Pair:
    """A statement, a sentence, and what the one says of the other."""

    statement: str
    evidence: str
    paper: Paper
    right: str
    tuned: bool
    telling: bool = True
    """Whether the sentence by itself is known to settle it, if any does."""


def main(folders: list[str], verbose: bool) -> None:
    """Print precision and coverage, by what was tuned on and what was not."""
    sets = {"own pairs": list(own(Path(__file__).with_name("stances.toml")))}
    for (name, read), folder in zip(
        {"SciFact": scifact, "PubMedQA": pubmedqa}.items(), folders, strict=False
    ):
        sets[name] = list(read(Path(folder)))
    for name, pairs in sets.items():
        for tuned in (True, False):
            chosen = [pair for pair in pairs if pair.tuned is tuned]
            print(f"{name}, {'tuned on' if tuned else 'not tuned on'}: {report(chosen)}")
        if verbose:
            for pair in pairs:
                given = stance(pair.statement, pair.evidence, pair.paper)
                if pair.tuned and given != pair.right and (given or name == "own pairs"):
                    print(f"  {given or '-'} for {pair.right or '-'}: {pair.statement}")
                    print(f"      {pair.evidence}")


def own(file: Path) -> Iterator[Pair]:
    """The pairs of the file beside this script."""
    for pair in tomllib.loads(file.read_text("utf-8"))["pair"]:
        yield Pair(
            pair["statement"],
            pair["evidence"],
            Paper(title=pair.get("title", ""), abstract=pair["evidence"]),
            pair["stance"],
            pair.get("tuned", False),
        )


def scifact(folder: Path) -> Iterator[Pair]:
    """Each claim with every sentence of each abstract that it is about."""
    corpus = {record["id"]: record for record in lines(folder / "corpus.jsonl")}
    for number, claim in enumerate(lines(folder / "claims.jsonl")):
        for identifier in claim["cited_doc_ids"]:
            paper = corpus[identifier]
            rationales = claim["evidence"].get(identifier, [])
            telling = {index for rationale in rationales for index in rationale["sentences"]}
            right = LABELS[rationales[0]["label"]] if rationales else ""
            whole = Paper(title=paper["title"], abstract=" ".join(paper["sentences"]))
            for index, sentence in enumerate(paper["sentences"]):
                yield Pair(
                    claim["claim"],
                    sentence.strip(),
                    whole,
                    right,
                    number % 2 == 0,
                    index in telling,
                )


def pubmedqa(folder: Path) -> Iterator[Pair]:
    """Each yes/no question with every sentence of its abstract and of the conclusion."""
    corpus = {record["id"]: record["text"] for record in lines(folder / "corpus.jsonl")}
    for number, question in enumerate(lines(folder / "questions.jsonl")):
        statement = statement_of(question["text"])
        if statement is None:
            continue
        right = {"yes": "supports", "no": "contradicts"}.get(question["answer"], "")
        text = corpus[question["id"].removeprefix("q")]
        paper = Paper(title="", abstract=text)
        for part, telling in ((text, False), (question["long_answer"], True)):
            for start, end in split_sentences(part):
                yield Pair(statement, part[start:end], paper, right, number % 2 == 0, telling)


def lines(file: Path) -> list[dict[str, Any]]:
    """The objects of a JSON Lines file."""
    return [json.loads(line) for line in file.open(encoding="utf-8")]


def report(pairs: list[Pair]) -> str:
    """Right of given, for both verdicts, and how many of those that settle it are told."""
    given = [(stance(pair.statement, pair.evidence, pair.paper), pair) for pair in pairs]
    parts = []
    for verdict in LABELS.values():
        told = [pair for found, pair in given if found == verdict]
        right = [pair for pair in told if pair.right == verdict]
        could = [pair for pair in pairs if pair.right == verdict and pair.telling]
        found = sum(pair.telling for pair in right)
        parts.append(f"{verdict}: {len(right)} right of {len(told)}, told {found} of {len(could)}")
    return "; ".join(parts)


if __name__ == "__main__":
    main([argument for argument in sys.argv[1:] if argument != "-v"], "-v" in sys.argv[1:])

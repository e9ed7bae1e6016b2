"""Whether a summary tells contradictions between papers, and invents none.

usage: python benchmarks/summary_contrasts.py [-v]

Reads ``summary_contrasts.toml`` (half of its pairs were used to tune the rules) and
``summary_contrasts_held.toml`` (none were) beside this script, and the pairs of neighbours in
``summary_cells_tuned.toml`` and ``summary_cells_held.toml``, which another hand wrote, with freer
wording, and which were both tuned on. Each pair becomes a library of its own, with
its index, and is summarized by themes; then all pairs of a file are one library. ``-v`` prints
what is told wrongly and what is not told.
"""

from __future__ import annotations

import json
import sys
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from assistant.api import Assistant
from assistant.config import Config
from assistant.summary.formats import stated
from assistant.summary.making import paper_vectors, sentence_vectors
from assistant.summary.parts import Statement
from assistant.summary.summarizing import Summary, summarize

BESIDE = Path(__file__).parent
CONTRADICTORY = {
    "summary_cells_tuned.toml": "TTTTFTFTFTTTTTTFTFTFTTTTFFFTFT",
    "summary_cells_held.toml": "TFTFTTFTFTFTFFTTTTTTTFTFTFTTTT",
}
"""Whether neighbours in these files contradict each other, as a reader found."""


@dataclass(frozen=True)
class Pair:
    """Two synopses."""

    papers: tuple[dict[str, Any], dict[str, Any]]
    contradict: bool
    tuned: bool


def main(verbose: bool) -> None:
    """Print, for each file, what was told of its pairs, alone and all in one library."""
    for name in ("summary_contrasts.toml", "summary_contrasts_held.toml", *CONTRADICTORY):
        pairs = read(BESIDE / name)
        for tuned in sorted({pair.tuned for pair in pairs}, reverse=True):
            chosen = [pair for pair in pairs if pair.tuned is tuned]
            print(f"{name}, {'tuned on' if tuned else 'not tuned on'}: {report(chosen, verbose)}")
        print(f"{name}, one library: {report_whole(pairs, verbose)}")


def read(file: Path) -> list[Pair]:
    """The pairs of a file."""
    content = tomllib.loads(file.read_text("utf-8"))
    if "pair" in content:
        return [
            Pair((pair["paper"][0], pair["paper"][1]), pair["contradict"], pair.get("tuned", False))
            for pair in content["pair"]
        ]
    return [
        Pair((first, second), label == "T", tuned=True)
        for (first, second), label in zip(
            [*pairwise(content["paper"])][::2], CONTRADICTORY[file.name], strict=True
        )
    ]


def report(pairs: list[Pair], verbose: bool) -> str:
    """What was told of pairs that each are a library."""
    told = invented = marked = markable = 0
    for pair in pairs:
        summary = summary_of(list(pair.papers))
        found = list(contradictions(summary))
        told += bool(found) and pair.contradict
        invented += bool(found) and not pair.contradict
        if pair.contradict and "told" in pair.papers[0]:
            markable += 1
            marked += any(quotes_marked(statement, summary, pair) for statement in found)
        if verbose and bool(found) != pair.contradict:
            print(f"{'not told' if pair.contradict else 'invented'}: {pair.papers[0]['title']}")
            for statement in found:
                print(f"    {stated(statement)}")
    contradictory = sum(pair.contradict for pair in pairs)
    others = len(pairs) - contradictory
    right = f" ({marked} with the marked sentences)" if markable else ""
    return f"told {told} of {contradictory}{right}, invented {invented} of {others}"


def report_whole(pairs: list[Pair], verbose: bool) -> str:
    """What was told of all papers as one library."""
    summary = summary_of([paper for pair in pairs for paper in pair.papers])
    number_of = {paper["title"]: i for i, pair in enumerate(pairs) for paper in pair.papers}
    told: set[int] = set()
    near = across = 0
    for statement in contradictions(summary):
        involved = {number_of[title] for title in titles(statement, summary)}
        if len(involved) > 1:
            across += 1
        elif pairs[min(involved)].contradict:
            told |= involved
        else:
            near += 1
        if verbose and len(involved) > 1:
            print(f"across pairs: {stated(statement)}")
    return (
        f"{summary.coverage}; told {len(told)} of {sum(pair.contradict for pair in pairs)}, "
        f"invented {near} within pairs, {across} across pairs"
    )


def summary_of(papers: list[dict[str, Any]]) -> Summary:
    """The summary, by themes, of a library that is made of these papers and thrown away."""
    with TemporaryDirectory(prefix="contrasts-") as folder:
        file = Path(folder) / "papers.jsonl"
        names = ("title", "abstract", "year")
        lines = [json.dumps({name: paper.get(name) for name in names}) for paper in papers]
        file.write_text("\n".join(lines), "utf-8")
        assistant = Assistant(Config(library=str(Path(folder) / "library")))
        try:
            assistant.add([str(file)])
            stored = list(assistant.library.papers())
            vectors = paper_vectors(assistant.index, stored)
            sentences = sentence_vectors(assistant.index, stored)
            return summarize(stored, vectors, "papers", "themes", sentences=sentences)
        finally:
            assistant.close()


def contradictions(summary: Summary) -> Iterator[Statement]:
    """Statements that set findings of different papers against each other, both sides cited."""
    for section in summary.sections:
        for part in section.parts:
            if part.name == "Contradict":
                yield from (s for s in part.statements if len(s.sides) == 2 and all(s.sides))


def titles(statement: Statement, summary: Summary) -> set[str]:
    """The titles of the papers that a statement cites."""
    cited = {number for side in statement.sides for quote in side for number in quote.citations}
    return {source.stored.paper.title for source in summary.sources if source.number in cited}


def quotes_marked(statement: Statement, summary: Summary, pair: Pair) -> bool:
    """Whether a statement quotes, of both papers, a sentence that contradicts the other."""
    quotes = {quote.text for side in statement.sides for quote in side}
    stored = {source.stored.paper.title: source.stored for source in summary.sources}
    return all(
        quotes & {stored[paper["title"]].sentence(index) for index in paper["told"]}
        for paper in pair.papers
    )


if __name__ == "__main__":
    main("-v" in sys.argv[1:])

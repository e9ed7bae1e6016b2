"""How many key points the summaries of sets of papers carry.

usage: python benchmarks/summary_points.py SUMMARIES PAGE...

SUMMARIES is JSON Lines with "id", "topic", "titles" and "key_points", each with a "title" and the
"evidence", a sentence of that paper's abstract; PAGE is any file that ``assistant add`` reads. A
key point is carried if its sentence is quoted.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path

import numpy as np

from assistant.api import no_progress
from assistant.config import Config
from assistant.encoders import Encoders
from assistant.indexing import entries_of
from assistant.library import StoredPaper
from assistant.papers import Paper, title_key
from assistant.sentences import split_sentences
from assistant.sources import Source, choose
from assistant.summary.summarizing import Style, summarize

STYLES: tuple[Style, ...] = ("themes", "brief", "table")


def main(summaries: str, pages: list[str]) -> None:
    """Print the share of key points, by task and style, and over all."""
    papers = read(pages)
    encoder = Encoders(Config().encoder, no_progress).for_papers(1)
    carried: dict[str, list[bool]] = {style: [] for style in STYLES}
    for line in Path(summaries).read_text("utf-8").splitlines():
        task = json.loads(line)
        chosen = [papers[title_key(t)] for t in task["titles"] if title_key(t) in papers]
        vectors = {}
        for stored in chosen:
            chunks = [entry.text for entry in entries_of(stored) if entry.is_chunk]
            summed = np.sum(encoder.encode(chunks), axis=0)
            vectors[stored.id] = summed / np.linalg.norm(summed)
        shares = []
        for style in STYLES:
            summary = summarize(chosen, vectors, task["topic"], style)
            quotes = [
                flat(source.stored.paper.abstract[start:end])
                for source in summary.sources
                for start, end in source.quotes
            ]
            told = [is_quoted(point["evidence"], quotes) for point in task["key_points"]]
            carried[style] += told
            shares.append(f"{style} {sum(told)} of {len(told)}")
        print(f"{task['id']}: {summary.coverage}; key points: {', '.join(shares)}")
    for name, told in carried.items():
        print(f"{name}: {sum(told) / len(told):.2f} of {len(told)} key points")


def read(pages: list[str]) -> dict[str, StoredPaper]:
    """The papers of the pages by the key of their titles."""
    papers = {}
    for page in pages:
        source = Source.of_file(Path(page))
        reader = choose(source.sample())
        if reader is None:
            sys.exit(f"{page}: not a format that this program reads")
        for item in reader.read(source):
            if isinstance(item, Paper):
                spans = tuple(split_sentences(item.abstract))
                papers[title_key(item.title)] = StoredPaper(item.id, item, spans)
    return papers


def is_quoted(evidence: str, quotes: list[str]) -> bool:
    """Whether a quote holds the evidence, or the evidence a quote, blanks aside."""
    return any(flat(evidence) in quote or quote in flat(evidence) for quote in quotes)


def flat(text: str) -> str:
    """Words with one blank between them."""
    return " ".join(text.split())


if __name__ == "__main__":
    if len(sys.argv) < 3:
        sys.exit(__doc__)
    main(sys.argv[1], sys.argv[2:])

"""Proves the starter synopses against the real abstracts.

usage: python benchmarks/check_synopses.py PAGE...

PAGE is a copied listing page, or any other file that ``assistant add`` reads. For each synopsis:
its paper must be in the pages, every number must occur in the abstract, no run of more than seven
words may be copied, and it must have 90 to 180 words.
"""

from __future__ import annotations

import re
import sys
from pathlib import Path

from assistant.papers import Paper, title_key
from assistant.sources import Source, choose
from assistant.starter import starter_papers

LONGEST_RUN = 7
_WORD = re.compile(r"\w+")
_NUMBER = re.compile(r"\d+(?:[.,]\d+)*")


def main(pages: list[str]) -> int:
    """Print every fault; the exit code is 1 if there is one."""
    abstracts: dict[str, str] = {}
    for page in pages:
        source = Source.of_file(Path(page))
        reader = choose(source.sample())
        if reader is None:
            sys.exit(f"{page}: not a format that this program reads")
        for item in reader.read(source):
            if isinstance(item, Paper):
                abstracts[title_key(item.title)] = item.abstract
    found = 0
    papers = starter_papers()
    for paper in papers:
        abstract = abstracts.get(title_key(paper.title))
        problems = ["not in the pages"] if abstract is None else faults(paper.abstract, abstract)
        for problem in problems:
            print(f"{paper.title}: {problem}")
            found += 1
    print(f"{len(papers)} synopses, {found} faults")
    return 1 if found else 0


def faults(synopsis: str, abstract: str, words: tuple[int, int] = (90, 180)) -> list[str]:
    """What is wrong with a synopsis of this abstract."""
    problems = []
    length = len(synopsis.split())
    if not words[0] <= length <= words[1]:
        problems.append(f"{length} words, not {words[0]} to {words[1]}")
    known = set(_NUMBER.findall(abstract))
    problems += [
        f"the number {number} is not in the abstract"
        for number in _NUMBER.findall(synopsis)
        if number not in known
    ]
    runs = set(_runs(abstract))
    problems += [f"copied: {' '.join(run)}" for run in _runs(synopsis) if run in runs]
    return problems


def _runs(text: str) -> list[tuple[str, ...]]:
    """All runs of one word more than may be copied."""
    words = [word.lower() for word in _WORD.findall(text)]
    size = LONGEST_RUN + 1
    return [tuple(words[i : i + size]) for i in range(len(words) - size + 1)]


if __name__ == "__main__":
    if len(sys.argv) < 2:
        sys.exit(__doc__)
    sys.exit(main(sys.argv[1:]))

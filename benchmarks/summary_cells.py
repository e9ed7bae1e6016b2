"""Whether the cells of a summary's table hold what a reader would put there.

usage: python benchmarks/summary_cells.py [-v] [--without-vectors] [CELLS.toml ...]

CELLS has made-up synopses, and for each column the sentences, counted from 0, that a reader
accepts in it; none where it is not stated. Without it all such files beside this script are read:
``summary_cells_tuned.toml``, from which ``fit_roles.py`` learns, so that its figures are too good
here; ``summary_cells_held.toml``, of which some last sentences were seen long before; and
``summary_cells_blind.toml``, written by the author of the texts that are learned from, but before
them, and left alone. ``--without-vectors`` reads as in a library of another encoder; ``-v`` prints
the cells that are wrong.
"""

from __future__ import annotations

import sys
import tomllib
from collections import Counter
from pathlib import Path

from assistant.api import no_progress
from assistant.config import Config
from assistant.encoders import Encoders
from assistant.library import StoredPaper
from assistant.papers import Paper
from assistant.sentences import split_sentences
from assistant.summary.notes import ROLES
from assistant.summary.roles import read_cells

BESIDE = Path(__file__).parent


def main(files: list[Path], verbose: bool, with_vectors: bool) -> None:
    """Print, for each file and column, how many cells are right, wrong and left empty."""
    encoder = Encoders(Config().encoder, no_progress).for_papers(1) if with_vectors else None
    for file in files:
        papers = tomllib.loads(file.read_text("utf-8"))["paper"]
        counts: Counter[tuple[str, str]] = Counter()
        for entry in papers:
            paper = Paper(entry["title"], entry["abstract"])
            stored = StoredPaper(paper.id, paper, tuple(split_sentences(paper.abstract)))
            texts = [stored.sentence(index) for index in range(len(stored.sentences))]
            note = read_cells(stored, encoder.encode(texts) if encoder else None)
            for role in ROLES:
                shown = note.sentences.get(role, ())[:1]
                verdict = judge(shown, entry[role])
                counts[role, verdict] += 1
                if verbose and verdict != "right":
                    text = stored.sentence(shown[0]) if shown else f"stated: {entry[role]}"
                    print(f"{verdict} {role}: {entry['title']}: {text}")
        print(f"{file.name}: {len(papers)} papers")
        for name in [*ROLES, "all"]:
            right, wrong, missed = (
                sum(n for (r, v), n in counts.items() if v == verdict and name in (r, "all"))
                for verdict in ("right", "wrong", "missed")
            )
            total = right + wrong + missed
            print(
                f"  {name:8} {right / total:.2f} right, {wrong / total:.2f} wrong, "
                f"{missed / total:.2f} 'not stated' though it is"
            )


def judge(shown: tuple[int, ...], accepted: list[int]) -> str:
    """One cell: its sentence if it has one, and those that a reader accepts."""
    if shown:
        return "right" if shown[0] in accepted else "wrong"
    return "missed" if accepted else "right"


if __name__ == "__main__":
    arguments = sys.argv[1:]
    names = [Path(name) for name in arguments if not name.startswith("-")]
    main(
        names or sorted(BESIDE.glob("summary_cells_*.toml")),
        "-v" in arguments,
        "--without-vectors" not in arguments,
    )

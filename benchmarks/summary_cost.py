"""What a summary of 50, 200 and 500 made-up papers costs: CPU time, and memory at most.

usage: python benchmarks/summary_cost.py FOLDER

The library is made in FOLDER, which must be new or one that this command made. Each summary is made
in a process of its own, in the style "themes"; "nothing" is a process that opens the library and
the index only. For Linux.
"""

from __future__ import annotations

import subprocess
import sys
import time
from itertools import islice
from pathlib import Path

from made_library import fill_index
from made_papers import SEED, Writer, spans_of

from assistant.api import Assistant
from assistant.config import Config
from assistant.library import Library
from assistant.summary.notes import read

SIZES = (0, 50, 200, 500)


def main(folder: Path) -> None:
    """Print a line for each size."""
    if not (folder / "library.sqlite").exists():
        library = Library.create(folder)
        with library.transaction():
            for paper in islice(Writer(SEED).papers(), max(SIZES)):
                library.insert(paper, spans_of(paper.abstract))
        fill_index(library, Assistant(Config(library=str(folder))).index)
        library.close()
    for size in SIZES:
        subprocess.run([sys.executable, __file__, str(folder), str(size)], check=True)


def one(folder: Path, size: int) -> None:
    """Make one summary and print what it cost."""
    assistant = Assistant(Config(library=str(folder)))
    papers = list(islice(assistant.library.papers(), size))
    started = time.process_time()
    for stored in papers:
        read(stored)
    reading = time.process_time() - started
    assistant.index.count()
    started = time.process_time()
    told = "nothing"
    if papers:
        summary = assistant.summarize(papers, "made up", "themes", lambda what, done, total: None)
        told = f"{size} papers, {len(summary.sections)} themes"
    whole = time.process_time() - started
    status = Path("/proc/self/status").read_text()  # of this program, not of its parent
    memory = int(status.split("VmHWM:")[1].split()[0]) / 1024
    each = f", {1000 * reading / size:.2f} ms to read a paper" if size else ""
    print(f"{told}: {whole:.2f} CPU seconds{each}, {memory:.0f} MB at most", flush=True)
    assistant.close()


if __name__ == "__main__":
    if len(sys.argv) == 3:
        one(Path(sys.argv[1]), int(sys.argv[2]))
    elif len(sys.argv) == 2:
        main(Path(sys.argv[1]))
    else:
        sys.exit(__doc__)

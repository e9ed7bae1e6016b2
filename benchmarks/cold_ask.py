"""Measures what one question costs: cold (a new process each) and warm (in a batch).

usage: python benchmarks/cold_ask.py LIBRARY [QUESTIONS.jsonl] [--runs N]

LIBRARY must be indexed. QUESTIONS has one object a line with "question"; without it, questions are
made from titles in the library. Prints CPU seconds (user and system, all threads), wall seconds to
the first checked sentence, and peak resident memory, each as median and worst of N runs.
"""

from __future__ import annotations

import argparse
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from assistant.library import Library


@dataclass(frozen=True)
class Cost:
    """What one process used."""

    cpu_seconds: float
    first_sentence_seconds: float
    peak_mb: float


def main() -> None:
    """Run cold and warm questions and print a table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("library", type=Path)
    parser.add_argument("questions", type=Path, nargs="?")
    parser.add_argument("--runs", type=int, default=8)
    arguments = parser.parse_args()
    questions = read_questions(arguments.library, arguments.questions, arguments.runs)
    base = ["--library", str(arguments.library), "ask"]
    measure([*base, questions[0]])  # fills the file cache and the model cache
    cold = [measure([*base, question]) for question in questions]
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "batch.jsonl"
        file.write_text("\n".join(json.dumps({"question": q}) for q in questions))
        batch = measure([*base, "--batch", str(file), "--jsonl"])
        file.write_text(json.dumps({"question": questions[0]}))
        single = measure([*base, "--batch", str(file), "--jsonl"])
    warm = (batch.cpu_seconds - single.cpu_seconds) / max(1, len(questions) - 1)
    print(f"{len(cold)} cold questions        median    worst")
    row("CPU seconds", [cost.cpu_seconds for cost in cold])
    row("wall s to first sentence", [cost.first_sentence_seconds for cost in cold])
    row("peak memory, MB", [cost.peak_mb for cost in cold])
    print(f"warm question, CPU seconds {warm:7.2f}  (mean of {len(questions) - 1} in one batch)")


def measure(arguments: Sequence[str]) -> Cost:
    """Run the command once and read its resources from the operating system."""
    started = time.perf_counter()
    read_end, write_end = os.pipe()
    process = subprocess.Popen(
        [sys.executable, "-m", "assistant", *arguments],
        stdout=write_end,
        stderr=subprocess.DEVNULL,
        stdin=subprocess.DEVNULL,
    )
    os.close(write_end)
    first = None
    while os.read(read_end, 65536):
        first = first or time.perf_counter() - started
    os.close(read_end)
    _, status, usage = os.wait4(process.pid, 0)
    code = process.returncode = os.waitstatus_to_exitcode(status)
    if code not in (0, 3):
        sys.exit(f"assistant {' '.join(arguments)} ended with {code}")
    return Cost(
        usage.ru_utime + usage.ru_stime,
        first or time.perf_counter() - started,
        usage.ru_maxrss / 1000 * 1.024,
    )


def read_questions(library: Path, file: Path | None, count: int) -> list[str]:
    """The first ``count`` questions of the file, or as many about papers of the library."""
    if file:
        lines = file.read_text("utf-8").split("\n")
        found = [json.loads(line)["question"] for line in lines if line.strip()]
    else:
        opened = Library.open(library)
        found = [f"What does {stored.paper.title} find?" for stored in opened.papers()]
        opened.close()
    step = max(1, len(found) // count)
    return found[::step][:count]


def row(name: str, values: Sequence[float]) -> None:
    """One line of the table."""
    print(f"{name:26} {statistics.median(values):7.2f}  {max(values):7.2f}")


if __name__ == "__main__":
    main()

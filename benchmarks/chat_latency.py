"""Measures how soon the chat answers a key with a large library and a long conversation.

usage: python benchmarks/chat_latency.py [FOLDER] [--papers N] [--answers N] [--keys N] [--json]

Makes a library of made-up papers in FOLDER, once (50 000 papers take about twelve minutes and 2 GB;
without FOLDER they are made anew and removed), and a conversation of 500 answers, each time. The
vectors are made up too, except those of the papers that the questions are about: these are encoded.
Then ``assistant chat`` runs in a terminal of this program's own, with the real engine and models.
Each key is timed from being written to the terminal until the output that shows its effect is read,
in three states: idle, while the model writes, while papers are added. Prints a table; each run adds
some hundred papers to the library. Needs a POSIX system, and memory of Linux for the last lines.
"""

from __future__ import annotations

import argparse
import contextlib
import json
import os
import re
import shutil
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass, field
from pathlib import Path

from chat_under_test import ChatUnderTest
from made_library import Made, make_conversation, make_library
from terminal_picture import PATIENCE, QUIET, START_PATIENCE, Condition
from timed_keys import KINDS, FastSearch, Letters

LIMIT_MS = 50
"""How soon a key has to be answered."""
ROUNDS = 40
"""How often a state is brought about again for one kind of key; then there are fewer keys."""


@dataclass
class Timed:
    """The times of one kind of key in one state."""

    state: str
    key: str
    ms: list[float] = field(default_factory=list)
    load: float = 0.0
    """Mean number of processes that wanted a processor in the minute before the end."""

    def row(self) -> str:
        """A line of the table."""
        within = sum(value <= LIMIT_MS for value in self.ms) / len(self.ms)
        values = [statistics.median(self.ms), *(part(self.ms, p) for p in (0.9, 0.99, 1))]
        numbers = "".join(f"{value:8.1f}" for value in values)
        name = f"{self.state:8} {self.key:27} {len(self.ms):5}"
        return f"{name}{numbers}{within:8.1%}{self.load:7.2f}"


def part(values: list[float], share: float) -> float:
    """The value that this share of the values does not exceed."""
    return sorted(values)[max(0, round(share * len(values) + 0.499999) - 1)]


def measure(chat: ChatUnderTest, state: str, kind: type, keys: int) -> list[Timed]:
    """Time ``keys`` keys of a kind in a state, or as many as ``ROUNDS`` rounds give."""
    terminal = chat.terminal
    start: Callable[[], Condition] = getattr(chat, f"state_{state}")
    pressed = kind(chat)
    timed: dict[str, Timed] = {}
    done = 0
    for _ in range(ROUNDS):
        goes_on = start()
        pressed.enter()
        while done < keys and goes_on():
            key, effects = pressed.next()
            at = terminal.press(key)
            stamps = {}
            for name, effect in effects.items():
                stamp = terminal.until(effect, max(0.0, at + PATIENCE - time.perf_counter()))
                stamps[name] = PATIENCE if stamp is None else max(0.0, stamp - at)
            terminal.settle(QUIET, 0.1 if kind is FastSearch else 1)
            if goes_on():  # else the key may have met the end of the state
                done += 1
                for name, seconds in stamps.items():
                    timed.setdefault(name, Timed(state, name)).ms.append(seconds * 1000)
        pressed.leave()
        if done == keys:
            break
    for one in timed.values():
        one.load = os.getloadavg()[0]
        print(one.row(), flush=True)
    return list(timed.values())


def measure_start(chat: ChatUnderTest) -> tuple[dict[str, float], Timed]:
    """Seconds until things are there, and letters typed from the first picture until all is."""
    terminal = chat.terminal
    times = {"first picture": terminal.must(chat.shows_chat, "the chat") - terminal.started}
    letters = Letters(chat)
    timed = Timed("starting", "letter in the question")
    while not (chat.is_ready() and "conversation" in times):
        if time.perf_counter() > terminal.started + START_PATIENCE:
            raise TimeoutError("the models were not loaded")
        key, effects = letters.next()
        at = terminal.press(key)
        stamp = terminal.until(next(iter(effects.values())))
        timed.ms.append(PATIENCE * 1000 if stamp is None else (stamp - at) * 1000)
        if stamp is not None:
            times.setdefault("first letter", stamp - terminal.started)
        terminal.settle(QUIET, 0.3)
        if "›" in chat.answers() or "[1]" in chat.answers():
            times.setdefault("conversation", time.perf_counter() - terminal.started)
    times["models"] = time.perf_counter() - terminal.started
    letters.enter()
    terminal.settle(1, 5)
    timed.load = os.getloadavg()[0]
    print(timed.row(), flush=True)
    return times, timed


def memory(process: int) -> dict[str, float]:
    """Resident MB of the interface and of the engines it started; empty where that is unknown."""
    found = {"interface": resident(process)}
    for folder in Path("/proc").glob("[0-9]*"):
        with contextlib.suppress(OSError):
            parent = (folder / "stat").read_text().rpartition(")")[2].split()[1]
            command = (folder / "cmdline").read_bytes()
            if int(parent) == process and b"assistant.engine" in command:
                name = "engine that adds" if b"--background" in command else "engine"
                found[name] = resident(int(folder.name))
    return {name: value for name, value in found.items() if value}


def resident(process: int) -> float:
    """Resident MB of a process; 0 if that is unknown."""
    with contextlib.suppress(OSError):
        status = Path(f"/proc/{process}/status").read_text()
        if match := re.search(r"VmRSS:\s+(\d+) kB", status):
            return int(match[1]) * 1.024 / 1000
    return 0.0


def main() -> None:
    """Make what is needed, run the chat, print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path, nargs="?")
    parser.add_argument("--papers", type=int, default=50_000)
    parser.add_argument("--answers", type=int, default=500)
    parser.add_argument("--keys", type=int, default=100, help="of each kind in each state")
    parser.add_argument("--states", default="idle,writing,adding")
    parser.add_argument("--kinds", default=",".join(kind.__name__ for kind in KINDS))
    parser.add_argument("--json", type=Path, help="file for all times")
    arguments = parser.parse_args()
    sys.setswitchinterval(0.0005)  # output is stamped as it comes, also while it is looked through
    folder = arguments.folder or Path(tempfile.mkdtemp(prefix="chat-latency-"))
    try:
        made = make_library(folder, arguments.papers)
        run(folder, made, arguments)
    finally:
        if arguments.folder is None:
            shutil.rmtree(folder)


def run(folder: Path, made: Made, arguments: argparse.Namespace) -> None:
    """Start the chat and time all kinds of keys in all states."""
    number = make_conversation(folder, arguments.answers)
    chat = ChatUnderTest(folder, number)
    header = "".join(f"{name:>8}" for name in ("median", "90 %", "99 %", "worst", "<=50ms"))
    try:
        print(f"{'state':8} {'key, times in ms':27} {'n':>5}{header}{'load':>7}")
        times, timed = measure_start(chat)
        results = [timed]
        for state in arguments.states.split(","):
            for kind in KINDS:
                if kind.__name__ in arguments.kinds.split(","):
                    results += measure(chat, state, kind, arguments.keys)
        used = memory(chat.terminal.process.pid)
    finally:
        chat.close()
    print("seconds from start:", ", ".join(f"{name} {value:.1f}" for name, value in times.items()))
    print("resident MB:", ", ".join(f"{name} {value:.0f}" for name, value in used.items()))
    if arguments.json:
        record = {
            "library": asdict(made),
            "answers": arguments.answers,
            "start_s": times,
            "memory_mb": used,
            "keys": [asdict(one) for one in results],
        }
        arguments.json.write_text(json.dumps(record, indent=1), "utf-8")


if __name__ == "__main__":
    main()

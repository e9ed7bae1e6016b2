"""The chat as a benchmark drives it: brought into a state, read from its picture."""

from __future__ import annotations

import contextlib
import json
import os
import re
import sqlite3
import sys
import time
from itertools import islice, pairwise
from pathlib import Path

from made_papers import SEED, Writer, write_file
from terminal_picture import (
    END,
    F2,
    HEIGHT,
    WIDTH,
    Condition,
    Terminal,
)

from assistant.library import Library

SENTENCES_AN_ANSWER = 12
"""More than usual, so that there is time for keys while the model writes."""
PAPERS_A_FILE = 300
"""Papers added at a time."""

QUESTION_ROW = HEIGHT - 3
CLICK = f"\x1b[<0;60;{QUESTION_ROW + 1}M\x1b[<0;60;{QUESTION_ROW + 1}m"
LEFT, MIDDLE, RIGHT = 2, 62, 74
"""Columns: text of the left pane from LEFT to MIDDLE, of the right one from RIGHT."""
FRAME = " │▊▎▌▐▔▁╭╮╰╯"


class ChatUnderTest:
    """The running chat; every method but ``state_*`` begins and ends in the question field."""

    def __init__(self, folder: Path, conversation: int) -> None:
        self.folder = folder
        self.library = Library.open(folder / "library")
        self.conversation = conversation
        lines = (folder / "asked.jsonl").read_text("utf-8").splitlines()
        names = [json.loads(line)["title"].split(":")[0] for line in lines]
        self._questions = [
            f"Compare {one} and {other}: how do they differ in what they find?"
            for one, other in pairwise(names)
        ]
        self._asked = 0
        self._files = 0
        environment = {k: v for k, v in os.environ.items() if k not in ("COLORTERM", "COLUMNS")}
        environment |= {"TERM": "xterm-256color", "ASSISTANT_DATA": str(folder / "data")}
        environment |= {"ASSISTANT_SENTENCES": str(SENTENCES_AN_ANSWER)}
        command = [sys.executable, "-m", "assistant", "--library", str(folder / "library")]
        self.terminal = Terminal([*command, "chat", "--resume", str(conversation)], environment)
        self.picture = self.terminal.picture

    def close(self) -> None:
        """End the chat."""
        self.terminal.close()
        self.library.close()

    # what the screen shows

    def question(self) -> str:
        """What is typed in the question field, or its placeholder."""
        return self.picture.line(QUESTION_ROW, 0, MIDDLE).strip(FRAME)

    def shows_chat(self) -> bool:
        """Whether the question field is there."""
        return self.picture.line(QUESTION_ROW - 1).startswith("╭──────")

    def shows_library(self) -> bool:
        """Whether the list of papers is there, with its rows."""
        return bool(self.cursor_row()) and self.count() != "" and "…" not in self.cursor_row()[:12]

    def is_ready(self) -> bool:
        """Whether the models are loaded."""
        return "●" in self.picture.line(0)

    def is_adding(self) -> bool:
        """Whether papers are being added."""
        return "%" in self.picture.line(1)

    def is_writing(self) -> bool:
        """Whether an answer is on its way: its question is kept as pending."""
        file = self.folder / "library" / "conversations.sqlite"
        with contextlib.closing(sqlite3.connect(f"file:{file}?mode=ro", uri=True)) as store:
            query = "SELECT pending FROM conversations WHERE id = ?"
            return bool(store.execute(query, (self.conversation,)).fetchone()[0])

    def marker(self) -> str:
        """The marker pointed at, with its place."""
        return self.picture.looking(7, range(2, QUESTION_ROW - 1), LEFT, MIDDLE + 6)

    def answers(self) -> str:
        """What is in view of the answers."""
        return self.picture.block(range(4, QUESTION_ROW - 2), LEFT, MIDDLE)

    def evidence(self) -> str:
        """What is in view of the paper beside the answers or the list."""
        return self.picture.block(range(2, QUESTION_ROW - 6), RIGHT, WIDTH - 4)

    def cursor_row(self) -> str:
        """The row of the list that the cursor is on, with its place."""
        return self.picture.looking(1, range(5, HEIGHT - 1), LEFT, MIDDLE)

    def _filter_row(self) -> int:
        return next((row for row in range(5) if "▼" in self.picture.line(row)), 2)

    def searched(self) -> str:
        """What is typed in the search field, or its placeholder."""
        return self.picture.line(self._filter_row(), 0, 50).strip(FRAME)

    def count(self) -> str:
        """How many papers are found, ``""`` if that is not to be seen."""
        match = re.match(r" *(\d+)(?: of \d+)? papers", self.picture.line(self._filter_row() + 2))
        return match[1] if match else ""

    # states

    def state_idle(self) -> Condition:
        """Nothing is going on; returns whether that is still so."""
        return lambda: True

    def state_writing(self) -> Condition:
        """Ask the next question; returns whether its answer is still on its way."""
        self._wait_for(lambda: not self.is_writing())
        question = self._questions[self._asked % len(self._questions)]
        self._asked += 1
        self.terminal.press(question)
        self.terminal.must(lambda: self.question().startswith(question[:50]), "the question typed")
        self.terminal.press("\r")
        self._wait_for(self.is_writing)
        return self.is_writing

    def state_adding(self) -> Condition:
        """Add a file of new papers; returns whether that is still going on."""
        if not self.is_adding():
            self._files += 1
            file = self.folder / f"added-{self._files}.jsonl"
            writer = Writer(SEED + self.library.count())
            write_file(file, list(islice(writer.papers(), PAPERS_A_FILE)))
            self.open_library()
            self.terminal.press("a")
            self.terminal.must(lambda: "Add papers" in self._all(), "the dialog")
            self.terminal.press(str(file))
            self.terminal.must(lambda: file.name in self._all(), "the path typed")
            self.terminal.press("\r")
            self.terminal.must(self.is_adding, "adding")
            self.leave_library()
        return self.is_adding

    def _wait_for(self, condition: Condition) -> None:
        """Wait for something that the screen does not tell."""
        end = time.monotonic() + 60
        while not condition():
            self.terminal.settle()
            time.sleep(0.02)
            if time.monotonic() > end:
                raise TimeoutError(f"an answer did not begin or end; the screen:\n{self._all()}")

    def _all(self) -> str:
        return self.picture.block(range(HEIGHT), 0, WIDTH)

    # ways

    def to_answers(self) -> None:
        """From the question to the end of the answers; Esc would cancel one on its way."""
        self.terminal.press("\t")
        self.terminal.settle()
        self.terminal.press(END)
        self.terminal.settle()

    def to_question(self) -> None:
        """From the answers back, with a click; Esc would cancel an answer on its way."""
        self.terminal.press(END)
        self.terminal.settle(0.3)
        self.terminal.press(CLICK)
        self.terminal.settle()

    def open_library(self) -> None:
        """From the question to the list of papers."""
        self.terminal.press(F2)
        self.terminal.must(self.shows_library, "the library")
        self.terminal.settle(0.2)

    def leave_library(self) -> None:
        """From the library to the question."""
        self.terminal.press(F2)
        self.terminal.must(self.shows_chat, "the chat")
        self.terminal.settle(0.2)

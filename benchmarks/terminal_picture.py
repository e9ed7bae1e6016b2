"""A pseudo-terminal with a program in it, and the picture that the program draws there."""

from __future__ import annotations

import codecs
import contextlib
import fcntl
import os
import pty
import queue
import re
import struct
import subprocess
import termios
import threading
import time
from collections.abc import Callable
from functools import cache

WIDTH, HEIGHT = 120, 40
F2, F10 = "\x1bOQ", "\x1b[21~"
UP, DOWN, PAGE_UP, END = "\x1b[A", "\x1b[B", "\x1b[5~", "\x1b[F"
CLEAR = "\x15"  # Ctrl+U
PATIENCE = 5.0
"""Seconds after which a key counts as lost."""
QUIET = 0.06
"""Seconds without output after which the effects of the last key are taken to be over."""
START_PATIENCE = 180.0
"""Seconds for the engine to load, and for the chat to end."""

_TOKEN = re.compile(
    r"\x1b\[(?P<parameters>[<=>?]?[\d;:]*)[ -/]*(?P<final>[@-~])"
    r"|\x1b[\]P_^].*?(?:\x07|\x1b\\\\)|\x1b[^\[\]P_^]|[\x00-\x1a\x1c-\x1f]|(?P<text>[^\x00-\x1f]+)",
    re.DOTALL,
)


class Picture:
    """What a terminal shows, as far as Textual writes to one: characters and how they look."""

    def __init__(self) -> None:
        self.lines = [[" "] * WIDTH for _ in range(HEIGHT)]
        self._looks = [[""] * WIDTH for _ in range(HEIGHT)]
        self._row = self._column = 0
        self._look = ""
        self._rest = ""
        self._decoder = codecs.getincrementaldecoder("utf-8")("replace")

    def feed(self, data: bytes) -> None:
        """Take in output; an escape sequence that is cut waits for its rest."""
        text = self._rest + self._decoder.decode(data)
        place = 0
        while match := _TOKEN.match(text, place):
            place = match.end()
            if match["text"] is not None:
                self._write(match["text"])
            elif match["final"] in ("H", "f"):
                row, _, column = (match["parameters"] or "1;1").partition(";")
                self._row, self._column = int(row or 1) - 1, int(column or 1) - 1
            elif match["final"] == "m":
                self._look = match["parameters"]
            elif match["final"] == "J":
                self.lines = [[" "] * WIDTH for _ in range(HEIGHT)]
                self._looks = [[""] * WIDTH for _ in range(HEIGHT)]
        self._rest = text[place:]

    def line(self, row: int, start: int = 0, end: int = WIDTH) -> str:
        """The characters of one line between two columns."""
        return "".join(self.lines[row][start:end])

    def block(self, rows: range, start: int, end: int) -> str:
        """The characters of several lines between two columns."""
        return "\n".join(self.line(row, start, end) for row in rows)

    def looking(self, attribute: int, rows: range, start: int, end: int) -> str:
        """The characters that have an attribute (1 bold, 7 reversed), each with its place."""
        return " ".join(
            f"{row},{column}{self.lines[row][column]}"
            for row in rows
            for column in range(start, end)
            if attribute in attributes(self._looks[row][column])
        )

    def _write(self, text: str) -> None:
        if self._row < HEIGHT:
            text = text[: WIDTH - self._column]
            end = self._column + len(text)
            self.lines[self._row][self._column : end] = text
            self._looks[self._row][self._column : end] = [self._look] * len(text)
            self._column = end


@cache
def attributes(look: str) -> frozenset[int]:
    """``"1;38;5;7"`` -> {1}: the attributes of a look without its colours."""
    codes = iter(int(code or 0) for code in look.split(";"))
    found = set()
    for code in codes:
        if code in (38, 48):
            for _ in range(1 if next(codes, 0) == 5 else 3):
                next(codes, 0)
        else:
            found.add(code)
    return frozenset(found)


Condition = Callable[[], bool]


class Terminal:
    """A pseudo-terminal with a program in it."""

    def __init__(self, command: list[str], environment: dict[str, str]) -> None:
        self.picture = Picture()
        self._master, self._slave = pty.openpty()
        fcntl.ioctl(self._slave, termios.TIOCSWINSZ, struct.pack("HHHH", HEIGHT, WIDTH, 0, 0))
        self.started = time.perf_counter()
        # who opens the terminal as the first of a session is ended when the terminal is closed
        shell = ["sh", "-c", 'exec "$@" <"$0" >"$0" 2>&1', os.ttyname(self._slave), *command]
        self.process = subprocess.Popen(shell, env=environment, start_new_session=True)
        self._output: queue.SimpleQueue[tuple[float, bytes]] = queue.SimpleQueue()
        threading.Thread(target=self._read, daemon=True).start()

    def _read(self) -> None:
        with contextlib.suppress(OSError):  # the other side is closed
            while data := os.read(self._master, 65536):
                self._output.put((time.perf_counter(), data))

    def press(self, keys: str | bytes) -> float:
        """Write keys to the terminal and return when."""
        data = keys.encode() if isinstance(keys, str) else keys
        now = time.perf_counter()
        os.write(self._master, data)
        return now

    def until(self, condition: Condition, patience: float = PATIENCE) -> float | None:
        """Wait for a condition and return when the output that fulfilled it came, if it did."""
        if condition():
            return time.perf_counter()
        end = time.perf_counter() + patience
        while (left := end - time.perf_counter()) > 0:
            try:
                stamp, data = self._output.get(timeout=left)
            except queue.Empty:
                break
            self.picture.feed(data)
            if condition():
                return stamp
        return None

    def must(self, condition: Condition, what: str, patience: float = 30.0) -> float:
        """Wait for something without which there is nothing to measure; returns when it came."""
        stamp = self.until(condition, patience)
        if stamp is None:
            picture = self.picture.block(range(HEIGHT), 0, WIDTH)
            raise TimeoutError(f"{what} did not come; the screen:\n{picture}")
        return stamp

    def settle(self, quiet: float = QUIET, limit: float = 1.0) -> None:
        """Take in output until there is none for ``quiet`` seconds, or for ``limit`` seconds."""
        end = time.perf_counter() + limit
        while time.perf_counter() < end:
            try:
                self.picture.feed(self._output.get(timeout=quiet)[1])
            except queue.Empty:
                return

    def close(self) -> None:
        """End the program, by its own key if it listens."""
        with contextlib.suppress(OSError):
            self.press(F10)
        try:
            self.process.wait(15)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
        os.close(self._slave)
        os.close(self._master)

"""The whole program on a terminal of its own, with the real models, also killed in mid-answer."""

import contextlib
import fcntl
import os
import pty
import re
import select
import shutil
import signal
import struct
import subprocess
import sys
import termios
import time

import pyte
import pytest

pytestmark = pytest.mark.model
FIRST = "How much of a 7B model's accuracy is kept when whole layers are removed?"
SECOND = "How many orchards did the drones fly over?"
PATIENCE = 900
"""Seconds until a wait counts as failed."""


_FRAMES = re.compile("[\u2500-\u259f]")


class Terminal:
    """A pseudo-terminal with the chat in it."""

    def __init__(self, *arguments):
        self.master, slave = pty.openpty()
        fcntl.ioctl(slave, termios.TIOCSWINSZ, struct.pack("HHHH", 40, 120, 0, 0))
        self.process = subprocess.Popen(
            [sys.executable, "-m", "assistant", *map(str, arguments)],
            stdin=slave,
            stdout=slave,
            stderr=slave,
            env=os.environ | {"TERM": "xterm-256color"},
            start_new_session=True,
        )
        os.close(slave)
        self.output = b""
        self.screen = pyte.Screen(120, 40)
        self._stream = pyte.ByteStream(self.screen)

    @property
    def text(self):
        """The words on the screen, frames and line breaks aside."""
        return " ".join(_FRAMES.sub(" ", "\n".join(self.screen.display)).split())

    def read(self, seconds=0.1):
        if select.select([self.master], [], [], seconds)[0]:
            with contextlib.suppress(OSError):
                data = os.read(self.master, 65536)
                self.output += data
                self._stream.feed(data)

    def until(self, *texts):
        end = time.monotonic() + PATIENCE
        while not all(text in self.text for text in texts):
            assert time.monotonic() < end, (texts, "\n".join(self.screen.display))
            self.read()

    def type(self, text):
        os.write(self.master, text.encode())

    def end(self):
        """Wait for the program and return its exit code."""
        end = time.monotonic() + PATIENCE
        while self.process.poll() is None:
            assert time.monotonic() < end, "\n".join(self.screen.display)
            self.read()
        self.read(0)
        os.close(self.master)
        return self.process.returncode


def engines_of(process):
    done = subprocess.run(
        ["ps", "-ww", "-eo", "pid,ppid,args"], capture_output=True, text=True, check=True
    )
    rows = [line.split(None, 2) for line in done.stdout.splitlines()]
    return [int(pid) for pid, parent, args in rows if parent == str(process) and "engine" in args]


def is_gone(process):
    try:
        with open(f"/proc/{process}/stat") as stream:  # noqa: PTH123
            return stream.read().rsplit(")", 1)[1].split()[0] == "Z"
    except FileNotFoundError:
        return True


@pytest.mark.skipif(not shutil.which("ps"), reason="ps is not installed")
def test_a_kill_in_mid_answer_loses_nothing_that_was_finished(papers, tmp_path):
    library = tmp_path / "library"
    shutil.copytree(papers, library)
    chat = Terminal("--library", library, "chat")
    chat.until("6 papers", "● smollm2-135m-instruct")
    chat.type(f"{FIRST}\r")
    chat.until("91%", "[1]", "“quoted” ·")
    (engine,) = engines_of(chat.process.pid)
    os.kill(engine, signal.SIGSTOP)  # the second answer cannot be finished
    chat.type(f"{SECOND}\r")
    chat.until("Searching the library")
    chat.process.kill()
    os.kill(engine, signal.SIGCONT)
    assert chat.end() == -signal.SIGKILL
    end = time.monotonic() + PATIENCE
    while not is_gone(engine):
        assert time.monotonic() < end
        time.sleep(0.05)

    again = Terminal("--library", library, "chat")
    again.until("ended unexpectedly")
    again.until(FIRST[:40], "91%", SECOND)
    again.until("● smollm2-135m-instruct")
    again.type("\r")
    again.until("12 orchards")
    again.type("\x1b[21~")
    assert again.end() == 0
    assert b"\x1b[?1049l" in again.output
    assert "llama" not in again.text and "Traceback" not in again.text


@pytest.mark.parametrize("told", [True, False])
def test_a_terminal_that_closes_ends_chat_and_engine(papers, tmp_path, told):
    library = tmp_path / "library"
    shutil.copytree(papers, library)
    chat = Terminal("--library", library, "chat")
    chat.until("6 papers")
    engines = engines_of(chat.process.pid)
    os.close(chat.master)
    if told:
        os.kill(chat.process.pid, signal.SIGHUP)
    assert chat.process.wait(PATIENCE) == 129
    end = time.monotonic() + PATIENCE
    while not all(map(is_gone, engines)):
        assert time.monotonic() < end
        time.sleep(0.05)

import asyncio
import subprocess
import sys
import threading

import pytest

from assistant.errors import Interrupted
from assistant.interrupting import computing, interrupt
from assistant.loop_thread import LoopThread

PATIENCE = 30


class Owner:
    def __init__(self):
        self.cancel = threading.Event()


@pytest.fixture
def ended():
    return []


@pytest.fixture
def loop(ended):
    async def at_end():
        ended.append(True)

    loop = LoopThread("test", at_end)
    yield loop
    loop.close()


def test_results_and_errors_come_back(loop):
    async def give(value):
        if isinstance(value, Exception):
            raise value
        return value

    assert loop.run(give(3), Owner()) == 3
    with pytest.raises(ZeroDivisionError):
        loop.run(give(ZeroDivisionError()), Owner())
    assert computing == []


def test_what_is_waited_for_is_cancelled_by_an_interrupt(loop):
    cancelled = threading.Event()

    async def wait():
        assert interrupt()  # as a signal handler would
        try:
            await asyncio.sleep(PATIENCE)
        finally:
            cancelled.set()

    with pytest.raises(Interrupted):
        loop.run(wait(), Owner())
    assert cancelled.wait(PATIENCE) and computing == [] and not interrupt()


def test_the_end_cancels_what_runs_and_closes_what_is_open(loop, ended):
    begun, cancelled = threading.Event(), threading.Event()

    async def wait():
        begun.set()
        try:
            await asyncio.sleep(PATIENCE)
        finally:
            cancelled.set()

    def run():
        with pytest.raises(BaseException):  # noqa: B017
            loop.run(wait(), owner)

    owner = Owner()
    waiting = threading.Thread(target=run)
    waiting.start()
    assert begun.wait(PATIENCE)
    loop.close()
    waiting.join(PATIENCE)
    assert cancelled.is_set() and ended == [True]


def test_a_closed_socket_does_not_end_the_program():
    code = (
        "import asyncio, signal, socket, threading\n"
        "from assistant.loop_thread import LoopThread\n"
        "signal.signal(signal.SIGPIPE, signal.SIG_DFL)\n"
        "class Owner: cancel = threading.Event()\n"
        "async def nothing(): pass\n"
        "async def write():\n"
        "    here, there = socket.socketpair()\n"
        "    there.close()\n"
        "    with here: here.send(b'x')\n"
        "loop = LoopThread('test', nothing)\n"
        "try:\n    loop.run(write(), Owner())\n"
        "except BrokenPipeError:\n    print('told')\n"
        "loop.close()\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=False, timeout=PATIENCE
    )
    assert (done.returncode, done.stdout) == (0, "told\n"), done.stderr

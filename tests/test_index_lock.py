"""Whoever waits for the index gets it, however busy others are."""

import threading
import time

import filelock
import pytest

from assistant import index_lock
from assistant.errors import LibraryLocked, LibraryUnwritable
from assistant.index_lock import IndexLock


def test_a_thread_may_take_it_again(tmp_path):
    lock = IndexLock(tmp_path / "chroma")
    lock.acquire()
    assert lock.is_outermost
    lock.acquire()
    assert not lock.is_outermost
    lock.release()
    assert lock.is_outermost
    lock.release()
    IndexLock(tmp_path / "chroma").acquire()


def test_one_who_uses_it_again_and_again_lets_others_in(tmp_path):
    busy, waiting = IndexLock(tmp_path / "chroma"), IndexLock(tmp_path / "chroma")
    uses, stop, begun = [], threading.Event(), threading.Event()

    def use():
        while not stop.is_set():
            busy.acquire()
            begun.set()
            time.sleep(0.02)
            uses.append(1)
            busy.release()

    thread = threading.Thread(target=use)
    thread.start()
    try:
        begun.wait()
        before = len(uses)
        waiting.acquire()
        assert len(uses) - before < 20
        waiting.release()
    finally:
        stop.set()
        thread.join()


@pytest.mark.parametrize("name", ["index.lock", "index.turn"])
def test_waiting_ends(tmp_path, monkeypatch, name):
    monkeypatch.setattr(index_lock, "WAIT_SECONDS", 0.1)
    with filelock.FileLock(tmp_path / name), pytest.raises(LibraryLocked, match="another process"):
        IndexLock(tmp_path / "chroma").acquire()
    IndexLock(tmp_path / "chroma").acquire()


def test_a_folder_that_is_none_is_named(tmp_path):
    (tmp_path / "file").write_text("")
    with pytest.raises(LibraryUnwritable, match="cannot lock the index"):
        IndexLock(tmp_path / "file" / "chroma").acquire()

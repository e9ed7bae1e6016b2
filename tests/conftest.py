"""Seals every test from the user's folders and the network, and makes small libraries."""

import io
import os
import shutil
import signal
import socket
import subprocess
import sys

import pytest
from filelock import FileLock
from hypothesis import settings
from support import PAGES, WORDS_IDENTITY, no_progress

from assistant import adding, cli
from assistant.library import Library
from assistant.vectors import VectorIndex

settings.register_profile("patient", deadline=None)
settings.load_profile("patient")


def pytest_collection_modifyitems(items):
    """Workers take files with real models first: those take longest, and all then end together."""
    if "PYTEST_XDIST_WORKER" in os.environ:
        slow = {item.path for item in items if item.get_closest_marker("model")}
        items.sort(key=lambda item: item.path not in slow)


@pytest.fixture(autouse=True)
def sealed(tmp_path_factory, monkeypatch):
    """Each test has its own home; sockets to anywhere but this computer are refused."""
    home = tmp_path_factory.mktemp("home")
    for name in [name for name in os.environ if name.startswith("ASSISTANT_")]:
        if name != "ASSISTANT_EVAL_DATA":
            monkeypatch.delenv(name)
    monkeypatch.setenv("HOME", str(home))
    monkeypatch.setenv("ASSISTANT_DATA", str(home / "data"))
    monkeypatch.setenv("ASSISTANT_CONFIG", str(home / "config.toml"))
    monkeypatch.setenv("ASSISTANT_CACHE", str(shared_cache(tmp_path_factory)))
    monkeypatch.setenv("HF_HUB_OFFLINE", "1")
    monkeypatch.delenv("OPENAI_API_KEY", raising=False)

    def refuse(self, address):
        if self.family in (socket.AF_INET, socket.AF_INET6) and address[0] != "127.0.0.1":
            raise AssertionError(f"a test tried to connect to {address}")
        return connect(self, address)

    connect = socket.socket.connect
    monkeypatch.setattr(socket.socket, "connect", refuse)


def shared_folder(tmp_path_factory):
    """The folder of the whole run, which all processes share."""
    base = tmp_path_factory.getbasetemp()
    return base.parent if "PYTEST_XDIST_WORKER" in os.environ else base


def shared_cache(tmp_path_factory):
    """One cache for the whole run, so that models are prepared once."""
    folder = shared_folder(tmp_path_factory) / "cache"
    folder.mkdir(exist_ok=True)
    return folder


@pytest.fixture
def library(tmp_path):
    """A library with the six papers of the two fixture pages."""
    library = Library.create(tmp_path / "library")
    adding.add(library, PAGES, no_progress)
    yield library
    library.close()


@pytest.fixture
def index(library):
    """An empty vector index beside the library."""
    return VectorIndex(library.path / "chroma", WORDS_IDENTITY)


@pytest.fixture
def command_line(monkeypatch, capsys):
    """Run one command in this process and get exit code, standard output, standard error."""

    def run(*arguments, stdin=""):
        monkeypatch.setattr(sys, "argv", ["assistant", *map(str, arguments)])
        monkeypatch.setattr(sys, "stdin", io.StringIO(stdin))
        code = 0
        before = [(one, signal.getsignal(one)) for one in (signal.SIGINT, signal.SIGPIPE)]
        try:
            cli.main()
        except SystemExit as stop:
            code = stop.code or 0
        finally:
            for one, handler in before:
                signal.signal(one, handler)
        captured = capsys.readouterr()
        return int(code), captured.out, captured.err

    return run


@pytest.fixture(scope="session")
def papers(tmp_path_factory):
    """A library of the fixture pages, indexed by the command itself with the real encoder."""
    made = shared_folder(tmp_path_factory) / "indexed"
    os.environ["ASSISTANT_CACHE"] = str(shared_cache(tmp_path_factory))
    with FileLock(made.with_suffix(".lock")):
        if not made.exists():
            add_pages(made.with_suffix(".new"))
            made.with_suffix(".new").rename(made)
    folder = tmp_path_factory.mktemp("real") / "library"
    shutil.copytree(made, folder)
    return folder


def add_pages(folder):
    done = subprocess.run(
        [
            *(sys.executable, "-m", "assistant", "--library", str(folder)),
            *("add", *PAGES, "--year", "2025"),
        ],
        capture_output=True,
        text=True,
        timeout=1800,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout.startswith("6 read, 6 added, 0 merged"), done.stdout

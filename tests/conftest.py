"""Seals every test from the user's folders and the network, and makes small libraries."""

import os
import socket
import subprocess
import sys

import pytest
from support import PAGES, WORDS_IDENTITY, no_progress

from assistant import adding
from assistant.library import Library
from assistant.vectors import VectorIndex


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

    def refuse(self, address):
        if self.family in (socket.AF_INET, socket.AF_INET6) and address[0] != "127.0.0.1":
            raise AssertionError(f"a test tried to connect to {address}")
        return connect(self, address)

    connect = socket.socket.connect
    monkeypatch.setattr(socket.socket, "connect", refuse)


def shared_cache(tmp_path_factory):
    """One cache for the whole run, so that the encoder is exported once."""
    folder = tmp_path_factory.getbasetemp() / "cache"
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


@pytest.fixture(scope="session")
def papers(tmp_path_factory):
    """A library of the fixture pages, indexed by the command itself with the real encoder."""
    folder = tmp_path_factory.mktemp("real") / "library"
    os.environ["ASSISTANT_CACHE"] = str(shared_cache(tmp_path_factory))
    done = subprocess.run(
        [
            *(sys.executable, "-m", "assistant", "--library", str(folder)),
            *("add", *PAGES, "--year", "2025"),
        ],
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout.startswith("6 read, 6 added, 0 merged"), done.stdout
    return folder

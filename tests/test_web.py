"""``assistant chat --web``: who is let in, what the page loads, and the chat in a real browser."""

import http.client
import os
import re
import shutil
import signal
import subprocess
import sys
import time
from contextlib import contextmanager
from pathlib import Path

import pytest

FIRST = "How much of a 7B model's accuracy is kept when whole layers are removed?"
SECOND = "How many orchards did the drones fly over?"
PATIENCE = 900
"""Seconds until a wait counts as failed."""
CHAT = " chat"
"""In the command of each tab's process."""
CHROMIUM = next(
    filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), ""
)
UPGRADE = {
    "Connection": "Upgrade",
    "Upgrade": "websocket",
    "Sec-WebSocket-Version": "13",
    "Sec-WebSocket-Key": "MDEyMzQ1Njc4OWFiY2RlZg==",
}


class Served:
    """A running ``assistant chat --web`` and what it printed."""

    def __init__(self, process, output):
        self.process = process
        self._output = output
        until(lambda: "Ctrl-C" in self.printed, lambda: f"the server says {self.printed}")
        address = re.search(r"http://127\.0\.0\.1:(\d+)/\?key=(\S+)", self.printed)
        self.address, self.port, self.key = address[0], int(address[1]), address[2]
        self.own = f"127.0.0.1:{self.port}"
        self.cookie = {"Cookie": f"assistant-key-{self.port}={self.key}"}

    @property
    def printed(self):
        """What is on the server's terminal."""
        return self._output.read_text("utf-8")

    def get(self, path, **headers):
        """The response, its body read; ``_`` in names of headers stands for ``-``."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=PATIENCE)
        try:
            connection.request("GET", path, headers=headers)
            response = connection.getresponse()
            response.text = response.read().decode("utf-8")
            return response
        finally:
            connection.close()

    def children(self, what=""):
        """The processes that the server started and that still run."""
        return {
            process: command
            for process, (parent, command) in processes().items()
            if parent == self.process.pid and what in command
        }

    def end(self, how):
        """Send a signal; returns the exit code once the server and all it started are gone."""
        started = list(self.children())
        self.process.send_signal(how)
        code = self.process.wait(PATIENCE)
        until(lambda: not set(started) & set(processes()), lambda: f"still there: {processes()}")
        return code


@contextmanager
def served(folder, *options, environment):
    output = folder / "terminal.txt"
    with output.open("w") as stream:
        process = subprocess.Popen(
            [
                *(sys.executable, "-m", "assistant", *options),
                *("chat", "--web", "--port", str(free_port())),
            ],
            stdin=subprocess.DEVNULL,
            stdout=stream,
            stderr=stream,
            env=environment,
        )
    try:
        yield Served(process, output)
    finally:
        process.kill()
        process.wait()


@pytest.fixture(scope="module")
def server(tmp_path_factory):
    """A server whose engine loads nothing, because there is no library."""
    folder = tmp_path_factory.mktemp("web")
    environment = {n: v for n, v in os.environ.items() if not n.startswith("ASSISTANT_")} | {
        "ASSISTANT_DATA": str(folder / "data"),
        "ASSISTANT_CACHE": str(folder / "cache"),
        "ASSISTANT_CONFIG": str(folder / "config.toml"),
    }
    with served(folder, "--library", str(folder / "none"), environment=environment) as server:
        yield server


@pytest.mark.parametrize("path", ["/", "/ws", "/static/js/textual.js", "/download/x", "/nothing"])
@pytest.mark.parametrize("key", ["", "?key=", "?key=wrong", "?key=%FF%ED"])
def test_without_the_key_there_is_nothing(server, path, key):
    response = server.get(path + key)
    assert response.status == 403 and "Open the address" in response.text
    assert server.get(path, Cookie=f"assistant-key-{server.port}=wr\xffong").status == 403
    assert server.key not in response.text


def test_the_key_becomes_a_cookie_and_leaves_the_address(server):
    response = server.get(f"/?key={server.key}")
    cookie = response.getheader("Set-Cookie")
    assert response.status == 302 and response.getheader("Location") == "/"
    assert cookie.startswith(server.cookie["Cookie"])
    assert "HttpOnly" in cookie and "SameSite=Strict" in cookie
    page = server.get("/", **server.cookie)
    assert page.status == 200 and server.key not in page.text
    assert server.get("/static/js/textual.js", **server.cookie).status == 200


@pytest.mark.parametrize(
    "origin", ["http://evil.example", "https://{own}", "null", "http://{own}.evil.example", "{own}"]
)
def test_pages_of_others_cannot_open_the_socket(server, origin):
    headers = server.cookie | UPGRADE | {"Origin": origin.format(own=server.own)}
    assert server.get("/ws", **headers).status == 403
    assert not server.children(CHAT)


def test_the_page_itself_can_and_its_process_ends_with_it(server):
    headers = server.cookie | UPGRADE | {"Origin": f"http://{server.own}"}
    connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=PATIENCE)
    connection.request("GET", "/ws", headers=headers)
    response = connection.getresponse()
    assert response.status == 101
    until(lambda: server.children(CHAT), server.children)
    response.close()
    connection.close()
    until(lambda: not server.children(CHAT), server.children)


@pytest.mark.parametrize(
    "host", ["evil.example", "evil.example:{port}", "0.0.0.0:{port}", "127.0.0.1"]
)
def test_other_names_for_this_computer_are_refused(server, host):
    response = server.get("/", **server.cookie, Host=host.format(port=server.port))
    assert response.status == 403 and "this computer only" in response.text


def test_localhost_leads_to_the_address(server):
    response = server.get(f"/?key={server.key}", Host=f"localhost:{server.port}")
    assert response.status == 302 and response.getheader("Location") == server.address
    refused = server.get("/ws", **server.cookie, **UPGRADE, Host=f"localhost:{server.port}")
    assert refused.status == 403


def test_the_page_refers_to_no_other_host(server):
    page = server.get("/", **server.cookie)
    styles = server.get("/static/css/xterm.css", **server.cookie)
    assert set(re.findall(r"(?<!:)(?:\w+:)?//([\w.:-]+)/", page.text)) == {server.own}
    assert not re.findall(r"url\(|@import", styles.text)
    policy = page.getheader("Content-Security-Policy")
    assert "default-src 'none'" in policy and "frame-ancestors 'none'" in policy


@pytest.mark.skipif(not Path("/proc/net/tcp").exists(), reason="needs Linux")
def test_it_listens_on_this_computer_only(server):
    lines = [
        line.split()
        for table in ("tcp", "tcp6")
        if Path("/proc/net", table).exists()
        for line in Path("/proc/net", table).read_text().splitlines()[1:]
    ]
    listening = [fields[1].split(":") for fields in lines if fields[3] == "0A"]
    assert [host for host, port in listening if int(port, 16) == server.port] == ["0100007F"]


def test_a_port_that_is_taken_is_one_line_and_exit_code_2(server, tmp_path):
    done = subprocess.run(
        [*(sys.executable, "-m", "assistant", "chat", "--web"), *("--port", str(server.port))],
        capture_output=True,
        text=True,
        timeout=PATIENCE,
        check=False,
    )
    assert (done.returncode, done.stdout, done.stderr.count("\n")) == (2, "", 1)
    assert f"port {server.port} cannot be used" in done.stderr and "--port" in done.stderr


@pytest.mark.parametrize("how", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_ends_it_quietly_with_its_engine(tmp_path, how):
    with served(tmp_path, "--library", str(tmp_path / "none"), environment=os.environ) as server:
        until(lambda: server.children("assistant.engine"), server.children)
        assert server.end(how) == 0
        assert server.printed.count("\n") == 2, server.printed


class Tab:
    """A page of the browser and the terminal in it."""

    def __init__(self, page, address):
        import pyte

        self.page = page
        self._screen = pyte.Screen(80, 24)
        self._stream = pyte.ByteStream(self._screen)
        page.on("websocket", lambda socket: socket.on("framereceived", self._received))
        page.on("websocket", lambda socket: socket.on("framesent", self._sent))
        page.goto(address)

    def _received(self, frame):
        if isinstance(frame, bytes):
            self._stream.feed(frame)

    def _sent(self, frame):
        size = re.fullmatch(r'\["resize",\{"width":(\d+),"height":(\d+)\}\]', str(frame))
        if size:
            self._screen.resize(int(size[2]), int(size[1]))

    @property
    def text(self):
        """The words on the screen."""
        lines = "\n".join(self._screen.display)
        return " ".join(re.sub(r"[─-╿▀-▟]", " ", lines).split())

    def shows(self, *texts):
        """Wait for texts that stand on one line."""
        end = time.monotonic() + PATIENCE
        while not all(text in self.text for text in texts):
            assert time.monotonic() < end, f"{texts} did not come: {self.text}"
            self.page.wait_for_timeout(50)

    def ask(self, question, expected):
        """Type the question into what has the focus, and wait for what the answer must say."""
        self.page.keyboard.type(question)
        self.shows(question)
        self.page.keyboard.press("Enter")
        self.shows(expected, "[1]")


@pytest.mark.model
@pytest.mark.filterwarnings("ignore::DeprecationWarning", "ignore::ResourceWarning")
@pytest.mark.skipif(not CHROMIUM, reason="needs Chromium on this computer")
def test_two_tabs_of_a_browser_ask_one_engine(papers, tmp_path):
    api = pytest.importorskip("playwright.sync_api", reason="needs: pip install '.[browser]'")
    pytest.importorskip("pyte", reason="needs: pip install '.[browser]'")
    flags = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run"]
    flags += ["--disable-background-networking", "--disable-component-update", "--disable-sync"]
    requests, failures = [], []
    library = shutil.copytree(papers, tmp_path / "library")
    with (
        served(tmp_path, "--library", str(library), environment=os.environ) as server,
        api.sync_playwright() as playwright,
        playwright.chromium.launch(executable_path=CHROMIUM, args=flags) as browser,
        browser.new_context() as context,
    ):
        context.on("request", lambda request: requests.append(request.url))
        context.on("weberror", lambda error: failures.append(str(error.error)))
        first = Tab(context.new_page(), server.address)
        first.shows("Ask your papers", "(very small)")
        first.ask(FIRST, "91%")
        second = Tab(context.new_page(), f"http://{server.own}/")
        second.shows("Ask your papers", "(very small)")
        second.ask(FIRST, "91%")

        for key, text in (("F1", "Keys"), ("Escape", "Ask a question"), ("F3", "Search titles")):
            second.page.keyboard.press(key)
            second.shows(text)
        second.page.keyboard.press("F10")
        second.page.wait_for_selector("text=The chat has ended", timeout=PATIENCE * 1000)
        until(lambda: len(server.children(CHAT)) == 1, server.children)

        engines = server.children("assistant.engine")
        tabs = server.children(CHAT)
        assert len(engines) == 1
        assert not [c for p, c in processes().values() if p in tabs and "assistant.engine" in c]

        os.kill(next(iter(engines)), signal.SIGKILL)
        first.shows("not loaded; your next question tries again", "the engine has")
        first.ask(SECOND, "12 orchards")
        first.shows("(very small)")
        assert len(server.children("assistant.engine")) == 1
        assert server.end(signal.SIGINT) == 0
        first.page.wait_for_selector("text=The chat has ended", timeout=PATIENCE * 1000)
        assert server.printed.count("\n") == 2, server.printed
    assert {url.split("/")[2] for url in requests if not url.startswith("data:")} == {server.own}
    assert not failures


def until(condition, what):
    end = time.monotonic() + PATIENCE
    while not condition():
        assert time.monotonic() < end, what()
        time.sleep(0.05)


def processes():
    """Parent and command of every process that runs."""
    listed = subprocess.run(
        ["ps", "-ww", "-eo", "pid=,ppid=,stat=,args="], capture_output=True, text=True, check=True
    )
    fields = (line.split(None, 3) for line in listed.stdout.splitlines())
    return {int(f[0]): (int(f[1]), f[3]) for f in fields if not f[2].startswith("Z")}


def free_port():
    import socket

    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]

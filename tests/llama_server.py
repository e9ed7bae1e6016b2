"""llama.cpp's own server with the bundled model, to be killed and started again by tests."""

import contextlib
import socket
import subprocess
import sys
import time
import urllib.request

from assistant import catalog

PATIENCE = 300
"""Seconds until it must answer; it takes some three where nothing else runs."""
_CODE = (
    "import runpy\n"
    "from assistant import amx\n"
    "with amx.avoided():\n"
    "    runpy.run_module('llama_cpp.server', run_name='__main__', alter_sys=True)\n"
)


class LlamaServer:
    """One server at one address of this computer."""

    def __init__(self, log):
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = probe.getsockname()[1]
        self.url = f"http://127.0.0.1:{self.port}/v1"
        self._log = log
        self.process = None

    def start(self):
        """Start it and wait until it answers."""
        path, _ = catalog.find("smollm2-135m-instruct", "writer")
        options = ["--model", path, "--host", "127.0.0.1", "--port", self.port]
        options += ["--n_ctx", 2048, "--n_threads", 1]
        with self._log.open("ab") as log:
            self.process = subprocess.Popen(
                [sys.executable, "-c", _CODE, *map(str, options)], stdout=log, stderr=log
            )
        end = time.monotonic() + PATIENCE
        while not self._answers():
            assert self.process.poll() is None and time.monotonic() < end, self._log.read_text()
            time.sleep(0.05)

    def kill(self):
        """End it at once, whatever it does."""
        self.process.kill()
        self.process.wait()

    def _answers(self):
        with contextlib.suppress(OSError):
            return urllib.request.urlopen(f"{self.url}/models", timeout=PATIENCE).status == 200
        return False

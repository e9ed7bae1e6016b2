"""A small HTTP server on this computer that answers as a server of models does, or fails to."""

import json
import select
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

PATIENCE = 30
"""Seconds until a wait counts as failed."""
AT_ONCE = 2
"""Seconds; half a second is promised, and a tenth is usual, but a busy machine is slower."""
HOLD = object()
"""In a reply: wait until the test opens the gate or the client leaves."""
BREAK = object()
"""In a reply: drop the connection."""


def says(*pieces, end="stop", field="content"):
    """A reply in these pieces; ``end`` is the reason for which it ends."""
    return [*({field: piece} for piece in pieces), {"end": end}]


class ScriptedServer(ThreadingHTTPServer):
    """One reply of ``replies`` to each question for a completion, the last one ever again."""

    daemon_threads = True

    def __init__(self, *replies, models=("tiny",)):
        super().__init__(("127.0.0.1", 0), Handler)
        self.replies = list(replies)
        self.listing = json.dumps({"object": "list", "data": [{"id": name} for name in models]})
        self.status = 200
        """Of whatever is asked next."""
        self.unknown = ()
        """Fields of a request that it refuses."""
        self.error = '{"error": {"message": "out of order"}}'
        """What is sent with another status than 200."""
        self.content_type = "application/json"
        self.requests = []
        """Path, headers and body of each request."""
        self.asked = threading.Event()
        """A completion was asked for."""
        self.gate = threading.Event()
        self.left = threading.Event()
        """The client has closed the connection before the end."""
        threading.Thread(target=self.serve_forever, args=(0.02,), daemon=True).start()

    @property
    def url(self):
        return f"http://127.0.0.1:{self.server_port}/v1"

    @property
    def prompts(self):
        """The messages of each completion that was asked for."""
        return [body["messages"] for _, _, body in self.requests if body]

    def next_reply(self):
        return self.replies.pop(0) if len(self.replies) > 1 else self.replies[0]

    def handle_error(self, request, client_address):
        """A client that has gone while it was written to is no error."""
        self.left.set()

    def close(self):
        self.gate.set()
        self.shutdown()
        self.server_close()


class Handler(BaseHTTPRequestHandler):
    def log_message(self, *_):
        pass

    def do_GET(self):
        self.server.requests.append(
            (self.path, {name.lower(): value for name, value in self.headers.items()}, None)
        )
        if self.server.status != 200 or self.path != "/v1/models":
            self.refuse(404 if self.server.status == 200 else self.server.status)
            return
        self.send_text(200, self.server.listing)

    def do_POST(self):
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        self.server.requests.append(
            (self.path, {name.lower(): value for name, value in self.headers.items()}, body)
        )
        self.server.asked.set()
        if self.server.status != 200 or set(self.server.unknown) & body.keys():
            self.refuse(400 if self.server.status == 200 else self.server.status)
            return
        reply = list(self.server.next_reply())
        if reply[0] is HOLD:  # the prompt is being read: not even the headers are sent
            self.hold()
            reply = reply[1:]
        self.send_response(200)
        self.send_header("Content-Type", "text/event-stream")
        self.end_headers()
        for piece in reply:
            if piece is HOLD:
                self.hold()
            elif piece is BREAK:
                return
            else:
                delta = {name: text for name, text in piece.items() if name != "end"}
                self.send_event({"index": 0, "delta": delta, "finish_reason": piece.get("end")})
        self.wfile.write(b"data: [DONE]\n\n")

    def send_event(self, choice):
        event = {"id": "1", "object": "chat.completion.chunk", "choices": [choice]}
        self.wfile.write(f"data: {json.dumps(event)}\n\n".encode())
        self.wfile.flush()

    def hold(self):
        for _ in range(PATIENCE * 50):
            readable, _, _ = select.select([self.connection], [], [], 0.02)
            if readable:  # nothing more is sent after a request: the connection is closed
                self.server.left.set()
            if readable or self.server.gate.is_set():
                return

    def refuse(self, status):
        self.send_text(status, self.server.error)

    def send_text(self, status, text):
        self.send_response(status)
        if 300 <= status < 400:
            self.send_header("Location", "http://127.0.0.1:9/v1/models")
        self.send_header("Content-Type", self.server.content_type)
        self.send_header("Content-Length", str(len(text.encode())))
        self.end_headers()
        self.wfile.write(text.encode())

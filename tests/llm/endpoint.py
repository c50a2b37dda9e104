"""A real HTTP server on loopback that answers with what a test has queued, faults included."""

import json
import threading
import time
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

GOOD = {"score": 0.5, "confidence": 0.8, "reason": "Profits rise."}


def chat(content, **more):
    """What an endpoint answers when a model has written ``content``."""
    text = content if isinstance(content, str) else json.dumps(content)
    return {"body": json.dumps({"choices": [{"message": {"role": "assistant", "content": text, **more}}],
                                "usage": {"prompt_tokens": 100, "completion_tokens": 20}})}


class Endpoint:
    """Where it is, what it is to answer next (each a dict: status, headers, body, wait, drop), and what it was sent."""

    def __init__(self, base):
        self.base, self.queue, self.requests = base, [], []

    def add(self, *answers):
        self.queue.extend(answers)


class _Handler(BaseHTTPRequestHandler):
    def do_POST(self):
        body = self.rfile.read(int(self.headers["Content-Length"]))
        endpoint = self.server.endpoint
        endpoint.requests.append({"path": self.path, "body": json.loads(body), "headers": dict(self.headers)})
        answer = endpoint.queue.pop(0) if endpoint.queue else chat(GOOD)
        time.sleep(answer.get("wait", 0))
        if answer.get("drop"):
            self.connection.close()
            return
        content = answer.get("body", "").encode()
        self.send_response(answer.get("status", 200))
        for name, value in {"Content-Type": "application/json", **answer.get("headers", {})}.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(answer.get("length", len(content))))
        self.end_headers()
        self._send(content, answer.get("drip", 0))

    def _send(self, content, pause):
        try:
            for piece in [content] if not pause else [content[i : i + 1] for i in range(len(content))]:
                self.wfile.write(piece)
                self.wfile.flush()
                time.sleep(pause)
        except OSError:
            self.close_connection = True  # who asked has had enough

    def log_message(self, *args):
        """Keeps quiet."""


@contextmanager
def running():
    """Starts an endpoint and stops it."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), _Handler)
    server.daemon_threads = True
    server.endpoint = Endpoint(f"http://127.0.0.1:{server.server_port}/v1")
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    try:
        yield server.endpoint
    finally:
        server.shutdown()
        thread.join()
        server.server_close()

"""A mirror on this machine: a real HTTP server that gives files, or fails in the ways that real ones do."""

from __future__ import annotations

import contextlib
import socket
import struct
import threading
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType

Answer = Callable[["Request"], None]


class Mirror:
    """Serves `files` by name under `url`; `answers` go before them. `requests` are the names asked for, in order."""

    def __init__(self, files: dict[str, bytes], answers: dict[str, Answer] | None = None) -> None:
        self.files = files
        self.answers = answers or {}
        self.requests: list[str] = []
        self.leaving = threading.Event()  # ends the answers that keep a client waiting
        self._server = _Server(self)
        self.url = f"http://127.0.0.1:{self._server.server_port}/mnist/"
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.01,))

    def __enter__(self) -> Mirror:
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.leaving.set()
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()


class _Server(ThreadingHTTPServer):
    daemon_threads = False  # so that closing waits for them

    def __init__(self, mirror: Mirror) -> None:
        super().__init__(("127.0.0.1", 0), Request)
        self.mirror = mirror


class Request(BaseHTTPRequestHandler):
    """One request, as an answer sees it."""

    server: _Server

    def do_GET(self) -> None:
        name = self.path.rpartition("/")[2]
        mirror = self.server.mirror
        mirror.requests.append(name)
        with contextlib.suppress(ConnectionError):  # the client may hang up at any moment
            mirror.answers.get(name, whole)(self)

    @property
    def content(self) -> bytes:
        return self.server.mirror.files[self.path.rpartition("/")[2]]

    def head(self, status: int = 200, **headers: object) -> None:
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name.replace("_", "-"), str(value))
        self.end_headers()

    def wait(self) -> None:
        self.wfile.flush()
        self.server.mirror.leaving.wait()

    def log_message(self, format: str, *args: object) -> None:
        """Keeps the test's output clean."""


def whole(request: Request) -> None:
    request.head(Content_Length=len(request.content))
    request.wfile.write(request.content)


def refuse(status: int) -> Answer:
    return lambda request: request.head(status, Content_Length=0)


def cut(request: Request) -> None:
    """Promises all, gives half, closes."""
    request.head(Content_Length=len(request.content))
    request.wfile.write(request.content[: len(request.content) // 2])


def reset(request: Request) -> None:
    """Gives half and resets the connection."""
    cut(request)
    request.wfile.flush()
    request.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    request.connection.close()


def other_bytes(request: Request) -> None:
    request.head(Content_Length=len(request.content))
    request.wfile.write(bytes(len(request.content)))


def page(request: Request) -> None:
    """What a hotel's network answers to everything."""
    request.head(Content_Type="text/html")
    request.wfile.write(b"<html>Please log in</html>")


def announce_more(request: Request) -> None:
    request.head(Content_Length=10**12)
    request.wait()


def send_more(request: Request) -> None:
    """Gives the file and then, unannounced, more than anybody could hold."""
    request.head()
    request.wfile.write(request.content)
    while not request.server.mirror.leaving.is_set():
        request.wfile.write(bytes(1 << 16))


def redirect(target: str) -> Answer:
    return lambda request: request.head(302, Location=target, Content_Length=0)


def babble(request: Request) -> None:
    request.wfile.write(b"SSH-2.0-OpenSSH_9.2\r\n")


def silent(request: Request) -> None:
    request.wait()


def stall(request: Request) -> None:
    """Gives half and then nothing for as long as one waits."""
    request.head(Content_Length=len(request.content))
    request.wfile.write(request.content[: len(request.content) // 2])
    request.wait()

"""One body over HTTP, piece by piece, from a thread of its own: whoever waits for it can stop at any moment."""

from __future__ import annotations

import queue
import threading
import urllib.error
import urllib.request
from collections.abc import Generator
from http.client import HTTPException, HTTPResponse, IncompleteRead

THREAD_NAME = "digitscope-download"
PULSE = 0.1  # seconds between two words to the caller while nothing comes
_CHUNK = 1 << 16
_LONGEST = 200  # characters of what a server says that are told

_Pieces = queue.SimpleQueue[bytes | Exception | None]


class MirrorFault(Exception):
    """One server does not give the file; another may."""


def stream(url: str, size: int, timeout: float) -> Generator[bytes, None, None]:
    """The bytes that a URL gives, at most `size` of them, in pieces; an empty piece each `PULSE` without news.

    Only http and https are spoken, after redirections too. Closing the generator gives the connection up at once; its
    thread ends when the server says its next word, or `timeout` seconds after the last.

    Raises:
        MirrorFault: no connection, no answer within `timeout` seconds, refused, cut off by an error, or too long.
    """
    pieces: _Pieces = queue.SimpleQueue()
    stopped = threading.Event()
    pump = threading.Thread(target=_pump, args=(url, size, timeout, pieces, stopped), name=THREAD_NAME, daemon=True)
    pump.start()
    try:
        while (piece := _next_piece(pieces)) is not None:
            if isinstance(piece, Exception):
                raise piece
            yield piece
    finally:
        stopped.set()
        pump.join(PULSE)


def _next_piece(pieces: _Pieces) -> bytes | Exception | None:
    try:
        return pieces.get(timeout=PULSE)
    except queue.Empty:
        return b""


def _pump(url: str, size: int, timeout: float, pieces: _Pieces, stopped: threading.Event) -> None:
    """Puts what the server sends into the queue: pieces, then None, or the exception that ended it."""
    try:
        _read(url, size, timeout, pieces, stopped)
    except Exception as error:  # `stream` raises it, where someone listens
        pieces.put(_fault(error, timeout))


def _fault(error: Exception, timeout: float) -> Exception:
    """What a failure says about the server, or the failure itself where it says nothing of it."""
    if isinstance(error, urllib.error.HTTPError):
        error.close()
        return MirrorFault(f"answers {error.code} {str(error.reason)[:_LONGEST]}")
    reason = getattr(error, "reason", error)  # urllib wraps what stopped it
    if isinstance(reason, TimeoutError):
        return MirrorFault(f"silent for {timeout:g} s")
    if isinstance(error, OSError | HTTPException | ValueError | OverflowError):  # ValueError: not a URL at all
        return MirrorFault(f"fails with {str(reason)[:_LONGEST] or type(error).__name__}")
    return error


def _read(url: str, size: int, timeout: float, pieces: _Pieces, stopped: threading.Event) -> None:
    request = urllib.request.Request(url, headers={"User-Agent": "digitscope"})
    with _opener().open(request, timeout=timeout) as response:
        announced = response.length  # None when the server does not say
        if announced is not None and announced > size:
            raise MirrorFault(f"announces {announced} bytes for a file of {size}")
        left = size
        while not stopped.is_set() and (piece := _read_piece(response)):
            left -= len(piece)
            if left < 0:
                raise MirrorFault(f"sends more than the {size} bytes of the file")
            pieces.put(piece)
    pieces.put(None)


def _read_piece(response: HTTPResponse) -> bytes:
    """What is there to read; nothing at the end, also where it comes too early, which not every Python minds."""
    try:
        return response.read1(_CHUNK)
    except IncompleteRead:
        return b""  # the caller counts bytes


def _opener() -> urllib.request.OpenerDirector:
    """Urllib's usual handlers except those for ftp, file and data: a redirection there finds nobody who speaks it."""
    opener = urllib.request.OpenerDirector()
    for handler in (
        urllib.request.ProxyHandler,
        urllib.request.UnknownHandler,
        urllib.request.HTTPHandler,
        urllib.request.HTTPSHandler,
        urllib.request.HTTPDefaultErrorHandler,
        urllib.request.HTTPRedirectHandler,
        urllib.request.HTTPErrorProcessor,
    ):
        opener.add_handler(handler())
    return opener

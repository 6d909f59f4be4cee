"""Text that every terminal takes, whatever it is set to and whoever wrote the text."""

from __future__ import annotations

import contextlib
import io
import os
import sys
from typing import TextIO

_LONGEST = 2000  # characters of a sentence: a stranger's file may hold a word of a million


def take_any_text() -> None:
    """Let stdout show characters that it cannot encode as escapes, as stderr does, instead of giving up at them."""
    if isinstance(sys.stdout, io.TextIOWrapper):  # a window without a console has none
        sys.stdout.reconfigure(errors="backslashreplace")


def tell(text: str, end: str = "\n") -> None:
    """Write to stderr, where there is one that takes it: words for people end nothing that they have asked for."""
    if sys.stderr is not None:  # a window without a console has none
        try:
            print(text, end=end, file=sys.stderr, flush=True)
        except OSError:
            give_up(sys.stderr)


def complain(why: str) -> None:
    """Tell on stderr what is wrong, in one line."""
    text = visible(" ".join(why[:_LONGEST].split()))
    tell(f"digitscope: {text}{'…' if len(why) > _LONGEST else ''}")


def give_up(stream: TextIO) -> None:
    """Let what is still to be written to a stream go nowhere, or Python would fail at it when it ends."""
    with contextlib.suppress(OSError):
        os.dup2(os.open(os.devnull, os.O_WRONLY), stream.fileno())


def visible(text: str) -> str:
    r"""A stranger's text with what cannot be printed shown as Python writes it: `\x1b` is no order to the terminal."""
    return "".join(each if each.isprintable() else each.encode("unicode_escape").decode("ascii") for each in text)

"""Text that every terminal takes, whatever it is set to and whoever wrote the text."""

from __future__ import annotations

import io
import sys


def take_any_text() -> None:
    """Let stdout show characters that it cannot encode as escapes, as stderr does, instead of giving up at them."""
    if isinstance(sys.stdout, io.TextIOWrapper):  # a window without a console has none
        sys.stdout.reconfigure(errors="backslashreplace")


def visible(text: str) -> str:
    r"""A stranger's text with what cannot be printed shown as Python writes it: `\x1b` is no order to the terminal."""
    return "".join(each if each.isprintable() else each.encode("unicode_escape").decode("ascii") for each in text)

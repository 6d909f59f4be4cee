"""`demo`: the window at work, without anybody at it."""

from __future__ import annotations

import argparse
import os
import sys

from cli.output import record, say
from nn_core.errors import SettingsError


def run(arguments: argparse.Namespace) -> int:
    """Open the window, draw a digit, train, save a picture, tell what was predicted."""
    if not 0 <= arguments.seconds <= 86_400:
        raise SettingsError(f"--seconds (={arguments.seconds:g}) must lie between 0 and 86400")
    if sys.platform == "linux" and not (os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY")):
        os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    from app.demo import run as run_demo

    found = run_demo(arguments.screenshot, arguments.seconds, getattr(arguments, "data_dir", None))
    if arguments.json:
        record(found)
    else:
        say(f"saved {arguments.screenshot}")
        print(f"predicted {found['predicted']}")
    return 0

"""`demo`: the window at work, without anybody at it."""

from __future__ import annotations

import argparse

from cli.output import check_target, off_screen_without_a_display, record, say
from nn_core.errors import SettingsError


def run(arguments: argparse.Namespace) -> int:
    """Open the window, draw a digit, train, save a picture, tell what was predicted."""
    if not 0 <= arguments.seconds <= 86_400:
        raise SettingsError(f"--seconds (={arguments.seconds:g}) must lie between 0 and 86400")
    check_target(arguments.screenshot, ".png")
    off_screen_without_a_display()
    from app.demo import run as run_demo

    found = run_demo(arguments.screenshot, arguments.seconds, getattr(arguments, "data_dir", None))
    if arguments.json:
        record(found)
    else:
        say(f"saved {arguments.screenshot}")
        print(f"drew {found['drawn']}, predicted {found['predicted']}")
    return 0

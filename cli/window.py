"""No command: the window."""

from __future__ import annotations

import argparse


def run(arguments: argparse.Namespace) -> int:
    """Open the window; the exit status is Qt's."""
    from app.application import run as run_application

    return run_application(getattr(arguments, "data_dir", None))

"""No command: the window."""

from __future__ import annotations

import argparse
import os

from cli.output import has_display
from nn_core.errors import SettingsError


def run(arguments: argparse.Namespace) -> int:
    """Open the window; the exit status is Qt's."""
    if not has_display() and "QT_QPA_PLATFORM" not in os.environ:
        raise SettingsError("there is no screen to open the window on; 'demo --screenshot F' draws it into a picture")
    from app.application import run as run_application

    return run_application(getattr(arguments, "data_dir", None))

"""`data`: where the data is, and fetching MNIST."""

from __future__ import annotations

import argparse
from pathlib import Path
from urllib.parse import urlsplit

from cli.output import end_progress, progress, record, say
from cli.terminal import visible
from nn_core.data import data_folder, find_datasets
from nn_core.errors import SettingsError
from nn_core.loading import PEN_STROKES


def run(arguments: argparse.Namespace) -> int:
    """Fetch if asked to, then tell the folder and the datasets in it."""
    folder = data_folder(getattr(arguments, "data_dir", None))
    if arguments.fetch:
        _fetch(folder, arguments.mirror)
    found = find_datasets(folder)
    if arguments.json:
        record({"folder": str(folder), "datasets": {name: str(path) for name, path in found.items()}})
        return 0
    print(visible(f"data folder: {folder}"))
    for name, path in found.items():
        print(visible(f"  {name}: {path}"))
    print(f"  {PEN_STROKES}: drawn by the program, needs no file")
    if "mnist" not in found:
        say("MNIST is not there; 'digitscope data --fetch' fetches it (12 MB)")
    return 0


def _fetch(folder: Path, mirrors: list[str] | None) -> None:
    from nn_core.data.fetch import MIRRORS, fetch_mnist  # the network's libraries are slow to import

    for mirror in mirrors or ():
        _check_mirror(mirror)
    for step in fetch_mnist(folder, tuple(mirrors) if mirrors else MIRRORS):
        if step.problem:
            end_progress()
            say(step.problem)
        progress(f"{step.file}: {step.done / 1e6:.1f} of {step.total / 1e6:.1f} MB")
    end_progress()


def _check_mirror(mirror: str) -> None:
    try:
        scheme = urlsplit(mirror).scheme
    except ValueError as why:
        raise SettingsError(f"--mirror (={mirror!r}) is no address: {why}") from why
    if scheme not in ("http", "https"):
        raise SettingsError(f"--mirror (={mirror!r}) must start with http:// or https://")

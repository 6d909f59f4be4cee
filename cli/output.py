"""What every command shares: where its words, numbers and files go, and which model is meant."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Generator, Mapping
from pathlib import Path
from typing import Any, TypeVar

from cli.terminal import tell, visible
from nn_core.chain import is_chain
from nn_core.data import Dataset, data_folder
from nn_core.errors import SettingsError
from nn_core.events import Working
from nn_core.files import check_writable
from nn_core.loading import load
from nn_core.model import Model
from nn_core.modelfile import load_model, load_reading_model
from nn_core.presets import PRESETS, make_model

Found = TypeVar("Found")


def record(values: Mapping[str, Any]) -> None:
    """One machine-readable line of ASCII on stdout, at once: whoever reads along sees it.

    What is no finite number becomes null: JSON has none, and a stranger's card may hold some.
    """
    finite = json.loads(json.dumps(values), parse_constant=lambda _: None)
    print(json.dumps(finite, allow_nan=False), flush=True)


def say(text: str) -> None:
    """A line for people, on stderr."""
    tell(visible(text))


def counted(number: int, noun: str) -> str:
    """How many of something: 1 epoch, 2,000 images."""
    return f"{number:,} {noun}{'' if number == 1 else 's'}"


def progress(text: str) -> None:
    """A line for people that the next one overwrites; only on a terminal."""
    if sys.stderr is not None and sys.stderr.isatty():
        tell(f"\r\x1b[K{visible(text)}", end="")


def end_progress() -> None:
    """Leave a clean line after `progress`."""
    progress("")


def load_named_dataset(name: str, folder: Path | None, hold_out: int = 0, validation: int = 0) -> Dataset:
    """The dataset of that name in the data folder, with progress on stderr."""
    return followed(load(name, data_folder(folder), hold_out, validation))


def followed(steps: Generator[Working, None, Found]) -> Found:
    """Run something that takes a while to its end, with progress on stderr; what it returns."""
    while True:
        try:
            working = next(steps)
            progress(f"{working.what} {working.done} of {working.total}")
        except StopIteration as end:
            end_progress()
            found: Found = end.value
            return found


def check_target(path: Path | None, ending: str = "") -> None:
    """Say before an hour of training, not after it, that its result cannot be written.

    Raises:
        SettingsError: the folder is missing, the path is one, no file can be there, what is there is none, or its name
            has another `ending`.
    """
    if path is None:
        return
    try:
        path.stat()
    except (FileNotFoundError, NotADirectoryError):
        pass
    except OSError as why:  # the name is too long, or a link leads to itself
        raise SettingsError(f"{path} cannot be written: {why.strerror or why}") from why
    if not path.resolve().parent.is_dir():
        raise SettingsError(f"the folder of {path} does not exist; make it first")
    if path.is_dir():
        raise SettingsError(f"{path} is a folder; name a file")
    if ending and path.suffix.lower() != ending:
        raise SettingsError(f"{path} must have a name that ends in {ending}: a picture of that kind is written")
    try:
        check_writable(path)
    except OSError as why:
        raise SettingsError(f"{path} cannot be written: {why.strerror or why}") from why


def named_model(name: str) -> Model:
    """The model of that file, which must read digits, or the shipped one for `default`."""
    return load_reading_model(_model_file(name))


def _model_file(name: str) -> Path:
    from resources import DEFAULT_MODEL

    return DEFAULT_MODEL if name == "default" else Path(name)


def model_of(what: str, seed: int) -> Model:
    """The preset or the network of the chain `what`, drawn with `seed`, or the model of that file, whatever it reads.

    Raises:
        SettingsError: it is none of these.
    """
    if what in PRESETS or is_chain(what):
        return make_model(what, seed)
    if what == "default" or os.path.exists(what):  # which is False of a name too long for a file, too
        return load_model(_model_file(what))
    raise SettingsError(f"{what!r} is neither a preset ({', '.join(PRESETS)}) nor a model file")


def has_display() -> bool:
    """Whether there is a screen to draw on, as far as the environment tells."""
    return sys.platform != "linux" or bool(os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY"))


def off_screen_without_a_display() -> None:
    """Let Qt draw into memory where there is no screen to draw on."""
    if not has_display():
        os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

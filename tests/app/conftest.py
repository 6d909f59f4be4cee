"""Windows over a small dataset, and apart from the user's settings."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partialmethod
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from app.window import MainWindow
from nn_core.pen import pen_digits
from tests.app.driver import Driver, ini
from tests.nn_core.data.idx_files import MNIST_NAMES, idx_bytes, write

Opener = Callable[..., Driver]
PATIENCE = 60_000  # milliseconds: a worker steps back behind all else that a busy machine does


class PatientBot(QtBot):
    """Waits longer than five seconds, unless it is told how long."""

    waitUntil = partialmethod(QtBot.waitUntil, timeout=PATIENCE)
    waitSignal = partialmethod(QtBot.waitSignal, timeout=PATIENCE)
    waitExposed = partialmethod(QtBot.waitExposed, timeout=PATIENCE)


@pytest.fixture
def qtbot(qapp: QApplication, request: pytest.FixtureRequest) -> QtBot:
    """pytest-qt's own, but patient."""
    return PatientBot(request)


@pytest.fixture(autouse=True)
def same_looks(qapp: QApplication) -> Iterator[None]:
    """What a test sets for the whole application, the next one does not find."""
    palette, font = qapp.palette(), qapp.font()
    yield
    if qapp.palette() != palette:
        qapp.setPalette(palette)
    if qapp.font() != font:
        qapp.setFont(font)


@pytest.fixture(scope="session")
def tiny(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data folder with one set, `tiny`: 300 pen digits to train on and 100 to test."""
    folder = tmp_path_factory.mktemp("data")
    digits = pen_digits(400, rng=np.random.default_rng(1))
    parts = (digits.images[:300], digits.labels[:300], digits.images[300:], digits.labels[300:])
    for name, values in zip(MNIST_NAMES, parts, strict=True):
        write(folder / "tiny" / name, idx_bytes(values))
    return folder


@pytest.fixture
def open_window(qtbot: QtBot, tiny: Path, tmp_path: Path) -> Opener:
    """Opens a window; windows of one test share their settings, one after the other."""

    def open_one(data: Path = tiny) -> Driver:
        window = MainWindow(data, ini(tmp_path))
        qtbot.addWidget(window)
        window.resize(1280, 800)
        with qtbot.waitExposed(window):
            window.show()
        return Driver(window, qtbot)

    return open_one


@pytest.fixture
def window(open_window: Opener) -> Driver:
    """A window, as it opens for the first time."""
    return open_window()

"""A window as its user has it: buttons, the canvas, the timeline, and what can be read off."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import QMimeData, QPoint, QPointF, QSettings, Qt, QUrl
from PySide6.QtGui import QDragEnterEvent, QDropEvent
from PySide6.QtWidgets import QAbstractButton, QApplication, QComboBox, QLabel, QProgressBar, QSlider
from pytestqt.qtbot import QtBot

from app.phase import Phase
from app.views.canvas import CanvasView
from app.views.kernel_view import KernelView
from app.views.probability_bars import ProbabilityBars
from app.window import MainWindow
from nn_core.settings import TrainSettings
from tests.app import pointing

SEVEN = [(60.0, 60.0), (120.0, 58.0), (200.0, 60.0), (170.0, 120.0), (140.0, 180.0), (120.0, 240.0)]
ONE = [(140.0, 30.0), (141.0, 100.0), (140.0, 180.0), (140.0, 250.0)]
LONG = 100_000  # epochs of a run that does not end by itself


class Driver:
    """Uses a window by what it shows; `window` itself is there for what has no name on the screen."""

    def __init__(self, window: MainWindow, qtbot: QtBot) -> None:
        self.window, self.qtbot = window, qtbot
        self.canvas = self._child(CanvasView, "canvas")
        self.digit = self._child(QLabel, "predictedDigit")
        self.bars = self._child(ProbabilityBars, "probabilityBars")
        self.slider = self._child(QSlider, "timelineSlider")
        self.progress = self._child(QProgressBar, "trainProgress")
        self.kernel_view = self._child(KernelView, "kernelView")

    def _child(self, kind, name):
        found = self.window.findChild(kind, name)
        assert found is not None, name
        return found

    # What the user does.

    def draw(self, places: pointing.Places) -> None:
        """Draw one stroke and wait for the answer to it."""
        count = len(self.canvas.marks())
        with self.qtbot.waitSignal(self.window.predictionChanged):
            pointing.drag(self.canvas, places)
        assert len(self.canvas.marks()) == count + 1

    def choose(self, preset: str = "blog-cnn", dataset: str = "tiny", **settings: object) -> None:
        """Set the form to a small run, without augmentation and with a constant rate unless told otherwise."""
        values = {"schedule": "constant", "batch_size": 50, "epochs": LONG, "learning_rate": 0.002} | settings
        self.window.parts.train.setSettings(TrainSettings(**values))
        for name, choice in (("presetCombo", preset), ("datasetCombo", dataset)):
            combo = self._child(QComboBox, name)
            index = combo.findText(choice)
            assert index >= 0, choice
            combo.setCurrentIndex(index)
            combo.activated.emit(index)

    def press(self, name: str) -> None:
        """Press a button that can be pressed."""
        button = self._child(QAbstractButton, f"{name}Button")
        assert button.isEnabled(), name
        self.qtbot.mouseClick(button, Qt.MouseButton.LeftButton)

    def drop(self, *paths: Path) -> QDropEvent:
        """Drop files on the window."""
        data = QMimeData()
        data.setUrls([QUrl.fromLocalFile(str(path)) for path in paths])
        copy, left, plain = Qt.DropAction.CopyAction, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
        entered = QDragEnterEvent(QPoint(50, 50), copy, data, left, plain)
        QApplication.sendEvent(self.window, entered)
        assert entered.isAccepted()
        dropped = QDropEvent(QPointF(50, 50), copy | Qt.DropAction.MoveAction, data, left, plain)
        QApplication.sendEvent(self.window, dropped)
        return dropped

    # What can be waited for.

    def until(self, condition, timeout: int = 60_000) -> None:
        self.qtbot.waitUntil(condition, timeout=timeout)

    def until_state(self, state: Phase) -> None:
        self.until(lambda: self.window.session.state is state)

    def run_until(self, step: int) -> None:
        self.until(lambda: self.window.session.step_number >= step)

    def train(self, steps: int = 5) -> None:
        """Start, and wait for so many batches."""
        self.press("start")
        self.run_until(steps)

    def pause(self) -> int:
        """Pause; the step at which the run holds."""
        self.press("pause")
        self.until_state(Phase.PAUSED)
        return self.window.session.step_number

    # What can be read off.

    def messages(self) -> list[str]:
        return [bar.text() for bar in self.window.parts.messages.messages()]

    def message_button(self, words: str) -> QAbstractButton:
        found = [
            button
            for bar in self.window.parts.messages.messages()
            for button in bar.findChildren(QAbstractButton)
            if button.text() == words
        ]
        assert found, f"no button {words!r} in {self.messages()}"
        return found[0]

    def weights(self) -> np.ndarray:
        return self.window.reading.model.network.vector.copy()

    def picture(self, view) -> bytes:
        """What a view looks like."""
        image = view.grab().toImage()
        return bytes(image.constBits())


def ini(folder: Path) -> QSettings:
    """Settings of a window's own, in a file."""
    return QSettings(str(folder / "window.ini"), QSettings.Format.IniFormat)


@contextmanager
def a_full_disk(room: int = 100) -> Iterator[None]:
    """The system refuses to write a file beyond so many bytes, after it has written those."""
    resource = pytest.importorskip("resource", reason="needs limits that this system does not have")
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (room, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)

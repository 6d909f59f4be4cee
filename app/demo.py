"""The window at work, without anybody at it."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
from PySide6.QtCore import QEvent, QEventLoop, QPointF, QSettings, Qt, QTimer
from PySide6.QtGui import QMouseEvent
from PySide6.QtWidgets import QAbstractButton, QApplication

from app.application import make_application
from app.files import png_bytes
from app.phase import Phase
from app.views.canvas import CanvasView
from app.window import MainWindow
from nn_core.errors import TrainingError
from nn_core.files import save_bytes
from nn_core.ink import CANVAS_SIDE, Stroke
from nn_core.pen import pen_drawing

_DIGIT = 3
_SEED = 7
_MOVE_MS = 12  # between two places of the mouse
_LEAST_STEPS = 1  # batches that are waited for, however short the time


def run(screenshot: Path, seconds: float = 30.0, data_dir: Path | None = None) -> dict[str, Any]:
    """Open the window, draw a digit with replayed mouse strokes, train, save a picture; returns what was read.

    Raises:
        DataError: the picture could not be written.
        TrainingError: training failed.
    """
    app = make_application()
    with tempfile.TemporaryDirectory(prefix="digitscope-demo-", ignore_cleanup_errors=True) as folder:
        settings = QSettings(str(Path(folder) / "demo.ini"), QSettings.Format.IniFormat)
        window = MainWindow(data_dir, settings)
        window.show()
        try:
            return _Demo(app, window, seconds).play(screenshot)
        finally:
            window.shut_down()
            window.close()
            window.deleteLater()
            app.sendPostedEvents(None, QEvent.Type.DeferredDelete.value)


class _Demo:
    """One showing: a script of waits, driven by timers while the event loop runs."""

    def __init__(self, app: QApplication, window: MainWindow, seconds: float) -> None:
        self._app, self._window, self._seconds = app, window, seconds
        self._loop = QEventLoop()
        self._script = self._play()
        self._error: BaseException | None = None
        self._read: tuple[int, Any] = (-1, None)
        self._trouble = ""
        window.predictionChanged.connect(self._take_answer)
        window.session.troubled.connect(self._take_trouble)

    def play(self, screenshot: Path) -> dict[str, Any]:
        """Play the script to its end and tell what was read."""
        QTimer.singleShot(0, self._next)
        self._loop.exec()
        if self._error is not None:
            raise self._error
        self._window.session.stop()
        _save(self._window, screenshot)
        digit, probabilities = self._read
        session = self._window.session
        return {
            "predicted": digit,
            "probabilities": [round(float(each), 6) for each in probabilities] if probabilities is not None else [],
            "drawn": _DIGIT,
            "screenshot": str(screenshot),
            "steps": session.step_number,
            "dataset": session.settings.dataset if session.settings else "",
            "preset": session.settings.preset if session.settings else "",
        }

    def _next(self) -> None:
        """Play on until the script wants to wait, so many milliseconds."""
        try:
            QTimer.singleShot(next(self._script), self._next)
        except StopIteration:
            self._loop.quit()
        except BaseException as error:
            self._error = error
            self._loop.quit()

    def _play(self) -> Iterator[int]:
        yield 100
        canvas = self._window.parts.drawing.canvas
        for mark in pen_drawing(_DIGIT, rng=np.random.default_rng(_SEED)):
            if isinstance(mark, Stroke):
                yield from _draw(self._app, canvas, mark)
        button = self._window.findChild(QAbstractButton, "startButton")
        assert button is not None
        button.click()
        session = self._window.session
        while session.state is Phase.LOADING:
            yield 50
        waited = 0
        while session.state is Phase.RUNNING and waited < 1000 * self._seconds:
            waited += 50
            yield 50
        while session.state is Phase.RUNNING and session.step_number < _LEAST_STEPS:
            yield 50
        if self._trouble:
            raise TrainingError(self._trouble)

    def _take_answer(self, digit: int, probabilities: object) -> None:
        self._read = (digit, probabilities)

    def _take_trouble(self, sentence: str) -> None:
        self._trouble = sentence


def _draw(app: QApplication, canvas: CanvasView, stroke: Stroke) -> Iterator[int]:
    """Draw one stroke with the left button of the mouse."""
    kinds = QEvent.Type
    places = [_place(canvas, x, y) for x, y in stroke.points.tolist()]
    _mouse(app, canvas, kinds.MouseButtonPress, places[0])
    for place in places[1:]:
        _mouse(app, canvas, kinds.MouseMove, place)
        yield _MOVE_MS
    _mouse(app, canvas, kinds.MouseButtonRelease, places[-1])
    yield _MOVE_MS


def _place(canvas: CanvasView, x: float, y: float) -> QPointF:
    paper = canvas.paperRect()
    return paper.topLeft() + QPointF(x, y) * (paper.width() / CANVAS_SIDE)


def _mouse(app: QApplication, canvas: CanvasView, kind: QEvent.Type, place: QPointF) -> None:
    left, none = Qt.MouseButton.LeftButton, Qt.MouseButton.NoButton
    button = none if kind == QEvent.Type.MouseMove else left
    held = none if kind == QEvent.Type.MouseButtonRelease else left
    there = QPointF(canvas.mapToGlobal(place))
    app.postEvent(canvas, QMouseEvent(kind, place, there, button, held, Qt.KeyboardModifier.NoModifier))


def _save(window: MainWindow, path: Path) -> None:
    save_bytes(path, png_bytes(window.grab()))

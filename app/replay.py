"""Drawings replayed with the mouse through the window, off the screen, and the answers that it shows."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from PySide6.QtCore import QEvent, QEventLoop, QPointF, QSettings, Qt, QTimer
from PySide6.QtGui import QMouseEvent
from PySide6.QtWidgets import QApplication

from app.answer import Answer
from app.application import make_application
from app.window import MainWindow
from nn_core.errors import DataError
from nn_core.ink import CANVAS_SIDE, Stroke
from nn_core.interrupts import interrupts_noted
from nn_core.model import Model

_SIZE = (1280, 800)  # logical pixels of the window
_LONGEST_MS = 20_000  # that an answer is waited for
_NEVER_MS = 1 << 30


@dataclass(frozen=True, slots=True, eq=False)
class Shown:
    """What the window shows of one drawing: the answer, and the text beside the canvas."""

    answer: Answer
    text: str


@contextmanager
def replaying(model: Model) -> Iterator[Replay]:
    """Open a window that shows `model` and forgets all it is told, and close it at the end."""
    app = make_application()
    with tempfile.TemporaryDirectory(prefix="digitscope-replay-", ignore_cleanup_errors=True) as folder:
        window = MainWindow(folder, QSettings(str(Path(folder) / "replay.ini"), QSettings.Format.IniFormat))
        window.resize(*_SIZE)
        window.show()
        try:
            app.processEvents()
            with interrupts_noted() as interrupts:
                yield Replay(window, model, interrupts)
        finally:
            window.shut_down()
            window.close()
            window.deleteLater()
            app.sendPostedEvents(None, QEvent.Type.DeferredDelete.value)


class Replay:
    """Draws on the window's canvas with the left button of the mouse, and waits for what the window answers.

    Nothing is painted meanwhile, and no feature maps are made: neither has a part in the answer.
    """

    def __init__(self, window: MainWindow, model: Model, interrupts: list[int]) -> None:
        self._canvas, self._label = window.parts.drawing.canvas, window.parts.drawing.predictedDigit
        self._interrupts = interrupts
        self._answer = Answer()
        self._answered = 0
        self._loop = QEventLoop()
        self._guard = QTimer(window)
        self._guard.setSingleShot(True)
        self._guard.timeout.connect(self._loop.quit)
        window.setUpdatesEnabled(False)
        window.reading.maps_ms = _NEVER_MS
        window.reading.show_model(model)
        window.reading.answered.connect(self._take)
        window.predictionChanged.connect(self._end)

    def read(self, strokes: Sequence[Stroke]) -> Shown:
        """Draw on an empty canvas, and return what the window shows then.

        Raises:
            DataError: it does not answer.
            KeyboardInterrupt: Ctrl-C was pressed.
        """
        self._canvas.clear()
        for stroke in strokes:
            self._draw(stroke)
            if self._interrupts:
                raise KeyboardInterrupt
        before = self._answered
        self._guard.start(_LONGEST_MS)
        while self._answered == before and self._guard.isActive():
            self._loop.exec()
        self._guard.stop()
        if self._interrupts:
            raise KeyboardInterrupt
        if self._answered == before:
            raise DataError(f"the window did not answer within {_LONGEST_MS // 1000} s: is the machine overloaded?")
        return Shown(self._answer, self._label.text())

    def _take(self, answer: Answer) -> None:
        self._answer = answer

    def _end(self, _digit: int, _probabilities: object) -> None:
        """The window has shown an answer."""
        self._answered += 1
        self._loop.quit()

    def _draw(self, stroke: Stroke) -> None:
        kinds = QEvent.Type
        self._canvas.setPenWidth(stroke.width)
        places = self._places(stroke)
        self._mouse(kinds.MouseButtonPress, places[0])
        for place in places[1:]:
            self._mouse(kinds.MouseMove, place)
        self._mouse(kinds.MouseButtonRelease, places[-1])

    def _places(self, stroke: Stroke) -> list[QPointF]:
        """The stroke on whole pixels of the widget, as a mouse has them, all of them on the paper."""
        paper = self._canvas.paperRect()
        least, most = np.ceil([paper.left(), paper.top()]), np.floor([paper.right(), paper.bottom()])
        spots = np.rint(stroke.points * (paper.width() / CANVAS_SIDE) + [paper.left(), paper.top()])
        return [QPointF(x, y) for x, y in np.clip(spots, least, most).tolist()]

    def _mouse(self, kind: QEvent.Type, place: QPointF) -> None:
        left, none = Qt.MouseButton.LeftButton, Qt.MouseButton.NoButton
        button = none if kind == QEvent.Type.MouseMove else left
        held = none if kind == QEvent.Type.MouseButtonRelease else left
        there = self._canvas.mapToGlobal(place)
        event = QMouseEvent(kind, place, there, button, held, Qt.KeyboardModifier.NoModifier)
        QApplication.sendEvent(self._canvas, event)

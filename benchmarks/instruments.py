"""Instruments inside the window's process: a mouse, a clock of lateness, a watch from mouse move to painted bars."""

from __future__ import annotations

import math
import time
from collections import deque
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

import numpy as np
from PySide6.QtCore import QCoreApplication, QEvent, QObject, QPointF, Qt, QTimer
from PySide6.QtGui import QMouseEvent
from PySide6.QtWidgets import QWidget

from app.views.canvas import CanvasView
from app.window import MainWindow
from nn_core.ink import CANVAS_SIDE

if TYPE_CHECKING:
    from benchmarks.common import Found

_DONE = QEvent.Type(QEvent.registerEventType())


def child(window: QWidget, name: str) -> QWidget:
    """The widget of that object name."""
    found = window.findChild(QWidget, name)
    if found is None:
        raise LookupError(f"the window has no {name!r}")
    return found


def percentiles(milliseconds: Sequence[float], *which: float) -> Found:
    """{"p50": …, "worst", "count"} of some times."""
    values = np.array(milliseconds)
    found = {f"p{percent:g}": float(np.percentile(values, percent)) for percent in which}
    return {**found, "worst": float(values.max()), "count": len(values)}


class Mouse:
    """Puts mouse events into the window's queue, where those of a real mouse arrive too."""

    def __init__(self, window: MainWindow) -> None:
        self._window = window
        canvas = child(window, "canvas")
        assert isinstance(canvas, CanvasView)
        self._canvas = canvas

    def press(self, x: float, y: float) -> None:
        """Put the left button down at a place in canvas units."""
        self._post(QEvent.Type.MouseButtonPress, x, y)

    def move(self, x: float, y: float) -> None:
        """Move with the button down."""
        self._post(QEvent.Type.MouseMove, x, y)

    def release(self, x: float, y: float) -> None:
        """Let the button go."""
        self._post(QEvent.Type.MouseButtonRelease, x, y)

    def _post(self, kind: QEvent.Type, x: float, y: float) -> None:
        paper = self._canvas.paperRect()
        place = paper.topLeft() + QPointF(x, y) * (paper.width() / CANVAS_SIDE)
        inside, there = self._canvas.mapTo(self._window, place), self._canvas.mapToGlobal(place)
        left, none = Qt.MouseButton.LeftButton, Qt.MouseButton.NoButton
        button = none if kind == QEvent.Type.MouseMove else left
        held = none if kind == QEvent.Type.MouseButtonRelease else left
        event = QMouseEvent(kind, inside, inside, there, button, held, Qt.KeyboardModifier.NoModifier)
        QCoreApplication.postEvent(self._window.windowHandle(), event)


class Lateness(QObject):
    """How late the event loop is: every `interval` milliseconds something is due, and a precise timer looks at it.

    When the loop is blocked, several are due when it comes round; each counts with its own lateness. So a pause weighs
    as much as a user who comes at any moment would feel it.
    """

    def __init__(self, interval: float, parent: QObject) -> None:
        super().__init__(parent)
        self._interval = interval / 1000
        self._due = 0.0
        self.milliseconds: list[float] = []
        self._timer = QTimer(self)
        self._timer.setTimerType(Qt.TimerType.PreciseTimer)
        self._timer.timeout.connect(self._tick)

    def start(self) -> None:
        """Begin anew."""
        self.milliseconds = []
        self._due = time.perf_counter() + self._interval
        self._timer.start(max(1, round(self._interval * 1000)))

    def stop(self) -> None:
        """Look no more."""
        self._timer.stop()

    def _tick(self) -> None:
        now = time.perf_counter()
        while self._due <= now:
            self.milliseconds.append((now - self._due) * 1000)
            self._due += self._interval


class AnswerWatch(QObject):
    """From the moment at which a mouse move is due until an answer that knows of it is painted and on the screen.

    An answer is the bars, of which those that stay as they are need no paint, and the preview, which is always painted;
    both in one go. A move is answered by the first answer after the canvas has it, be it one for a later move; every
    move counts in `milliseconds`, the last before each answer in `newest`, too.
    """

    def __init__(self, window: MainWindow, done: Callable[[], object] | None = None) -> None:
        super().__init__(window)
        self.milliseconds: list[float] = []
        self.newest: list[float] = []
        self._done = done
        self._due: deque[float] = deque()  # of moves in the queue
        self._seen: list[float] = []  # by the canvas
        self._answered: list[float] = []
        self._painted: list[float] = []
        self._canvas, self._preview = child(window, "canvas"), child(window, "inputPreview")
        self._canvas.installEventFilter(self)
        self._preview.installEventFilter(self)
        window.predictionChanged.connect(self._answer)

    def expect(self, due: float) -> None:
        """Say that a move has been put into the queue, and when it was due (`time.perf_counter`)."""
        self._due.append(due)

    @property
    def waiting(self) -> int:
        """Moves that are not on the screen yet."""
        return len(self._due) + len(self._seen) + len(self._answered) + len(self._painted)

    def _answer(self, _digit: int, _probabilities: object) -> None:
        self._answered += self._seen
        self._seen = []

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Notice moves on their way in and answers on their way out."""
        if watched is self._canvas and event.type() == QEvent.Type.MouseMove and self._due:
            self._seen.append(self._due.popleft())
        elif watched is self._preview and event.type() == QEvent.Type.Paint and self._answered:
            self._painted += self._answered
            self._answered = []
            # All that is to be painted now is painted, and flushed, before the next event is taken out of the queue.
            QCoreApplication.postEvent(self, QEvent(_DONE), Qt.EventPriority.HighEventPriority.value)
        return False

    def event(self, event: QEvent) -> bool:
        """Take the time: the window has been painted and flushed."""
        if event.type() != _DONE:
            return super().event(event)
        now = time.perf_counter()
        self.milliseconds += [(now - due) * 1000 for due in self._painted]
        self.newest.append((now - max(self._painted)) * 1000)
        self._painted = []
        if self._done is not None:
            self._done()
        return True


class Scribbler(QObject):
    """Draws a figure with the mouse when asked to: `moves` moves, one every `interval` milliseconds."""

    def __init__(self, window: MainWindow, watch: AnswerWatch, *, moves: int = 125, interval: int = 8) -> None:
        super().__init__(window)
        self._mouse, self._watch = Mouse(window), watch
        self._clear = child(window, "clearButton")
        self._moves, self._interval = moves, interval
        self._count, self._due = 0, 0.0
        self._timer = QTimer(self)
        self._timer.setTimerType(Qt.TimerType.PreciseTimer)
        self._timer.timeout.connect(self._tick)

    @property
    def draws(self) -> bool:
        """Whether a figure is being drawn."""
        return self._timer.isActive()

    def draw(self) -> None:
        """Clear the canvas and draw; nothing while a figure is being drawn."""
        if self.draws:
            return
        self._clear.click()  # type: ignore[attr-defined]
        self._count = 0
        self._mouse.press(*self._place(0))
        self._due = time.perf_counter() + self._interval / 1000
        self._timer.start(self._interval)

    def stop(self) -> None:
        """Lift the pen, wherever it is."""
        if self.draws:
            self._timer.stop()
            self._mouse.release(*self._place(self._count))

    def _tick(self) -> None:
        now = time.perf_counter()
        while self._due <= now and self._count < self._moves:
            self._count += 1
            self._mouse.move(*self._place(self._count))
            self._watch.expect(self._due)  # and not now: the mouse has not waited for the window
            self._due += self._interval / 1000
        if self._count >= self._moves:
            self.stop()

    def _place(self, number: int) -> tuple[float, float]:
        """Along an eight, in canvas units."""
        turn = 2 * math.pi * number / self._moves
        return CANVAS_SIDE * (0.5 + 0.2 * math.sin(2 * turn)), CANVAS_SIDE * (0.5 - 0.35 * math.cos(turn))

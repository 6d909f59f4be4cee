"""Mouse, finger and pen on a canvas, in canvas units; and the wheel, on anything."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QEvent, QPoint, QPointF, Qt
from PySide6.QtGui import QInputDevice, QPointingDevice, QTabletEvent, QWheelEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget

from app.views.canvas import CanvasView
from nn_core.ink import CANVAS_SIDE

Places = Sequence[tuple[float, float]]


def place(canvas: CanvasView, x: float, y: float) -> QPoint:
    """Where in the widget the canvas unit (x, y) is, on whole logical pixels as a mouse has it."""
    paper = canvas.paperRect()
    return (paper.topLeft() + QPointF(x, y) * (paper.width() / CANVAS_SIDE)).toPoint()


def press(canvas: CanvasView, x: float, y: float, button: Qt.MouseButton = Qt.MouseButton.LeftButton) -> None:
    QTest.mousePress(canvas, button, pos=place(canvas, x, y))


def move(canvas: CanvasView, x: float, y: float) -> None:
    QTest.mouseMove(canvas, place(canvas, x, y))


def release(canvas: CanvasView, x: float, y: float, button: Qt.MouseButton = Qt.MouseButton.LeftButton) -> None:
    QTest.mouseRelease(canvas, button, pos=place(canvas, x, y))


def drag(canvas: CanvasView, places: Places, button: Qt.MouseButton = Qt.MouseButton.LeftButton) -> None:
    """Draw one stroke with the mouse."""
    press(canvas, *places[0], button)
    for x, y in places[1:]:
        move(canvas, x, y)
    release(canvas, *places[-1], button)


def pen(canvas: CanvasView, kind: QEvent.Type, x: float, y: float, eraser: bool = False) -> bool:
    """Send one event of a tablet's pen; return whether it was accepted."""
    tip = QPointingDevice.PointerType.Eraser if eraser else QPointingDevice.PointerType.Pen
    stylus = QInputDevice.DeviceType.Stylus
    device = QPointingDevice("pen", 7, stylus, tip, QInputDevice.Capability.All, 1, 1)
    spot, left = QPointF(place(canvas, x, y)), Qt.MouseButton.LeftButton
    there = canvas.mapToGlobal(spot)
    event = QTabletEvent(kind, device, spot, there, 0.5, 0, 0, 0, 0, 0, Qt.KeyboardModifier.NoModifier, left, left)
    QApplication.sendEvent(canvas, event)
    return event.isAccepted()


def wheel(widget: QWidget, notches: int = 1) -> bool:
    """Turn the wheel over the middle of a widget; whether that was taken."""
    middle, none = QPointF(widget.rect().center()), Qt.MouseButton.NoButton
    angle, phase = QPoint(0, 120 * notches), Qt.ScrollPhase.NoScrollPhase
    where = widget.mapToGlobal(middle)
    turn = QWheelEvent(middle, where, QPoint(), angle, none, Qt.KeyboardModifier.NoModifier, phase, False)
    QApplication.sendEvent(widget, turn)
    return turn.isAccepted()

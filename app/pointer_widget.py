"""A widget that one pointer at a time draws on: mouse, pen, finger or keyboard, made into one kind of stroke."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QPointF, QRectF, Qt
from PySide6.QtGui import (
    QEventPoint,
    QFocusEvent,
    QHideEvent,
    QKeyEvent,
    QKeySequence,
    QMouseEvent,
    QPointingDevice,
    QTabletEvent,
    QTouchEvent,
)
from PySide6.QtWidgets import QWidget

_TABLET = "tablet"
_KEYBOARD = "keyboard"
_DIRECTIONS: dict[int, tuple[int, int]] = {
    Qt.Key.Key_Left: (-1, 0),
    Qt.Key.Key_Right: (1, 0),
    Qt.Key.Key_Up: (0, -1),
    Qt.Key.Key_Down: (0, 1),
    Qt.Key.Key_Home: (-1, -1),
    Qt.Key.Key_PageUp: (1, -1),
    Qt.Key.Key_End: (-1, 1),
    Qt.Key.Key_PageDown: (1, 1),
}
_PEN_KEYS = (Qt.Key.Key_Space, Qt.Key.Key_Return, Qt.Key.Key_Enter)
_STEP, _STRIDE = 1 / 70, 1 / 14  # of the drawing area's width, a key press without and with Shift
_NOT_MICE = (QPointingDevice.DeviceType.TouchScreen, QPointingDevice.DeviceType.Stylus)


class PointerWidget(QWidget):
    """Calls `strokeBegun`, `strokeMoved`, and then one of `strokeEnded` and `strokeCancelled`, always in this order.

    The left button, a tablet's pen and a finger draw; the right button and a tablet's eraser end erase. Arrow keys
    (and those of the corners: Home, Page Up, End, Page Down) move a spot, and Space puts the pen down there or lifts
    it. Losing the focus, being hidden or disabled, and a release that went elsewhere end the stroke; Escape, a touch
    that the system takes over, and a pen that comes down beside a resting hand cancel it.
    """

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._pointer: Qt.MouseButton | str | int | None = None  # a button, a name, or a finger's number
        self._spot: QPointF | None = None
        self.setAttribute(Qt.WidgetAttribute.WA_AcceptTouchEvents)
        self.setAttribute(Qt.WidgetAttribute.WA_TabletTracking)
        self.setMouseTracking(True)  # else a move without a button, the sign of a lost release, is kept from us
        self.setContextMenuPolicy(Qt.ContextMenuPolicy.PreventContextMenu)

    def drawingArea(self) -> QRectF:
        """Return the part of the widget that strokes begin in."""
        raise NotImplementedError

    def strokeBegun(self, place: QPointF, erase: bool) -> bool:
        """Start a stroke at a place of the widget; return False to have none."""
        raise NotImplementedError

    def strokeMoved(self, place: QPointF) -> None:
        """Lead the stroke on."""
        raise NotImplementedError

    def strokeEnded(self) -> None:
        """Keep the stroke."""
        raise NotImplementedError

    def strokeCancelled(self) -> None:
        """Drop the stroke."""
        raise NotImplementedError

    def keyboardSpot(self) -> QPointF | None:
        """Return where the keyboard's pen is; None while another pointer is the last that was used."""
        return None if self._spot is None else QPointF(self._spot)

    def isDrawing(self) -> bool:
        """Return whether a stroke is in progress."""
        return self._pointer is not None

    def finishStroke(self) -> None:
        """End the stroke in progress, if there is one."""
        if self._pointer is not None:
            self._pointer = None
            self.strokeEnded()

    def cancelStroke(self) -> None:
        """Drop the stroke in progress, if there is one."""
        if self._pointer is not None:
            self._pointer = None
            self.strokeCancelled()

    def _begin(self, pointer: Qt.MouseButton | str | int, place: QPointF, erase: bool) -> bool:
        if self._pointer is not None:
            return False
        self._pointer = pointer
        if pointer != _KEYBOARD:
            self._spot = None
        if not self.strokeBegun(place, erase):
            self._pointer = None
            return False
        return True

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Begin a stroke: left draws, right erases."""
        button = event.button()
        if event.device().type() in _NOT_MICE:
            return  # the shadow of a touch or tablet event, which has been dealt with
        draws = button in (Qt.MouseButton.LeftButton, Qt.MouseButton.RightButton)
        if not (draws and self._begin(button, event.position(), button == Qt.MouseButton.RightButton)):
            event.ignore()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Lead the stroke on."""
        if not isinstance(self._pointer, Qt.MouseButton):
            event.ignore()
        elif event.buttons() & self._pointer:
            self.strokeMoved(event.position())
        else:
            self.finishStroke()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """End the stroke that this button began."""
        if isinstance(self._pointer, Qt.MouseButton) and self._pointer == event.button():
            self.strokeMoved(event.position())
            self.finishStroke()
        else:
            event.ignore()

    def tabletEvent(self, event: QTabletEvent) -> None:
        """Draw with the pen's tip, erase with its other end."""
        kind = event.type()
        if kind == QEvent.Type.TabletPress:
            if self._is_finger():
                self.cancelStroke()
            self._begin(_TABLET, event.position(), event.pointerType() == QPointingDevice.PointerType.Eraser)
        elif self._pointer == _TABLET:
            self.strokeMoved(event.position())
            if kind == QEvent.Type.TabletRelease:
                self.finishStroke()
        event.accept()  # else Qt sends the same again as mouse events

    def event(self, event: QEvent) -> bool:
        """Take touches, and notice when the window or the widget goes out of use."""
        if isinstance(event, QTouchEvent):
            self._touch(event)
            event.accept()
            return True
        if event.type() in (QEvent.Type.WindowDeactivate, QEvent.Type.EnabledChange):
            self.finishStroke()
        return super().event(event)

    def _touch(self, event: QTouchEvent) -> None:
        if event.type() == QEvent.Type.TouchCancel:
            if self._is_finger():
                self.cancelStroke()
            return
        for point in event.points():
            if point.state() == QEventPoint.State.Pressed:
                self._begin(point.id(), point.position(), False)
            elif self._is_finger() and self._pointer == point.id():
                self.strokeMoved(point.position())
                if point.state() == QEventPoint.State.Released:
                    self.finishStroke()

    def _is_finger(self) -> bool:
        return isinstance(self._pointer, int)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Move the keyboard's pen, put it down, lift it; Escape drops the stroke in progress."""
        key, free = event.key(), self._pointer in (None, _KEYBOARD)
        if self._pointer is not None and event.matches(QKeySequence.StandardKey.Cancel):
            self.cancelStroke()
        elif key in _DIRECTIONS and free:
            shifted = bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier)
            spot = self._move_spot(*_DIRECTIONS[key], _STRIDE if shifted else _STEP)
            if self._pointer == _KEYBOARD:
                self.strokeMoved(spot)
        elif key in _PEN_KEYS and free:
            if not event.isAutoRepeat():
                self._put_down_or_lift()
        else:
            super().keyPressEvent(event)

    def _put_down_or_lift(self) -> None:
        if self._pointer == _KEYBOARD:
            self.finishStroke()
        else:
            self._begin(_KEYBOARD, self._move_spot(0, 0, 0), False)

    def _move_spot(self, right: int, down: int, share: float) -> QPointF:
        area = self.drawingArea()
        spot = self._spot if self._spot is not None else area.center()
        x, y = spot.x() + right * share * area.width(), spot.y() + down * share * area.width()
        self._spot = QPointF(min(max(x, area.left()), area.right()), min(max(y, area.top()), area.bottom()))
        self.update()
        return self._spot

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """End the stroke when the keyboard goes elsewhere."""
        self.finishStroke()
        super().focusOutEvent(event)

    def hideEvent(self, event: QHideEvent) -> None:
        """End the stroke when the widget goes out of sight."""
        self.finishStroke()
        super().hideEvent(event)

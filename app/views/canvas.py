"""The canvas: the sheet that digits are drawn on."""

from __future__ import annotations

import math
from collections.abc import Callable

import numpy as np
from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QAction,
    QBrush,
    QColor,
    QFocusEvent,
    QKeySequence,
    QPainter,
    QPaintEvent,
    QPen,
    QResizeEvent,
    QTransform,
    QUndoStack,
)
from PySide6.QtWidgets import QWidget

from app.colors import ink_table
from app.drawing_step import DrawingStep
from app.icons import ring_cursor
from app.ink_raster import InkRaster
from app.pointer_widget import PointerWidget
from app.theme import theme_of
from nn_core.ink import CANVAS_SIDE, Marks, Picture, Stroke

PEN_WIDTHS = (8.0, 40.0)  # canvas units
DEFAULT_PEN_WIDTH = 20.0
_UNDO_LIMIT = 500
_MARGIN = 3.0  # logical pixels around the paper, for the focus ring
_CORNER = 6.0
_KEYBOARD = (Qt.FocusReason.TabFocusReason, Qt.FocusReason.BacktabFocusReason, Qt.FocusReason.ShortcutFocusReason)
_RETURNING = (Qt.FocusReason.ActiveWindowFocusReason, Qt.FocusReason.PopupFocusReason)


class CanvasView(PointerWidget):
    """A square sheet, `CANVAS_SIDE` units a side whatever its size, and the marks on it, each of which can be undone.

    What is on the screen is smoothed; the marks hold the places that the pointer was at, as they were.
    """

    marksChanged = Signal(object)  # Marks, with every move of a stroke too
    penWidthChanged = Signal(float)
    eraserChanged = Signal(bool)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("canvas")
        self.setAccessibleName("Drawing canvas")
        self.setAccessibleDescription(
            "Draw a digit with the mouse, a pen or a finger; the right button erases. "
            "Or move with the arrow keys, and press Space to put the pen down and to lift it."
        )
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setMinimumSize(120, 120)
        self._marks: Marks = ()
        self._points = np.empty((256, 2), np.float32)  # of the stroke in progress, the first `_count` of them
        self._count = 0
        self._stroke_width, self._stroke_erases = DEFAULT_PEN_WIDTH, False
        self._pen_width, self._eraser = DEFAULT_PEN_WIDTH, False
        self._ringed = False
        self._raster = InkRaster(1, ink_table(False))
        self._raster_is_old = False  # ink was laid on while nobody could see the sheet
        self.undoStack = QUndoStack(self)
        self.undoStack.setUndoLimit(_UNDO_LIMIT)
        key = QKeySequence.StandardKey
        self.undoAction = self._action("Undo", key.Undo, self.undo)
        self.redoAction = self._action("Redo", key.Redo, self.redo)
        self.clearAction = self._action("Clear", key.Delete, self.clear)
        # Elsewhere in the window this key has other things to delete.
        self.clearAction.setShortcutContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
        self.undoStack.indexChanged.connect(self._update_actions)
        self._update_actions()

    def _action(self, text: str, key: QKeySequence.StandardKey, slot: Callable[[], None]) -> QAction:
        action = QAction(text, self)
        action.setShortcuts(key)
        shown = action.shortcut().toString(QKeySequence.SequenceFormat.NativeText)
        action.setToolTip(f"{text} ({shown})" if shown else text)
        action.triggered.connect(slot)
        self.addAction(action)
        return action

    # The drawing

    def marks(self) -> Marks:
        """Return the drawing, the stroke in progress included."""
        return (*self._marks, self._stroke()) if self.isDrawing() else self._marks

    def setMarks(self, marks: Marks, text: str = "change the drawing") -> None:
        """Replace the drawing; `text` names the step in the undo history. The same marks again are no step."""
        self.finishStroke()
        if len(marks) != len(self._marks) or any(a is not b for a, b in zip(marks, self._marks, strict=True)):
            self.undoStack.push(DrawingStep(text, self._marks, tuple(marks), self._replace))

    def setPicture(self, picture: Picture) -> None:
        """Replace the drawing by a picture, as one step that can be undone."""
        self.setMarks((picture,), "place a picture")

    def clear(self) -> None:
        """Take everything off the sheet, as one step that can be undone."""
        self.setMarks((), "clear the drawing")

    def undo(self) -> None:
        """Take the last step back; a stroke in progress is the last step."""
        self.finishStroke()
        self.undoStack.undo()

    def redo(self) -> None:
        """Do the last step that was undone again."""
        self.finishStroke()
        self.undoStack.redo()

    def _replace(self, marks: Marks) -> None:
        self._marks = marks
        if self._is_watched():
            self._raster.set_marks(marks)
        self.update()
        self._tell()

    def _tell(self) -> None:
        self._update_actions()
        self.marksChanged.emit(self.marks())

    def _update_actions(self) -> None:
        drawing = self.isDrawing()
        self.undoAction.setEnabled(drawing or self.undoStack.canUndo())
        self.redoAction.setEnabled(not drawing and self.undoStack.canRedo())
        self.clearAction.setEnabled(drawing or bool(self._marks))

    # The pen

    def penWidth(self) -> float:
        """Return the diameter, in canvas units, that the next stroke will have."""
        return self._pen_width

    def setPenWidth(self, width: float) -> None:
        """Set the diameter of the strokes to come, in canvas units; `PEN_WIDTHS` are the least and the most."""
        width = min(max(float(width), PEN_WIDTHS[0]), PEN_WIDTHS[1])
        if width != self._pen_width:
            self._pen_width = width
            self._update_cursor()
            self.penWidthChanged.emit(width)

    def isEraser(self) -> bool:
        """Return whether strokes erase that would draw otherwise."""
        return self._eraser

    def setEraser(self, eraser: bool) -> None:
        """Choose whether the strokes to come erase."""
        if bool(eraser) != self._eraser:
            self._eraser = bool(eraser)
            self.eraserChanged.emit(self._eraser)

    # The stroke in progress

    def strokeBegun(self, place: QPointF, erase: bool) -> bool:
        """Put a dot on the sheet; there is no stroke that begins beside it."""
        if not self.paperRect().contains(place):
            return False
        self._fit_raster()
        self._count = 0
        self._stroke_width, self._stroke_erases = self._pen_width, erase or self._eraser
        self._raster.begin(self._stroke_width, self._stroke_erases)
        if not self._marks:
            self.update()  # the hint goes
        self.strokeMoved(place)
        return True

    def strokeMoved(self, place: QPointF) -> None:
        """Lead the stroke on, and repaint where it changed."""
        paper = self.paperRect()
        spot = (place - paper.topLeft()) * (CANVAS_SIDE / paper.width())
        # Far outside there is nothing to see, and a wild place must not make a path of millions of pixels.
        x, y = (min(max(value, -CANVAS_SIDE), 2 * CANVAS_SIDE) for value in (spot.x(), spot.y()))
        if self._count and not np.any(self._points[self._count - 1] != np.array([x, y], np.float32)):
            return
        if self._count == len(self._points):
            self._points = np.concatenate([self._points, np.empty_like(self._points)])
        self._points[self._count] = x, y
        self._count += 1
        if self._is_watched():
            changed = QRectF(self._raster.extend(x, y))
            shrink = 1 / self.devicePixelRatioF()
            area = QRectF(paper.topLeft() + changed.topLeft() * shrink, changed.size() * shrink)
            self.update(area.toAlignedRect().adjusted(-1, -1, 1, 1))
        if self._count == 1:
            self._update_actions()
        self.marksChanged.emit(self.marks())

    def strokeEnded(self) -> None:
        """Keep the stroke, as one step that can be undone."""
        stroke = self._stroke()
        if self._is_watched():
            self._raster.finish(stroke)
        text = "erase" if stroke.erase else "draw"
        self.undoStack.push(DrawingStep(text, self._marks, (*self._marks, stroke), self._replace))

    def strokeCancelled(self) -> None:
        """Take the stroke off the sheet."""
        self._raster.cancel()
        self.update()
        self._tell()

    def _stroke(self) -> Stroke:
        return Stroke(self._points[: self._count], self._stroke_width, self._stroke_erases)

    # The look

    def drawingArea(self) -> QRectF:
        """Return the sheet's place in the widget."""
        return self.paperRect()

    def paperRect(self) -> QRectF:
        """Return the sheet's place in the widget: the largest centred square, on whole pixels of the screen."""
        ratio = self.devicePixelRatioF()
        side = max(1, math.floor((min(self.width(), self.height()) - 2 * _MARGIN) * ratio))
        left, top = (math.floor((length * ratio - side) / 2) for length in (self.width(), self.height()))
        return QRectF(left / ratio, top / ratio, side / ratio, side / ratio)

    def _is_watched(self) -> bool:
        """Whether ink must be painted as it comes; with updates disabled it waits, and is drawn anew when needed."""
        if not self.updatesEnabled():
            self._raster_is_old = True
        return not self._raster_is_old

    def _fit_raster(self) -> None:
        """Draw everything anew when the sheet has another number of pixels, or was not watched."""
        side = round(self.paperRect().width() * self.devicePixelRatioF())
        if side == self._raster.side and not (self._raster_is_old and self.updatesEnabled()):
            return
        self._raster_is_old = False
        self._raster = InkRaster(side, ink_table(theme_of(self.palette()).dark))
        self._raster.set_marks(self._marks)
        if self.isDrawing():
            self._raster.begin(self._stroke_width, self._stroke_erases)
            for x, y in self._points[: self._count].tolist():
                self._raster.extend(x, y)

    def _update_cursor(self) -> None:
        across = self._pen_width * self.paperRect().width() / CANVAS_SIDE
        self.setCursor(ring_cursor(across, self.devicePixelRatioF()))

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the sheet, its ink, the hint on an empty one, and the focus ring."""
        self._fit_raster()
        theme, paper = theme_of(self.palette()), self.paperRect()
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        spot = self.keyboardSpot() if self.hasFocus() else None
        if self.hasFocus() and (self._ringed or spot is not None):
            painter.setPen(QPen(QColor(theme.accent), 2))
            painter.drawRoundedRect(paper.adjusted(-2, -2, 2, 2), _CORNER + 2, _CORNER + 2)
        brush = QBrush(self._raster.image)
        shrink = 1 / self.devicePixelRatioF()
        brush.setTransform(QTransform.fromTranslate(paper.x(), paper.y()).scale(shrink, shrink))
        painter.setBrush(brush)
        painter.setPen(QPen(QColor(theme.line), 1))
        painter.drawRoundedRect(paper.adjusted(0.5, 0.5, -0.5, -0.5), _CORNER, _CORNER)
        if not self._marks and not self.isDrawing():
            font = self.font()
            font.setPixelSize(15)
            painter.setFont(font)
            painter.setPen(QColor(theme.muted))
            painter.drawText(paper, Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextWordWrap, "Draw a digit here")
        if spot is not None:
            radius = self._pen_width / 2 * paper.width() / CANVAS_SIDE
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.setPen(QPen(QColor(theme.accent), 3 if self.isDrawing() else 1.5))
            painter.drawEllipse(spot, radius, radius)
        painter.end()

    def event(self, event: QEvent) -> bool:
        """Follow the theme and the screen."""
        if event.type() in (QEvent.Type.PaletteChange, QEvent.Type.DevicePixelRatioChange):
            self._raster.set_table(ink_table(theme_of(self.palette()).dark))
            self._update_cursor()
        return super().event(event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Keep the ring as wide as the pen."""
        super().resizeEvent(event)
        self._update_cursor()

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Show the focus ring to those who came by keyboard."""
        if event.reason() not in _RETURNING:
            self._ringed = event.reason() in _KEYBOARD
        super().focusInEvent(event)

    def sizeHint(self) -> QSize:
        """Ask for one logical pixel a canvas unit."""
        return QSize(round(CANVAS_SIDE + 2 * _MARGIN), round(CANVAS_SIDE + 2 * _MARGIN))

"""Boxes around the digits of a number, over the sheet that it is drawn on."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from PySide6.QtCore import QEvent, QObject, QPointF, QRectF, Qt, Signal
from PySide6.QtGui import QColor, QHelpEvent, QMouseEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QToolTip, QWidget

from app.answer import ReadDigit
from app.pointer_widget import PointerWidget
from app.theme import tabular, theme_of
from app.views.wording import percent
from nn_core.ink import CANVAS_SIDE

_MARGIN = 5.0  # logical pixels between ink and box, where there is room
_CORNER = 4.0
_SIGN = (11, 14.0)  # logical pixels: the size of a box's digit, and the height of its line
_STILL = 3.0  # logical pixels that a click may move


class NumberBoxes(QWidget):
    """A thin box around each digit of a number with what is read over it; nothing for a single digit.

    It lets everything through to the canvas, but for a click in a box, which selects the digit and leaves no dot.
    """

    selected = Signal(int)  # the place of a digit, counted from the left

    def __init__(self, canvas: PointerWidget) -> None:
        super().__init__(canvas)
        self.setObjectName("numberBoxes")
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self._canvas = canvas
        self._digits: tuple[ReadDigit, ...] = ()
        self._place = 0
        self._takes_clicks = True
        self._pressed: tuple[int, QPointF] | None = None  # the box of a click that may come of it, and where it began
        canvas.installEventFilter(self)
        self.hide()

    def showNumber(self, digits: Sequence[ReadDigit], place: int) -> None:
        """Show the digits of a number, one of them selected; none to show nothing."""
        self._digits, self._place = tuple(digits), place
        self.setGeometry(self._canvas.rect())
        self.setVisible(bool(digits))
        self.update()

    def takeClicks(self, on: bool) -> None:
        """Choose whether a click selects, or goes to the canvas as all else."""
        self._takes_clicks = on

    def boxes(self) -> list[QRectF]:
        """Return the boxes in the canvas's pixels, from left to right: around the ink, up to halfway to the next."""
        paper = self._canvas.drawingArea()
        scale = paper.width() / CANVAS_SIDE
        edges = [np.array(digit.box) * scale for digit in self._digits]
        found = []
        for place, (left, top, right, bottom) in enumerate(edges):
            first = edges[place - 1][2] if place else -np.inf
            last = edges[place + 1][0] if place + 1 < len(edges) else np.inf
            left, right = max(left - _MARGIN, (first + left + 1) / 2), min(right + _MARGIN, (right + last - 1) / 2)
            box = QRectF(QPointF(left, top - _MARGIN), QPointF(right, bottom + _MARGIN)).translated(paper.topLeft())
            found.append(box.intersected(paper.adjusted(1, 1, -1, -1)))
        return found

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the boxes and what is read in them."""
        theme = theme_of(self.palette())
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        for place, (digit, box) in enumerate(zip(self._digits, self.boxes(), strict=True)):
            chosen = place == self._place
            color = QColor(theme.accent if chosen else theme.muted)
            painter.setFont(tabular(self.font(), _SIGN[0], bold=chosen))
            painter.setPen(color)
            painter.drawText(self._sign(box), Qt.AlignmentFlag.AlignCenter, digit.text)
            color.setAlphaF(0.9 if chosen else 0.45)
            painter.setPen(QPen(color, 1))
            painter.drawRoundedRect(box, _CORNER, _CORNER)
        painter.end()

    def _sign(self, box: QRectF) -> QRectF:
        """Return where the digit of a box stands: over it, or under it where there is no room."""
        above = box.top() - _SIGN[1]
        top = above if above >= self._canvas.drawingArea().top() else box.bottom()
        return QRectF(box.center().x() - _SIGN[1], top, 2 * _SIGN[1], _SIGN[1])

    def _place_at(self, spot: QPointF) -> int | None:
        return next((place for place, box in enumerate(self.boxes()) if box.contains(spot)), None)

    def eventFilter(self, canvas: QObject, event: QEvent) -> bool:
        """Follow the canvas's size, say what a box means, and take a click in one."""
        kind = event.type()
        if kind == QEvent.Type.Resize:
            self.setGeometry(self._canvas.rect())
        elif kind == QEvent.Type.ToolTip and isinstance(event, QHelpEvent):
            return self._tell(event)
        elif isinstance(event, QMouseEvent):
            return self._follow(kind, event)
        return super().eventFilter(canvas, event)

    def _tell(self, event: QHelpEvent) -> bool:
        place = self._place_at(QPointF(event.pos()))
        if place is None:
            return False
        digit, box = self._digits[place], self.boxes()[place].toAlignedRect()
        chance = percent(float(digit.probabilities[digit.digit]))
        words = f"{digit.digit}: {chance}" if digit.text.isdigit() else f"Unsure; most likely {digit.digit}: {chance}"
        QToolTip.showText(event.globalPos(), f"{words}. Click to look at it.", self._canvas, box)
        return True

    def _follow(self, kind: QEvent.Type, event: QMouseEvent) -> bool:
        """Take the release of a click in a box, and have the dot that it began undone."""
        if kind == QEvent.Type.MouseButtonPress:
            place = self._place_at(event.position())
            takes = self._takes_clicks and event.button() == Qt.MouseButton.LeftButton
            self._pressed = (place, event.position()) if place is not None and takes else None
        elif self._pressed is not None:
            place, began = self._pressed
            if (event.position() - began).manhattanLength() > _STILL:
                self._pressed = None
            elif kind == QEvent.Type.MouseButtonRelease:
                self._pressed = None
                self._canvas.cancelStroke()
                self.selected.emit(place)
                return True
        return False

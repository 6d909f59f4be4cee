"""Cells that tell how an answer changes: how probable the present digit is, or which is read instead."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from PySide6.QtCore import QEvent, QPointF, QRectF, Qt, Signal
from PySide6.QtGui import QColor, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QWidget

from app.theme import blend, tabular, theme_of
from app.views.wording import percent

_ARROWS = {
    Qt.Key.Key_Left: (-1, 0),
    Qt.Key.Key_Right: (1, 0),
    Qt.Key.Key_Up: (0, -1),
    Qt.Key.Key_Down: (0, 1),
}


class HeatMap(QWidget):
    """A grid of `columns` × `rows` cells, each with ten probabilities; the one without a change has a frame."""

    hovered = Signal(str)  # the cell under the mouse in words, empty when it leaves
    chosen = Signal(int)  # the cell that is clicked, or gone to with the arrow keys

    def __init__(self, name: str, spoken: str, size: tuple[int, int], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName(name)
        self.setAccessibleName(spoken)
        self.setFixedSize(*size)
        self.setMouseTracking(True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self._columns, self._names, self._middle = 1, list[str](), 0
        self._values: np.ndarray | None = None
        self._digit, self._chosen = 0, -1

    def setCells(self, columns: int, names: Sequence[str], middle: int) -> None:
        """Have cells with these names, row by row; `middle` is the one without a change."""
        self._columns, self._names, self._middle = columns, list(names), middle

    def showProbabilities(self, probabilities: np.ndarray | None, digit: int = 0) -> None:
        """Show probabilities (cells, 10) where the present answer is `digit`, or nothing."""
        self._values, self._digit = probabilities, digit
        self.setEnabled(probabilities is not None)
        self.update()

    def probabilities(self) -> np.ndarray | None:
        """What is shown."""
        return self._values

    def choose(self, cell: int) -> None:
        """Mark a cell as the one that is looked at, −1 for none."""
        self._chosen = cell
        self.update()

    def words(self, cell: int) -> str:
        """What a cell says."""
        if self._values is None or not 0 <= cell < len(self._names):
            return ""
        values = np.nan_to_num(self._values[cell])
        best = int(values.argmax())
        also = "" if best == self._digit else f", {self._digit}: {percent(float(values[self._digit]))}"
        return f"{self._names[cell]} · {best}: {percent(float(values[best]))}{also}"

    def cellRect(self, cell: int) -> QRectF:
        """Where a cell is."""
        rows = -(-len(self._names) // self._columns)
        wide, tall = (self.width() - 1) / self._columns, (self.height() - 1) / max(rows, 1)
        return QRectF(cell % self._columns * wide + 0.5, cell // self._columns * tall + 0.5, wide, tall)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the cells, the digit on those where another one is read, and the frames."""
        theme, painter = theme_of(self.palette()), QPainter(self)
        painter.setFont(tabular(self.font(), 10))
        for cell in range(len(self._names)):
            place = self.cellRect(cell)
            if self._values is None:
                painter.fillRect(place, QColor(theme.raised))
                continue
            values = np.nan_to_num(self._values[cell])
            best = int(values.argmax())
            same = best == self._digit
            share = min(max(float(values[best]), 0.0), 1.0)
            painter.fillRect(place, QColor(blend(theme.panel, theme.accent if same else theme.test, share)))
            if not same:
                painter.setPen(QColor(theme.panel if share > 0.5 else theme.text))
                painter.drawText(place, Qt.AlignmentFlag.AlignCenter, str(best))
        self._frame(painter, self._middle, QColor(theme.text), 1)
        if self._chosen >= 0:
            self._frame(painter, self._chosen, QColor(theme.text), 2)
        if self.hasFocus():
            painter.setPen(QPen(QColor(theme.accent), 1))
            painter.drawRect(QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5))
        painter.end()

    def _frame(self, painter: QPainter, cell: int, color: QColor, width: int) -> None:
        painter.setPen(QPen(color, width))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawRect(self.cellRect(cell).adjusted(0.5, 0.5, -0.5, -0.5))

    def _cell_at(self, point: QPointF) -> int:
        return next((cell for cell in range(len(self._names)) if self.cellRect(cell).contains(point)), -1)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Say what is under the mouse."""
        self.hovered.emit(self.words(self._cell_at(event.position())))

    def leaveEvent(self, event: QEvent) -> None:
        """Say that nothing is."""
        self.hovered.emit("")

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Choose the cell that is clicked."""
        self._pick(self._cell_at(event.position()))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Go to the cell beside; the first press goes from the one without a change."""
        right, down = _ARROWS.get(Qt.Key(event.key()), (0, 0))
        if not (right or down):
            super().keyPressEvent(event)
            return
        cell = self._chosen if self._chosen >= 0 else self._middle
        column, target = cell % self._columns + right, cell + right + down * self._columns
        if 0 <= column < self._columns and 0 <= target < len(self._names):
            self._pick(target)

    def _pick(self, cell: int) -> None:
        if cell >= 0 and self._values is not None:
            self.chosen.emit(cell)
            self.hovered.emit(self.words(cell))

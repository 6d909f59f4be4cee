"""A small array as large coloured cells, with its numbers where there is room for them."""

from __future__ import annotations

from collections.abc import Callable
from math import floor, log10

import numpy as np
from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QMouseEvent, QPainter, QPaintEvent, QPen, QResizeEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from app.colors import ink_table, signed_table, to_qimage
from app.theme import Theme, tabular, theme_of
from app.views.color_bar import paint_color_bar
from app.views.mosaic import limits, scale
from app.views.wording import MINUS, number

_LARGEST = 44  # side of a cell, logical pixels
_ROOM = (38, 20)  # of a cell, from which on it shows its number
_BAR = 8
_BELOW = 24  # logical pixels for the bar and its two numbers


class NumberGrid(QWidget):
    """Values (height, width), as large as the width allows, over a colour bar with their minimum and maximum."""

    hovered = Signal(str)  # the cell under the mouse in words, empty when it leaves

    def __init__(self, name: str, spoken: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName(name)
        self.setAccessibleName(spoken)
        self.setMouseTracking(True)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setMinimumWidth(120)
        self._theme = theme_of(self.palette())
        self._values: np.ndarray | None = None
        self._signed = True
        self._ends = (-1.0, 1.0)
        self._at: tuple[int, int] | None = None

    def setTheme(self, theme: Theme) -> None:
        """Take the colours of a theme."""
        self._theme = theme
        self.update()

    def showValues(self, values: np.ndarray | None, signed: bool, reach: float | None = None) -> str:
        """Show (height, width) values; returns what there is to say of them, at the mouse if it is here.

        `reach` sets the ends of a signed colour scale, which else fit these values.
        """
        resized = (None if self._values is None else self._values.shape) != (None if values is None else values.shape)
        self._values, self._signed = values, signed
        if values is not None:
            self._ends = scale(*(limits(values) if reach is None else (0.0, reach)), signed)
        if resized:
            self._at = None
            self._fit()
        self.update()
        return self._words() or self.facts()

    def facts(self) -> str:
        """Minimum, maximum and mean."""
        if self._values is None:
            return ""
        if self._values.size == 1:
            return f"value {number(float(self._values.flat[0]), 5)}"
        low, high = limits(self._values)
        finite = self._values[np.isfinite(self._values)]
        mean = number(float(finite.mean())) if finite.size else "–"
        return f"min {number(low)} · max {number(high)} · mean {mean}"

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    def _fit(self) -> None:
        """Be as high as the values need in this width; a scroll area asks no widget for a height for its width."""
        height = 0
        if self._values is not None:
            height = round(self._cell(self.width()) * self._values.shape[0]) + 2
            height += _BELOW if self._values.size > 1 else 0
        if height != self.height():
            self.setFixedHeight(height)

    def paintEvent(self, event: QPaintEvent) -> None:
        if self._values is None:
            return
        painter = QPainter(self)
        table = signed_table(self._theme.dark) if self._signed else ink_table(self._theme.dark)
        place = self._place()
        painter.drawImage(place, to_qimage(self._values, *self._ends, table))
        line = QColor(self._theme.line)
        painter.setPen(QPen(line, 1))
        painter.drawRect(place)
        cell = place.width() / self._values.shape[1]
        if cell >= _ROOM[0] and cell >= _ROOM[1]:
            self._paint_numbers(painter, place, cell, table)
        if self._at is not None:
            row, column = self._at
            painter.setPen(QPen(QColor(self._theme.accent), 2))
            painter.drawRect(QRectF(place.x() + column * cell, place.y() + row * cell, cell, cell))
        if self._values.size > 1:
            self._paint_bar(painter, place, table)
        painter.end()

    def _paint_numbers(self, painter: QPainter, place: QRectF, cell: float, table: np.ndarray) -> None:
        """Every value in its cell, dark on light and light on dark."""
        assert self._values is not None
        painter.setFont(tabular(self.font(), 11))
        low, high = self._ends
        levels = np.clip(np.nan_to_num((self._values - low) * (256 / (high - low))), 0, 255).astype(np.uint8)
        write = _writer(max(abs(low), abs(high)), single=self._values.size == 1)
        bright = table[levels][..., :3] @ np.array([0.299, 0.587, 0.114])
        for (row, column), value in np.ndenumerate(self._values):
            painter.setPen(QColor("#101214" if bright[row, column] > 128 else "#f4f5f7"))
            box = QRectF(place.x() + column * cell, place.y() + row * cell, cell, cell)
            painter.drawText(box, Qt.AlignmentFlag.AlignCenter, write(float(value)))

    def _paint_bar(self, painter: QPainter, place: QRectF, table: np.ndarray) -> None:
        assert self._values is not None
        found = limits(self._values)
        painter.setFont(tabular(self.font(), 12))
        painter.setPen(QColor(self._theme.muted))
        metrics = painter.fontMetrics()
        low, high = (number(end) for end in found)
        line = QRectF(0, place.bottom() + 6, self.width(), _BELOW - 6)
        painter.drawText(line, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter, low)
        left = metrics.horizontalAdvance(low) + 6
        width = max(24, round(place.width()) - left - metrics.horizontalAdvance(high) - 6)
        corner = QPointF(left, line.center().y() - _BAR / 2)
        paint_color_bar(painter, corner, QSize(width, _BAR), found, self._ends, table, QColor(self._theme.line))
        line.setLeft(left + width + 6)
        painter.drawText(line, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter, high)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        self._at = self._cell_at(event.position())
        self.update()
        self.hovered.emit(self._words())

    def leaveEvent(self, event: QEvent) -> None:
        self._at = None
        self.update()
        self.hovered.emit("")

    def _words(self) -> str:
        if self._at is None or self._values is None:
            return ""
        row, column = self._at
        return f"row {row}, column {column}: {number(float(self._values[row, column]), 5)}"

    def _cell_at(self, point: QPointF) -> tuple[int, int] | None:
        if self._values is None:
            return None
        place = self._place()
        rows, columns = self._values.shape
        cell = place.width() / columns
        row, column = int((point.y() - place.y()) // cell), int((point.x() - place.x()) // cell)
        return (row, column) if 0 <= row < rows and 0 <= column < columns else None

    def _place(self) -> QRectF:
        assert self._values is not None
        rows, columns = self._values.shape
        cell = self._cell(self.width())
        return QRectF(1, 1, cell * columns, cell * rows)

    def _cell(self, width: int) -> float:
        """The side of a cell: whole pixels where there is room for whole pixels."""
        assert self._values is not None
        cell = min(_LARGEST, (width - 2) / self._values.shape[1])
        return float(int(cell)) if cell >= 1 else cell


def _writer(reach: float, single: bool) -> Callable[[float], str]:
    """How values up to a magnitude are written in their cells: all with the same decimals."""
    decimals = 1 - floor(log10(reach))
    if single or not 0 <= decimals <= 3:
        return lambda value: number(value, 3 if single else 2)
    return lambda value: f"{value:.{decimals}f}".replace("-", MINUS if abs(value) * 10**decimals >= 0.5 else "")

"""A table of numbers whose cells can be marked and edited."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from math import isnan

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QEvent, QSignalBlocker, QSize, Qt, Signal
from PySide6.QtGui import QColor, QShowEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QFrame,
    QHeaderView,
    QSizePolicy,
    QTableWidget,
    QTableWidgetItem,
    QWidget,
)

from app.labs.number_editor import typed_number
from app.theme import blend, tabular, theme_of
from app.views.wording import MINUS, number

#: What a cell can be marked as: the one in focus, right, wrong, or of less weight than the others.
CHOSEN, GOOD, BAD, FAINT = "chosen", "good", "bad", "faint"
_CELL = QSize(52, 28)  # logical pixels


class NumberTable(QTableWidget):
    """Values (rows, columns) in cells of one size; what is typed and is no number is passed over."""

    edited = Signal(int, int, float)  # row, column, value: typed by the user

    def __init__(self, name: str, spoken: str, shape: tuple[int, int], parent: QWidget | None = None) -> None:
        super().__init__(*shape, parent)
        self.setObjectName(name)
        self.setAccessibleName(spoken)
        self._values = np.zeros(shape)
        self._marks: dict[tuple[int, int], str] = {}
        self._items: dict[tuple[int, int], QTableWidgetItem] = {}
        self._digits = 3
        self._decimals: int | None = None
        self._editable = False
        self._range = (-1e6, 1e6)
        self._cell = _CELL
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setFont(tabular(self.font()))
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setTabKeyNavigation(False)
        self.setCornerButtonEnabled(False)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        for bars in (self.setHorizontalScrollBarPolicy, self.setVerticalScrollBarPolicy):
            bars(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        for header in (self.horizontalHeader(), self.verticalHeader()):
            header.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
            header.setMinimumSectionSize(8)
            header.setHighlightSections(False)
            header.hide()
        self.itemChanged.connect(self._typed)
        self._build()

    def setCellSize(self, width: int, height: int) -> None:
        """Give all cells another size, in logical pixels."""
        self._cell = QSize(width, height)
        self._build()

    def setLabels(self, rows: Sequence[str] | None, columns: Sequence[str] | None) -> None:
        """Head rows and columns with words, or with nothing."""
        for header, words, take in (
            (self.verticalHeader(), rows, self.setVerticalHeaderLabels),
            (self.horizontalHeader(), columns, self.setHorizontalHeaderLabels),
        ):
            header.setVisible(words is not None)
            take(list(words or ()))
        self.updateGeometry()
        self._fix_size()

    def setEditable(self, on: bool, low: float = -1e6, high: float = 1e6) -> None:
        """Let the user type numbers from `low` to `high`; others are brought there."""
        self._editable, self._range = on, (low, high)
        self._build()

    def setDigits(self, digits: int) -> None:
        """Write so many significant digits."""
        self._digits, self._decimals = digits, None
        self._write()

    def setDecimals(self, decimals: int) -> None:
        """Write all values with so many decimals, in place of a few significant digits."""
        self._decimals = decimals
        self._write()

    def setValues(self, values: NDArray[np.floating]) -> None:
        """Show other values, NaN as an empty cell; a table of another shape loses its marks."""
        resized = values.shape != self._values.shape
        self._values = np.array(values, np.float64)
        if resized:
            self._marks = {}
            self._build()
        else:
            self._write()

    def values(self) -> NDArray[np.float64]:
        """A copy of the values that are shown (rows, columns), those typed by the user among them."""
        return self._values.copy()

    def setMarks(self, marks: Mapping[tuple[int, int], str]) -> None:
        """Mark cells, (row, column) to `CHOSEN`, `GOOD`, `BAD` or `FAINT`, and no others."""
        self._marks = dict(marks)
        self._paint()

    def changeEvent(self, event: QEvent) -> None:
        """Follow the palette."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.PaletteChange and hasattr(self, "_marks"):
            self._paint()

    def showEvent(self, event: QShowEvent) -> None:
        """Fit the headers, whose style is known now."""
        super().showEvent(event)
        self._fix_size()

    def sizeHint(self) -> QSize:
        """As large as all cells."""
        return self._whole()

    def minimumSizeHint(self) -> QSize:
        """As large as all cells."""
        return self._whole()

    def _whole(self) -> QSize:
        rows, columns = self._values.shape
        left, top = self.verticalHeader(), self.horizontalHeader()
        return QSize(
            columns * self._cell.width() + (0 if left.isHidden() else left.sizeHint().width()) + 2,
            rows * self._cell.height() + (0 if top.isHidden() else top.sizeHint().height()) + 2,
        )

    def _fix_size(self) -> None:
        self.setFixedSize(self._whole())

    def _build(self) -> None:
        rows, columns = self._values.shape
        self._items.clear()
        with QSignalBlocker(self):
            self.setRowCount(rows)
            self.setColumnCount(columns)
            self.horizontalHeader().setDefaultSectionSize(self._cell.width())
            self.verticalHeader().setDefaultSectionSize(self._cell.height())
            flags = Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable
            for row, column in np.ndindex(rows, columns):
                item = QTableWidgetItem()
                item.setTextAlignment(Qt.AlignmentFlag.AlignCenter)
                item.setFlags(flags | Qt.ItemFlag.ItemIsEditable if self._editable else flags)
                self.setItem(row, column, item)
                self._items[row, column] = item
        self._fix_size()
        self._write()
        self._paint()

    def _write(self) -> None:
        with QSignalBlocker(self):
            for (row, column), value in np.ndenumerate(self._values):
                self._items[row, column].setText(self._words(float(value)))

    def _words(self, value: float) -> str:
        if isnan(value):
            return ""
        if self._decimals is None:
            return number(value, self._digits)
        return f"{value:.{self._decimals}f}".replace("-", MINUS)

    def _paint(self) -> None:
        theme = theme_of(self.palette())
        grounds = {CHOSEN: theme.accent, GOOD: theme.good, BAD: theme.bad}
        with QSignalBlocker(self):
            for row, column in np.ndindex(*self._values.shape):
                mark = self._marks.get((row, column))
                ground = blend(theme.panel, grounds[mark], 0.28) if mark in grounds else theme.panel
                item = self._items[row, column]
                item.setBackground(QColor(ground))
                item.setForeground(QColor(theme.muted if mark == FAINT else theme.text))

    def _typed(self, item: QTableWidgetItem) -> None:
        row, column = item.row(), item.column()
        value = typed_number(item.text())
        if value is not None:
            self._values[row, column] = min(max(value, self._range[0]), self._range[1])
        self._write()
        if value is not None:
            self.edited.emit(row, column, float(self._values[row, column]))

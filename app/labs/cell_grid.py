"""Numbers in square cells that can be changed with the mouse and the keyboard, under a frame that walks over them."""

from __future__ import annotations

import numpy as np
from PySide6.QtCore import QEvent, QPointF, QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QFocusEvent, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from app.colors import ink_table, signed_range, signed_table
from app.labs.number_editor import NumberEditor
from app.theme import Theme, blend, tabular, theme_of
from app.views.mosaic import scale
from app.views.wording import number

_FRAME = 3  # logical pixels of the walking frame
_ROOM = 2  # around the cells, for frames that lie on the rim
_ARROWS = {
    Qt.Key.Key_Left: (0, -1),
    Qt.Key.Key_Right: (0, 1),
    Qt.Key.Key_Up: (-1, 0),
    Qt.Key.Key_Down: (1, 0),
}
_LETTERS = ((13, 3), (12, 3), (11, 3), (11, 2), (9, 2), (9, 1))  # logical pixels, digits
_OPENING = "0123456789.,-+\N{MINUS SIGN}"
_LARGEST = 1e4

Cell = tuple[int, int]


class CellGrid(QWidget):
    """Values (rows, columns), the outer `rim` of which is padding: shown, and not to be changed.

    Arrow keys move a cursor; a number typed there replaces the value, Space exchanges 0 and 1.
    """

    edited = Signal(int, int, float)  # row, column (the rim not counted) and value, by the user
    pointed = Signal(object)  # the cell (row, column) under the mouse or the cursor, rim counted; None when it leaves

    def __init__(self, name: str, spoken: str, *, editable: bool = False, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName(name)
        self.setAccessibleName(spoken)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setMouseTracking(True)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self._theme = theme_of(self.palette())
        self._values = np.zeros((1, 1))
        self._rim, self._cell = 0, 32
        self._ink = False
        self._ends = (-1.0, 1.0)
        self._editable = editable
        self._window: QRect | None = None
        self._spot: Cell | None = None
        self._cursor: Cell = (0, 0)
        self._editor = NumberEditor(f"{name}Editor", self)
        self._editor.typed.connect(self._take)
        if editable:
            self.setToolTip("Click a cell or move with the arrow keys, then type a number; Space exchanges 0 and 1")

    def setTheme(self, theme: Theme) -> None:
        """Take the colours of a theme."""
        self._theme = theme
        self.update()

    def setValues(self, values: np.ndarray, rim: int = 0, ink: bool = False, reach: float | None = None) -> None:
        """Show values (rows, columns), `rim` of them all around as padding; `ink` in the colours of a drawing.

        `reach` sets the ends of the signed colours, which else fit these values.
        """
        if values.shape != self._values.shape or rim != self._rim:
            self._editor.hide()
        self._ends = signed_range(values) if reach is None else (-reach, reach)
        self._values, self._rim, self._ink = values, rim, ink and float(values.min()) >= 0
        self._cursor = self._kept(*self._cursor)
        self._describe()
        self._resize()
        self.update()

    def values(self) -> np.ndarray:
        """The values that are shown, rim included (rows, columns)."""
        return self._values

    def setCell(self, side: int) -> None:
        """Give cells another side, in logical pixels."""
        self._cell = side
        self._resize()

    def setWindow(self, window: QRect | None) -> None:
        """Frame the cells of a rectangle of columns and rows, rim counted; None frames none."""
        if window != self._window:
            self._window = window
            self.update()

    def setSpot(self, spot: Cell | None) -> None:
        """Mark one cell (row, column), rim counted; None marks none."""
        if spot != self._spot:
            self._spot = spot
            self.update()

    def spot(self) -> Cell | None:
        """The cell that is marked."""
        return self._spot

    def cellRect(self, row: int, column: int) -> QRectF:
        """Where a cell lies, rim counted."""
        return QRectF(_ROOM + column * self._cell, _ROOM + row * self._cell, self._cell, self._cell)

    def sizeHint(self) -> QSize:
        """As large as all cells."""
        rows, columns = self._values.shape
        return QSize(columns * self._cell + 2 * _ROOM, rows * self._cell + 2 * _ROOM)

    def _resize(self) -> None:
        self.setFixedSize(self.sizeHint())

    # Painting.

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint every cell, the walking frame, and the cursor."""
        painter = QPainter(self)
        table = ink_table(self._theme.dark) if self._ink else signed_table(self._theme.dark)
        low, high = scale(0.0, float(self._values.max()), False) if self._ink else self._ends
        places = np.clip((self._values - low) * (256 / (high - low)) + 1e-3, 0, 255).astype(np.uint8)
        digits = self._choose_letters(painter)
        for cell in np.ndindex(self._values.shape):
            self._paint_cell(painter, cell, QColor(*table[places[cell]].tolist()), digits)
        if self._window is not None:
            painter.setPen(QPen(QColor(self._theme.accent), _FRAME))
            painter.drawRect(self._over(self._window).adjusted(0.5, 0.5, -0.5, -0.5))
        if self._spot is not None:
            painter.setPen(QPen(QColor(self._theme.good), _FRAME))
            painter.drawRect(self.cellRect(*self._spot).adjusted(3.5, 3.5, -3.5, -3.5))
        if self.hasFocus():
            painter.setPen(QPen(QColor(self._theme.text), 1, Qt.PenStyle.DashLine))
            painter.drawRect(self.cellRect(*self._cursor).adjusted(2.5, 2.5, -2.5, -2.5))
        painter.end()

    def _paint_cell(self, painter: QPainter, cell: Cell, ground: QColor, digits: int) -> None:
        box = self.cellRect(*cell)
        if not self._inside(cell):
            ground = QColor(blend(self._theme.panel, self._theme.window, 0.8))
            ink = QColor(self._theme.muted)
        else:
            light = 0.299 * ground.red() + 0.587 * ground.green() + 0.114 * ground.blue() > 128
            ink = QColor("#101214" if light else "#f4f5f7")
        painter.fillRect(box, ground)
        painter.setPen(QPen(QColor(self._theme.line), 1))
        painter.drawRect(box)
        painter.setPen(ink)
        painter.drawText(box, Qt.AlignmentFlag.AlignCenter, number(float(self._values[cell]), digits))

    def _choose_letters(self, painter: QPainter) -> int:
        """Take the largest letters, and return the most digits, with which every number fits into its cell."""
        values = np.unique(self._values).tolist()
        digits = 1
        for pixels, digits in _LETTERS:
            painter.setFont(tabular(self.font(), pixels))
            advance = painter.fontMetrics().horizontalAdvance
            if all(advance(number(value, digits)) <= self._cell - 6 for value in values):
                break
        return digits

    def _over(self, window: QRect) -> QRectF:
        first = self.cellRect(window.top(), window.left())
        return first.adjusted(0, 0, (window.width() - 1) * self._cell, (window.height() - 1) * self._cell)

    # The mouse.

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Say what is under the mouse."""
        self.pointed.emit(self._at(event.position()))

    def leaveEvent(self, event: QEvent) -> None:
        """Say that nothing is."""
        self.pointed.emit(None)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Put the cursor there."""
        cell = self._at(event.position())
        if cell is not None and event.button() == Qt.MouseButton.LeftButton:
            self._move_to(cell)

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        """Change the value there."""
        cell = self._at(event.position())
        if cell is not None and self._editable and self._inside(cell):
            self._open(number(float(self._values[cell]), 6))

    # The keyboard.

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Move the cursor, or begin to write."""
        key, text = Qt.Key(event.key()), event.text()
        if key in _ARROWS:
            down, right = _ARROWS[key]
            self._move_to((self._cursor[0] + down, self._cursor[1] + right))
            self.pointed.emit(self._cursor)
        elif self._editable and key == Qt.Key.Key_Space:
            self._take(0.0 if self._values[self._cursor] == 1 else 1.0)
        elif self._editable and key in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_F2):
            self._open(number(float(self._values[self._cursor]), 6))
        elif self._editable and text and text in _OPENING:
            self._open(text, chosen=False)
        else:
            super().keyPressEvent(event)

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Show the cursor."""
        super().focusInEvent(event)
        self.update()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """Hide the cursor, and say that it points at nothing."""
        super().focusOutEvent(event)
        self.update()
        if not self.underMouse() and not self._editor.isVisible():
            self.pointed.emit(None)

    def _move_to(self, cell: Cell) -> None:
        self._cursor = self._kept(*cell)
        self._describe()
        self.update()

    def _open(self, text: str, chosen: bool = True) -> None:
        self._editor.begin(self.cellRect(*self._cursor).toRect(), text, chosen)

    def _take(self, value: float) -> None:
        row, column = self._cursor
        self.edited.emit(row - self._rim, column - self._rim, float(np.clip(value, -_LARGEST, _LARGEST)))

    # Cells.

    def _at(self, point: QPointF) -> Cell | None:
        row, column = int((point.y() - _ROOM) // self._cell), int((point.x() - _ROOM) // self._cell)
        rows, columns = self._values.shape
        return (row, column) if 0 <= row < rows and 0 <= column < columns else None

    def _inside(self, cell: Cell) -> bool:
        rows, columns = self._values.shape
        return self._rim <= cell[0] < rows - self._rim and self._rim <= cell[1] < columns - self._rim

    def _kept(self, row: int, column: int) -> Cell:
        """The nearest cell that is no padding."""
        rows, columns = self._values.shape
        low = self._rim
        return min(max(row, low), rows - low - 1), min(max(column, low), columns - low - 1)

    def _describe(self) -> None:
        row, column = self._cursor
        value = number(float(self._values[self._cursor]), 5)
        self.setAccessibleDescription(f"row {row - self._rim}, column {column - self._rim}: {value}")

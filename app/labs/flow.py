"""A layout that sets its items side by side and begins a new row where the width ends, as words in a paragraph."""

from __future__ import annotations

from PySide6.QtCore import QRect, QSize, Qt
from PySide6.QtWidgets import QLayout, QLayoutItem, QWidget


class FlowLayout(QLayout):
    """Rows of items, each as large as it wants to be, the items of a row on one middle line or under one top line.

    With `grow`, items that may expand share what a row leaves of the width.
    """

    def __init__(
        self,
        parent: QWidget | None = None,
        *,
        gap: int = 8,
        row_gap: int = 8,
        middle: bool = False,
        grow: bool = False,
    ) -> None:
        super().__init__(parent)
        self._grow = grow
        self._items: list[QLayoutItem] = []
        self._gap, self._row_gap, self._middle = gap, row_gap, middle
        self.setContentsMargins(0, 0, 0, 0)

    def addItem(self, item: QLayoutItem) -> None:
        """Add at the end."""
        self._items.append(item)

    def count(self) -> int:
        """How many items there are."""
        return len(self._items)

    def itemAt(self, index: int) -> QLayoutItem | None:
        """The item at a place, None where there is none."""
        return self._items[index] if 0 <= index < len(self._items) else None

    def takeAt(self, index: int) -> QLayoutItem | None:
        """Take an item out."""
        return self._items.pop(index) if 0 <= index < len(self._items) else None

    def expandingDirections(self) -> Qt.Orientation:
        """In none."""
        return Qt.Orientation(0)

    def hasHeightForWidth(self) -> bool:
        """Less width takes more rows."""
        return True

    def heightForWidth(self, width: int) -> int:
        """The height of all rows."""
        return self._arrange(QRect(0, 0, width, 0), move=False)

    def setGeometry(self, rect: QRect) -> None:
        """Put the items into their places."""
        super().setGeometry(rect)
        self._arrange(rect, move=True)

    def sizeHint(self) -> QSize:
        """All in one row."""
        sizes = [item.sizeHint() for item in self._items if not item.isEmpty()]
        width = sum(size.width() for size in sizes) + self._gap * max(0, len(sizes) - 1)
        return QSize(width, max((size.height() for size in sizes), default=0))

    def minimumSize(self) -> QSize:
        """One item a row."""
        size = QSize(0, 0)
        for item in self._items:
            if not item.isEmpty():
                size = size.expandedTo(item.minimumSize())
        return size

    def _arrange(self, rect: QRect, move: bool) -> int:
        rows: list[list[QLayoutItem]] = [[]]
        used = 0
        for item in self._items:
            if item.isEmpty():
                continue
            width = item.sizeHint().width()
            if rows[-1] and used + self._gap + width > rect.width():
                rows.append([])
            used = width if not rows[-1] else used + self._gap + width
            rows[-1].append(item)
        y = rect.y()
        for row in rows:
            height = max((item.sizeHint().height() for item in row), default=0)
            if move:
                self._place(row, rect, y, height)
            y += height + self._row_gap
        return y - self._row_gap - rect.y()

    def _place(self, row: list[QLayoutItem], rect: QRect, y: int, height: int) -> None:
        growing = [item for item in row if self._grow and item.expandingDirections() & Qt.Orientation.Horizontal]
        left = rect.width() - sum(item.sizeHint().width() for item in row) - self._gap * (len(row) - 1)
        more = max(0, left) // max(1, len(growing))
        x = rect.x()
        for item in row:
            size = item.sizeHint()
            width = size.width() + (more if item in growing else 0)
            top = y + (height - size.height()) // 2 if self._middle else y
            item.setGeometry(QRect(x, top, min(width, rect.width()) if growing else width, size.height()))
            x += width + self._gap

"""What the Labs show first: all pages with what they are about."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QGridLayout, QLabel, QPushButton, QSizePolicy, QVBoxLayout, QWidget

from app.labs.contents import Entry

_CARD, _HEIGHT = 232, 88  # logical pixels: a card is at least so wide and so high
_GAP = 8


class Overview(QWidget):
    """Cards, group by group; a click opens the page."""

    chosen = Signal(str)  # the page's key

    def __init__(self, entries: tuple[Entry, ...], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._cards: dict[str, list[QPushButton]] = {}
        for entry in entries:
            card = _Card(entry)
            card.clicked.connect(partial(self.chosen.emit, entry.key))
            self._cards.setdefault(entry.group, []).append(card)
        self._grids: list[tuple[QGridLayout, list[QPushButton]]] = []
        self._columns = 0
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(6)
        for group, cards in self._cards.items():
            heading = QLabel(group)
            heading.setProperty("role", "title")
            column.addWidget(heading)
            grid = QGridLayout()
            grid.setSpacing(_GAP)
            column.addLayout(grid)
            column.addSpacing(8)
            self._grids.append((grid, cards))
        column.addStretch(1)
        self._arrange(1)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Put as many cards into a row as there is room for, none wider than those of a full row."""
        super().resizeEvent(event)
        columns = min(4, max(1, self.width() // _CARD))
        self._arrange(columns)
        for card in (card for _, cards in self._grids for card in cards):
            card.setMaximumWidth((self.width() - (columns - 1) * _GAP) // columns)

    def _arrange(self, columns: int) -> None:
        if columns == self._columns:
            return
        for grid, cards in self._grids:
            for place in range(max(columns, self._columns)):
                grid.setColumnStretch(place, int(place < columns))
            for place, card in enumerate(cards):
                grid.addWidget(card, place // columns, place % columns)
        self._columns = columns


class _Card(QPushButton):
    """A page's title and what it is about, as one large button."""

    def __init__(self, entry: Entry) -> None:
        super().__init__()
        self.setObjectName(f"{entry.key}Card")
        self.setProperty("role", "card")
        self.setAccessibleName(f"{entry.title}. {entry.about}")
        title, about = QLabel(entry.title), QLabel(entry.about)
        title.setProperty("role", "title")
        about.setProperty("role", "caption")
        about.setWordWrap(True)
        about.setAlignment(Qt.AlignmentFlag.AlignTop)
        column = QVBoxLayout(self)
        column.setContentsMargins(12, 10, 12, 10)
        column.setSpacing(4)
        for label in (title, about):
            label.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        column.addWidget(title)
        column.addWidget(about, 1)
        self._inside = column
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Be as high as the words need: a button does not ask its layout."""
        super().resizeEvent(event)
        self.setMinimumHeight(max(_HEIGHT, self._inside.totalHeightForWidth(self.width())))

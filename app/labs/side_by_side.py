"""Two parts of a page: beside each other where there is room, else one above the other."""

from __future__ import annotations

from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QBoxLayout, QLabel, QWidget

_NARROW = 660  # logical pixels, below which the parts are stacked
_SIDE = 300


def wrapped(label: QLabel) -> QLabel:
    """The label, which takes a second line where it is narrow."""
    label.setWordWrap(True)
    return label


class SideBySide(QWidget):
    """`side` keeps its width on the left; `main` takes the rest."""

    def __init__(self, side: QWidget, main: QWidget, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._side = side
        self._box = QBoxLayout(QBoxLayout.Direction.LeftToRight, self)
        self._box.setContentsMargins(0, 0, 0, 0)
        self._box.setSpacing(16)
        self._box.addWidget(side)
        self._box.addWidget(main, 1)
        side.setFixedWidth(_SIDE)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Stack the parts where it is narrow."""
        super().resizeEvent(event)
        narrow = self.width() < _NARROW
        self._side.setMinimumWidth(0 if narrow else _SIDE)
        self._side.setMaximumWidth(16_777_215 if narrow else _SIDE)
        direction = QBoxLayout.Direction.TopToBottom if narrow else QBoxLayout.Direction.LeftToRight
        self._box.setDirection(direction)

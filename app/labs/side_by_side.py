"""Two parts of a page, controls and plots: beside each other where there is room, else one above the other."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QBoxLayout, QVBoxLayout, QWidget

from app.labs.parts import heading
from app.labs.plot import LabPlot

_NARROW = 660  # logical pixels, below which the parts are stacked
_SIDE = 300
_LOWEST, _HIGHEST = 240, 330  # logical pixels of a plot


def bare_column(parent: QWidget) -> QVBoxLayout:
    """A column without a margin."""
    column = QVBoxLayout(parent)
    column.setContentsMargins(0, 0, 0, 0)
    return column


def plot_column(plots: Sequence[tuple[str, LabPlot]]) -> QWidget:
    """Plots of one size below each other, each under its heading, which is its accessible name too."""
    found = QWidget()
    column = bare_column(found)
    for words, plot in plots:
        label = heading(words)
        label.setWordWrap(True)
        column.addWidget(label)
        plot.setAccessibleName(words)
        plot.setMinimumHeight(_LOWEST)
        plot.setMaximumHeight(_HIGHEST)
        column.addWidget(plot, 1)
    column.addStretch(0)
    return found


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

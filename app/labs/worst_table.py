"""The values on which backward pass and central differences differ most."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtGui import QColor
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QTableWidget, QTableWidgetItem, QWidget

from app.theme import tabular, theme_of
from app.views.wording import MINUS
from nn_core.gradcheck import TOLERANCE, Entry

ROWS = 10
_DIGITS = 6  # of a gradient: what differs further back is told by the relative error
_ROW = 25  # logical pixels of height, the headings' too
_HEADS = ("value", "analytic", "numeric", "relative error")
_TIPS = (
    "Layer, array and place in it, counted from 0 in PyTorch's order; input: what comes into the layer",
    "The gradient that the backward pass worked out",
    "Central differences, (L(+h) − L(−h)) / 2h, extrapolated to h = 0",
    "|a − n| / max(|a|, |n|)",
)


class WorstTable(QTableWidget):
    """A row a value, the worst first."""

    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        super().__init__(0, len(_HEADS), parent)
        self.setObjectName(name)
        self.setAccessibleName("Values with the largest relative errors")
        self.setFont(tabular(self.font(), 12))
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setTabKeyNavigation(False)
        self.verticalHeader().hide()
        self.verticalHeader().setDefaultSectionSize(_ROW)
        for column, tip in enumerate(_TIPS):
            head = QTableWidgetItem(_HEADS[column])
            head.setToolTip(tip)
            self.setHorizontalHeaderItem(column, head)
        header = self.horizontalHeader()
        header.setHighlightSections(False)
        header.setSectionResizeMode(QHeaderView.ResizeMode.Stretch)
        header.setSectionResizeMode(0, QHeaderView.ResizeMode.ResizeToContents)
        header.setFixedHeight(_ROW)
        self.setFixedHeight(_ROW * (1 + ROWS) + 4)
        self.setMinimumWidth(430)

    def showEntries(self, entries: Sequence[Entry]) -> None:
        """Show these, at most `ROWS`."""
        theme = theme_of(self.palette())
        self.setRowCount(min(len(entries), ROWS))
        for row, entry in enumerate(entries[:ROWS]):
            texts = (
                entry.key,
                f"{entry.analytic:.{_DIGITS}g}",
                f"{entry.numeric:.{_DIGITS}g}",
                _error(entry),
            )
            for column, text in enumerate(texts):
                item = QTableWidgetItem(text.replace("-", MINUS))
                side = Qt.AlignmentFlag.AlignRight if column else Qt.AlignmentFlag.AlignLeft
                item.setTextAlignment(side | Qt.AlignmentFlag.AlignVCenter)
                if entry.error >= TOLERANCE:
                    item.setForeground(QColor(theme.bad))
                self.setItem(row, column, item)


def _error(entry: Entry) -> str:
    return f"{entry.error:.1e}" if entry.error < 0.01 else f"{entry.error:.2g}"

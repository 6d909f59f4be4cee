"""The trials of a search in a table that can be sorted by every column."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QSignalBlocker, Qt, Signal
from PySide6.QtGui import QColor
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QTableWidget, QTableWidgetItem, QWidget

from app.theme import tabular, theme_of
from nn_core.search.trials import RUNNING, Trial, best_of

_NUMBER = Qt.ItemDataRole.UserRole
_ROW = 25  # logical pixels
_SHOWN = 9  # rows without scrolling


class TrialTable(QTableWidget):
    """A row a trial; the best is marked, and the one that is chosen is told."""

    trialChosen = Signal(object)  # its number (int), or None

    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        super().__init__(0, 0, parent)
        self._names: list[str] = []
        self.setObjectName(name)
        self.setAccessibleName("Trials of the search")
        self.setFont(tabular(self.font(), 12))
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setTabKeyNavigation(False)
        self.verticalHeader().hide()
        self.verticalHeader().setDefaultSectionSize(_ROW)
        header = self.horizontalHeader()
        header.setHighlightSections(False)
        header.setSectionResizeMode(QHeaderView.ResizeMode.ResizeToContents)
        header.setStretchLastSection(True)
        header.setSortIndicator(0, Qt.SortOrder.AscendingOrder)
        header.setToolTip("Click to sort by this column")
        self.setMinimumHeight(_ROW * 4)
        header.setFixedHeight(_ROW)
        self.setFixedHeight(_ROW * (1 + _SHOWN) + 4)
        self.itemSelectionChanged.connect(self._tell)

    def showTrials(self, trials: Sequence[Trial]) -> None:
        """Show these, sorted as the user has chosen."""
        chosen, best = self.chosen(), best_of(trials)
        with QSignalBlocker(self):
            self.setSortingEnabled(False)
            self._head(list(trials[0].values) if trials else [])
            self.setRowCount(len(trials))
            for row, trial in enumerate(trials):
                self._fill(row, trial, trial == best)
            self.setSortingEnabled(True)
            self._select(chosen)

    def _head(self, names: list[str]) -> None:
        heads = ["trial", "accuracy", "state", *(name.replace("_", " ") for name in names), "epochs", "time"]
        if names != self._names or self.columnCount() != len(heads):
            self._names = names
            self.setColumnCount(len(heads))
            self.setHorizontalHeaderLabels(heads)

    def _fill(self, row: int, trial: Trial, best: bool) -> None:
        theme = theme_of(self.palette())
        share = "–" if trial.accuracy is None else f"{100 * trial.accuracy:.2f} %"
        state = "best" if best else trial.state
        cells: list[tuple[object, str]] = [(trial.number, str(trial.number))]
        cells += [(-1.0 if trial.accuracy is None else trial.accuracy, share), (state, state)]
        cells += [(value, f"{value:g}" if isinstance(value, float) else str(value)) for value in trial.values.values()]
        cells += [(trial.epochs, str(trial.epochs)), (trial.seconds, f"{trial.seconds:.1f} s")]
        for column, (value, text) in enumerate(cells):
            item = _Cell(value, text)
            item.setData(_NUMBER, trial.number)
            item.setTextAlignment(Qt.AlignmentFlag.AlignCenter)
            if best:
                item.setForeground(QColor(theme.accent))
                item.setFont(tabular(self.font(), 12, bold=True))
            elif trial.state not in ("done", RUNNING):
                item.setForeground(QColor(theme.muted))
            self.setItem(row, column, item)

    def chosen(self) -> int | None:
        """The number of the trial that is chosen."""
        rows = self.selectedItems()
        return int(rows[0].data(_NUMBER)) if rows else None

    def choose(self, number: int | None) -> None:
        """Choose a trial, without a signal."""
        with QSignalBlocker(self):
            self._select(number)

    def _select(self, number: int | None) -> None:
        self.clearSelection()
        for row in range(self.rowCount()):
            item = self.item(row, 0)
            if item is not None and item.data(_NUMBER) == number:
                self.selectRow(row)
                self.scrollToItem(item)

    def _tell(self) -> None:
        self.trialChosen.emit(self.chosen())


class _Cell(QTableWidgetItem):
    """A cell that is sorted by what it means, not by how it is written."""

    def __init__(self, value: object, text: str) -> None:
        super().__init__(text)
        self.value = value

    def __lt__(self, other: QTableWidgetItem) -> bool:
        theirs = other.value if isinstance(other, _Cell) else None
        if isinstance(self.value, int | float) and isinstance(theirs, int | float):
            return self.value < theirs
        return self.text() < other.text()

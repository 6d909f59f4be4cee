"""Scores that can be moved, a row each, with what follows from them beside."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QRectF, QSignalBlocker, Qt, Signal
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QGridLayout, QLabel, QWidget

from app.labs.fields import decimal_spin, slider
from app.theme import tabular, theme_of

REACH = 8.0  # of a score, both ways
_STEPS = 10  # of the slider, a unit
_WORDS = 4  # the column from which on words stand


class ScoreRows(QWidget):
    """For each score a slider and a field, `<prefix>Slider<i>` and `…Score<i>`, a bar from 0 to 1, and words."""

    scoresChanged = Signal()  # by the user
    touched = Signal(int)  # the row that the user has moved

    def __init__(self, prefix: str, headings: Sequence[str], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._prefix, self._count = prefix, 0
        self._heads = [QLabel(text) for text in headings]
        self._rows: list[_Row] = []
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setHorizontalSpacing(8)
        self._grid.setVerticalSpacing(4)
        self._grid.setColumnStretch(1, 3)
        self._grid.setColumnStretch(3, 3)
        for column, label in enumerate(self._heads):
            label.setProperty("role", "caption")
            right = Qt.AlignmentFlag.AlignRight if column >= _WORDS else Qt.AlignmentFlag.AlignLeft
            self._grid.addWidget(label, 0, column, right)

    def setHeading(self, column: int, text: str) -> None:
        """Head a column with other words."""
        self._heads[column].setText(text)

    def setScores(self, scores: Sequence[float], names: Sequence[str]) -> None:
        """Show so many rows with these scores, without a signal."""
        while len(self._rows) < len(scores):
            self._add_row(len(self._rows))
        self._count = len(scores)
        for i, row in enumerate(self._rows):
            for widget in row.widgets():
                widget.setVisible(i < self._count)
        for row, score, name in zip(self._rows, scores, names, strict=False):
            row.name.setText(name)
            row.put(score)

    def scores(self) -> NDArray[np.float64]:
        """The scores that are shown (k,)."""
        return np.array([row.spin.value() for row in self._rows[: self._count]])

    def showBars(self, shares: NDArray, marks: NDArray | None, words: Sequence[Sequence[str]]) -> None:
        """Show a share of 1 in every row, perhaps with a mark at another share, and words behind it."""
        for i, row in enumerate(self._rows[: self._count]):
            row.bar.show_share(float(shares[i]), None if marks is None else float(marks[i]))
            for label, text in zip(row.words, words[i], strict=True):
                label.setText(text)

    def _add_row(self, i: int) -> None:
        row = _Row(self._prefix, i, f"{self._heads[1].text()} {i}", len(self._heads) - _WORDS)
        row.slider.valueChanged.connect(lambda value: self._moved(i, value / _STEPS))
        row.spin.valueChanged.connect(lambda value: self._moved(i, value))
        for column, widget in enumerate(row.widgets()):
            self._grid.addWidget(widget, 1 + i, column)
        self._rows.append(row)

    def _moved(self, i: int, score: float) -> None:
        self._rows[i].put(score)
        self.touched.emit(i)
        self.scoresChanged.emit()


class _Row:
    """The widgets of one score."""

    def __init__(self, prefix: str, i: int, tip: str, words: int) -> None:
        self.name, self.bar = QLabel(), _Bar()
        self.slider = slider(f"{prefix}Slider{i}", tip, round(-REACH * _STEPS), round(REACH * _STEPS), _STEPS)
        self.slider.setMinimumWidth(44)
        self.spin = decimal_spin(f"{prefix}Score{i}", tip, -REACH, REACH, 0.5, 0.0, 1)
        self.spin.setFixedWidth(72)
        self.words = [QLabel() for _ in range(words)]
        for label in self.words:
            label.setFont(tabular(label.font(), 12))
            label.setMinimumWidth(56)
            label.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)

    def widgets(self) -> list[QWidget]:
        """From left to right."""
        return [self.name, self.slider, self.spin, self.bar, *self.words]

    def put(self, score: float) -> None:
        """Let slider and field show a score, without a signal."""
        with QSignalBlocker(self.slider), QSignalBlocker(self.spin):
            self.slider.setValue(round(score * _STEPS))
            self.spin.setValue(score)


class _Bar(QWidget):
    """A share of 1 as a bar, with a mark across it at another share."""

    def __init__(self) -> None:
        super().__init__()
        self._share = 0.0
        self._mark: float | None = None
        self.setMinimumSize(60, 18)

    def show_share(self, share: float, mark: float | None) -> None:
        self._share, self._mark = share, mark
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        theme, painter = theme_of(self.palette()), QPainter(self)
        track = QRectF(0, self.height() / 2 - 5, self.width(), 10)
        painter.fillRect(track, QColor(theme.raised))
        painter.fillRect(QRectF(track.x(), track.y(), track.width() * self._share, 10), QColor(theme.accent))
        if self._mark is not None:
            painter.setPen(QPen(QColor(theme.test), 3))
            x = round(1.5 + (track.width() - 3) * self._mark)
            painter.drawLine(x, round(track.top()) - 3, x, round(track.bottom()) + 3)
        painter.end()

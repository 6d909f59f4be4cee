"""A small answer: the digit, its probability, and ten bars side by side."""

from __future__ import annotations

import numpy as np
from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent
from PySide6.QtWidgets import QWidget

from app.theme import tabular, theme_of
from app.views.wording import percent

_LINE, _BAR, _NAME = 18, 24, 12  # logical pixels: the words, the tallest bar, the digits below


class MiniAnswer(QWidget):
    """As wide as the image above it; the likeliest digit is in the accent colour."""

    def __init__(self, width: int, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setFixedSize(width, _LINE + _BAR + _NAME)
        self.setAccessibleName("Answer")
        self._probabilities: np.ndarray | None = None

    def showProbabilities(self, probabilities: np.ndarray | None) -> None:
        """Show ten probabilities (10,), or that there are none."""
        self._probabilities = probabilities
        words = "no answer" if probabilities is None else " ".join(self.words())
        self.setAccessibleDescription(words)
        self.update()

    def probabilities(self) -> np.ndarray | None:
        """What is shown."""
        return self._probabilities

    def words(self) -> tuple[str, str]:
        """The digit, and how probable it is."""
        if self._probabilities is None:
            return "–", ""
        best = int(np.nan_to_num(self._probabilities).argmax())
        return str(best), percent(float(self._probabilities[best]))

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint words, bars and digits."""
        theme, painter = theme_of(self.palette()), QPainter(self)
        digit, share = self.words()
        line = QRectF(0, 0, self.width(), _LINE)
        painter.setPen(QColor(theme.text))
        painter.setFont(tabular(self.font(), 14, bold=True))
        painter.drawText(line, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter, digit)
        painter.setPen(QColor(theme.muted))
        painter.setFont(tabular(self.font(), 12))
        painter.drawText(line, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter, share)
        painter.setFont(tabular(self.font(), 9))
        values = np.zeros(10) if self._probabilities is None else np.nan_to_num(self._probabilities)
        pitch = self.width() / 10
        for place, value in enumerate(values.clip(0, 1).tolist()):
            won = digit == str(place)
            track = QRectF(place * pitch + 1, _LINE, pitch - 2, _BAR)
            painter.fillRect(track, QColor(theme.raised))
            track.setTop(track.bottom() - value * _BAR)
            painter.fillRect(track, QColor(theme.accent if won else theme.muted))
            painter.setPen(QColor(theme.text if won else theme.muted))
            name = QRectF(place * pitch, _LINE + _BAR, pitch, _NAME)
            painter.drawText(name, Qt.AlignmentFlag.AlignCenter, str(place))
        painter.end()

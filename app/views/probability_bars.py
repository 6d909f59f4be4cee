"""Ten bars: how sure the network is of each digit."""

from __future__ import annotations

import numpy as np
from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QFontMetricsF, QMouseEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from app.theme import tabular, theme_of
from app.views.wording import percent

DIGITS = 10
_ROW = (13.0, 26.0)  # logical pixels a row, the least and the most
_BAR = (5.0, 10.0)
_GAP = 8.0


class ProbabilityBars(QWidget):
    """A row a digit: the digit, a bar and per cent; the most probable in the accent colour. A click names a digit."""

    digitClicked = Signal(int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("probabilityBars")
        self.setAccessibleName("Probabilities")
        self.setToolTip("Click what it was meant to be: it is kept as your own digit, with this label")
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        self.setMaximumHeight(round(DIGITS * _ROW[1]))
        self._probabilities: np.ndarray | None = None
        self._rows = _rows(None)
        self.showProbabilities(None)

    def showProbabilities(self, probabilities: np.ndarray | None) -> None:
        """Show ten probabilities (10,), or that there are none.

        Raises ValueError when there are not ten.
        """
        if probabilities is not None:
            probabilities = np.array(probabilities, np.float64)
            if probabilities.shape != (DIGITS,):
                raise ValueError(f"`probabilities` must have the shape (10,), not {probabilities.shape}")
        if (probabilities is None) is not (self._probabilities is None):
            shape = Qt.CursorShape
            self.setCursor(shape.ArrowCursor if probabilities is None else shape.PointingHandCursor)
        self._probabilities = probabilities
        before, self._rows = self._rows, _rows(probabilities)
        for line, old, new in zip(self._lines(), before, self._rows, strict=True):
            if new != old:
                self.update(line.toAlignedRect())
        words = "Nothing is drawn." if probabilities is None else _in_words(probabilities)
        if words != self.accessibleDescription():
            self.setAccessibleDescription(words)

    def probabilities(self) -> np.ndarray | None:
        """Return a copy of what is shown."""
        return None if self._probabilities is None else self._probabilities.copy()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint those of the ten rows that have changed."""
        theme, lines = theme_of(self.palette()), self._lines()
        pixels = 12 if lines[0].height() < 18 else 13
        plain, strong = tabular(self.font(), pixels), tabular(self.font(), pixels, bold=True)
        metrics = QFontMetricsF(strong)
        digit_width, number_width = metrics.horizontalAdvance("0"), metrics.horizontalAdvance("100.0 %")
        bar = min(max(lines[0].height() * 0.4, _BAR[0]), _BAR[1])
        track_width = max(self.width() - digit_width - number_width - 2 * _GAP, 8.0)
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        for digit, line in enumerate(lines):
            if not event.region().intersects(line.toAlignedRect()):
                continue
            share, words, won = self._rows[digit]
            painter.setFont(strong if won else plain)
            painter.setPen(QColor(theme.text if won else theme.muted))
            painter.drawText(line, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter, str(digit))
            painter.drawText(line, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter, words)
            track = QRectF(digit_width + _GAP, line.center().y() - bar / 2, track_width, bar)
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(QColor(theme.raised))
            painter.drawRoundedRect(track, bar / 2, bar / 2)
            painter.setBrush(QColor(theme.accent if won else theme.muted))
            _paint_bar(painter, track, share)
        painter.end()

    def _lines(self) -> list[QRectF]:
        """Where the ten rows are."""
        row = min(max(self.height() / DIGITS, _ROW[0]), _ROW[1])
        top = max(0.0, (self.height() - row * DIGITS) / 2)
        return [QRectF(0, top + digit * row, self.width(), row) for digit in range(DIGITS)]

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Name the digit that is clicked."""
        hit = [digit for digit, line in enumerate(self._lines()) if line.contains(event.position())]
        if event.button() == Qt.MouseButton.LeftButton and hit:
            self.digitClicked.emit(hit[0])
        else:
            event.ignore()

    def sizeHint(self) -> QSize:
        """Ask for rows of nineteen pixels."""
        return QSize(220, DIGITS * 19)

    def minimumSizeHint(self) -> QSize:
        """Keep every row readable."""
        return QSize(130, round(DIGITS * _ROW[0]))


def _rows(probabilities: np.ndarray | None) -> list[tuple[float, str, bool]]:
    """Of each digit: how much of its bar is filled, in thousandths, what stands beside it, and whether it is first."""
    if probabilities is None:
        return [(0.0, "", False)] * DIGITS
    winner = _winner(probabilities)
    shares = [round(min(max(share, 0.0), 1.0), 3) if np.isfinite(share) else 0.0 for share in probabilities.tolist()]
    return [(shares[i], percent(float(probabilities[i])), i == winner) for i in range(DIGITS)]


def _paint_bar(painter: QPainter, track: QRectF, share: float) -> None:
    """Fill a share of the track from the left, round like it, with what is too narrow to be round cut by its end."""
    if share * track.width() < 0.5:
        return
    painter.save()
    painter.setClipRect(QRectF(track.x(), track.y(), share * track.width(), track.height()))
    width = max(share * track.width(), track.height())
    painter.drawRoundedRect(QRectF(track.x(), track.y(), width, track.height()), track.height() / 2, track.height() / 2)
    painter.restore()


def _winner(probabilities: np.ndarray) -> int:
    return int(np.nanargmax(probabilities)) if np.isfinite(probabilities).any() else -1


def _in_words(probabilities: np.ndarray) -> str:
    order = np.argsort(-np.nan_to_num(probabilities), kind="stable")[:3]
    return ", ".join(f"{digit}: {percent(float(probabilities[digit]))}" for digit in order)

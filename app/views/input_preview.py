"""The small image that the network receives."""

from __future__ import annotations

import math

import numpy as np
from PySide6.QtCore import QLineF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from app.colors import ink_table, to_qimage
from app.theme import tabular, theme_of
from nn_core.fitting import IMAGE_SIDE, INK, PICTURE_INK

_CAPTION = "28 × 28, what the network sees"
_TIP = (
    "The ink, fitted to 20 × 20 pixels and centred by its centre of mass, as MNIST was made."
    f"\nA pen's ink is {INK:g} and that of a picture {PICTURE_INK:g} where MNIST's is 1: so a network that has learnt"
    " drawings beside MNIST knows whose way of writing it reads"
)
_TEXT = 11  # logical pixels of the caption
_GAP = 6.0
_WRAPPED = Qt.AlignmentFlag.AlignHCenter | Qt.AlignmentFlag.AlignTop | Qt.TextFlag.TextWordWrap
_GRID_FROM = 5.0  # logical pixels a cell from which the grid helps more than it hides


class InputPreview(QWidget):
    """The 28×28 image cell by cell, a thin grid where there is room, its least and greatest value, and a caption."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("inputPreview")
        self.setAccessibleName(_CAPTION)
        self.setToolTip(_TIP)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self._image: np.ndarray | None = None
        self.showImage(None)

    def showImage(self, image: np.ndarray | None) -> None:
        """Show an image (28, 28), 0 paper and 1 ink, or that there is none.

        Raises ValueError when it has another shape.
        """
        if image is not None:
            image = np.array(image, np.float32)
            if image.shape != (IMAGE_SIDE, IMAGE_SIDE):
                raise ValueError(f"`image` must have the shape (28, 28), not {image.shape}")
        self._image = image
        self.setAccessibleDescription("Nothing is drawn." if image is None else f"Values from {_range(image)}.")
        self.update()

    def image(self) -> np.ndarray | None:
        """Return a copy of what is shown."""
        return None if self._image is None else self._image.copy()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint image, grid and words."""
        theme, place = theme_of(self.palette()), self.imageRect()
        values = np.zeros((IMAGE_SIDE, IMAGE_SIDE), np.float32) if self._image is None else self._image
        painter = QPainter(self)
        painter.drawImage(place, to_qimage(values, 0.0, 1.0, ink_table(theme.dark)))
        self._paint_grid(painter, place)
        painter.setPen(QPen(QColor(theme.line), 1))
        painter.drawRect(place.adjusted(-0.5, -0.5, 0.5, 0.5))
        words = QRectF(0, place.bottom() + _GAP, self.width(), self.height())
        painter.setFont(self._font())
        painter.setPen(QColor(theme.muted))
        painter.drawText(words, _WRAPPED, self._words())
        painter.end()

    def _paint_grid(self, painter: QPainter, place: QRectF) -> None:
        cell = place.width() / IMAGE_SIDE
        if cell < _GRID_FROM:
            return
        color = QColor(theme_of(self.palette()).muted)
        color.setAlpha(50)
        painter.setPen(QPen(color, 0))
        for i in range(1, IMAGE_SIDE):
            x, y = place.x() + i * cell, place.y() + i * cell
            painter.drawLine(QLineF(x, place.top(), x, place.bottom()))
            painter.drawLine(QLineF(place.left(), y, place.right(), y))

    def imageRect(self) -> QRectF:
        """Return the image's place in the widget: every cell is the same whole number of the screen's pixels."""
        ratio = self.devicePixelRatioF()
        room = min(self.width() - 2.0, self.height() - 2.0 - _GAP - self._words_height(self.width()))
        cell = max(1, math.floor(room * ratio / IMAGE_SIDE))
        side = cell * IMAGE_SIDE / ratio
        return QRectF(math.floor((self.width() - side) / 2 * ratio) / ratio, 1.0, side, side)

    def _words(self) -> str:
        return f"{_CAPTION}\n" + ("" if self._image is None else _range(self._image))

    def _words_height(self, width: int) -> float:
        metrics = QFontMetricsF(self._font())
        return metrics.boundingRect(QRectF(0, 0, width, 1000), _WRAPPED, self._words()).height()

    def _font(self) -> QFont:
        return tabular(self.font(), _TEXT)

    def sizeHint(self) -> QSize:
        """Ask for three logical pixels a cell."""
        side = 3 * IMAGE_SIDE + 2
        return QSize(side + 16, math.ceil(side + _GAP + self._words_height(side + 16)))

    def minimumSizeHint(self) -> QSize:
        """Keep the digit recognisable."""
        side = 2 * IMAGE_SIDE + 2
        return QSize(side + 48, math.ceil(side + _GAP + self._words_height(side + 48)))


def _range(image: np.ndarray) -> str:
    return f"{image.min():.2f} to {image.max():.2f}"

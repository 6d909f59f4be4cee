"""One image of 28×28, small."""

from __future__ import annotations

import numpy as np
from PySide6.QtCore import QRectF
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QWidget

from app.colors import ink_table, to_qimage
from app.theme import theme_of


class DigitThumb(QWidget):
    """An image (28, 28) from paper to ink between two values, in a frame; empty while there is none."""

    def __init__(self, side: int, spoken: str = "", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setFixedSize(side, side)
        self.setAccessibleName(spoken)
        self._image: np.ndarray | None = None
        self._top = 1.0

    def showImage(self, image: np.ndarray | None, top: float = 1.0) -> None:
        """Show an image whose ink is `top`, or none."""
        self._image, self._top = image, top
        self.update()

    def image(self) -> np.ndarray | None:
        """What is shown."""
        return self._image

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint image and frame."""
        theme = theme_of(self.palette())
        painter, place = QPainter(self), QRectF(self.rect())
        table = ink_table(theme.dark)
        if self._image is None:
            painter.fillRect(place, QColor(*table[0, :3].tolist()))
        else:
            smooth = self.width() * self.devicePixelRatioF() < 2 * self._image.shape[1]
            painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform, smooth)
            painter.drawImage(place, to_qimage(self._image, 0.0, self._top, table))
        painter.setPen(QPen(QColor(theme.line), 1))
        painter.drawRect(place.adjusted(0.5, 0.5, -0.5, -0.5))
        painter.end()

"""A map of values as a picture over the bar of its colours; several maps side by side, or three as one in colour."""

from __future__ import annotations

from enum import Enum

import numpy as np
from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QImage, QMouseEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from app.colors import signed_range, signed_table, to_qimage
from app.theme import Theme, tabular, theme_of
from app.views.color_bar import paint_color_bar
from app.views.mosaic import limits
from app.views.wording import number

_GAP = 6  # logical pixels between maps
_BAR, _BELOW = 8, 26  # logical pixels: the bar, and the line that it and its numbers are in
_GRAYS = np.repeat(np.arange(256, dtype=np.uint8)[:, None], 4, axis=1)
_GRAYS[:, 3] = 255


class Look(Enum):
    """The colours of a map."""

    GRAY = "grey"  # black to white between two given ends
    SIGNED = "signed"  # diverging, with zero in the middle
    COLOR = "colour"  # red, green and blue together


class MapView(QWidget):
    """Maps `(C, H, W)`, each as wide as it is told to be, over one colour scale with their minimum and maximum."""

    hovered = Signal(str)  # the value under the mouse in words, empty when it leaves

    def __init__(self, name: str, spoken: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName(name)
        self.setAccessibleName(spoken)
        self.setMouseTracking(True)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self._theme = theme_of(self.palette())
        self._maps: np.ndarray | None = None
        self._look, self._ends = Look.GRAY, (0.0, 1.0)
        self._images: list[QImage] = []
        self._width, self._wide, self._tall = 160, 160, 160

    def setTheme(self, theme: Theme) -> None:
        """Take the colours of a theme."""
        self._theme = theme
        self._color()

    def setMaps(self, maps: np.ndarray, look: Look, top: float = 1.0) -> None:
        """Show maps (C, H, W); grey ones from 0 to `top`, colours from 0 to 1, what lies outside as the nearer end."""
        self._maps, self._look = maps, look
        self._ends = signed_range(maps) if look is Look.SIGNED else (0.0, top)
        self._color()
        self.setAccessibleDescription(self.facts())
        self._fit()

    def maps(self) -> np.ndarray | None:
        """The maps that are shown (C, H, W)."""
        return self._maps

    def look(self) -> Look:
        """The colours in which they are shown."""
        return self._look

    def facts(self) -> str:
        """Size, minimum and maximum."""
        if self._maps is None:
            return ""
        channels, height, width = self._maps.shape
        low, high = limits(self._maps)
        depth = f" × {channels}" if channels > 1 else ""
        names = "red, green, blue: " if len(self._images) == 3 else ""
        return f"{names}{width} × {height}{depth} · min {number(low)} · max {number(high)}"

    def setWidth(self, width: int) -> None:
        """Make every map so wide, in logical pixels."""
        self._width = width
        self._fit()

    def _fit(self) -> None:
        if self._maps is None or not self._images:
            return
        _, height, width = self._maps.shape
        count = len(self._images)
        tall = round(self._width * height / width)
        self._tall = min(tall, round(1.5 * self._width))
        self._wide = self._width if tall == self._tall else round(self._tall * width / height)
        below = 0 if self._look is Look.COLOR else _BELOW
        self.setFixedSize(QSize(count * self._wide + (count - 1) * _GAP + 2, self._tall + 2 + below))
        self.update()

    def _color(self) -> None:
        if self._maps is None:
            return
        if self._look is Look.COLOR:
            pixels = np.rint(self._maps.transpose(1, 2, 0).clip(0, 1) * 255).astype(np.uint8)
            height, width, _ = pixels.shape
            data = np.ascontiguousarray(pixels)
            self._images = [QImage(data.data, width, height, 3 * width, QImage.Format.Format_RGB888).copy()]
        else:
            self._images = [to_qimage(each, *self._ends, self._table()) for each in self._maps]
        self.update()

    def _table(self) -> np.ndarray:
        return signed_table(self._theme.dark) if self._look is Look.SIGNED else _GRAYS

    def _places(self) -> list[QRectF]:
        step = self._wide + _GAP
        return [QRectF(1 + place * step, 1, self._wide, self._tall) for place in range(len(self._images))]

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw pictures, frames and the bar."""
        if self._maps is None:
            return
        painter = QPainter(self)
        painter.setPen(QPen(QColor(self._theme.line), 1))
        for place, image in zip(self._places(), self._images, strict=True):
            smooth = image.width() * 1.5 > place.width()  # larger pixels are to be seen as pixels
            painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform, smooth)
            painter.drawImage(place, image)
            painter.drawRect(place)
        if self._look is not Look.COLOR:
            self._paint_bar(painter)
        painter.end()

    def _paint_bar(self, painter: QPainter) -> None:
        assert self._maps is not None
        found = limits(self._maps)
        painter.setFont(tabular(self.font(), 12))
        painter.setPen(QColor(self._theme.muted))
        low, high = (number(end) for end in found)
        line = QRectF(1, self._tall + 6, self.width() - 2, _BELOW - 8)
        middle = Qt.AlignmentFlag.AlignVCenter
        painter.drawText(line, Qt.AlignmentFlag.AlignLeft | middle, low)
        painter.drawText(line, Qt.AlignmentFlag.AlignRight | middle, high)
        metrics = painter.fontMetrics()
        left = metrics.horizontalAdvance(low) + 7
        size = QSize(max(24, self.width() - left - metrics.horizontalAdvance(high) - 7), _BAR)
        color = QColor(self._theme.line)
        corner = QPointF(left, line.center().y() - _BAR / 2)
        paint_color_bar(painter, corner, size, found, self._ends, self._table(), color)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Say what is under the mouse."""
        self.hovered.emit(self._words(event.position()))

    def leaveEvent(self, event: QEvent) -> None:
        """Say that nothing is."""
        self.hovered.emit("")

    def _words(self, point: QPointF) -> str:
        for channel, place in enumerate(self._places() if self._maps is not None else []):
            if place.contains(point):
                assert self._maps is not None
                _, height, width = self._maps.shape
                row = min(int((point.y() - place.y()) * height / place.height()), height - 1)
                column = min(int((point.x() - place.x()) * width / place.width()), width - 1)
                shown = self._maps[:, row, column] if self._look is Look.COLOR else self._maps[channel, row, column]
                values = ", ".join(number(float(value), 4) for value in np.atleast_1d(shown))
                return f"row {row}, column {column}: {values}"
        return ""

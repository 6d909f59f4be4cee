"""The slim bar that says which colours the values of a picture have."""

from __future__ import annotations

from functools import lru_cache

import numpy as np
from PySide6.QtCore import QPointF, QRectF, QSize
from PySide6.QtGui import QColor, QImage, QPainter

from app.colors import to_qimage


def paint_color_bar(
    painter: QPainter, corner: QPointF, size: QSize, found: tuple[float, float], ends: tuple[float, float],
    table: np.ndarray, line: QColor,
) -> None:  # fmt: skip
    """Paint a horizontal bar from the smallest to the largest value found, in the colours that these two have.

    So a layer that uses little of the scale has a bar with few colours. `size` is in logical pixels, with a frame of
    one in the colour `line`; `ends` are what the first and the last colour of `table` stand for.
    """
    low, high = ends
    first, last = (255 * (value - low) / ((high - low) or 1.0) for value in found)
    outer = QRectF(corner, size)
    painter.fillRect(outer, line)
    source = QRectF(min(first, 254.999), 0, max(last - first, 0.001), 1)
    painter.drawImage(outer.adjusted(1, 1, -1, -1), _strip(table.tobytes()), source)


@lru_cache(maxsize=8)
def _strip(table: bytes) -> QImage:
    """All colours of a table side by side."""
    steps = np.arange(256, dtype=np.float32)[None]
    return to_qimage(steps, 0.0, 255.0, np.frombuffer(table, np.uint8).reshape(256, 4))

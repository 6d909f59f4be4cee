"""The slim bar that says which colours the values of a picture have."""

from __future__ import annotations

import numpy as np
from PySide6.QtCore import QSize
from PySide6.QtGui import QColor, QImage

from app.colors import to_qimage


def color_bar(
    found: tuple[float, float], ends: tuple[float, float], table: np.ndarray, size: QSize, line: QColor, ratio: float
) -> QImage:
    """A horizontal bar from the smallest to the largest value found, in the colours that these two have.

    So a layer that uses little of the scale has a bar with few colours. `size` is in logical pixels, with a frame of
    one in the colour `line`; `ends` are what the first and the last colour of `table` stand for.
    """
    width, height = round(size.width() * ratio), round(size.height() * ratio)
    steps = np.arange(width, dtype=np.float32) * np.float32((found[1] - found[0]) / (width - 1)) + np.float32(found[0])
    image = to_qimage(np.broadcast_to(steps, (height, width)), *ends, table)
    image = image.convertToFormat(QImage.Format.Format_RGB32)
    pixels = np.frombuffer(image.bits(), np.uint32).reshape(height, width)
    frame = max(1, round(ratio))
    pixels[:frame] = pixels[-frame:] = line.rgb()
    pixels[:, :frame] = pixels[:, -frame:] = line.rgb()
    image.setDevicePixelRatio(ratio)
    return image

"""Pictures of the user's own, as channels of numbers."""

from __future__ import annotations

from collections.abc import Generator
from pathlib import Path

import numpy as np
from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QImage, QPainter

from app.pictures import check_pixels, read_image
from nn_core.errors import DataError
from nn_core.labs.picture_filtering import LONGEST_SIDE

_LEAST_SIDE = 8


def channels_of(image: QImage, name: str) -> np.ndarray:
    """Red, green and blue `(3, H, W)` in 0..1, reduced to the longest side there may be; transparent places are white.

    Raises DataError when the image, `name` in the message, is too large, too small or too narrow.
    """
    check_pixels(image.size(), name)
    if max(image.width(), image.height()) > LONGEST_SIDE:
        keep, smooth = Qt.AspectRatioMode.KeepAspectRatio, Qt.TransformationMode.SmoothTransformation
        image = image.scaled(LONGEST_SIDE, LONGEST_SIDE, keep, smooth)
    width, height = image.width(), image.height()
    if min(width, height) < _LEAST_SIDE:
        raise DataError(f"{name} is too narrow for a kernel: give a picture of at least {_LEAST_SIDE} pixels a side.")
    paper = QImage(width, height, QImage.Format.Format_RGB32)
    paper.fill(QColor("white"))
    painter = QPainter(paper)
    painter.drawImage(0, 0, image)
    painter.end()
    pixels = np.frombuffer(paper.constBits(), np.uint8).reshape(height, paper.bytesPerLine() // 4, 4)[:, :width]
    return pixels[..., 2::-1].transpose(2, 0, 1) / 255.0


def reading(path: Path) -> Generator[object, None, None]:
    """A job: read a file, yield its channels."""
    yield channels_of(read_image(path), path.name)

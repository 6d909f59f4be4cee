"""Pictures from files and from the clipboard, made into ink on the canvas."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import numpy as np
from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QImage, QImageReader

from nn_core.errors import DataError
from nn_core.ink import Picture
from nn_core.photographs import picture_of, rim_of

# Formats of pixels. Drawings (SVG, PDF) are programs more than pictures, and a small file can keep them busy for hours.
FORMATS = ("bmp", "gif", "ico", "jpeg", "jpg", "pbm", "pgm", "png", "ppm", "tif", "tiff", "webp")
_MOST_PIXELS = 64_000_000
_MOST_BYTES = 256_000_000
_SCAN, _MOST_SCANS = b"\xff\xda", 100  # what each pass of a JPEG begins with; a progressive one has about ten
_LEAST_SIDE = 4
_MOST_ASPECT = 20
_DECODED = 2000  # pixels of the longer side: more is not decoded where the format can leave it out
_KEPT = 560  # pixels of the longer side: two a canvas unit


def check_pixels(size: QSize, name: str) -> None:
    """Let sizes pass that fit into memory.

    Raises DataError when a picture, `name` in the message, has no pixels or too many.
    """
    width, height = size.width(), size.height()
    if width < 1 or height < 1:
        raise DataError(f"{name} holds no pixels, or does not say how many: save it as PNG and try again.")
    if width * height > _MOST_PIXELS:
        raise DataError(
            f"{name} has {width} × {height} pixels, more than the {_MOST_PIXELS:,} that are read: shrink it."
        )


def read_picture(path: Path) -> Picture:
    """Return the picture in a file as ink: dark on light or light on dark, levelled, and fitted to the canvas.

    Raises DataError when the file is no picture, damaged, empty, too large, or of one colour.
    """
    return picture_from_image(read_image(path, _check_size), path.name)


def read_image(path: Path, check: Callable[[QSize, str], None] = check_pixels) -> QImage:
    """Return the picture in a file as it is, upright; one with a longer side of more than 2000 pixels may be reduced.

    `check` raises for a size that is not wanted, before anything is decoded.
    Raises DataError when the file is no picture, damaged, empty, or too large.
    """
    name = path.name
    if not os.path.isfile(path):  # which is False of a name too long for a file, too
        raise DataError(f"{name} is not a file: give a picture, such as a PNG or a JPEG.")
    if path.stat().st_size > _MOST_BYTES:
        raise DataError(f"{name} has {path.stat().st_size:,} bytes, more than the {_MOST_BYTES:,} that are read.")
    reader = QImageReader(str(path))
    reader.setAutoTransform(True)
    reader.setDecideFormatFromContent(True)
    kind = reader.format().toStdString() if reader.canRead() else ""
    if kind not in FORMATS:
        what = f"is of the kind {kind!r}, which is not read here" if kind else "is not a picture, or is damaged"
        raise DataError(f"{name} {what}: give a PNG, JPEG, GIF, BMP, TIFF or WebP.")
    if kind in ("jpeg", "jpg") and path.read_bytes().count(_SCAN) > _MOST_SCANS:
        raise DataError(f"{name} is drawn in more than {_MOST_SCANS} passes, which would take minutes: save it anew.")
    size = reader.size()
    check(size, name)
    longest = max(size.width(), size.height())
    if longest > _DECODED:
        reader.setScaledSize(size.scaled(_DECODED, _DECODED, Qt.AspectRatioMode.KeepAspectRatio))
    image = reader.read()
    if image.isNull():
        raise DataError(f"{name} cannot be read: {reader.errorString()}.")
    return image


def picture_from_image(image: QImage, name: str = "The picture") -> Picture:
    """Return an image, from the clipboard for example, as ink fitted to the canvas; `name` is for messages.

    Raises DataError when it is empty, too large, or of one colour.
    """
    _check_size(image.size(), name)
    longest = max(image.width(), image.height())
    image = image.convertToFormat(QImage.Format.Format_ARGB32_Premultiplied)
    if longest > _KEPT:
        ways = (Qt.AspectRatioMode.KeepAspectRatio, Qt.TransformationMode.SmoothTransformation)
        image = image.scaled(QSize(_KEPT, _KEPT), *ways)
    return picture_of(_light(image), name)


def _check_size(size: QSize, name: str) -> None:
    check_pixels(size, name)
    width, height = size.width(), size.height()
    if min(width, height) < _LEAST_SIDE or max(width, height) > _MOST_ASPECT * min(width, height):
        raise DataError(f"{name} has {width} × {height} pixels, which cannot show a digit: give another picture.")


def _light(image: QImage) -> np.ndarray:
    """Return the red, green and blue light of each pixel, float32 (height, width, 3) in 0..1.

    What is transparent is filled as paper: with what is around it, or, where nothing is, with the opposite of the ink.
    """
    height, width = image.height(), image.width()
    pixels = np.frombuffer(image.constBits(), np.uint8).reshape(height, image.bytesPerLine() // 4, 4)[:, :width]
    light = pixels[..., 2::-1].astype(np.float32) / np.float32(255)  # multiplied by alpha
    alpha = pixels[..., 3:].astype(np.float32) / np.float32(255)
    if alpha.min() == 1:
        return light
    rim = rim_of(alpha)
    if float(np.median(rim)) < 0.5:
        paper = np.full(3, 0.0 if 2 * light.sum() > 3 * alpha.sum() else 1.0, np.float32)
    else:
        paper = np.median(rim_of(light)[rim[:, 0] > 0.5] / rim[rim > 0.5][:, None], axis=0)
    return light + (1 - alpha) * paper

"""Pictures from files and from the clipboard, made into ink on the canvas."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QImage, QImageReader

from nn_core.errors import DataError
from nn_core.ink import CANVAS_SIDE, Picture

# Formats of pixels. Drawings (SVG, PDF) are programs more than pictures, and a small file can keep them busy for hours.
FORMATS = ("bmp", "gif", "ico", "jpeg", "jpg", "pbm", "pgm", "png", "ppm", "tif", "tiff", "webp")
_MOST_PIXELS = 64_000_000
_MOST_BYTES = 256_000_000
_LEAST_SIDE = 4
_MOST_ASPECT = 20
_DECODED = 2000  # pixels of the longer side: more is not decoded where the format can leave it out
_KEPT = 560  # pixels of the longer side: two a canvas unit
_BORDER = 0.04  # of a side: the frame that is taken for paper
_FAINTEST = 0.04  # contrast of what may be ink; compression alone stays below
_CLEAN = 0.008  # unevenness of the paper up to which grey pixels are ink, not shadow


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
    if not path.is_file():
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
    ink = _ink(_gray(image), name)
    height, width = ink.shape
    scale = CANVAS_SIDE / max(width, height)
    left, top = (CANVAS_SIDE - width * scale) / 2, (CANVAS_SIDE - height * scale) / 2
    return Picture(ink, left, top, width * scale, height * scale)


def _check_size(size: QSize, name: str) -> None:
    check_pixels(size, name)
    width, height = size.width(), size.height()
    if min(width, height) < _LEAST_SIDE or max(width, height) > _MOST_ASPECT * min(width, height):
        raise DataError(f"{name} has {width} × {height} pixels, which cannot show a digit: give another picture.")


def _gray(image: QImage) -> np.ndarray:
    """Return how light each pixel is, float32 (height, width) in 0..1, with what is transparent filled as paper.

    Luma weights of ITU-R BT.601.
    """
    height, width = image.height(), image.width()
    pixels = np.frombuffer(image.constBits(), np.uint8).reshape(height, image.bytesPerLine() // 4, 4)[:, :width]
    channels = pixels.astype(np.float32) / 255  # blue, green, red, multiplied by alpha; alpha
    light = channels[..., :3] @ np.array([0.114, 0.587, 0.299], np.float32)
    alpha = channels[..., 3]
    if alpha.min() == 1:
        return light
    if float(np.median(_frame(alpha))) < 0.5:  # nothing around the ink: the paper is what the ink is not
        paper = 0.0 if light.sum() > 0.5 * alpha.sum() else 1.0
    else:
        frame = _frame(alpha) > 0.5
        paper = float(np.median(_frame(light)[frame] / _frame(alpha)[frame]))
    return light + (1 - alpha) * np.float32(paper)


def _ink(light: np.ndarray, name: str) -> np.ndarray:
    """Return ink, float32 (height, width) in 0..1, from light; the paper is what the frame shows, made even."""
    paper, unevenness = _paper(light)
    depth = light - paper
    level = float(np.median(_frame(light)))
    if 0.35 < level < 0.65:  # grey paper: ink is what differs more
        dark_ink = float(np.square(np.minimum(depth, 0)).sum()) >= float(np.square(np.maximum(depth, 0)).sum())
    else:
        dark_ink = level >= 0.5
    # What ink leaves of the light is a share of what falls on the paper there: a shadow changes the light, not the ink.
    ink = np.maximum(-depth / np.maximum(paper, 0.1) if dark_ink else depth, 0)
    full = float(np.quantile(ink[ink > 0.5 * ink.max()], 0.5)) if ink.max() > 0 else 0.0
    if full < _FAINTEST:
        raise DataError(f"{name} shows one colour only, and no digit: give a picture with ink on paper.")
    if unevenness > _CLEAN:
        floor = max(4 * unevenness, 0.35 * full)
        ink = (ink - floor) * (full / max(full - floor, 0.1 * full))
    return np.clip(ink / full, 0, 1).astype(np.float32)


def _paper(light: np.ndarray) -> tuple[np.ndarray, float]:
    """Return the plane (height, width) that fits the frame best, and how much the frame differs from it.

    Least squares twice, the second time without what is far off: ink that reaches the frame.
    """
    height, width = light.shape
    y, x = np.mgrid[0:height, 0:width]
    terms = np.stack([np.ones(light.shape), x / width - 0.5, y / height - 0.5], axis=-1).astype(np.float32)
    frame = np.stack([_frame(terms[..., i]) for i in range(3)], axis=-1)
    shown = _frame(light)
    off = np.abs(shown - np.median(shown))
    for _ in range(2):
        near = off <= max(3 * float(np.median(off)), 1e-3)
        plane = np.linalg.lstsq(frame[near], shown[near], rcond=None)[0]
        off = np.abs(shown - frame @ plane)
    return terms @ plane, 1.4826 * float(np.median(off))


def _frame(values: np.ndarray) -> np.ndarray:
    """Return the values (n,) along the four sides of a picture (height, width)."""
    height, width = values.shape
    rim = max(1, round(_BORDER * min(height, width)))
    inner = values[rim : height - rim]
    sides = (values[:rim], values[height - rim :], inner[:, :rim], inner[:, width - rim :])
    return np.concatenate([side.ravel() for side in sides])

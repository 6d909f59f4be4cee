"""From numbers to colours: lookup tables, and pictures made with them."""

from __future__ import annotations

from functools import lru_cache

import numpy as np
from PySide6.QtGui import QImage

_NUDGE = np.float32(1e-3)  # of a table entry: rounding must not push the middle below itself
NAN_COLOR = (214, 0, 147, 255)  # in neither table, so that a number that is none cannot be overlooked


def _lab(color: str) -> np.ndarray:
    """Return "#rrggbb" in OKLab, float64 (3,). Ottosson, "A perceptual color space for image processing" (2020)."""
    srgb = np.array([int(color[i : i + 2], 16) for i in (1, 3, 5)]) / 255
    linear = np.where(srgb <= 0.04045, srgb / 12.92, ((srgb + 0.055) / 1.055) ** 2.4)
    return _LAB @ np.cbrt(_LMS @ linear)


def _table(colors: list[str], places: list[float]) -> np.ndarray:
    """Return 256 colours, uint8 (256, 4) RGBA, even steps to the eye between colours given at places 0 to 255."""
    marks = np.array([_lab(color) for color in colors])
    lab = np.stack([np.interp(np.arange(256), places, marks[:, i]) for i in range(3)], axis=1)
    linear = np.linalg.solve(_LMS, np.linalg.solve(_LAB, lab.T) ** 3).T.clip(0, 1)
    srgb = np.where(linear <= 0.0031308, linear * 12.92, 1.055 * linear ** (1 / 2.4) - 0.055)
    table = np.full((256, 4), 255, np.uint8)
    table[:, :3] = np.rint(srgb * 255)
    table.setflags(write=False)
    return table


_LMS = np.array(
    [
        [0.4122214708, 0.5363325363, 0.0514459929],
        [0.2119034982, 0.6806995451, 0.1073969566],
        [0.0883024619, 0.2817188376, 0.6299787005],
    ]
)
_LAB = np.array(
    [
        [0.2104542553, 0.7936177850, -0.0040720468],
        [1.9779984951, -2.4285922050, 0.4505937099],
        [0.0259040371, 0.7827717662, -0.8086757660],
    ]
)

# Sequential: paper to ink, as the canvas looks in the light and in the dark theme.
INK = _table(["#ffffff", "#16191d"], [0, 255])
INK_DARK = _table(["#121417", "#f4f5f7"], [0, 255])
# Diverging: negative is blue, positive orange, and entry 128 is exactly the neutral of zero.
SIGNED = _table(["#0a3d8f", "#4f8fe0", "#ffffff", "#e8893a", "#8f3d00"], [0, 64, 128, 192, 255])
SIGNED_DARK = _table(["#a9d2ff", "#3e86e8", "#1b1e22", "#d9761f", "#ffd3a3"], [0, 64, 128, 192, 255])


def ink_table(dark: bool) -> np.ndarray:
    """Return the sequential table for the light or the dark theme."""
    return INK_DARK if dark else INK


def signed_table(dark: bool) -> np.ndarray:
    """Return the diverging table for the light or the dark theme."""
    return SIGNED_DARK if dark else SIGNED


def signed_range(values: np.ndarray) -> tuple[float, float]:
    """Return (-m, m), m the largest finite magnitude among the values and never 0, so that zero is in the middle."""
    finite = np.abs(values[np.isfinite(values)])
    largest = float(finite.max()) if finite.size else 0.0
    limit = max(largest, 1e-12)
    return -limit, limit


def to_pixels(values: np.ndarray, low: float, high: float, table: np.ndarray) -> np.ndarray:
    """Return `values` as RGB32, uint32 of the same shape: `low` in the table's first colour, `high` in its last.

    Values outside are shown as the nearer end, NaN in NAN_COLOR. Where `low` equals `high`, what equals them is shown
    in the first colour.
    """
    span = high - low if high > low else 1.0
    # One more step than the table has entries, rounded down, puts the middle of a symmetric range on entry 128.
    places = (values.astype(np.float32, copy=False) - np.float32(low)) * np.float32(256 / span) + _NUDGE
    missing = np.isnan(places)
    places[missing] = 0
    np.clip(places, 0, 255, out=places)
    pixels: np.ndarray = _rgb32(table.tobytes()).take(places.astype(np.uint8))
    if missing.any():
        pixels[missing] = _rgb32(bytes(NAN_COLOR))[0]
    return pixels


@lru_cache(maxsize=16)
def _rgb32(colors: bytes) -> np.ndarray:
    """RGBA as Qt paints widgets in: to draw such an image is a plain copy, far faster than any other format."""
    rgb = np.frombuffer(colors, np.uint8).reshape(-1, 4)[:, :3]
    return rgb @ np.array([1 << 16, 1 << 8, 1], np.uint32) | np.uint32(0xFF000000)


def to_qimage(values: np.ndarray, low: float, high: float, table: np.ndarray) -> QImage:
    """Return a picture of `values` (height, width), coloured as by `to_pixels`.

    The picture owns its memory. Raises ValueError unless `values` has two axes, both non-empty.
    """
    if values.ndim != 2 or 0 in values.shape:
        raise ValueError(f"`values` must have a height and a width, not the shape {values.shape}")
    height, width = values.shape
    pixels = to_pixels(values, low, high, table)
    return QImage(pixels.data, width, height, width * 4, QImage.Format.Format_RGB32).copy()

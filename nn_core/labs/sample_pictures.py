"""A picture that the program draws itself, with all that a kernel can answer to."""

from __future__ import annotations

import numpy as np

from nn_core.layers import Array

#: Luma weights of red, green and blue (ITU-R BT.601).
LUMA = np.array([0.299, 0.587, 0.114])


def sample_picture(side: int = 160) -> Array:
    """A coloured scene `(3, side, side)` in 0..1: slopes, a disc, stripes of three widths, a chequerboard, a ring."""
    y, x = np.mgrid[0:side, 0:side] / side
    picture = np.stack([0.75 - 0.25 * y, 0.82 - 0.3 * y, 0.9 - 0.2 * y + 0.05 * x])
    _lay(picture, _disc(x, y, 0.26, 0.26, 0.15), (0.96, 0.76, 0.2))
    _lay(picture, _ring(x, y, 0.74, 0.26, 0.16, 0.05), (0.75, 0.16, 0.18))
    hill = np.clip((y - 0.56 - 0.05 * np.sin(7 * x)) * side + 0.5, 0, 1)
    _lay(picture, hill, (0.2, 0.45, 0.25))
    for left, width in ((0.08, 0.05), (0.21, 0.025), (0.31, 0.0125)):
        bars = ((x - left) / width % 2 < 1) & (x >= left) & (x < left + 0.1) & (y > 0.66) & (y < 0.92)
        _lay(picture, bars.astype(np.float64), (0.95, 0.94, 0.88))
    board = (x > 0.5) & (x < 0.9) & (y > 0.66) & (y < 0.94)
    squares = (np.floor((x - 0.5) / 0.05) + np.floor((y - 0.66) / 0.07)) % 2 == 0
    _lay(picture, (board & squares).astype(np.float64), (0.1, 0.12, 0.3))
    _lay(picture, (board & ~squares).astype(np.float64), (0.93, 0.88, 0.78))
    return picture


def to_gray(picture: Array) -> Array:
    """The brightness `(1, H, W)` of a picture `(3, H, W)`."""
    gray: Array = np.tensordot(LUMA, picture, 1)[None]
    return gray


def _lay(picture: Array, cover: Array, color: tuple[float, float, float]) -> None:
    """Lay a colour over the picture where `cover` (side, side) is 1, half where it is a half, in place."""
    picture += cover * (np.array(color)[:, None, None] - picture)


def _disc(x: Array, y: Array, across: float, down: float, radius: float) -> Array:
    """1 inside a disc, 0 outside, the rim one pixel wide."""
    inside = (radius - np.hypot(x - across, y - down)) * len(x)
    cover: Array = np.clip(inside + 0.5, 0, 1)
    return cover


def _ring(x: Array, y: Array, across: float, down: float, radius: float, width: float) -> Array:
    """1 on a ring whose outer edge has that radius."""
    ring: Array = _disc(x, y, across, down, radius) - _disc(x, y, across, down, radius - width)
    return ring

"""Ink to pixels: the coverage of round pen strokes, and area averages of pictures.

Pixel `i` covers the interval from i to i + 1; x runs to the right and y down.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from nn_core.pieces import Pieces, cut

_CHUNK = 1 << 17  # pixels looked at in one go: a handful of float32 arrays of this size stay in the cache
_LONGEST = 3.0  # pixels that a piece may be longer than its pen is wide: its square should hold little but ink


def paint(out: NDArray[np.float32], pieces: Pieces) -> None:
    """Raise `out` (N, side, side) to the coverage of round-capped pieces, each in the image of its owner.

    The coverage of a pixel whose centre lies at distance d from a line of radius r is the length that
    [d - ½, d + ½] shares with [-r, r]; where lines overlap the larger coverage stays.
    """
    pieces = cut(pieces, 2.0 * pieces.radius + _LONGEST)
    if not len(pieces.owner):
        return
    reach, side = (pieces.radius + np.float32(0.5))[:, None], out.shape[-1]
    low = np.clip(np.floor(np.minimum(pieces.start, pieces.end) - reach), 0, side)
    high = np.clip(np.ceil(np.maximum(pieces.start, pieces.end) + reach), 0, side)
    width = max(1, int((high - low).max()))  # at most the image's, however wide a pen is
    step = max(1, _CHUNK // (width * width))
    for first in range(0, len(low), step):
        part = slice(first, first + step)
        _paint_part(out, pieces.part(part), low[part].astype(np.intp), width)


def _paint_part(out: NDArray[np.float32], pieces: Pieces, low: NDArray[np.intp], width: int) -> None:
    """Paint pieces that reach no further than the squares of `width` pixels from `low` (S, 2)."""
    side = out.shape[-1]
    pixel = low[:, :, None] + np.arange(width)  # (S, 2, width): columns, rows
    offset = (pixel + 0.5).astype(np.float32) - pieces.start[:, :, None]
    cover = _coverage(offset, pieces.end - pieces.start, pieces.radius)
    inside = (pixel >= 0) & (pixel < side)
    if not inside.all():
        cover *= inside[:, 1, :, None] & inside[:, 0, None, :]
        np.clip(pixel, 0, side - 1, out=pixel)
    row = (pieces.owner[:, None] * side + pixel[:, 1]) * side
    place = row[:, :, None] + pixel[:, 0, None, :]
    np.maximum.at(out.reshape(-1), place.reshape(-1), cover.reshape(-1))


def _coverage(
    offset: NDArray[np.float32], across: NDArray[np.float32], radius: NDArray[np.float32]
) -> NDArray[np.float32]:
    """Return (S, width, width) of pixels `offset` (S, 2, width) from the starts of pieces that go `across` (S, 2)."""
    length2 = np.maximum((across * across).sum(axis=1), np.float32(1e-12))
    shadow = offset * (across / length2[:, None])[:, :, None]
    along = shadow[:, 1, :, None] + shadow[:, 0, None, :]  # (S, rows, columns): 0 at the start, 1 at the end
    np.clip(along, 0.0, 1.0, out=along)
    away = offset[:, 0, None, :] - along * across[:, 0, None, None]
    along *= across[:, 1, None, None]
    np.subtract(offset[:, 1, :, None], along, out=along)
    away *= away
    along *= along
    away += along
    distance = np.sqrt(away, out=away)
    pen = radius[:, None, None]
    cover: NDArray[np.float32] = np.minimum(distance + np.float32(0.5), pen)
    distance -= np.float32(0.5)
    cover -= np.maximum(distance, -pen, out=distance)
    return np.clip(cover, 0.0, 1.0, out=cover)


def overlaps(cells: int, low: float, size: float, side: int) -> NDArray[np.float32]:
    """Return (side, cells): the share of each pixel that each of `cells` equal cells from `low` over `size` covers."""
    edges = low + size * np.arange(cells + 1) / cells
    pixel = np.arange(side)[:, None]
    shared = np.minimum(edges[1:], pixel + 1) - np.maximum(edges[:-1], pixel)
    covered: NDArray[np.float32] = np.maximum(shared, 0.0).astype(np.float32)
    return covered


def block_mean(images: NDArray[np.float32], factor: int) -> NDArray[np.float32]:
    """Shrink (N, side·factor, side·factor) to (N, side, side) by the mean of each factor × factor block."""
    means = images[:, ::factor, ::factor].copy()
    for row, column in list(np.ndindex(factor, factor))[1:]:
        means += images[:, row::factor, column::factor]
    means *= np.float32(1.0 / factor**2)
    return means

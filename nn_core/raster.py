"""Ink to pixels: the coverage of round pen strokes, and area averages of pictures.

Pixel `i` covers the interval `[i, i + 1]`; x runs to the right and y down.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

_CHUNK = 1 << 17  # pixels looked at in one go: a handful of float32 arrays of this size stay in the cache
_LONGEST = 3.0  # pixels of a segment's length beyond its pen width, before it is cut into pieces


def paint_segments(
    out: NDArray[np.float32],
    owner: NDArray[np.intp],
    start: NDArray[np.float32],
    end: NDArray[np.float32],
    radius: NDArray[np.float32],
) -> None:
    """Raise `out` (N, side, side) to the coverage of round-capped segments (S, 2), segment `s` in image `owner[s]`.

    The coverage of a pixel whose centre lies at distance d from a pen of radius r is the length that
    [d - ½, d + ½] shares with [-r, r]; where strokes overlap the larger coverage stays.
    """
    owner, start, end, radius = _cut(owner, start, end, radius)
    if not len(owner):
        return
    reach = radius + 0.5
    low = np.floor(np.minimum(start, end) - reach[:, None])
    high = np.ceil(np.maximum(start, end) + reach[:, None])
    width = int((high - low).max())
    step = max(1, _CHUNK // (width * width))
    for first in range(0, len(owner), step):
        part = slice(first, first + step)
        _paint_part(out, owner[part], start[part], end[part], radius[part], low[part].astype(np.intp), width)


def _paint_part(
    out: NDArray[np.float32],
    owner: NDArray[np.intp],
    start: NDArray[np.float32],
    end: NDArray[np.float32],
    radius: NDArray[np.float32],
    low: NDArray[np.intp],
    width: int,
) -> None:
    side = out.shape[-1]
    pixel = low[:, :, None] + np.arange(width)  # (S, 2, width): columns in 0, rows in 1
    offset = (pixel + np.float32(0.5)).astype(np.float32) - start[:, :, None]
    across = end - start
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
    cover = np.minimum(distance + np.float32(0.5), pen)
    distance -= np.float32(0.5)
    cover -= np.maximum(distance, -pen, out=distance)
    np.maximum(cover, 0.0, out=cover)

    inside = (pixel >= 0) & (pixel < side)
    if not inside.all():
        cover *= inside[:, 1, :, None] & inside[:, 0, None, :]
        np.clip(pixel, 0, side - 1, out=pixel)
    target = (owner[:, None] * side + pixel[:, 1]) * side
    index = target[:, :, None] + pixel[:, 0, None, :]
    np.maximum.at(out.reshape(-1), index.reshape(-1), cover.reshape(-1))


def _cut(
    owner: NDArray[np.intp], start: NDArray[np.float32], end: NDArray[np.float32], radius: NDArray[np.float32]
) -> tuple[NDArray[np.intp], NDArray[np.float32], NDArray[np.float32], NDArray[np.float32]]:
    """Cut long segments into equal pieces, so that the square around a piece holds little but its ink."""
    length = np.abs(end - start).max(axis=1, initial=0.0)
    pieces = np.ceil(length / (2.0 * radius + _LONGEST)).astype(np.intp)
    if not (pieces > 1).any():
        return owner, start, end, radius
    pieces = np.maximum(pieces, 1)
    which = np.repeat(np.arange(len(owner)), pieces)
    number = np.arange(len(which)) - np.repeat(np.cumsum(pieces) - pieces, pieces)
    share = (number / pieces[which]).astype(np.float32)[:, None]
    step = (1.0 / pieces[which]).astype(np.float32)[:, None]
    across = (end - start)[which]
    first = start[which] + across * share
    return owner[which], first, first + across * step, radius[which]


def overlaps(cells: int, low: float, size: float, side: int) -> NDArray[np.float32]:
    """Return (side, cells): the share of each pixel that each of `cells` equal cells from `low` over `size` covers."""
    edges = low + size * np.arange(cells + 1) / cells
    pixel = np.arange(side)[:, None]
    shared = np.minimum(edges[1:], pixel + 1) - np.maximum(edges[:-1], pixel)
    covered: NDArray[np.float32] = np.maximum(shared, 0.0).astype(np.float32)
    return covered


def block_mean(images: NDArray[np.float32], factor: int) -> NDArray[np.float32]:
    """Shrink (N, side·factor, side·factor) to (N, side, side) by the mean of each factor × factor block."""
    count, side = len(images), images.shape[-1] // factor
    parts = images.reshape(count, side, factor, side, factor)
    means: NDArray[np.float32] = np.add.reduce(parts, axis=(2, 4))
    means *= np.float32(1.0 / factor**2)
    return means

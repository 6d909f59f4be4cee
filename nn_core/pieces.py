"""Lines of pen strokes as straight pieces: thinned, kept to the paper, and cut by an eraser."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

_CUT = 1.5  # units of length that an eraser leaves or takes as a whole
_RUN = 64  # points whose distances to an eraser are measured in one go

_Place = NDArray[np.float32] | float


class Pieces(NamedTuple):
    """Straight pieces (S, 2) of the lines of many drawings, each of a pen `radius` (S,), sorted by their `owner` (S,).

    The owner is the number of the drawing that a piece belongs to. A dot is a piece without length.
    """

    owner: NDArray[np.intp]
    start: NDArray[np.float32]
    end: NDArray[np.float32]
    radius: NDArray[np.float32]

    def only(self, which: NDArray[np.bool_]) -> Pieces:
        """Return the pieces at which `which` (S,) is true."""
        return Pieces(self.owner[which], self.start[which], self.end[which], self.radius[which])

    def part(self, which: slice) -> Pieces:
        """Return a run of pieces."""
        return Pieces(self.owner[which], self.start[which], self.end[which], self.radius[which])

    def and_also(self, later: Pieces) -> Pieces:
        """Return these pieces and later ones."""
        return Pieces(
            np.concatenate([self.owner, later.owner]),
            np.concatenate([self.start, later.start]),
            np.concatenate([self.end, later.end]),
            np.concatenate([self.radius, later.radius]),
        )


def pieces_of(lines: list[NDArray[np.float32]], radii: list[float], thin: float) -> Pieces:
    """Return the pieces of one drawing's lines (P, 2), without points nearer than `thin` to the last one kept."""
    if not lines:
        none = np.zeros((0, 2), np.float32)
        return Pieces(np.zeros(0, np.intp), none, none, none[:, 0])
    kept = [_thinned(line, thin) for line in lines]
    start = np.concatenate([line[:-1] if len(line) > 1 else line for line in kept])
    end = np.concatenate([line[1:] if len(line) > 1 else line for line in kept])
    radius = np.repeat(np.array(radii, np.float32), [max(len(line) - 1, 1) for line in kept])
    return Pieces(np.zeros(len(start), np.intp), start, end, radius)


def within(pieces: Pieces, low: _Place, high: _Place) -> Pieces:
    """Return what of each piece lies in its square, whose sides go from `low` to `high` (Liang and Barsky 1984).

    `low` and `high` are numbers, or (S, 1) for squares of different sizes.
    """
    if (np.minimum(pieces.start, pieces.end) >= low).all() and (np.maximum(pieces.start, pieces.end) <= high).all():
        return pieces
    start = pieces.start.astype(np.float64)
    across = pieces.end - start
    still = across == 0.0
    step = np.where(still, 1.0, across)
    one, other = (low - start) / step, (high - start) / step
    enter = np.where(still, 0.0, np.minimum(one, other)).max(axis=1, initial=0.0)
    leave = np.where(still, 1.0, np.maximum(one, other)).min(axis=1, initial=1.0)
    beside = (still & ((start < low) | (start > high))).any(axis=1)
    first = np.clip(start + across * enter[:, None], low, high).astype(np.float32)
    last = np.clip(start + across * leave[:, None], low, high).astype(np.float32)
    return Pieces(pieces.owner, first, last, pieces.radius).only((enter <= leave) & ~beside)


def without(pieces: Pieces, eraser: Pieces) -> Pieces:
    """Return what is left of lines on paper where an eraser has not passed over them."""
    reach = eraser.radius[:, None]
    low = (np.minimum(eraser.start, eraser.end) - reach).min(axis=0)
    high = (np.maximum(eraser.start, eraser.end) + reach).max(axis=0)
    near = (np.maximum(pieces.start, pieces.end) >= low) & (np.minimum(pieces.start, pieces.end) <= high)
    touched = near.all(axis=1)
    if not touched.any():
        return pieces
    short = cut(pieces, np.where(touched, _CUT, np.inf))
    gone = _covered((short.start + short.end) * np.float32(0.5), eraser)
    return short.only(~gone)


def cut(pieces: Pieces, longest: NDArray[np.floating]) -> Pieces:
    """Cut each piece into equal parts no longer than `longest` (S,) along x or y."""
    length = np.abs(pieces.end - pieces.start).max(axis=1, initial=0.0)
    parts = np.ceil(length / longest).astype(np.intp)
    if not (parts > 1).any():
        return pieces
    parts = np.maximum(parts, 1)
    which = np.repeat(np.arange(len(parts)), parts)
    number = np.arange(len(which)) - np.repeat(np.cumsum(parts) - parts, parts)
    across = ((pieces.end - pieces.start) / parts[:, None].astype(np.float32))[which]
    start = pieces.start[which] + across * number[:, None].astype(np.float32)
    return Pieces(pieces.owner[which], start, start + across, pieces.radius[which])


def _covered(points: NDArray[np.float32], eraser: Pieces) -> NDArray[np.bool_]:
    """Tell for each point (P, 2) whether an eraser covers it.

    Points that follow each other lie near each other: each run of them is looked at with those pieces of the eraser
    that reach so far, for a whole drawing under a whole scrub would be millions of distances.
    """
    reach = eraser.radius[:, None] + np.float32(0.01)  # more than what rounding may be off
    low, high = np.minimum(eraser.start, eraser.end) - reach, np.maximum(eraser.start, eraser.end) + reach
    gone = np.zeros(len(points), bool)
    for first in range(0, len(points), _RUN):
        run = slice(first, first + _RUN)
        near = ((low <= points[run].max(axis=0)) & (high >= points[run].min(axis=0))).all(axis=1)
        if near.any():
            gone[run] = _covered_by(points[run], eraser.only(near))
    return gone


def _covered_by(points: NDArray[np.float32], eraser: Pieces) -> NDArray[np.bool_]:
    across = eraser.end - eraser.start
    length2 = np.maximum((across * across).sum(axis=1), np.float32(1e-12))
    x, y = (points[:, None] - eraser.start).transpose(2, 0, 1)
    along = np.clip((x * across[:, 0] + y * across[:, 1]) / length2, 0.0, 1.0)
    x -= along * across[:, 0]
    y -= along * across[:, 1]
    covered: NDArray[np.bool_] = (x * x + y * y <= eraser.radius**2).any(axis=1)
    return covered


def _thinned(points: NDArray[np.float32], thin: float) -> NDArray[np.float32]:
    if len(points) < 3:
        return points
    across = np.diff(points, axis=0)
    run = np.floor(np.cumsum(np.hypot(across[:, 0], across[:, 1])) / np.float32(thin))
    keep = np.ones(len(points), bool)
    keep[1:-1] = np.diff(run[:-1], prepend=np.float32(0.0)) > 0
    return points[keep]

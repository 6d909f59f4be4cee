"""Strokes and groups of strokes as a splitter sees them: where they are, row by row."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from nn_core.pieces import Pieces, cut

ROWS = 16  # over the height of a number
_STEP = 1 / 24  # of the tallest stroke, between the points of a line that is looked at
_LEAST = 1.0  # canvas units: the height of a number that has none


@dataclass(frozen=True, slots=True, eq=False)
class Shape:
    """The box of some ink, in heights of the tallest stroke, and its first and last x (ROWS,) in each row.

    A row without ink begins at ∞ and ends at −∞. `hole` is the widest empty stripe from top to bottom inside.
    """

    low: NDArray[np.float64]
    high: NDArray[np.float64]
    left: NDArray[np.float64]
    right: NDArray[np.float64]
    hole: float = 0.0

    @property
    def width(self) -> float:
        """From the leftmost point to the rightmost."""
        return float(self.high[0] - self.low[0])

    @property
    def height(self) -> float:
        """From the highest point to the lowest."""
        return float(self.high[1] - self.low[1])

    @property
    def middle(self) -> NDArray[np.float64]:
        """The middle (2,) of the box."""
        centre: NDArray[np.float64] = (self.low + self.high) / 2
        return centre


def shapes_of(strokes: Sequence[Pieces]) -> list[Shape]:
    """Return the shapes of the strokes of one drawing, each given as its pieces."""
    low = np.array([np.minimum(stroke.start, stroke.end).min(axis=0) for stroke in strokes], np.float64)
    high = np.array([np.maximum(stroke.start, stroke.end).max(axis=0) for stroke in strokes], np.float64)
    wide, tall = (high - low).max(axis=0)
    unit = max(float(tall), float(wide) / 2, _LEAST)
    top, row = float(low[:, 1].min()), max(float(high[:, 1].max() - low[:, 1].min()), _LEAST) / ROWS
    found = []
    for number, stroke in enumerate(strokes):
        short = cut(stroke, np.full(len(stroke.start), unit * _STEP))
        points = np.concatenate([short.start, short.end]).astype(np.float64)
        rows = np.clip(((points[:, 1] - top) / row).astype(np.intp), 0, ROWS - 1)
        left, right = np.full(ROWS, np.inf), np.full(ROWS, -np.inf)
        np.minimum.at(left, rows, points[:, 0] / unit)
        np.maximum.at(right, rows, points[:, 0] / unit)
        found.append(Shape(low[number] / unit, high[number] / unit, left, right))
    return found


def joined(shapes: Sequence[Shape]) -> Shape:
    """Return the shape of several pieces of ink together."""
    if len(shapes) == 1:
        return shapes[0]
    return Shape(
        np.min([shape.low for shape in shapes], axis=0),
        np.max([shape.high for shape in shapes], axis=0),
        np.min([shape.left for shape in shapes], axis=0),
        np.max([shape.right for shape in shapes], axis=0),
        _hole(sorted((float(shape.low[0]), float(shape.high[0])) for shape in shapes)),
    )


def gap(one: Shape, other: Shape) -> float:
    """Return how far `other` is to the right of `one` where they come nearest in a row or the next, below 0 across."""
    begin = other.left.copy()
    begin[1:] = np.minimum(begin[1:], other.left[:-1])
    begin[:-1] = np.minimum(begin[:-1], other.left[1:])
    room = float((begin - one.right).min())
    return room if np.isfinite(room) else box_gap(one, other)


def box_gap(one: Shape, other: Shape) -> float:
    """Return how far the box of `other` begins to the right of the end of the box of `one`."""
    return float(other.low[0] - one.high[0])


def _hole(spans: list[tuple[float, float]]) -> float:
    """Return the widest stripe between sorted intervals that none of them covers; 0 where there is none."""
    widest, end = 0.0, spans[0][1]
    for start, stop in spans[1:]:
        widest, end = max(widest, start - end), max(end, stop)
    return widest

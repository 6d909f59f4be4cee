"""Drawings: the marks that a pen, an eraser and pictures leave, and the 28×28 image that a network reads from them.

Canvas units: the drawing area is `CANVAS_SIDE` × `CANVAS_SIDE` whatever its size on the screen; x runs to the right
and y down. What lies outside the area is not ink.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import groupby

import numpy as np
from numpy.typing import ArrayLike, NDArray

from nn_core.errors import DataError
from nn_core.fitting import BOX_SIDE, FINE, IMAGE_SIDE, INK, PICTURE_INK, centred, digit_images
from nn_core.pieces import Pieces, pieces_of, within, without
from nn_core.raster import block_mean, overlaps, paint

CANVAS_SIDE = 280.0

_REACH = 1e6  # canvas units: what lies farther out was not drawn by a hand
_THINNEST = 1e-3  # canvas units: a dot of a thinner pen has no size that it could be enlarged from
_THIN = 0.25  # pixels: points of a stroke nearer than this to the last one kept change nothing that is seen
_LOOK = 140  # pixels a side of the raster that the ink box of a drawing with a picture is found on
_VISIBLE = 0.3  # coverage that counts as ink there: an eraser drawn exactly over a pen leaves up to ¼ at the rims


@dataclass(frozen=True, slots=True, eq=False)
class Stroke:
    """One movement of a round pen of diameter `width` through `points` (P, 2); one point is a dot.

    Raises:
        DataError: the points are not (P, 2) with P ≥ 1, a number is not finite or out of all reach of the canvas, or
            the width is none of a pen.
    """

    points: NDArray[np.float32]
    width: float
    erase: bool = False

    def __post_init__(self) -> None:
        points = _frozen(self.points)
        if points.ndim != 2 or points.shape[1] != 2 or not len(points):
            raise DataError(f"points of a stroke (shape {points.shape}) must be one or more pairs of x and y")
        if not (np.abs(points) <= _REACH).all():
            raise DataError(f"points of a stroke must be numbers between -{_REACH:g} and {_REACH:g}")
        if not _THINNEST <= self.width <= _REACH:
            raise DataError(f"width of a stroke (={self.width}) must lie between {_THINNEST:g} and {_REACH:g}")
        object.__setattr__(self, "points", points)


@dataclass(frozen=True, slots=True, eq=False)
class Picture:
    """A raster `ink` (h, w), 0 = paper and 1 = ink, stretched over a rectangle of the canvas.

    Raises:
        DataError: the raster is empty, not two-dimensional or not within 0..1, or the rectangle has no place or area.
    """

    ink: NDArray[np.float32]
    left: float
    top: float
    width: float
    height: float

    def __post_init__(self) -> None:
        ink = _frozen(self.ink)
        if ink.ndim != 2 or not ink.size:
            raise DataError(f"ink of a picture (shape {ink.shape}) must have rows and columns")
        if not (ink.min() >= 0.0 and ink.max() <= 1.0):
            raise DataError("ink of a picture must lie between 0 (paper) and 1 (ink)")
        rectangle = (self.left, self.top, self.width, self.height)
        if not (max(map(abs, rectangle)) <= _REACH and self.width > 0 and self.height > 0):
            raise DataError(f"rectangle of a picture (={rectangle}) must have an area within ±{_REACH:g}")
        object.__setattr__(self, "ink", ink)


Mark = Stroke | Picture
Marks = tuple[Mark, ...]  # painted in their order


def digit_image(marks: Marks) -> NDArray[np.float32] | None:
    """Return what a network reads, (28, 28) in 0..1 as MNIST was made, or None when there is no ink.

    Pen strokes are drawn as wide as is usual in MNIST, see `nn_core.fitting`; an eraser takes the line that it covers.
    With a picture, whose lines nobody knows, all ink keeps its thickness.
    """
    strokes = [mark for mark in marks if isinstance(mark, Stroke)]
    if len(strokes) < len(marks):
        return _picture_image(marks)
    lines = ink_lines(strokes)
    return digit_images(lines, 1).reshape(IMAGE_SIDE, IMAGE_SIDE) if len(lines.owner) else None


def darkness(marks: Marks) -> float:
    """Return what full ink becomes in the image that a network reads of these marks."""
    return PICTURE_INK if any(isinstance(mark, Picture) for mark in marks) else INK


def is_dot(marks: Marks) -> bool:
    """Return whether all that was drawn with the pen is no larger than the pen itself; a picture never is."""
    strokes = [mark for mark in marks if isinstance(mark, Stroke) and not mark.erase]
    if not strokes or any(isinstance(mark, Picture) for mark in marks):
        return False
    low = np.min([stroke.points.min(axis=0) for stroke in strokes], axis=0)
    high = np.max([stroke.points.max(axis=0) for stroke in strokes], axis=0)
    return float((high - low).max()) <= max(stroke.width for stroke in strokes)


def ink_lines(strokes: Iterable[Stroke]) -> Pieces:
    """Return the lines on paper that pen strokes leave after all later eraser strokes."""
    strokes = list(strokes)
    points = [stroke.points for stroke in strokes if not stroke.erase]
    if not points:
        return pieces_of([], [], 1.0)
    low, high = np.min([p.min(axis=0) for p in points], axis=0), np.max([p.max(axis=0) for p in points], axis=0)
    thin = _THIN / BOX_SIDE * min(max(float((high - low).max()), 1.0), CANVAS_SIDE)
    lines = _pieces([], thin)
    for erase, run in groupby(strokes, key=lambda stroke: stroke.erase):
        made = within(_pieces(run, thin), 0.0, CANVAS_SIDE)
        if not erase:
            lines = lines.and_also(made)
        elif len(made.owner) and len(lines.owner):
            lines = without(lines, made)
    return lines


def ink_box(marks: Marks) -> NDArray[np.float64] | None:
    """Return (left, top, right, bottom) of the ink on the canvas, in canvas units, or None when there is none."""
    strokes = [mark for mark in marks if isinstance(mark, Stroke)]
    if len(strokes) < len(marks):
        return _visible_box(marks)
    lines = ink_lines(strokes)
    if not len(lines.owner):
        return None
    rim = lines.radius[:, None]
    low = (np.minimum(lines.start, lines.end) - rim).min(axis=0)
    high = (np.maximum(lines.start, lines.end) + rim).max(axis=0)
    box: NDArray[np.float64] = np.clip(np.concatenate([low, high]), 0.0, CANVAS_SIDE).astype(np.float64)
    return box


def render(marks: Marks, side: int, left: float, top: float, scale: float) -> NDArray[np.float32]:
    """Return the coverage (side, side), 0..1, of the square from (left, top) whose pixels are 1/scale units wide."""
    out = np.zeros((side, side), np.float32)
    for erase, run in groupby(marks, key=lambda mark: isinstance(mark, Stroke) and mark.erase):
        layer = np.zeros_like(out) if erase else out
        for kind, same in groupby(run, key=type):
            if kind is Stroke:
                _paint_strokes(layer, same, left, top, scale)
            else:
                _paint_pictures(layer, same, left, top, scale)
        if erase:
            out *= np.float32(1.0) - layer
    size = CANVAS_SIDE * scale
    paper = overlaps(1, -top * scale, size, side) * overlaps(1, -left * scale, size, side).T
    out *= paper.astype(np.float32)
    return out


def _picture_image(marks: Marks) -> NDArray[np.float32] | None:
    box = _visible_box(marks)
    if box is None:
        return None
    low, high = box[:2], box[2:]
    scale = BOX_SIDE / float((high - low).max())
    left, top = (low + high) / 2 - IMAGE_SIDE / 2 / scale
    fine = render(marks, IMAGE_SIDE * FINE, float(left), float(top), scale * FINE)
    return centred(block_mean(fine[None], FINE)).reshape(IMAGE_SIDE, IMAGE_SIDE) * np.float32(darkness(marks))


def _visible_box(marks: Marks) -> NDArray[np.float64] | None:
    """Return (left, top, right, bottom) of what is visible on the canvas, sub-pixel by the rim's coverage, or None."""
    unit = CANVAS_SIDE / _LOOK
    seen = render(marks, _LOOK, 0.0, 0.0, 1.0 / unit)
    seen[seen < _VISIBLE] = 0.0
    if not seen.any():
        return None
    edges = []
    for line in (seen.max(axis=0), seen.max(axis=1)):
        inked = np.flatnonzero(line)
        first, last = inked[0], inked[-1]
        if first == last:  # a speck, in the middle of its pixel
            edges.append((first + (1 - line[first]) / 2, first + (1 + line[first]) / 2))
        else:
            edges.append((first + 1 - line[first], last + line[last]))
    (left, right), (top, bottom) = edges
    return np.array([left, top, right, bottom], np.float64) * unit


def _paint_strokes(layer: NDArray[np.float32], strokes: Iterable[Mark], left: float, top: float, scale: float) -> None:
    pieces = _pieces(strokes, _THIN / scale)
    corner, grow = np.array([left, top], np.float32), np.float32(scale)
    start, end, radius = (pieces.start - corner) * grow, (pieces.end - corner) * grow, pieces.radius * grow
    reach = radius[:, None] + np.float32(1.0)  # of each pen: a thin line far out is not cut up for a wide one's sake
    paint(layer[None], within(Pieces(pieces.owner, start, end, radius), -reach, len(layer) + reach))


def _paint_pictures(
    layer: NDArray[np.float32], pictures: Iterable[Mark], left: float, top: float, scale: float
) -> None:
    """Raise each pixel to the mean of what a picture has under it."""
    for mark in pictures:
        if isinstance(mark, Picture):
            height, width = mark.ink.shape
            rows = overlaps(height, (mark.top - top) * scale, mark.height * scale, len(layer))
            columns = overlaps(width, (mark.left - left) * scale, mark.width * scale, len(layer))
            np.maximum(layer, np.minimum(rows @ mark.ink @ columns.T, 1.0), out=layer, casting="same_kind")


def _pieces(strokes: Iterable[Mark], thin: float) -> Pieces:
    pens = [mark for mark in strokes if isinstance(mark, Stroke)]
    return pieces_of([pen.points for pen in pens], [pen.width / 2 for pen in pens], thin)


def _frozen(values: ArrayLike) -> NDArray[np.float32]:
    array = np.array(values, np.float32)
    array.setflags(write=False)
    return array

"""Drawings: the marks that a pen, an eraser and pictures leave, and the 28×28 image that a network reads from them.

Canvas units: the drawing area is `CANVAS_SIDE` × `CANVAS_SIDE` whatever its size on the screen; x runs to the right
and y down. What lies outside the area is not ink.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import groupby
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

from nn_core.errors import DataError
from nn_core.raster import block_mean, overlaps, paint_segments

CANVAS_SIDE = 280.0
IMAGE_SIDE = 28
BOX_SIDE = 20  # the longer side of the ink in an MNIST image

_MIDDLE = 14  # the row and column whose middle is nearest to the centre of mass of MNIST's images
_FINE = 2  # sub-pixels a side that a pixel of the network is averaged from
_LOOK = 140  # pixels a side of the raster that the ink box of an erased or pasted drawing is found on
_VISIBLE = 0.3  # coverage that counts as ink there: an eraser drawn exactly over a pen leaves up to ¼ at the rims
_THIN = 0.125  # network pixels: points of a stroke nearer than this to the last one kept change nothing


@dataclass(frozen=True, slots=True)
class Stroke:
    """One movement of a round pen of diameter `width` through `points` (P, 2); one point is a dot.

    Raises:
        DataError: the points are not (P, 2) with P ≥ 1 and finite, or the width is not a positive number.
    """

    points: NDArray[np.float32]
    width: float
    erase: bool = False

    def __post_init__(self) -> None:
        points = _frozen(self.points)
        if points.ndim != 2 or points.shape[1] != 2 or not len(points):
            raise DataError(f"points of a stroke (shape {points.shape}) must be one or more pairs of x and y")
        if not np.isfinite(points).all():
            raise DataError("points of a stroke must be finite numbers")
        if not (math.isfinite(self.width) and self.width > 0):
            raise DataError(f"width of a stroke (={self.width}) must be a positive number")
        object.__setattr__(self, "points", points)


@dataclass(frozen=True, slots=True)
class Picture:
    """A raster `ink` (h, w), 0 = paper and 1 = ink, stretched over a rectangle of the canvas.

    Raises:
        DataError: the raster is empty, not two-dimensional or not within 0..1, or the rectangle has no area.
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
        if not (all(map(math.isfinite, (self.left, self.top))) and self.width > 0 and self.height > 0):
            raise DataError(f"rectangle of a picture ({self.width} × {self.height}) must have a place and an area")
        object.__setattr__(self, "ink", ink)


Mark = Stroke | Picture
Marks = tuple[Mark, ...]


class Segments(NamedTuple):
    """Straight pieces (S, 2) of the pen strokes of many drawings, in order of the drawing `owner` (S,) they are in."""

    owner: NDArray[np.intp]
    start: NDArray[np.float32]
    end: NDArray[np.float32]
    radius: NDArray[np.float32]


def render(marks: Marks, side: int, left: float, top: float, scale: float) -> NDArray[np.float32]:
    """Return the coverage (side, side), 0..1, of the square from (left, top) whose pixels are 1/scale units wide."""
    out = np.zeros((side, side), np.float32)
    _paint(out[None], marks, left, top, scale)
    return out


def digit_image(marks: Marks) -> NDArray[np.float32] | None:
    """Return what a network reads, (28, 28) in 0..1, or None when there is no ink.

    As MNIST was made: the ink box is fitted to 20×20 with its aspect kept, anti-aliased, and placed by whole pixels
    so that its centre of mass is nearest to the middle (LeCun et al. 1998, section III.A).
    """
    if all(_is_plain(mark) for mark in marks):
        pieces = _segments([mark for mark in marks if isinstance(mark, Stroke)], CANVAS_SIDE / 4 / BOX_SIDE * _THIN)
        return digit_images(pieces, 1).reshape(IMAGE_SIDE, IMAGE_SIDE) if len(pieces.owner) else None
    box = _visible_box(marks)
    if box is None:
        return None
    scale, corner = _fit(box[None])
    fine = np.zeros((1, IMAGE_SIDE * _FINE, IMAGE_SIDE * _FINE), np.float32)
    _paint(fine, marks, float(corner[0, 0]), float(corner[0, 1]), float(scale[0]) * _FINE)
    return _centred(block_mean(fine, _FINE)).reshape(IMAGE_SIDE, IMAGE_SIDE)


def digit_images(pieces: Segments, count: int) -> NDArray[np.float32]:
    """Return the images (count, 28, 28) of `count` drawings of plain strokes, one piece each or more, all on paper."""
    first = np.searchsorted(pieces.owner, np.arange(count))
    rim = pieces.radius[:, None]
    low = np.minimum.reduceat(np.minimum(pieces.start, pieces.end) - rim, first)
    high = np.maximum.reduceat(np.maximum(pieces.start, pieces.end) + rim, first)
    box = np.clip(np.concatenate([low, high], axis=1), 0.0, CANVAS_SIDE)
    scale, corner = _fit(box)
    fine_scale = (scale * _FINE).astype(np.float32)[pieces.owner]
    place = corner.astype(np.float32)[pieces.owner]
    fine = np.zeros((count, IMAGE_SIDE * _FINE, IMAGE_SIDE * _FINE), np.float32)
    paint_segments(
        fine,
        pieces.owner,
        (pieces.start - place) * fine_scale[:, None],
        (pieces.end - place) * fine_scale[:, None],
        pieces.radius * fine_scale,
    )
    return _centred(block_mean(fine, _FINE))


def _is_plain(mark: Mark) -> bool:
    return (
        isinstance(mark, Stroke)
        and not mark.erase
        and bool((mark.points >= 0.0).all())
        and bool((mark.points <= CANVAS_SIDE).all())
    )


def _fit(box: NDArray[np.floating]) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return the scale (N,) that fits boxes (N, left top right bottom) to 20×20, and the image's corners (N, 2)."""
    low, high = box[:, :2].astype(np.float64), box[:, 2:].astype(np.float64)
    scale = BOX_SIDE / (high - low).max(axis=1)
    return scale, (low + high) / 2 - IMAGE_SIDE / 2 / scale[:, None]


def _centred(images: NDArray[np.float32]) -> NDArray[np.float32]:
    """Move each image (N, 28, 28) by whole pixels, at most to the rim, to bring its centre of mass to the middle."""
    place = np.arange(IMAGE_SIDE)
    mass = np.maximum(images.sum(axis=(1, 2)), 1e-12)
    rows = np.rint(images.sum(axis=2) @ place / mass - _MIDDLE).astype(np.intp)
    columns = np.rint(images.sum(axis=1) @ place / mass - _MIDDLE).astype(np.intp)
    rim = (IMAGE_SIDE - BOX_SIDE) // 2
    row = place + np.clip(rows, -rim, rim)[:, None]
    column = place + np.clip(columns, -rim, rim)[:, None]
    which = np.arange(len(images))[:, None, None]
    moved: NDArray[np.float32] = images[which, row[:, :, None] % IMAGE_SIDE, column[:, None, :] % IMAGE_SIDE]
    return moved


def _visible_box(marks: Marks) -> NDArray[np.float64] | None:
    """Return (left, top, right, bottom) of what is visible on the canvas, sub-pixel by the rim's coverage, or None."""
    unit = CANVAS_SIDE / _LOOK
    seen = render(marks, _LOOK, 0.0, 0.0, 1.0 / unit)
    seen[seen < _VISIBLE] = 0.0
    columns, rows = seen.max(axis=0), seen.max(axis=1)
    if not columns.any():
        return None
    edges = []
    for line in (columns, rows):
        inked = np.flatnonzero(line)
        edges.append((inked[0] + 1 - line[inked[0]], inked[-1] + line[inked[-1]]))
    (left, right), (top, bottom) = edges
    return np.array([left, top, right, bottom], np.float64) * unit


def _paint(out: NDArray[np.float32], marks: Marks, left: float, top: float, scale: float) -> None:
    """Paint marks in their order on `out` (1, side, side)."""
    side = out.shape[-1]
    for kind, run in groupby(marks, key=lambda mark: isinstance(mark, Stroke) and mark.erase):
        layer = out if not kind else np.zeros_like(out)
        marks_of_run = list(run)
        strokes = [mark for mark in marks_of_run if isinstance(mark, Stroke)]
        pieces = _segments(strokes, _THIN / scale)
        corner = np.array([left, top], np.float32)
        paint_segments(
            layer,
            pieces.owner,
            (pieces.start - corner) * np.float32(scale),
            (pieces.end - corner) * np.float32(scale),
            pieces.radius * np.float32(scale),
        )
        for mark in marks_of_run:
            if isinstance(mark, Picture):
                np.maximum(layer, _sampled(mark, side, left, top, scale), out=layer)
        if kind:
            out *= np.float32(1.0) - layer
    size = CANVAS_SIDE * scale
    paper = overlaps(1, -top * scale, size, side) * overlaps(1, -left * scale, size, side).T
    if paper.min() < 1.0:
        np.multiply(out, paper, out=out)


def _sampled(picture: Picture, side: int, left: float, top: float, scale: float) -> NDArray[np.float32]:
    """Return the picture's ink (side, side), each pixel the mean of what it covers."""
    height, width = picture.ink.shape
    rows = overlaps(height, (picture.top - top) * scale, picture.height * scale, side)
    columns = overlaps(width, (picture.left - left) * scale, picture.width * scale, side)
    sampled = (rows @ picture.ink @ columns.T).astype(np.float32, copy=False)
    return np.minimum(sampled, np.float32(1.0))


def _segments(strokes: Iterable[Stroke], thin: float) -> Segments:
    """Return the straight pieces of strokes of one drawing, without points nearer than `thin` to those kept."""
    starts, ends, radii = [], [], []
    for stroke in strokes:
        points = _thinned(stroke.points, thin)
        starts.append(points[:-1] if len(points) > 1 else points)
        ends.append(points[1:] if len(points) > 1 else points)
        radii.append(np.full(len(starts[-1]), stroke.width / 2, np.float32))
    if not starts:
        none = np.zeros((0, 2), np.float32)
        return Segments(np.zeros(0, np.intp), none, none, none[:, 0])
    radius = np.concatenate(radii)
    return Segments(np.zeros(len(radius), np.intp), np.concatenate(starts), np.concatenate(ends), radius)


def _thinned(points: NDArray[np.float32], thin: float) -> NDArray[np.float32]:
    if len(points) < 3:
        return points
    across = np.diff(points, axis=0)
    run = np.floor(np.cumsum(np.hypot(across[:, 0], across[:, 1])) / thin)
    keep = np.empty(len(points), bool)
    keep[0] = keep[-1] = True
    keep[1:-1] = run[:-1] > np.concatenate([[0.0], run[:-2]])
    return points[keep]


def _frozen(values: ArrayLike) -> NDArray[np.float32]:
    array = np.array(values, np.float32)
    array.setflags(write=False)
    return array

"""Pieces of ink that hang together in a picture: what strokes are in a drawing."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from nn_core.ink import CANVAS_SIDE, Mark, Picture, render
from nn_core.pieces import Pieces

MOST = 12  # pieces: a picture of more is no number, and takes too long to look at
_INKED = 0.3  # of full ink: what is paler connects nothing
_SMALL = 0.15  # heights of the tallest piece: what is no larger belongs to the nearest one that is
_MOST_RUNS = 8_000  # of ink in rows: a written number has a fourth of it, noise has many more
_RIM = 2  # pixels of paler ink around a piece that go with it

_Runs = tuple[NDArray[np.intp], NDArray[np.intp], NDArray[np.intp]]  # row, first column, column after the last


def connected(picture: Picture) -> tuple[Picture, ...]:
    """Return the pieces of a picture, which show the same together; the picture itself where it is no number."""
    runs = _runs(picture.ink > _INKED)
    if len(runs[0]) > _MOST_RUNS:
        return (picture,)
    labels, boxes = _labelled(*runs, picture.ink.shape)
    if len(boxes) > 1:
        labels, boxes = _without_specks(labels, boxes)
    if not 1 < len(boxes) <= MOST:
        return (picture,)
    return tuple(_cut(picture, labels, number, box) for number, box in enumerate(boxes, 1))


def lines_of(piece: Picture, erasers: Sequence[Mark]) -> Pieces:
    """Return what erasers leave of a piece, in lines across it, in the middle of the ink as those of strokes are.

    Each run of ink in a row of the canvas is one, shortened at both ends by half of the pen's width: of a median run.
    """
    row, first, end = _runs(render((piece, *erasers), int(CANVAS_SIDE), 0.0, 0.0, 1.0) > _INKED)
    pen = float(np.median(end - first)) / 2 if len(row) else 0.0
    middle, half = (first + end) / 2, np.maximum((end - first) / 2 - pen, 0.0)
    left, right = (np.stack([x, row + 0.5], axis=1).astype(np.float32) for x in (middle - half, middle + half))
    return Pieces(np.zeros(len(row), np.intp), left, right, np.full(len(row), pen, np.float32))


def _runs(inked: NDArray[np.bool_]) -> _Runs:
    width = inked.shape[1] + 1  # a column of paper ends every row
    edges = np.flatnonzero(np.diff(np.pad(inked, ((0, 0), (0, 1))).ravel(), prepend=False))
    row, first = np.divmod(edges[::2], width)
    return row, first, first + edges[1::2] - edges[::2]


def _labelled(
    row: NDArray[np.intp], first: NDArray[np.intp], end: NDArray[np.intp], shape: tuple[int, ...]
) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
    """Return each pixel's piece (h, w), from 1, 0 for paper, and the pieces' boxes (N, 4): top, left, and their ends.

    Runs of ink take the least number among those that they touch in the next row, a corner suffices, until all that
    hang together have one.
    """
    width = shape[1] + 2  # so that the end of a row touches nothing in the one after the next
    begin, stop = row * width + first, row * width + end
    low, high = np.searchsorted(stop, begin + width), np.searchsorted(begin, stop + width, side="right")
    count = np.maximum(high - low, 0)
    above, below = np.repeat(np.arange(len(row)), count), _ranges(low, count)
    least = np.arange(len(row))
    while True:
        before = least.copy()
        np.minimum.at(least, above, least[below])
        np.minimum.at(least, below, least[above])
        least = least[least]
        if np.array_equal(least, before):
            break
    _, piece = np.unique(least, return_inverse=True)
    labels = np.zeros(shape, np.intp)
    labels[np.repeat(row, end - first), _ranges(first, end - first)] = np.repeat(piece + 1, end - first)
    number = int(piece.max(initial=-1)) + 1
    tops, ends = np.full((number, 2), max(shape)), np.zeros((number, 2), np.intp)
    np.minimum.at(tops, piece, np.stack([row, first], axis=1))
    np.maximum.at(ends, piece, np.stack([row + 1, end], axis=1))
    return labels, np.concatenate([tops, ends], axis=1)


def _ranges(first: NDArray[np.intp], count: NDArray[np.intp]) -> NDArray[np.intp]:
    """Return `count` numbers from each first one on, one range behind the other."""
    return np.arange(count.sum()) + np.repeat(first - (count.cumsum() - count), count)


def _without_specks(labels: NDArray[np.intp], boxes: NDArray[np.intp]) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
    """Return labels and boxes with each speck counted to the nearest piece that is none."""
    size = (boxes[:, 2:] - boxes[:, :2]).max(axis=1)
    large = np.flatnonzero(size > _SMALL * size.max())
    gaps = np.maximum(boxes[:, None, :2] - boxes[large, 2:], boxes[large, :2] - boxes[:, None, 2:])
    nearest = np.hypot(*np.moveaxis(np.maximum(gaps, 0), -1, 0)).argmin(axis=1)
    nearest[large] = np.arange(len(large))  # whatever other boxes theirs overlap
    tops, ends = boxes[large, :2], boxes[large, 2:]
    np.minimum.at(tops, nearest, boxes[:, :2])
    np.maximum.at(ends, nearest, boxes[:, 2:])
    return np.concatenate([[0], nearest + 1])[labels], np.concatenate([tops, ends], axis=1)


def _cut(picture: Picture, labels: NDArray[np.intp], number: int, box: NDArray[np.intp]) -> Picture:
    high, wide = picture.ink.shape
    (top, left), (bottom, right) = np.maximum(box[:2] - _RIM, 0), np.minimum(box[2:] + _RIM, (high, wide))
    part = (slice(top, bottom), slice(left, right))
    own = np.where((labels[part] == number) | (labels[part] == 0), picture.ink[part], 0.0)
    x, y = picture.width / wide, picture.height / high
    return Picture(own, picture.left + left * x, picture.top + top * y, (right - left) * x, (bottom - top) * y)

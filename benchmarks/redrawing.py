"""Digits of a dataset drawn again with the canvas' pen: real hands, in the lines that a canvas gives.

The middle lines of an image's ink are found by thinning it, smoothed, and drawn as the lines of any drawing are. Where
a wide pen has filled a loop there is no line to be found, and the digit is another one: such images are left out.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from nn_core.data.dataset import Split
from nn_core.fitting import IMAGE_SIDE, digit_images
from nn_core.pen import BLOCK
from nn_core.pieces import Pieces
from nn_core.raster import paint

_FINE = 4  # sub-pixels a side of a pixel, in which ink is thinned
_SIDE = IMAGE_SIDE * _FINE + 2  # with a frame of paper, so that every point has eight neighbours
_DARK, _FAINT = 0.7, 0.25  # ink is darker than this share of the darkest beside it, and than this share of full ink
_SMOOTHED = 4  # times that each point of a line moves half the way to the middle of its neighbours
_WIDEST = 4.8  # pixels: the mean width of lines that are told apart
_NEAR = 0.6  # mean widths, and half a pixel: what lies within it of a line belongs to the line
_LOST = 0.035  # the share of an image's ink that may belong to none

# The eight neighbours of a point, clockwise from the one above, as steps in an image without rows.
_AROUND = np.array([-_SIDE, 1 - _SIDE, 1, 1 + _SIDE, _SIDE, _SIDE - 1, -1, -1 - _SIDE])


def redrawn(split: Split) -> Iterator[Split]:
    """Yield the digits of a split, drawn with the canvas' pen, in blocks, but for those whose lines cannot be found."""
    for first in range(0, len(split), BLOCK):
        part = slice(first, first + BLOCK)
        images, labels = split.images[part], split.labels[part]
        lines = middle_lines(images)
        which = np.flatnonzero(_found(images, lines))
        if len(which):
            pixels = np.rint(digit_images(_chosen(lines, which), len(which)) * 255.0).astype(np.uint8)
            yield Split(pixels, labels[which])


def middle_lines(images: NDArray[np.uint8]) -> Pieces:
    """Return the middle lines of the ink in images (N, 28, 28), in pixels, with a pen of radius 1; none without ink."""
    flat, points = _thinned(_ink(images))
    start, end = _links(flat, points)
    owner, place = np.divmod(points, _SIDE * _SIDE)
    at = _smoothed((np.stack([place % _SIDE, place // _SIDE], axis=1) - 0.5) / _FINE, start, end).astype(np.float32)
    order = np.argsort(owner[start], kind="stable")
    start, end = start[order], end[order]
    return Pieces(owner[start], at[start], at[end], np.ones(len(order), np.float32))


def _ink(images: NDArray[np.uint8]) -> NDArray[np.bool_]:
    """Return where in sub-pixels (N, 112, 112) there is ink: as dark as around it, so that small loops stay open."""
    centre = (np.arange(IMAGE_SIDE * _FINE) + 0.5) / _FINE - 0.5
    hats = np.maximum(0.0, 1.0 - np.abs(centre[:, None] - np.arange(IMAGE_SIDE))).astype(np.float32)
    framed = np.pad(images, ((0, 0), (1, 1), (1, 1)))
    rows = np.maximum(np.maximum(framed[:, :-2], framed[:, 1:-1]), framed[:, 2:])
    darkest = np.maximum(np.maximum(rows[..., :-2], rows[..., 1:-1]), rows[..., 2:])
    values, around = (hats @ pixels.astype(np.float32) @ hats.T for pixels in (images, darkest))
    faint = np.minimum(_FAINT * 255, values.max(axis=(1, 2), keepdims=True) / 2)
    ink: NDArray[np.bool_] = values > np.maximum(_DARK * around, faint)
    return ink


def _rules() -> NDArray[np.bool_]:
    """Return (2, 256): whether a point goes in either half of a round, by its neighbours (bit k: the k-th is ink)."""
    on = (np.arange(256)[:, None] >> np.arange(8) & 1).astype(bool)
    number, rises = on.sum(axis=1), (~on & np.roll(on, -1, axis=1)).sum(axis=1)
    rim = (number >= 2) & (number <= 6) & (rises == 1)
    north, east, south, west = on[:, ::2].T
    right_or_below = ~(north & east & south) & ~(east & south & west)
    left_or_above = ~(north & east & west) & ~(north & south & west)
    return np.stack([rim & right_or_below, rim & left_or_above])


def _thinned(ink: NDArray[np.bool_]) -> tuple[NDArray[np.uint8], NDArray[np.intp]]:
    """Return ink (N, 112, 112) worn down to lines, framed and without rows, and the places of its points.

    Source: Zhang and Suen, "A fast parallel algorithm for thinning digital patterns", 1984.
    """
    flat = np.pad(ink, ((0, 0), (1, 1), (1, 1))).astype(np.uint8).reshape(-1)
    points, rules, going = np.flatnonzero(flat), _rules(), True
    while going:
        going = False
        for goes in rules:
            beside = np.zeros(len(points), np.uint8)
            for bit, step in enumerate(_AROUND):
                beside |= flat[points + step] << np.uint8(bit)
            gone = goes[beside]
            flat[points[gone]] = 0
            points = points[~gone]
            going |= bool(gone.any())
    return flat, points


def _links(flat: NDArray[np.uint8], points: NDArray[np.intp]) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
    """Return which points (numbers in `points`) are joined: those side by side, and across a corner if nothing else
    joins them; a point that is alone, with itself.
    """
    number = np.full(len(flat), -1, np.intp)
    number[points] = here = np.arange(len(points))
    starts, ends = [], []
    for step, corners in ((1, ()), (_SIDE, ()), (_SIDE + 1, (1, _SIDE)), (_SIDE - 1, (-1, _SIDE))):
        joined = flat[points + step] > 0
        for corner in corners:
            joined &= flat[points + corner] == 0
        starts.append(here[joined])
        ends.append(number[points[joined] + step])
    alone = here[np.bincount(np.concatenate(starts + ends), minlength=len(points)) == 0]
    return np.concatenate([*starts, alone]), np.concatenate([*ends, alone])


def _smoothed(at: NDArray[np.float64], start: NDArray[np.intp], end: NDArray[np.intp]) -> NDArray[np.float64]:
    """Take the steps out of lines through points `at` (P, 2), which is written to; their ends stay."""
    count = len(at)
    links = np.bincount(start, minlength=count) + np.bincount(end, minlength=count)
    inner = links >= 2
    for _ in range(_SMOOTHED):
        for axis in (0, 1):
            value = at[:, axis]
            total = np.bincount(start, value[end], count) + np.bincount(end, value[start], count)
            at[inner, axis] += (total[inner] / links[inner] - value[inner]) / 2
    return at


def _found(images: NDArray[np.uint8], lines: Pieces) -> NDArray[np.bool_]:
    """Whether the lines of each image (N, 28, 28) account for its ink."""
    ink = images / np.float32(255.0)
    area = np.maximum(ink.sum(axis=(1, 2)), np.float32(1e-6))
    length = np.bincount(lines.owner, np.hypot(*(lines.end - lines.start).T), len(images))
    width = area / np.maximum(length, 1.0)
    near = np.zeros(images.shape, np.float32)
    paint(near, lines._replace(radius=(_NEAR * width + 0.5).astype(np.float32)[lines.owner]))
    lost = (ink * (1.0 - near)).sum(axis=(1, 2)) / area
    drawn = np.bincount(lines.owner, minlength=len(images)) > 0
    found: NDArray[np.bool_] = drawn & (width < _WIDEST) & (lost < _LOST)
    return found


def _chosen(lines: Pieces, which: NDArray[np.intp]) -> Pieces:
    """Return the lines of some images (sorted), numbered anew from 0."""
    chosen = lines.only(np.isin(lines.owner, which))
    return chosen._replace(owner=np.searchsorted(which, chosen.owner))

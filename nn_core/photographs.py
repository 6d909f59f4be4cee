"""Ink in pictures: what was written, apart from the paper, the light that falls on it, and what lies around it.

Light on paper changes slowly, ink suddenly. So the paper under the ink is what a closing leaves (for dark ink; an
opening for light ink), made even among the places without ink. Ink then is what differs from the paper in the colour
that most of it differs in: red on white counts as much as black. Pictures made by programs, whose frame is even, need
no such guess: their paper is the plane through the frame, and every grey is kept.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from nn_core.errors import DataError
from nn_core.ink import CANVAS_SIDE, Picture
from nn_core.patches import written
from nn_core.raster import overlaps

Image = NDArray[np.float32]

_COARSEST = 32  # cells of the longer side of the grid on which the usual light is found
_COARSE = 96  # cells of the longer side of the grid on which light is followed
_GRID = 140  # of the one on which ink is told from what was not written
_WINDOW = 0.28  # of the longer side: wider than any line of a pen, narrower than shadows
_SMOOTH = 0.1  # of the longer side: over which the light on paper is evened out
_INKED = 0.2  # of the strongest contrast: what may be ink is not taken for paper
_BORDER = 0.04  # of a side: the frame
_CLEAN = 0.008  # unevenness of a frame up to which a program made the picture
_FAINTEST = 0.04  # contrast of what may be ink; compression alone stays below
_FLOOR, _NOISE = 0.35, 4.0  # of full ink, and standard deviations of the paper: below is none
_CLEAR = 6.0  # standard deviations of the paper that full ink has at least
_MOST_INK = 0.8  # of the picture: where there seems to be more, it is noise
_VISIBLE = 0.3  # coverage that counts as ink
_SMALL, _LARGE = 0.5, 0.7  # of the longer side: ink smaller than this is enlarged to that


class _Paper(NamedTuple):
    light: Image  # (h, w, 3)
    dark_ink: bool
    inked: NDArray[np.bool_]  # (h, w): most likely ink


def picture_of(light: Image, name: str) -> Picture:
    """Return the ink in a picture (h, w, 3), red, green and blue in 0..1, fitted to the canvas; `name` is for messages.

    Ink that is a small part of the picture is enlarged, so that it can be drawn on.

    Raises:
        DataError: there is no ink.
    """
    ink = ink_in(light, name)
    ink, left, top, size = _framed(ink)
    height, width = ink.shape
    unit = CANVAS_SIDE / size
    return Picture(ink, left * unit, top * unit, width * unit, height * unit)


def ink_in(light: Image, name: str) -> Image:
    """Return how much ink there is, (h, w) in 0..1 by steps of 1/255, in a picture (h, w, 3) of light in 0..1.

    Raises:
        DataError: there is none; `name` is the picture's in the message.
    """
    plane, unevenness = _plane(light)
    clean = unevenness <= _CLEAN
    paper = _even_paper(light, plane) if clean else _uneven_paper(light)
    depth = light - paper.light
    if paper.dark_ink:  # ink takes a share of the light: a shadow changes the light, not the ink
        depth /= np.maximum(paper.light, 0.1)
    ink = _along_its_color(depth, paper.inked)
    noise = 0.0 if clean else _noise(ink)
    if noise > 0.05 * float(ink.max()):
        ink = _blurred(_blurred(ink, 3), 3)
        noise = _noise(ink)
    strongest = float(np.quantile(ink[paper.inked], 0.98)) if paper.inked.any() else 0.0
    full = float(np.median(ink[paper.inked & (ink > 0.5 * strongest)])) if strongest > 0 else 0.0
    if full < max(_FAINTEST, _CLEAR * noise) or paper.inked.mean() > _MOST_INK:
        raise DataError(f"{name} shows one colour only, and no digit: give a picture with ink on paper.")
    floor = 0.0 if clean else min(max(_NOISE * noise, _FLOOR * full), 0.8 * full)
    ink = np.clip((ink - floor) / (full - floor), 0, 1)
    ink *= _kept(ink)
    found: Image = (np.rint(ink * 255) / 255).astype(np.float32)
    return found


def _plane(light: Image) -> tuple[Image, float]:
    """Return the planes (h, w, 3) that fit the frame best, and how much the frame differs from them at the most.

    Least squares twice, the second time without what is far off: ink that reaches the frame.
    """
    height, width = light.shape[:2]
    y, x = np.mgrid[0:height, 0:width]
    terms = np.stack([np.ones((height, width)), x / width - 0.5, y / height - 0.5], axis=-1).astype(np.float32)
    frame, shown = rim_of(terms), rim_of(light)
    off = np.abs(shown - np.median(shown, axis=0)).max(axis=1)
    for _ in range(2):
        near = off <= max(3 * float(np.median(off)), 1e-3)
        plane = np.linalg.lstsq(frame[near], shown[near], rcond=None)[0]
        off = np.abs(shown - frame @ plane).max(axis=1)
    return terms @ plane, 1.4826 * float(np.median(off))


def rim_of(values: Image) -> Image:
    """Return the values (n, C) along the four sides of a picture (h, w, C)."""
    height, width, channels = values.shape
    rim = max(1, round(_BORDER * min(height, width)))
    inner = values[rim : height - rim]
    sides = (values[:rim], values[height - rim :], inner[:, :rim], inner[:, width - rim :])
    return np.concatenate([side.reshape(-1, channels) for side in sides])


def _even_paper(light: Image, plane: Image) -> _Paper:
    """Return the plane as paper; ink is dark on light paper, and on grey paper where more of it is darker."""
    depth = light - plane
    level = float(np.median(rim_of(light)))
    dark_ink = level >= 0.5
    if 0.35 < level < 0.65:
        dark_ink = np.square(np.minimum(depth, 0)).sum() >= np.square(np.maximum(depth, 0)).sum()
    size = np.abs(depth).max(axis=-1)
    inked = size > _INKED * float(size.max())
    return _Paper(plane, bool(dark_ink), inked)


def _uneven_paper(light: Image) -> _Paper:
    """Return the paper under ink that is thinner than the window, in uneven light."""
    coarse = _reduced(light, _COARSE)
    window = round(_WINDOW * max(coarse.shape)) | 1
    closed, opened = _closing(coarse, window), 1 - _closing(1 - coarse, window)
    darker, lighter = closed - coarse, coarse - opened
    usual = _usual(light, coarse.shape)
    against, beyond = np.clip(usual - coarse, 0, darker), np.clip(coarse - usual, 0, lighter)
    dark_ink = bool(np.square(against).sum(axis=(0, 1)).max() >= np.square(beyond).sum(axis=(0, 1)).max())
    contrast = (darker / np.maximum(closed, 0.1) if dark_ink else lighter).max(axis=-1)
    may_be_ink = contrast > _INKED * float(contrast.max())
    around = _blurred(may_be_ink.astype(np.float32), 3) > 0
    width = round(_SMOOTH * max(coarse.shape)) | 1
    bare = (~around).astype(np.float32)
    weight = _blurred(bare, width)
    weight = np.where(weight > 0.05, weight, 0)
    rough = closed if dark_ink else opened
    mean = np.stack([_blurred(coarse[..., i] * bare, width) for i in range(3)], axis=-1)
    paper = np.where(weight[..., None] > 0, mean / np.maximum(weight, 1e-6)[..., None], rough)
    inked = _blurred(written(may_be_ink).astype(np.float32), 3) > 0
    stretched = _stretched(np.concatenate([paper, inked[..., None]], axis=-1), light.shape[:2])
    return _Paper(stretched[..., :3], dark_ink, stretched[..., 3] > 0.5)


def _usual(light: Image, shape: tuple[int, ...]) -> Image:
    """Return the median of what lies around each place, on a grid of a `shape` (h, w, C): mostly paper."""
    coarse = _reduced(light, _COARSEST)
    half = _COARSEST // 4
    padded = np.pad(coarse, [(half, half), (half, half), (0, 0)], mode="symmetric")
    around = np.lib.stride_tricks.sliding_window_view(padded, (2 * half + 1, 2 * half + 1), axis=(0, 1))
    return _stretched(np.median(around, axis=(-2, -1)), shape)


def _along_its_color(depth: Image, inked: NDArray[np.bool_]) -> Image:
    """Return how far each pixel differs (h, w) from paper in the direction, among colours, that ink differs in."""
    if not inked.any():
        return np.zeros(depth.shape[:2], np.float32)
    found = depth[inked]
    size = np.linalg.norm(found, axis=1)
    direction = found[size >= 0.5 * np.quantile(size, 0.98)].mean(axis=0)
    along: Image = depth @ (direction / max(float(np.abs(direction).sum()), 1e-6))
    return along


def _noise(values: Image) -> float:
    """Return the standard deviation of most of the values: of paper, which there is more of than ink."""
    return 1.4826 * float(np.median(np.abs(values - np.median(values))))


def _kept(ink: Image) -> Image:
    """Return 1 where ink (h, w) was written, and 0 where it is a speck, a shadow, or the edge of the sheet."""
    grid = _reduced(ink[..., None], _GRID)[..., 0]
    seen = grid > _VISIBLE
    dropped = seen & ~written(seen)
    if not dropped.any() and not ((grid > 0) & ~seen).any():
        return np.ones_like(ink)
    kept = _blurred((seen & ~dropped).astype(np.float32), 3) > 0
    near: Image = (_stretched(kept[..., None].astype(np.float32), ink.shape)[..., 0] > 0).astype(np.float32)
    return near


def _framed(ink: Image) -> tuple[Image, float, float, float]:
    """Return the part of ink (h, w) to show, its corner on a square of paper, and the side of that, all in pixels."""
    height, width = ink.shape
    rows, columns = (np.flatnonzero(ink.max(axis=axis) > _VISIBLE) for axis in (1, 0))
    extent = max(np.ptp(rows), np.ptp(columns)) + 1 if len(rows) else max(ink.shape)
    side = float(max(ink.shape))
    if extent >= _SMALL * side:
        return ink, (side - width) / 2, (side - height) / 2, side
    size = int(np.ceil(extent / _LARGE))
    top, left = (int(place[0] + place[-1] + 1 - size) // 2 for place in (rows, columns))
    first_row, first_column = max(0, top), max(0, left)
    part = ink[first_row : top + size, first_column : left + size]
    return part, float(first_column - left), float(first_row - top), float(size)


def _reduced(image: Image, longest: int) -> Image:
    """Shrink an image (h, w, C) by the means of areas, so that its longer side has no more than `longest` cells."""
    height, width, channels = image.shape
    scale = min(1.0, longest / max(height, width))
    rows, columns = (max(1, round(side * scale)) for side in (height, width))
    down, across = overlaps(height, 0.0, rows, rows), overlaps(width, 0.0, columns, columns)
    return np.stack([down @ image[..., i] @ across.T for i in range(channels)], axis=-1)


def _stretched(image: Image, shape: tuple[int, ...]) -> Image:
    """Enlarge an image (h, w, C) to (H, W, C), bilinearly."""
    found = image
    for axis in (0, 1):
        count = found.shape[axis]
        place = np.clip((np.arange(shape[axis], dtype=np.float32) + 0.5) * (count / shape[axis]) - 0.5, 0, count - 1)
        low = np.minimum(place.astype(np.intp), max(count - 2, 0))
        share = (place - low).reshape((-1, 1, 1) if axis == 0 else (1, -1, 1))
        after = np.minimum(low + 1, count - 1)
        found = np.take(found, low, axis) * (1 - share) + np.take(found, after, axis) * share
    return found


def _blurred(image: Image, width: int) -> Image:
    """Return the means (h, w) over squares of an odd `width` around every place; the rim goes on as it is."""
    found = image
    for axis in (0, 1):
        margin = [(0, 0), (0, 0)]
        margin[axis] = (width // 2 + 1, width // 2)
        total = np.cumsum(np.pad(found, margin, mode="edge"), axis=axis, dtype=np.float64)
        count = found.shape[axis]
        later, earlier = (np.take(total, np.arange(count) + step, axis) for step in (width, 0))
        found = ((later - earlier) / width).astype(np.float32)
    return found


def _closing(image: Image, width: int) -> Image:
    """Return the closing (h, w, C) with a square of an odd `width`: dark places that it does not fit into are filled.

    (Serra 1982.) Beyond the rim there is nothing.
    """
    return -_highest(-_highest(image, width), width)


def _highest(image: Image, width: int) -> Image:
    found = image
    for axis in (0, 1):
        margin = [(0, 0), (0, 0), (0, 0)]
        margin[axis] = (width // 2, width // 2)
        padded = np.pad(found, margin, constant_values=-np.inf)
        found = np.lib.stride_tricks.sliding_window_view(padded, width, axis=axis).max(axis=-1)
    return found

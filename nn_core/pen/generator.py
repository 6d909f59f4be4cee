"""Digits that the program draws itself: unlimited, seeded, through the code that renders the canvas."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from nn_core.data.dataset import Split
from nn_core.errors import SettingsError
from nn_core.ink import BOX_SIDE, CANVAS_SIDE, IMAGE_SIDE, Marks, Segments, Stroke, digit_images
from nn_core.pen.hand import Hand, Lines, write
from nn_core.pen.skeletons import WAYS

BLOCK = 1000  # digits that share one generator of random numbers

_HAND = Hand()
_SPACING = 5.0  # hundredths of a digit's height between the points of a line
_SIZE = (84.0, 238.0)  # canvas units of a digit's longer side
_WIDTH = 2.4  # pixels of a pen in a network's image, the median
_WIDTH_SPREAD = 0.3  # standard deviation of its logarithm
_WIDTHS = (1.2, 5.0)  # its limits

_DIGIT = np.array([way.digit for way in WAYS])


def pen_blocks(count: int, *, rng: np.random.Generator) -> Iterator[Split]:
    """Yield `count` digits as uint8 images (N, 28, 28) and labels (N,), in blocks of at most `BLOCK`.

    One number is taken from `rng`; from it each block has a generator of its own, so that the first digits are the same
    however many are asked for.

    Raises:
        SettingsError: the count is not positive.
    """
    if count < 1:
        raise SettingsError(f"count of pen digits (={count}) must be at least 1")
    seed = int(rng.integers(2**63))
    for number, first in enumerate(range(0, count, BLOCK)):
        images, labels = _block(np.random.default_rng([seed, number]))
        part = slice(0, count - first)
        yield Split(images[part], labels[part])


def pen_digits(count: int, *, rng: np.random.Generator) -> Split:
    """Return `count` digits at once; see `pen_blocks`."""
    blocks = list(pen_blocks(count, rng=rng))
    return Split(np.concatenate([block.images for block in blocks]), np.concatenate([block.labels for block in blocks]))


def pen_drawing(label: int, *, rng: np.random.Generator) -> Marks:
    """Return the marks of one digit on the canvas, written in one of the ways to write `label`.

    Raises:
        SettingsError: the label is not a digit.
    """
    if label not in range(10):
        raise SettingsError(f"label (={label}) must be a digit, 0 to 9")
    way = int(rng.choice(len(WAYS), p=_share(np.array([label]))[0]))
    lines, width = _drawn(way, 1, rng)
    return tuple(Stroke(line[0], float(width[0])) for line in lines)


def _block(rng: np.random.Generator) -> tuple[NDArray[np.uint8], NDArray[np.uint8]]:
    labels = rng.permutation(np.arange(BLOCK) % 10)
    edges = _share(labels).cumsum(axis=1)
    ways = (rng.random((BLOCK, 1)) > edges).sum(axis=1)
    order = np.argsort(ways, kind="stable")
    parts = []
    for way in np.unique(ways):
        lines, width = _drawn(int(way), int((ways == way).sum()), rng)
        parts.append(_segments(lines, width))
    images = np.zeros((BLOCK, IMAGE_SIDE, IMAGE_SIDE), np.uint8)
    drawn = digit_images(_joined(parts), BLOCK)
    images[order] = np.rint(drawn * 255.0)
    return images, labels.astype(np.uint8)


def _share(labels: NDArray[np.integer]) -> NDArray[np.float64]:
    """Return (N, ways): how likely each way is for each label."""
    weight = np.array([way.weight for way in WAYS]) * (labels[:, None] == _DIGIT)
    share: NDArray[np.float64] = weight / weight.sum(axis=1, keepdims=True)
    return share


def _drawn(way: int, count: int, rng: np.random.Generator) -> tuple[Lines, NDArray[np.float64]]:
    """Return the strokes of `count` digits on the canvas, and their pens' widths (count,) in canvas units."""
    lines = write(WAYS[way], count, rng=rng, hand=_HAND, spacing=_SPACING)
    low = np.min([line.min(axis=1) for line in lines], axis=0)
    high = np.max([line.max(axis=1) for line in lines], axis=0)
    longer = (high - low).max(axis=1)
    size = rng.uniform(*_SIZE, count)
    share = np.clip(_WIDTH * np.exp(rng.normal(0.0, _WIDTH_SPREAD, count)), *_WIDTHS) / BOX_SIDE
    scale = size * (1.0 - share) / longer
    room = (CANVAS_SIDE - size) / 2
    place = CANVAS_SIDE / 2 + rng.uniform(-1.0, 1.0, (count, 2)) * room[:, None]
    middle = (low + high) / 2
    return [(line - middle[:, None]) * scale[:, None, None] + place[:, None] for line in lines], size * share


def _segments(lines: Lines, width: NDArray[np.float64]) -> Segments:
    """Return the pieces of N digits of one way, owned by 0..N - 1, in that order."""
    count = len(width)
    start = np.concatenate([line[:, :-1] for line in lines], axis=1).astype(np.float32)
    end = np.concatenate([line[:, 1:] for line in lines], axis=1).astype(np.float32)
    pieces = start.shape[1]
    owner = np.repeat(np.arange(count), pieces)
    radius = np.repeat((width / 2).astype(np.float32), pieces)
    return Segments(owner, start.reshape(-1, 2), end.reshape(-1, 2), radius)


def _joined(parts: list[Segments]) -> Segments:
    """Number the digits of all parts through."""
    first = np.cumsum([0] + [int(part.owner[-1]) + 1 for part in parts])
    owner = np.concatenate([part.owner + start for part, start in zip(parts, first, strict=False)])
    start = np.concatenate([part.start for part in parts])
    end = np.concatenate([part.end for part in parts])
    radius = np.concatenate([part.radius for part in parts])
    return Segments(owner, start, end, radius)

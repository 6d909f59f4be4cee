"""Digits that the program draws itself: unlimited, seeded, through the code that renders the canvas."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from nn_core.data.dataset import Split
from nn_core.errors import SettingsError
from nn_core.fitting import IMAGE_SIDE, PEN, digit_images
from nn_core.ink import CANVAS_SIDE, Marks, Stroke
from nn_core.pen.hand import Hand, Lines, write
from nn_core.pen.skeletons import WAYS
from nn_core.pieces import Pieces

BLOCK = 1000  # digits that share one generator of random numbers

HAND = Hand()
SPACING = 5.0  # hundredths of a digit's height between the points of a line
_SPACING_DRAWN = 2.0  # the same for a drawing that people look at
_PEN_SPREAD = 0.21  # standard deviation of the logarithm of the pen's width in the image: the canvas has but one
_PENS = (1.2, 5.0)  # its limits, pixels
_SIZES = (120.0, 220.0)  # canvas units: the longer side of a drawing
_WIDTHS = (14.0, 26.0)  # canvas units: its pen

_DIGITS = np.array([way.digit for way in WAYS])
_WEIGHTS = np.array([way.weight for way in WAYS])


def pen_blocks(count: int, *, rng: np.random.Generator) -> Iterator[Split]:
    """Yield `count` digits as uint8 images (N, 28, 28) and labels (N,), in blocks of at most `BLOCK`.

    One number is taken from `rng`; from it each block has a generator of its own, so that the first digits are the same
    however many are asked for. Every label is as common as any other.

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
    """Return the marks of one digit in the middle of the canvas, written in one of the ways to write `label`.

    Raises:
        SettingsError: the label is not a digit.
    """
    if label not in range(10):
        raise SettingsError(f"label (={label}) must be a digit, 0 to 9")
    way = WAYS[int(_choice(np.array([label]), rng)[0])]
    lines = write(way, 1, rng=rng, hand=HAND, spacing=_SPACING_DRAWN)
    low = np.min([line.min(axis=(0, 1)) for line in lines], axis=0)
    high = np.max([line.max(axis=(0, 1)) for line in lines], axis=0)
    scale = rng.uniform(*_SIZES) / float((high - low).max())
    width = float(rng.uniform(*_WIDTHS))
    return tuple(Stroke((line[0] - (low + high) / 2) * scale + CANVAS_SIDE / 2, width) for line in lines)


def _block(rng: np.random.Generator) -> tuple[NDArray[np.uint8], NDArray[np.uint8]]:
    labels = rng.permutation(np.arange(BLOCK) % 10)
    ways = _choice(labels, rng)
    order = np.argsort(ways, kind="stable")
    parts, first = [], 0
    for way in np.unique(ways):
        lines = write(WAYS[way], int((ways == way).sum()), rng=rng, hand=HAND, spacing=SPACING)
        parts.append(pieces_of_lines(lines, first))
        first += len(lines[0])
    widths = pen_widths(BLOCK, rng)
    images = np.zeros((BLOCK, IMAGE_SIDE, IMAGE_SIDE), np.uint8)
    images[order] = np.rint(digit_images(Pieces(*map(np.concatenate, zip(*parts, strict=True))), BLOCK, widths) * 255.0)
    return images, labels.astype(np.uint8)


def _choice(labels: NDArray[np.integer], rng: np.random.Generator) -> NDArray[np.intp]:
    """Return for each label (N,) the place in `WAYS` of a way to write it."""
    edges = (_WEIGHTS * (labels[:, None] == _DIGITS)).cumsum(axis=1)
    drawn = rng.random((len(labels), 1)) * edges[:, -1:]
    ways: NDArray[np.intp] = (edges <= drawn).sum(axis=1)
    return ways


def pen_widths(count: int, rng: np.random.Generator) -> NDArray[np.float64]:
    """Return the widths (N,) in pixels of the pens that images are drawn with."""
    return np.clip(PEN * np.exp(rng.normal(0.0, _PEN_SPREAD, count)), *_PENS)


def pieces_of_lines(lines: Lines, first: int) -> Pieces:
    """Return the pieces of N drawings of one way, numbered from `first`."""
    count = len(lines[0])
    start = np.concatenate([line[:, :-1] for line in lines], axis=1).astype(np.float32)
    end = np.concatenate([line[:, 1:] for line in lines], axis=1).astype(np.float32)
    owner = np.repeat(np.arange(first, first + count), start.shape[1])
    return Pieces(owner, start.reshape(-1, 2), end.reshape(-1, 2), np.ones(len(owner), np.float32))

"""The steps from the hand to the network, each of which can be left out."""

from __future__ import annotations

from collections.abc import Collection
from enum import Enum

import numpy as np
from numpy.typing import NDArray

from nn_core.fitting import BOX_SIDE, FINE, IMAGE_SIDE, PEN, centred, fitted, painted
from nn_core.ink import CANVAS_SIDE, Marks, Picture, Stroke, darkness, ink_box, ink_lines, render
from nn_core.model import Model, Reader
from nn_core.normalization import Normalization
from nn_core.pieces import Pieces
from nn_core.raster import block_mean

_SHRUNK = IMAGE_SIDE / CANVAS_SIDE  # pixels a canvas unit while nothing is fitted
_MIDDLE = IMAGE_SIDE // 2


class Step(Enum):
    """What is done to a drawing, in this order; before the first it is the whole canvas, shrunk to 28×28."""

    CUT = "cut out"  # its ink box is put into the middle
    FIT = "fitted"  # the longer side of its ink becomes 20 pixels
    PEN = "redrawn"  # its lines get the pen that is usual in MNIST
    CENTRE = "centred"  # moved by whole pixels, its centre of mass to the middle
    NORMALISE = "normalised"  # the values get the mean and the spread that the network has learnt with


ALL = frozenset(Step)


def possible(marks: Marks, normalization: Normalization) -> frozenset[Step]:
    """Return the steps that change anything: nobody knows the lines of a picture, and some networks take pixels."""
    missing = {Step.PEN} if any(isinstance(mark, Picture) for mark in marks) else set()
    return ALL - missing - ({Step.NORMALISE} if normalization == Normalization() else set())


def image_after(marks: Marks, steps: Collection[Step] = ALL) -> NDArray[np.float32] | None:
    """Return the image (28, 28), 0..1, that only these steps make of a drawing, or None where there is no ink.

    All of them give what `nn_core.ink.digit_image` gives.
    """
    box = ink_box(marks)
    if box is None:
        return None
    if Step.PEN in steps and Step.PEN in possible(marks, Normalization()):
        image: NDArray[np.float32] = painted(_lines(marks, steps), 1)[0]
    else:
        image = _rendered(marks, box, steps)
    if Step.CENTRE not in steps:
        return image
    in_box = {Step.CUT, Step.FIT} <= set(steps)
    moved: NDArray[np.float32] = centred(image[None])[0] if in_box else _centred_anywhere(image)
    return moved


def answer_after(model: Model, image: NDArray[np.float32], steps: Collection[Step] = ALL) -> NDArray[np.float32]:
    """Return the ten probabilities that a network gives an image, normalised if that is one of the steps."""
    normalization = model.normalization if Step.NORMALISE in steps else Normalization()
    with np.errstate(all="ignore"):  # parameters of a run that diverged may overflow
        return Reader(Model(model.network, normalization)).probabilities(image)


def _lines(marks: Marks, steps: Collection[Step]) -> Pieces:
    """The lines in pixels, drawn with MNIST's pen."""
    lines = ink_lines(mark for mark in marks if isinstance(mark, Stroke))
    fit = fitted(lines, 1)
    if {Step.CUT, Step.FIT} <= set(steps):
        return fit
    ends = np.concatenate([lines.start, lines.end])
    middle = (ends.min(axis=0) + ends.max(axis=0)) / 2
    scale = np.float32(_SHRUNK)
    if Step.FIT in steps:  # as `fitted` has it
        extent = max(float(np.ptp(ends, axis=0).max()), 2 * float(lines.radius.max()))
        scale = np.float32((BOX_SIDE - PEN) / extent)
    fixed = middle if Step.CUT in steps else np.full(2, CANVAS_SIDE / 2, np.float32)
    half = np.float32(IMAGE_SIDE / 2)
    return fit._replace(start=(lines.start - fixed) * scale + half, end=(lines.end - fixed) * scale + half)


def _rendered(marks: Marks, box: NDArray[np.float64], steps: Collection[Step]) -> NDArray[np.float32]:
    """The ink where it is, as wide as the hand's own pen has made it."""
    low, high = box[:2], box[2:]
    scale = BOX_SIDE / float((high - low).max()) if Step.FIT in steps else _SHRUNK
    fixed = (low + high) / 2 if Step.CUT in steps else np.full(2, CANVAS_SIDE / 2)
    left, top = fixed - IMAGE_SIDE / 2 / scale
    fine = render(marks, IMAGE_SIDE * FINE, float(left), float(top), scale * FINE)
    image: NDArray[np.float32] = block_mean(fine[None], FINE)[0] * np.float32(darkness(marks))
    return image


def _centred_anywhere(image: NDArray[np.float32]) -> NDArray[np.float32]:
    """Move ink of any size so that its centre of mass comes nearest to the middle; what leaves the image is lost."""
    mass, place = max(float(image.sum()), 1e-12), np.arange(IMAGE_SIDE)
    down, right = (round(_MIDDLE - float(image.sum(axis=axis) @ place) / mass) for axis in (1, 0))
    moved = np.zeros_like(image)
    into, out = zip(*(_overlap(move) for move in (down, right)), strict=True)
    moved[into] = image[out]
    return moved


def _overlap(move: int) -> tuple[slice, slice]:
    """Where a line of pixels goes, and where it comes from."""
    return slice(max(move, 0), IMAGE_SIDE + min(move, 0)), slice(max(-move, 0), IMAGE_SIDE - max(move, 0))

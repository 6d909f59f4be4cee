"""Drawings of two things, for the network that doubts: numbers of two digits, and rows with a letter or a sign."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np
from numpy.typing import NDArray

from nn_core.errors import SettingsError
from nn_core.fitting import digit_images
from nn_core.measuring.composing import in_a_row
from nn_core.measuring.pen_file import Line, scaled
from nn_core.pen import BLOCK, WAYS, Way
from nn_core.pen.generator import HAND, SPACING, pen_widths
from nn_core.pen.hand import write
from nn_core.pen.others import OTHERS
from nn_core.pieces import Pieces, pieces_of

CLOSE = 0.4  # of the rows: things touch or reach over each other; that is where a letter and a number are much alike
_THIN = 0.02  # heights of a digit: points nearer to each other than this are left out

_WEIGHTS = np.array([way.weight for way in WAYS])
_DIGITS = np.array([way.digit for way in WAYS])
#: How common each way of writing a digit is, if all digits are equally common.
_SHARES = _WEIGHTS / np.array([_WEIGHTS[digit == _DIGITS].sum() for digit in _DIGITS]) / 10


def number_blocks(count: int, *, rng: np.random.Generator) -> Iterator[NDArray[np.uint8]]:
    """Yield `count` numbers of two digits as uint8 images (N, 28, 28), in blocks of at most `BLOCK`.

    One number is taken from `rng`, as `nn_core.pen.pen_blocks` does.

    Raises:
        SettingsError: the count is not positive.
    """
    yield from _blocks(count, rng, others=False)


def row_blocks(count: int, *, rng: np.random.Generator) -> Iterator[NDArray[np.uint8]]:
    """Yield rows of two things, at least one of them from `nn_core.pen.others`, as `number_blocks` does numbers."""
    yield from _blocks(count, rng, others=True)


def _blocks(count: int, rng: np.random.Generator, others: bool) -> Iterator[NDArray[np.uint8]]:
    if count < 1:
        raise SettingsError(f"count of drawings (={count}) must be at least 1")
    seed = int(rng.integers(2**63))
    for number, first in enumerate(range(0, count, BLOCK)):
        yield _block(np.random.default_rng([seed, number]), others)[: count - first]


def _block(rng: np.random.Generator, others: bool) -> NDArray[np.uint8]:
    left, right = _digits(BLOCK, rng), _digits(BLOCK, rng)
    if others:
        of_others = _written([OTHERS[place] for place in rng.integers(len(OTHERS), size=2 * BLOCK)], rng)
        kept = rng.integers(3, size=BLOCK)  # which of the two digits: the second, the first, none
        left = [own if place == 1 else one for place, own, one in zip(kept, left, of_others[:BLOCK], strict=True)]
        right = [own if place == 0 else one for place, own, one in zip(kept, right, of_others[BLOCK:], strict=True)]
    parts = []
    for owner, pair in enumerate(zip(left, right, strict=True)):
        lines = [line.astype(np.float32) for line in in_a_row(pair, rng, CLOSE)]
        made = pieces_of(lines, [0.01] * len(lines), _THIN)
        parts.append(made._replace(owner=made.owner + owner))
    images = digit_images(Pieces(*map(np.concatenate, zip(*parts, strict=True))), BLOCK, pen_widths(BLOCK, rng))
    drawn: NDArray[np.uint8] = np.rint(images * 255.0).astype(np.uint8)
    return drawn


def _digits(count: int, rng: np.random.Generator) -> list[tuple[Line, ...]]:
    return _written([WAYS[place] for place in rng.choice(len(WAYS), count, p=_SHARES)], rng)


def _written(ways: Sequence[Way], rng: np.random.Generator) -> list[tuple[Line, ...]]:
    """Return the lines of one drawing each way, of longer side 1."""
    found: list[tuple[Line, ...]] = [()] * len(ways)
    for way in dict.fromkeys(ways):
        places = [place for place, other in enumerate(ways) if other is way]
        lines = write(way, len(places), rng=rng, hand=HAND, spacing=SPACING)
        for number, place in enumerate(places):
            found[place] = scaled([line[number].astype(np.float32) for line in lines])
    return found

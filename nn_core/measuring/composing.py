"""Numbers put together from single digits, spaced as people space them, and where on the canvas they are.

Sizes, gaps and heights are shares of a digit's longer side. Of the numbers one in eight has digits that touch or reach
over each other; the others keep 5 to 40 % apart, the boxes of neighbours measured.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from nn_core.errors import DataError
from nn_core.ink import CANVAS_SIDE, Stroke
from nn_core.measuring.pen_file import Line, PenDigit

LENGTH = 3  # digits of a number
GAPS, CLOSE_GAPS, CLOSE = (0.05, 0.40), (-0.12, 0.05), 0.125  # apart, close together, and the share of the latter
SPANS = (0.50, 0.95)  # of the canvas' side: the longer side of a number
PENS = (10.0, 26.0)  # canvas units
COMPOSED = 2  # what numbers are drawn for, beside those of `nn_core.measuring.placing`
_TALLEST = 0.6  # of the canvas' side: a number
_UNEVEN_GAP, _UNEVEN_SIZE, _DRIFT, _SLOPE, _SLANT = 0.06, 0.09, 0.05, 0.05, 0.08  # standard deviations


@dataclass(frozen=True, slots=True, eq=False)
class Composed:
    """A number on the canvas: its strokes, and what it shows."""

    strokes: tuple[Stroke, ...]
    text: str


def composed_numbers(digits: Sequence[PenDigit], count: int, seed: int, length: int = LENGTH) -> list[Composed]:
    """Return numbers, each of different digits of one writer, or of anybody's where no writers are known.

    Raises:
        DataError: no writer has so many digits.
    """
    by_writer: dict[str, list[PenDigit]] = defaultdict(list)
    for digit in digits:
        by_writer[digit.writer].append(digit)
    writers = [own for own in by_writer.values() if len(own) >= length]
    if not writers:
        raise DataError(f"no writer has {length} digits to compose a number of")
    return [_composed(writers, np.random.default_rng([seed, COMPOSED, number]), length) for number in range(count)]


def _composed(writers: Sequence[Sequence[PenDigit]], rng: np.random.Generator, length: int) -> Composed:
    own = writers[int(rng.integers(len(writers)))]
    chosen = [own[place] for place in rng.choice(len(own), length, replace=False)]
    lines = in_a_row([digit.lines for digit in chosen], rng)
    return Composed(_on_canvas(lines, rng), "".join(str(digit.label) for digit in chosen))


def in_a_row(digits: Sequence[Sequence[Line]], rng: np.random.Generator, close: float = CLOSE) -> list[Line]:
    """Put digits beside each other: they differ in size and gap, the baseline drifts and slopes, and all slant."""
    least, most = CLOSE_GAPS if rng.random() < close else GAPS
    between, slope, slant = rng.uniform(least, most), rng.normal(0.0, _SLOPE), rng.normal(0.0, _SLANT)
    right, row = 0.0, []
    for place, lines in enumerate(digits):
        size = float(np.exp(rng.normal(0.0, _UNEVEN_SIZE)))
        floor = max(float(line[:, 1].max()) for line in lines)
        grown = [(line - [0.0, floor]) @ np.array([[size, 0.0], [-slant * size, size]]) for line in lines]
        left = min(float(line[:, 0].min()) for line in grown)
        start = right + max(between + rng.normal(0.0, _UNEVEN_GAP), least) if place else 0.0
        move = np.array([start - left, rng.normal(0.0, _DRIFT) + slope * start])
        row += [line + move for line in grown]
        right = max(float(line[:, 0].max()) for line in row[-len(grown) :])
    return row


def _on_canvas(lines: Sequence[Line], rng: np.random.Generator) -> tuple[Stroke, ...]:
    low = np.min([line.min(axis=0) for line in lines], axis=0)
    extent = np.max([line.max(axis=0) for line in lines], axis=0) - low
    span, pen = rng.uniform(*SPANS) * CANVAS_SIDE, float(rng.uniform(*PENS))
    scale = min(span / float(extent.max()), _TALLEST * CANVAS_SIDE / float(extent[1]))
    corner = rng.uniform(0.0, 1.0, 2) * (CANVAS_SIDE - extent * scale)
    return tuple(Stroke((line - low) * scale + corner, pen) for line in lines)

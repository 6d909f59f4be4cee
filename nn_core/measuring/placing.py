"""Where on the canvas a drawing is put, how large, and with which pen: drawn from a seed, for each one anew."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from nn_core.ink import CANVAS_SIDE, Stroke
from nn_core.measuring.pen_file import Line

SIZES = (0.30, 0.85)  # of the canvas' side: the longer side of a drawing
PENS = (14.0, 30.0)  # canvas units
DRAWN, SAMPLED = 0, 1  # what numbers are drawn for


def placed(lines: Sequence[Line], seed: int, number: int, share: float | None = None) -> tuple[Stroke, ...]:
    """Return strokes on the canvas for drawing `number`: lines of longer side 1 scaled, and put anywhere.

    Size, pen and place are uniform over what is possible, unless a `share` of the canvas' side is given as the size;
    all points lie on the canvas, ink may reach beyond it.
    """
    rng = np.random.default_rng([seed, DRAWN, number])
    drawn, pen = rng.uniform(*SIZES), float(rng.uniform(*PENS))
    size = CANVAS_SIDE * (drawn if share is None else share)
    extent = np.max([line.max(axis=0) for line in lines], axis=0) * size
    corner = rng.uniform(0.0, 1.0, 2) * (CANVAS_SIDE - extent)
    return tuple(Stroke(line * size + corner, pen) for line in lines)


def sample(count: int, limit: int | None, seed: int) -> list[int]:
    """Return the numbers of `limit` drawings among `count`, rising, drawn from the seed; of all without a limit."""
    if limit is None or limit >= count:
        return list(range(count))
    rng = np.random.default_rng([seed, SAMPLED])
    return sorted(rng.choice(count, limit, replace=False).tolist())

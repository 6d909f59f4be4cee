"""Own digits that are made here: upright ones, and sevens seen in a mirror, which no training set holds."""

from __future__ import annotations

import numpy as np

from nn_core.ink import CANVAS_SIDE, Stroke
from nn_core.own_digits import OwnDigit
from nn_core.pen import pen_drawing


def upright(count: int, seed: int = 1) -> list[OwnDigit]:
    rng = np.random.default_rng(seed)
    return [OwnDigit(pen_drawing(i % 10, rng=rng), i % 10, i) for i in range(count)]


def mirrored_sevens(count: int, seed: int = 2) -> list[OwnDigit]:
    rng, found = np.random.default_rng(seed), []
    for i in range(count):
        marks = [mark for mark in pen_drawing(7, rng=rng) if isinstance(mark, Stroke)]
        turned = [Stroke(mark.points * [-1, 1] + [CANVAS_SIDE, 0], mark.width) for mark in marks]
        found.append(OwnDigit(tuple(turned), 7, i))
    return found

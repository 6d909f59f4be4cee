"""Kinds of digits, told from their strokes: drawn by hand here, and as the program's own pen writes them."""

from __future__ import annotations

import numpy as np
import pytest

from nn_core.measuring.kinds import BARRED_SEVEN, FLAGGED_ONE, OPEN_FOUR, PLAIN, SLASHED_ZERO, kind_of
from nn_core.measuring.pen_file import PenDigit, scaled

TURN = np.linspace(0, 2 * np.pi, 40)
BOWL = np.stack([0.35 * np.sin(TURN), -0.5 * np.cos(TURN)], axis=1)


def line(*points: tuple[float, float]) -> np.ndarray:
    return np.array(points, np.float32)


def digit(label: int, *lines: np.ndarray) -> PenDigit:
    return PenDigit(scaled([np.asarray(each, np.float32) for each in lines]), label)


SLASH = line((0.4, -0.6), (-0.4, 0.6))
STEM, FLAG, FOOT = line((0, 0), (0, 1)), line((-0.3, 0.3), (0, 0)), line((-0.3, 1), (0.3, 1))
SEVEN = line((0, 0), (0.6, 0), (0.25, 1))


@pytest.mark.parametrize(
    "drawn, kind",
    [
        (digit(0, BOWL), PLAIN),
        (digit(0, BOWL, SLASH), SLASHED_ZERO),
        (digit(0, 0.4 * BOWL, SLASH), SLASHED_ZERO),
        (digit(0, SLASH, BOWL), SLASHED_ZERO),
        (digit(0, np.concatenate([BOWL, line((0.3, -0.55), (-0.3, 0.55))])), SLASHED_ZERO),
        (digit(0, BOWL, line((0.1, -0.5), (0.5, -0.6))), PLAIN),
        (digit(0, np.concatenate([BOWL, line((0.1, -0.3))])), PLAIN),
        (digit(1, STEM), PLAIN),
        (digit(1, line((0.4, 0), (0, 1))), PLAIN),
        (digit(1, STEM, FOOT), PLAIN),
        (digit(1, np.concatenate([FLAG, STEM])), FLAGGED_ONE),
        (digit(1, FLAG, STEM, FOOT), FLAGGED_ONE),
        (digit(1, np.concatenate([STEM, line((0.3, 0.7))])), PLAIN),
        (digit(7, SEVEN), PLAIN),
        (digit(7, SEVEN, line((0.2, 0.5), (0.6, 0.5))), BARRED_SEVEN),
        (digit(7, line((0, 0), (0.6, 0)), line((0.6, 0), (0.25, 1))), PLAIN),
        (digit(7, line((0, 0), (0.6, 0)), line((0.6, 0), (0.25, 1)), line((0.2, 0.5), (0.6, 0.5))), BARRED_SEVEN),
        (digit(4, line((0, 0), (0, 0.5), (0.6, 0.5)), line((0.4, 0), (0.4, 1))), OPEN_FOUR),
        (digit(4, line((0.4, 0), (0, 0.5), (0.6, 0.5)), line((0.4, 0), (0.4, 1))), PLAIN),
        (digit(4, line((0, 0), (0, 0.5), (0.4, 0.5), (0.4, 0), (0.4, 1))), OPEN_FOUR),
        (digit(8, BOWL, SLASH), PLAIN),
        (digit(1, line((0, 0))), PLAIN),
        (digit(0, line((0, 0))), PLAIN),
        (digit(4, line((0, 0))), PLAIN),
        (digit(7, line((0, 0)), line((0, 0))), PLAIN),
    ],
)
def test_a_kind_is_told_from_its_lines(drawn: PenDigit, kind: str):
    assert kind_of(drawn) == kind


def test_size_and_place_do_not_matter():
    assert kind_of(digit(0, 100 * BOWL + 30, 100 * SLASH + 30)) == SLASHED_ZERO

"""Many drawings fitted at once."""

from __future__ import annotations

import numpy as np
import pytest

from nn_core.fitting import INK, centred, digit_images
from nn_core.pieces import Pieces


def ring(owner: int, size: float) -> Pieces:
    t = np.linspace(0, 2 * np.pi, 40)
    at = (size * np.stack([0.6 * np.cos(t), np.sin(t)], axis=1) + 140).astype(np.float32)
    return Pieces(np.full(39, owner), at[:-1], at[1:], np.full(39, 11.0, np.float32))


def test_a_drawing_looks_the_same_alone_and_in_company() -> None:
    together = digit_images(ring(0, 50).and_also(ring(1, 90)).and_also(ring(2, 30)), 3)
    for number, size in enumerate((50, 90, 30)):
        assert np.array_equal(digit_images(ring(0, size), 1)[0], together[number])


@pytest.mark.parametrize("pen", [1.2, 2.4, 5.0])
def test_the_box_is_full_whatever_the_pen(pen: float) -> None:
    seen = digit_images(ring(0, 60), 1, pen)[0]
    assert np.ptp(np.flatnonzero(seen.any(axis=1))) + 1 == 20
    assert seen[14].sum() == pytest.approx(2 * pen * INK, rel=0.1)


def test_centring_moves_by_whole_pixels_and_never_over_the_rim() -> None:
    images = np.zeros((2, 28, 28), np.float32)
    images[0, 4:24, 4] = 1.0  # all mass at the left of the box
    images[0, 4, 5:24] = 0.01
    images[1, 10:15, 12:16] = 1.0
    moved = centred(images)
    assert moved.sum() == pytest.approx(images.sum(), rel=1e-6)
    assert moved[0, :, 8].sum() == pytest.approx(20.0, rel=0.01)
    assert moved[0, :, :8].sum() == 0
    assert np.array_equal(moved[1, 12:17, 12:16], np.ones((5, 4)))

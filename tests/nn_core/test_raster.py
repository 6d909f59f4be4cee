"""Coverage of pens and area averages."""

from __future__ import annotations

import numpy as np
import pytest

from nn_core.pieces import Pieces
from nn_core.raster import block_mean, overlaps, paint


def painted(start: tuple[float, float], end: tuple[float, float], radius: float, side: int = 40) -> np.ndarray:
    out = np.zeros((1, side, side), np.float32)
    arrays = (np.array([point], np.float32) for point in (start, end))
    paint(out, Pieces(np.zeros(1, np.intp), *arrays, np.array([radius], np.float32)))
    return out[0]


@pytest.mark.parametrize("radius", [0.1, 0.25, 0.5, 1.0, 3.0])
@pytest.mark.parametrize("y", [20.0, 20.25, 20.5])
def test_a_straight_pen_covers_its_width(radius: float, y: float) -> None:
    column = painted((5, y), (35, y), radius)[:, 20]
    assert column.sum() == pytest.approx(2 * radius, rel=1e-3)


@pytest.mark.parametrize("end", [(30.0, 10.0), (33.0, 28.0), (11.0, 35.0)])
def test_a_slanted_pen_covers_its_area(end: tuple[float, float]) -> None:
    length = np.hypot(end[0] - 10, end[1] - 10)
    assert painted((10, 10), end, 2.0).sum() == pytest.approx(4 * length + np.pi * 4, rel=0.01)


def test_overlapping_pieces_are_not_darker_than_ink() -> None:
    out = np.zeros((1, 40, 40), np.float32)
    ends = np.array([[5.0, 20.0], [20.0, 20.0], [35.0, 20.0]], np.float32)
    paint(out, Pieces(np.zeros(2, np.intp), ends[:-1], ends[1:], np.full(2, 3.0, np.float32)))
    assert out.max() <= 1.0
    assert np.allclose(out[0], painted((5, 20), (35, 20), 3.0), atol=1e-5)


def test_what_reaches_over_the_rim_does_not_come_back_on_the_other_side() -> None:
    out = painted((-1.0, 20.0), (-30.0, 60.0), 3.0)
    assert out[:, 6:].sum() == 0
    assert out[:, :3].sum() > 0


def test_owners_do_not_mix() -> None:
    out = np.zeros((3, 20, 20), np.float32)
    at = np.array([[5.0, 5.0], [10.0, 10.0]], np.float32)
    paint(out, Pieces(np.array([0, 2]), at, at, np.full(2, 2.0, np.float32)))
    assert out[1].sum() == 0
    assert out[0, 5, 5] > 0.9
    assert out[2, 10, 10] > 0.9
    assert out[0, 10, 10] == 0


def test_overlaps_share_out_every_pixel_under_them() -> None:
    shares = overlaps(7, 2.5, 10.0, 16)
    assert shares.sum() == pytest.approx(10.0, rel=1e-5)
    assert shares[2].sum() == pytest.approx(0.5)
    assert shares[5].sum() == pytest.approx(1.0)
    assert shares[13:].sum() == 0


def test_block_mean_is_the_mean_of_blocks() -> None:
    images = np.random.default_rng(0).random((2, 12, 12), np.float32)
    assert np.allclose(block_mean(images, 3), images.reshape(2, 4, 3, 4, 3).mean(axis=(2, 4)), atol=1e-6)

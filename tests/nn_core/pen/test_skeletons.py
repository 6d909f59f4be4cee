"""The table of ways, and the curves it stands for."""

from __future__ import annotations

import numpy as np
import pytest

from nn_core.pen import WAYS, Way
from nn_core.pen.curves import curves
from nn_core.pen.hand import Hand, write

ids = [f"{way.digit} {way.name}" for way in WAYS]


def test_every_digit_has_many_ways_with_names_of_their_own() -> None:
    assert len(set(ids)) == len(WAYS)
    assert all(way.weight > 0 for way in WAYS)
    assert all(sum(way.digit == digit for way in WAYS) >= 10 for digit in range(10))


@pytest.mark.parametrize("way", WAYS, ids=ids)
def test_every_way_is_as_high_as_a_digit_and_passes_the_points_aimed_for(way: Way) -> None:
    strokes = curves(way, 2.0)
    assert len(strokes) == way.strokes.count(";") + 1
    lines = [curve.line @ curve.aims for curve in strokes]
    whole = np.concatenate(lines)
    assert 70 < np.ptp(whole[:, 1]) < 130
    assert np.ptp(whole[:, 0]) < 130
    for curve, line in zip(strokes, lines, strict=True):
        assert np.hypot(*np.diff(line, axis=0).T).max() < 4.0
        nearest = np.hypot(*(curve.aims[:, None] - line).transpose(2, 0, 1)).min(axis=1)
        assert nearest.max() < 2.0


@pytest.mark.parametrize("way", WAYS, ids=ids)
def test_every_hand_stays_finite_and_near(way: Way) -> None:
    lines = write(way, 40, rng=np.random.default_rng(0), hand=Hand(), spacing=5.0)
    for line in lines:
        assert line.shape[0] == 40
        assert np.isfinite(line).all()
        assert np.abs(line).max() < 300


def test_a_hand_that_never_strays_draws_the_skeleton() -> None:
    still = Hand(*[0.0] * len(Hand.__dataclass_fields__))
    way = next(way for way in WAYS if way.name == "barred")
    lines = write(way, 2, rng=np.random.default_rng(0), hand=still, spacing=2.0)
    bar = lines[1][0]
    assert np.allclose(lines[1][0], lines[1][1])
    assert np.ptp(bar[:, 0]) == pytest.approx(46, abs=1e-6)

"""The table of ways, and the curves it stands for."""

from __future__ import annotations

import numpy as np
import pytest

from nn_core.pen import WAYS, Way
from nn_core.pen.curves import curves
from nn_core.pen.hand import FLICK_POINTS, Hand, write

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


def test_hooks_turn_the_ends_of_some_strokes_and_nothing_else() -> None:
    hooked = Hand(**{name: 8.0 if name == "hook" else 0.0 for name in Hand.__dataclass_fields__})
    bare = next(way for way in WAYS if way.name == "bare")
    (line,) = write(bare, 200, rng=np.random.default_rng(0), hand=hooked, spacing=2.0)
    aside = np.abs(line[:, :, 0] - line[:, 25:26, 0])
    assert 0.3 < (aside.max(axis=1) > 1.0).mean() < 0.6
    assert aside[:, 10 : -10 - FLICK_POINTS].max() < 1e-9


def test_some_downstrokes_are_flicked_up_and_to_the_right_and_no_bar_is() -> None:
    flicked = Hand(**{name: 18.0 if name == "flick" else 0.0 for name in Hand.__dataclass_fields__})
    barred = next(way for way in WAYS if way.name == "barred")
    stem, bar = write(barred, 400, rng=np.random.default_rng(0), hand=flicked, spacing=2.0)
    way = stem[:, -1] - stem[:, -1 - FLICK_POINTS]
    gone = np.hypot(*way.T) > 0
    assert 0.15 < gone.mean() < 0.25
    assert np.hypot(*way.T).max() <= 40.0 + 1e-9
    assert (way[gone, 1] < 0).mean() > 0.95
    assert (way[gone, 0] > 0).mean() > 0.95
    assert np.ptp(bar[:, -1 - FLICK_POINTS :], axis=1).max() == 0


@pytest.mark.parametrize("digit, at_least, at_most", [(1, 0, 1.2), (7, 0.8, 99)])
def test_one_and_seven_keep_the_widths_that_tell_them_apart(digit: int, at_least: float, at_most: float) -> None:
    stretching = Hand(**{name: 1.0 if name == "aspect" else 0.0 for name in Hand.__dataclass_fields__})
    name = {1: "flag", 7: "plain"}[digit]
    way = next(way for way in WAYS if (way.digit, way.name) == (digit, name))
    (line,) = write(way, 100, rng=np.random.default_rng(0), hand=stretching, spacing=2.0)
    skeleton = np.ptp(curves(way, 2.0)[0].line @ curves(way, 2.0)[0].aims, axis=0)
    wide = np.ptp(line[:, :, 0], axis=1) / skeleton[0]
    assert wide.min() >= at_least
    assert wide.max() <= at_most
    assert np.ptp(wide) > 0.2

"""Drawings that are no digits: seeded, inked, and of many kinds."""

from __future__ import annotations

import numpy as np
import pytest

from nn_core.errors import SettingsError
from nn_core.pen.curves import curves
from nn_core.pen.doodles import doodle, scribble
from nn_core.pen.others import OTHERS, other_blocks


def test_the_first_drawings_are_the_same_however_many_are_asked_for():
    few = next(other_blocks(30, rng=np.random.default_rng(3)))
    (many,) = other_blocks(1000, rng=np.random.default_rng(3))
    assert few.shape == (30, 28, 28)
    assert few.dtype == np.uint8
    np.testing.assert_array_equal(few, many[:30])
    assert (many.max(axis=(1, 2)) > 128).all()


def test_none_at_all_is_refused():
    with pytest.raises(SettingsError, match="others|other drawings"):
        next(other_blocks(0, rng=np.random.default_rng(0)))


def test_every_way_is_a_line():
    assert len({way.name for way in OTHERS}) == len(OTHERS) > 80
    for way in OTHERS:
        assert all(np.isfinite(curve.line).all() and len(curve.aims) > 1 for curve in curves(way, 5.0)), way.name


@pytest.mark.parametrize("draw", [scribble, doodle])
def test_nothing_in_particular_is_never_twice_the_same(draw):
    first, second = (draw(np.random.default_rng(seed)) for seed in (1, 2))
    assert all(line.ndim == 2 and line.shape[1] == 2 and np.isfinite(line).all() for line in first + second)
    assert any(a.shape != b.shape or (a != b).any() for a, b in zip(first, second, strict=False))

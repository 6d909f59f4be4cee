"""A thinned curve shows the same as the whole one."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from app.views.thinning import BLOCK, Thinning


def curve(length: int, seed: int = 1) -> tuple[np.ndarray, np.ndarray]:
    return np.arange(length) / 500, np.random.default_rng(seed).normal(size=length)


@given(
    length=st.integers(0, 9000),
    parts=st.lists(st.floats(0, 1), max_size=4),
    left=st.floats(-2, 20),
    span=st.floats(0, 20),
    stretches=st.integers(16, 400),
)
def test_extremes_are_kept_in_few_points(length, parts, left, span, stretches):
    x, y = curve(length)
    thinning = Thinning()
    for share in sorted(parts):
        thinning.take(x[: int(share * length)], y[: int(share * length)])
    thinning.take(x, y)
    seen_x, seen_y = thinning.between(left, left + span, stretches)
    assert len(seen_x) == len(seen_y) <= 2 * stretches + 2
    assert (np.diff(seen_x) >= 0).all()
    inside = y[(x >= left) & (x <= left + span)]
    if inside.size:
        assert seen_y.min() <= inside.min()
        assert seen_y.max() >= inside.max()
        assert np.isin(seen_y, y).all()


def test_every_stretch_has_its_own_extremes():
    x = np.arange(64 * BLOCK, dtype=float)
    y = np.zeros(len(x))
    y[1000], y[3000] = 5.0, -7.0
    thinning = Thinning()
    thinning.take(x, y)
    seen_x, seen_y = thinning.between(0, len(x), 20)
    peak, dip = seen_x[seen_y == 5.0], seen_x[seen_y == -7.0]
    assert abs(peak[0] - 1000) < len(x) / 20
    assert abs(dip[0] - 3000) < len(x) / 20


def test_what_has_been_drawn_stays_where_it_is_while_the_curve_grows():
    x, y = curve(6000)
    thinning = Thinning()
    thinning.take(x[:5000], y[:5000])
    before = np.stack(thinning.between(0, 100, 100))
    thinning.take(x[:5010], y[:5010])
    after = np.stack(thinning.between(0, 100, 100))
    assert np.array_equal(before[:, :-2], after[:, : before.shape[1] - 2])


def test_another_run_begins_anew():
    thinning = Thinning()
    thinning.take(*curve(5000, seed=1))
    x, y = curve(6000, seed=2)
    thinning.take(x, y)
    _, seen = thinning.between(0, 100, 16)
    assert (seen.min(), seen.max()) == (y.min(), y.max())
    thinning.take(x[:0], y[:0])
    assert thinning.between(0, 100, 16)[0].size == 0


def test_few_points_are_all_there():
    x, y = curve(30)
    thinning = Thinning()
    thinning.take(x, y)
    assert np.array_equal(thinning.between(0, 1, 100)[1], y)

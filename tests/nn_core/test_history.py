"""The history stays within its limit and evenly spread, however long the run."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from nn_core.events import Snapshot
from nn_core.history import History

VECTOR = np.zeros(25, np.float32)  # 100 bytes


def snapshot(step):
    return Snapshot(step, step / 100, VECTOR)


def filled(count, limit=100 * 50, every=1):
    history = History(limit)
    for number in range(count):
        history.add(snapshot(number * every))
    return history


def test_a_hundred_thousand_snapshots_stay_within_the_limit_and_evenly_spread():
    history, fits, most = History(100 * 50), 50, 0
    for step in range(100_000):
        history.add(snapshot(step))
        most = max(most, sum(kept.vector.nbytes for kept in history.snapshots[:60]))
        if step >= fits:
            assert fits // 2 <= len(history.snapshots) <= fits
    assert most <= history.limit
    steps = [kept.step for kept in history.snapshots]
    gaps = set(np.diff(steps).tolist())
    assert len(gaps) == 1
    assert steps[0] == 0
    assert 100_000 - steps[-1] <= gaps.pop()


@given(count=st.integers(1, 2000), fits=st.integers(2, 70))
def test_whatever_fits_the_gaps_are_equal(count, fits):
    steps = [kept.step for kept in filled(count, 100 * fits).snapshots]
    assert len(steps) <= fits
    assert len(steps) >= min(count, fits // 2)
    assert len(set(np.diff(steps).tolist())) <= 1
    assert steps[0] == 0


def test_before_it_is_full_everything_is_kept():
    assert [kept.step for kept in filled(50, every=7).snapshots] == [7 * number for number in range(50)]


def test_of_a_moment_that_comes_twice_the_newer_is_kept():
    history, restored = filled(3), Snapshot(2, 0.02, VECTOR + 1)
    history.add(restored)
    assert [kept.step for kept in history.snapshots] == [0, 1, 2]
    assert history.snapshots[-1] is restored


def test_cleared_it_starts_anew():
    history = filled(1000)
    history.clear()
    assert history.nearest(5) == -1
    history.add(snapshot(0))
    history.add(snapshot(1))
    assert [kept.step for kept in history.snapshots] == [0, 1]


@pytest.mark.parametrize("step, index", [(-5, 0), (0, 0), (14, 1), (15, 1), (16, 2), (20, 2), (999, 4)])
def test_nearest_is_nearest_and_of_two_the_earlier(step, index):
    assert filled(5, every=10).nearest(step) == index

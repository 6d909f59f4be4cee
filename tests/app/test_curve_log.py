"""Curves: every point until there are more than any screen has, and the same again from their bytes."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.curve_log import Columns, CurveLog, WholeTest
from nn_core.errors import ModelError
from nn_core.events import BatchDone, Evaluated, Validated


def log_of(steps: int) -> CurveLog:
    log = CurveLog()
    for step in range(1, steps + 1):
        log.add(BatchDone(step, step / 100, 3 / step, step / 1000, 64, 0.1 * step))
        if step % 10 == 0:
            log.add(Evaluated(step, step / 100, 2 / step, 0.5, 1000))
    return log


def test_a_log_holds_what_was_measured():
    log = log_of(700)
    assert log.train[log.STEP].tolist() == list(range(1, 701))
    np.testing.assert_allclose(log.train[log.LOSS], 3 / np.arange(1, 701))
    assert log.test[log.STEP].tolist() == list(range(10, 701, 10))


def test_the_whole_test_split_is_told_from_the_samples_between_the_epochs():
    assert log_of(90).tested() is None
    assert log_of(390).tested() == WholeTest(300, 3, 2 / 300, 0.5)
    assert CurveLog.from_bytes(log_of(390).to_bytes(), 299).tested() == WholeTest(200, 2, 2 / 200, 0.5)


def test_the_smoothed_curve_begins_as_a_mean_and_follows_later():
    log = CurveLog()
    for step, loss in enumerate([4.0, 2.0, 3.0], 1):
        log.add(BatchDone(step, 0.0, loss, 0.0, 64, 0.0))
    np.testing.assert_allclose(log.train[log.SMOOTH_LOSS], [4, 3, 3])
    for step in range(4, 2000):
        log.add(BatchDone(step, 0.0, 1.0, 1.0, 64, 0.0))
    assert log.train[log.SMOOTH_LOSS][-1] == pytest.approx(1, abs=1e-3)


def test_what_was_handed_out_never_changes():
    columns = Columns(1, limit=600)
    for value in range(300):
        columns.add(value)
    seen, copy = columns[0], columns[0].copy()
    for value in range(5000):
        columns.add(value)
    np.testing.assert_array_equal(seen, copy)


@given(st.integers(1, 3000), st.integers(1, 8))
def test_a_long_curve_is_thinned_evenly_and_bounded(count: int, power: int):
    limit = 1 << power
    columns = Columns(1, limit)
    for value in range(count):
        columns.add(value)
    assert len(columns) <= limit
    assert len(columns) > min(count, limit) // 2 - 1
    gaps = np.diff(columns[0])
    assert columns[0][0] == 0
    assert len(set(gaps.tolist())) <= 1


@pytest.mark.parametrize("steps, until", [(0, 0), (1, 1), (700, 700), (700, 255), (700, 0)])
def test_a_log_comes_back_from_its_bytes_up_to_a_step(steps: int, until: int):
    log = CurveLog.from_bytes(log_of(steps).to_bytes(), until)
    wanted = log_of(until)
    for found, expected in ((log.train, wanted.train), (log.test, wanted.test)):
        np.testing.assert_array_equal(found.table(), expected.table())
    log.add(BatchDone(until + 1, 9.0, 1.0, 1.0, 64, 0.0))
    wanted.add(BatchDone(until + 1, 9.0, 1.0, 1.0, 64, 0.0))
    np.testing.assert_array_equal(log.train.table(), wanted.train.table())


def test_the_images_held_out_have_a_table_of_their_own_that_comes_back():
    log = log_of(20)
    log.add(Validated(10, 1.0, 0.5, 0.8, 60))
    log.add(Validated(20, 2.0, 0.4, 0.9, 60))
    assert log.validation[log.ACCURACY].tolist() == [0.8, 0.9]
    assert len(log.test) == len(log_of(20).test)
    found = CurveLog.from_bytes(log.to_bytes(), 15)
    assert found.validation[log.STEP].tolist() == [10]


def test_a_log_from_before_they_had_one_is_read():
    data = log_of(20).to_bytes()
    old = b"DSCURVE1" + data[8:16] + data[20:]
    assert CurveLog.from_bytes(old, 20).to_bytes() == data


@given(st.binary(max_size=300) | st.binary(max_size=300).map(lambda data: b"DSCURVE2" + data))
def test_other_bytes_are_refused(data: bytes):
    try:
        log = CurveLog.from_bytes(data, 10)
    except ModelError:
        return
    assert len(log.train) <= 6


def test_a_damaged_log_is_refused():
    data = log_of(20).to_bytes()
    for damaged in (data[:-1], data + b"\0", b"X" + data[1:], data[:8] + b"\xff" * 8 + data[16:]):
        with pytest.raises(ModelError, match="damaged"):
            CurveLog.from_bytes(damaged, 20)
    log = log_of(3)
    log.train.table()[CurveLog.STEP] = [3, 2, 1]
    with pytest.raises(ModelError, match="ascend"):
        CurveLog.from_bytes(log.to_bytes(), 20)

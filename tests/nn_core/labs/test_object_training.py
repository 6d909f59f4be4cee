"""Training at a pace, and the measurement of both forms."""

from __future__ import annotations

import math

import pytest

from nn_core.labs import object_training
from nn_core.labs.object_training import MOST_EPOCHS, Pace, Speeds, measure_speeds, train
from nn_core.labs.small_problems import PROBLEMS

PROBLEM = PROBLEMS["xor-3"]


@pytest.fixture
def clock(monkeypatch):
    """A clock that only sleeping moves, and each look at it by a millisecond."""
    now = [0.0]

    def look():
        now[0] += 1e-3
        return now[0]

    monkeypatch.setattr(object_training.time, "perf_counter", look)
    return now


def sleeper(clock):
    def sleep(seconds):
        clock[0] += seconds

    return sleep


def epochs_in(clock, pace, seconds):
    start, epochs = clock[0], 0
    job = train(PROBLEM, PROBLEM.network(0).weights(), 0, Pace(1.0, pace), sleep=sleeper(clock))
    for trained in job:
        epochs += len(trained.errors)
        assert trained.epoch == epochs
        if clock[0] - start >= seconds:
            break
    return epochs


@pytest.mark.parametrize("pace", [1.0, 10.0, 100.0])
def test_it_keeps_the_pace(clock, pace):
    assert epochs_in(clock, pace, 10.0) == pytest.approx(10 * pace, rel=0.1, abs=1)


def test_without_a_pace_it_does_what_the_time_allows(clock):
    assert epochs_in(clock, math.inf, 1.0) > 500


def test_it_tells_the_same_epochs_as_a_loop(clock):
    twin = PROBLEM.network(0)
    job = train(PROBLEM, twin.weights(), 0, Pace(0.7), sleep=sleeper(clock))
    trained = next(job)
    assert list(trained.errors) == [PROBLEM.epoch(twin, 0.7) for _ in trained.errors]
    assert list(trained.weights) == twin.weights()


def test_the_rate_may_change_meanwhile(clock):
    pace = Pace(1.0, 10.0)
    job = train(PROBLEM, PROBLEM.network(0).weights(), 0, pace, sleep=sleeper(clock))
    first = next(job)
    pace.rate = 1e-300
    for trained in job:
        if trained.epoch > 5:
            break
    assert trained.weights == first.weights


def test_it_ends_by_itself(clock):
    job = train(PROBLEM, PROBLEM.network(0).weights(), MOST_EPOCHS - 3, Pace(1.0), sleep=sleeper(clock))
    assert [trained.epoch for trained in job][-1] == MOST_EPOCHS


def test_both_forms_are_measured():
    found = []

    def measured():
        found.append((yield from measure_speeds(PROBLEM.network(0), PROBLEM.samples, PROBLEM.targets, 1.0, seconds=0)))

    assert len(list(measured())) == len(PROBLEM.samples)
    (speeds,) = found
    assert speeds.sizes == (2, 3, 1)
    assert speeds.objects > 0
    assert speeds.vectors > 0
    assert Speeds((2, 1), 6.0, 2.0).ratio == 3

"""Workers share the parts of a piece of work."""

from __future__ import annotations

import threading

import pytest
import threadpoolctl

from nn_core.workers import Workers


@pytest.mark.parametrize("threads", [1, 2, 3])
@pytest.mark.parametrize("parts", [0, 1, 2, 7])
def test_every_part_is_done_once_on_its_thread(threads, parts):
    done = []
    with Workers(threads) as workers:
        for _ in range(3):
            workers.run(lambda part: done.append((part, threading.get_ident())), parts)
    assert sorted(part for part, _ in done) == sorted([*range(parts)] * 3)
    assert all(ident == threading.get_ident() for part, ident in done if part % threads == 0)


@pytest.mark.parametrize("threads, broken", [(1, 0), (1, 2), (2, 0), (2, 1), (3, 4)])
def test_what_goes_wrong_in_a_part_is_raised_after_the_others_are_done(threads, broken):
    def work(part):
        if part == broken:
            raise ZeroDivisionError(part)

    with Workers(threads) as workers:
        with pytest.raises(ZeroDivisionError):
            workers.run(work, 5)
        done = []
        workers.run(done.append, 5)  # and they work on
    assert sorted(done) == [0, 1, 2, 3, 4]


def test_they_run_side_by_side():
    meeting = threading.Barrier(3)
    with Workers(3) as workers:
        workers.run(lambda part: meeting.wait(10), 3)


def test_blas_has_one_thread():
    with Workers(2):
        assert {pool["num_threads"] for pool in threadpoolctl.threadpool_info() if pool["user_api"] == "blas"} == {1}

"""Workers are processes that share a piece of work."""

from __future__ import annotations

import contextlib
import ctypes
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pytest
import threadpoolctl

from nn_core.errors import SettingsError, TrainingError
from nn_core.meeting import Place
from nn_core.shared import SharedArray
from nn_core.workers import Workers

ROOT = Path(__file__).resolve().parents[2]


class Adder:
    """Adds its rank into every part that is its own, then looks at what the others did."""

    def __init__(self, place: Place, cells: SharedArray) -> None:
        self.place, self.cells = place, cells.array

    def add(self, count: int) -> list[int]:
        for i in self.place.share(count):
            self.cells[i] += 1 + i
        self.place.meet()
        return [int(cell) for cell in self.cells[:count]]

    def process(self) -> int:
        return os.getpid()

    def blas_threads(self) -> set[int]:
        return {pool["num_threads"] for pool in threadpoolctl.threadpool_info() if pool["user_api"] == "blas"}

    def fail(self, rank: int, how: str) -> None:
        if self.place.rank == rank:
            if how == "die":
                os._exit(3)
            raise SettingsError(f"worker {rank} was told to fail")
        self.place.meet()


def cells() -> SharedArray:
    return SharedArray((10,), np.int64)


@pytest.mark.parametrize("threads", [1, 2, 3])
@pytest.mark.parametrize("parts", [0, 1, 2, 7])
def test_every_part_is_done_once_and_seen_by_all_after_they_have_met(threads, parts):
    with Workers(threads) as workers:
        adders = workers.crew(Adder, cells())
        for times in range(1, 4):
            wanted = [times * (1 + i) for i in range(parts)]
            assert adders.call("add", parts) == [wanted] * threads


def test_each_is_a_process_of_its_own_with_one_blas_thread():
    with Workers(3) as workers:
        adders = workers.crew(Adder, cells())
        assert len({os.getpid(), *adders.call("process")}) == 4
        assert adders.call("blas_threads") == [{1}] * 3


def test_who_has_no_part_in_the_work_is_not_asked():
    with Workers(3) as workers:
        all_of_them, some = workers.crew(Adder, cells()), workers.crew(Adder, cells(), most=2)
        assert all_of_them.call("process")[:2] == some.call("process")
        assert some.call("add", 3) == [[1, 2, 3]] * 2
        assert all_of_them.call("add", 3) == [[1, 2, 3]] * 3


class Crowd:
    """Workers that begin on the first core, one after the other."""

    def __init__(self, place: Place, begun: SharedArray) -> None:
        self.place, self.begun = place, begun.array

    def work(self, seconds: float) -> None:
        """So long, by the processor's time, until all have met."""
        self.place.begin()
        until = time.thread_time() + seconds
        while time.thread_time() < until:
            pass
        self.place.meet()

    def begin_on_one_core(self) -> tuple[int, bool]:
        """The core that this one is on after it began, and whether it may still use all of them."""
        allowed = os.sched_getaffinity(0)
        os.sched_setaffinity(0, {min(allowed)})
        os.sched_setaffinity(0, allowed)  # which moves nobody
        while self.place.rank and not self.begun[self.place.rank - 1]:
            os.sched_yield()
        self.place.begin()
        core = ctypes.CDLL(None).sched_getcpu()
        self.begun[self.place.rank] = 1
        self.place.meet()
        return core, os.sched_getaffinity(0) == allowed


@pytest.mark.skipif(
    sys.platform != "linux" or len(os.sched_getaffinity(0)) < 2, reason="cannot choose between cores here"
)
def test_workers_with_long_work_begin_on_cores_apart():
    with Workers(2) as workers:
        crowd = workers.crew(Crowd, cells())
        crowd.call("work", 0.02)
        answers = crowd.call("begin_on_one_core")
        assert len({core for core, _ in answers}) == 2
        assert all(free for _, free in answers)


def test_workers_that_were_let_go_are_hired_again_and_know_nothing_any_more():
    with Workers(2) as workers:
        first = workers.crew(Adder, cells())
        before = first.call("process")
        first.call("add", 3)
    with Workers(2) as others:
        assert sorted(others.crew(Adder, cells()).call("process")) == sorted(before)
    with workers:  # and those who let them go may hire anew
        assert first.call("add", 2) == [[2, 4]] * 2


@pytest.mark.parametrize("rank", [0, 1])
def test_what_goes_wrong_in_one_is_raised_here_and_keeps_nobody_waiting(rank):
    with Workers(2) as workers, pytest.raises(SettingsError, match=f"worker {rank} was told"):
        workers.crew(Adder, cells()).call("fail", rank, "raise")
    with Workers(2) as workers:
        assert workers.crew(Adder, cells()).call("add", 2) == [[1, 2]] * 2


@pytest.mark.parametrize("rank", [0, 1])
def test_a_worker_that_dies_ends_the_work_with_a_sentence(rank):
    with Workers(2) as workers, pytest.raises(TrainingError, match="a worker process has ended"):
        workers.crew(Adder, cells()).call("fail", rank, "die")
    with Workers(2) as workers:
        assert workers.crew(Adder, cells()).call("add", 2) == [[1, 2]] * 2


@pytest.mark.skipif(not hasattr(os, "waitid"), reason="cannot wait for another's process here")
def test_one_that_died_without_work_is_not_hired():
    with Workers(2) as workers:
        one = workers.crew(Adder, cells()).call("process")[0]
    os.kill(one, signal.SIGKILL)
    os.waitid(os.P_PID, one, os.WEXITED | os.WNOWAIT)
    with Workers(2) as workers:
        assert one not in workers.crew(Adder, cells()).call("process")


def test_an_answer_that_nobody_waited_for_is_passed_over():
    with Workers(2) as workers:
        adders = workers.crew(Adder, cells())
        adders.call("add", 1)
        for worker in workers.hired():
            worker.ask((id(adders), "process", ()))
        assert adders.call("add", 1) == [[2]] * 2


ORPHANS = """
import os, signal
from nn_core.workers import Workers
with Workers(2) as workers:
    workers.hired()
    print("hired", flush=True)
    os.kill(os.getpid(), signal.SIGKILL)
"""


def test_workers_end_without_a_word_when_their_program_is_killed():
    done = subprocess.run([sys.executable, "-c", ORPHANS], cwd=ROOT, capture_output=True, text=True, timeout=60)
    # The workers hold the other ends of both pipes: that these were read to their end says that the workers are gone.
    assert (done.stdout, done.stderr) == ("hired\n", "")


BETWEEN_TWO = """
import os, signal
from nn_core.workers import Workers
from tests.nn_core.test_workers import Adder, cells

class Bothers:
    asked = 0
    def __reduce__(self):
        Bothers.asked += 1
        if Bothers.asked == 2:
            {happens}
        return int, (2,)

if __name__ == "__main__":
    try:
        with Workers(2) as workers:
            adders = workers.crew(Adder, cells())
            one, other = adders.call("process")
            adders.call("add", Bothers())
    except KeyboardInterrupt:
        print("interrupted")
    with Workers(2) as workers:
        print(workers.crew(Adder, cells()).call("add", 2))
"""
KILL = "os.kill({}, signal.SIGKILL)"


@pytest.mark.parametrize("happens", [KILL.format("os.getpid()"), "; ".join(map(KILL.format, ("other", "os.getpid()")))])
def test_workers_end_when_their_program_is_killed_before_all_were_asked(happens):
    assert said(BETWEEN_TWO.format(happens=happens)) == ""


def test_ctrl_c_before_all_were_asked_keeps_nobody_waiting():
    assert said(BETWEEN_TWO.format(happens="raise KeyboardInterrupt")) == "interrupted\n[[1, 2], [1, 2]]\n"


def said(script):
    """What a program says until it and its workers, who could say something too, have ended."""
    command = [sys.executable, "-c", script]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True, start_new_session=True) as process:
        try:
            return process.communicate(timeout=60)[0]
        finally:
            with contextlib.suppress(ProcessLookupError):  # which is as it should be
                os.killpg(process.pid, signal.SIGKILL)


AT_ONCE = """
import sys, threading
from nn_core.workers import Workers

script = sys.modules["__main__"]
begin = threading.Barrier(4)

def hire():
    begin.wait()
    with Workers(2) as workers:
        workers.hired()

threads = [threading.Thread(target=hire) for _ in range(4)]
for thread in threads:
    thread.start()
for thread in threads:
    thread.join()
print(sys.modules["__main__"] is script)
"""


def test_threads_that_hire_at_once_lose_no_script():
    assert said(AT_ONCE) == "True\n"


UNGUARDED = """
from nn_core.workers import Workers
from tests.nn_core.test_workers import Adder, cells
with Workers(2) as workers:
    print(workers.crew(Adder, cells()).call("add", 3))
"""


def test_a_script_without_a_guard_can_hire_them(tmp_path):
    script = tmp_path / "learn.py"
    script.write_text(UNGUARDED)
    env = {**os.environ, "PYTHONPATH": str(ROOT)}
    done = subprocess.run([sys.executable, script], env=env, capture_output=True, text=True, timeout=60)
    assert (done.stdout, done.stderr) == ("[[1, 2, 3], [1, 2, 3]]\n", "")

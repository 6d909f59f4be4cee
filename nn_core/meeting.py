"""How worker processes wait: for each other, and for what they are asked."""

from __future__ import annotations

import contextlib
import ctypes
import multiprocessing
import os
import sys
import threading
import time
from collections.abc import Callable
from functools import cache

from nn_core.errors import TrainingError
from nn_core.shared import SharedArray

#: Seconds after which a silent process is looked after.
LOOK = 1.0

_SPIN, _NAP = 2e-3, 2e-4  # seconds that a process looks out for others without sleeping, and sleeps between two looks
_TAKEN = 1e-3  # seconds that others had the core, from which on they need it
_QUESTIONS = 100  # that a worker sleeps for then
_LONG = 8e-3  # seconds of work before a meeting, from which on it is worth to wait for the turn of another program
_AWAY = -1  # who writes this where the others count will not come any more


def _let_others() -> None:
    """Offer the core to whoever waits for it, and be back at once if nobody does."""
    if sys.platform == "win32":
        time.sleep(0)
    else:
        os.sched_yield()


@cache
def _core_asker() -> Callable[[], int] | None:
    """What tells the core that one is on, where the system tells and lets a process choose its cores."""
    return getattr(ctypes.CDLL(None), "sched_getcpu", None) if sys.platform == "linux" else None


class LookOut:
    """Stays awake for what comes soon: the next step's question does, and to wake up takes longer than it to come.

    Where others need the core it sleeps, for the next questions too: who has slept is let in sooner than who has spun.
    """

    def __init__(self, wait: Callable[[float], object]) -> None:
        self._wait, self._asleep = wait, 0

    def __call__(self) -> None:
        """Return when something has come, or when it is time to sleep."""
        if self._asleep:
            self._asleep -= 1
            return
        started = now = time.perf_counter()
        while not self._wait(0) and now - started < _SPIN:
            _let_others()
            before, now = now, time.perf_counter()
            if now - before > _TAKEN:
                self._asleep = _QUESTIONS
                return


class Place:
    """Which of `size` workers one is, and where they meet.

    `meeting` is int64 (3, size): how often each has come to meet the others, and on which core it began to work, after
    how many meetings.
    """

    def __init__(self, rank: int, size: int, meeting: SharedArray) -> None:
        self.rank, self.size = rank, size
        self._meeting, self._times = meeting, 0
        self._began, self._worked = 0.0, 0.0
        self._fence = threading.Lock()

    def __reduce__(self) -> tuple[type[Place], tuple[int, int, SharedArray]]:
        return Place, (self.rank, self.size, self._meeting)

    def share(self, count: int) -> range:
        """Which of `count` parts are this worker's: part i is worker i mod `size`'s."""
        return range(self.rank, count, self.size)

    def begin(self) -> None:
        """Begin with what is to be done until the next meeting: if it is long, on a core that no other worker is on.

        Beside a busy program the system may leave the workers on one core for good, at half their speed. Apart, one of
        them shares its core, until the other one waits for it: then the system gives it that one's. Who works for less
        than a turn of the busy program takes is better off where it does not have to wait for one.
        """
        ask = _core_asker()
        if self.size > 1 and ask and self._worked > _LONG:
            _, cores, begun = self._meeting.array
            core, taken = ask(), set(cores[begun == self._times].tolist())  # by those who have begun already
            if core in taken:
                _leave_for_another(taken)
                core = ask()
            cores[self.rank], begun[self.rank] = core, self._times
        self._began = time.thread_time()

    def meet(self) -> None:
        """Wait until every worker has come here; what it wrote before can be read afterwards.

        Raises:
            TrainingError: one of them will not come.
        """
        if self.size == 1:
            return
        self._times += 1
        if self._began:
            self._worked, self._began = time.thread_time() - self._began, 0.0
        with self._fence:  # no processor moves what was written before it to after it, nor the other way round
            seen, now = self._meeting.array[0].data, self._times
        seen[self.rank] = now
        awake = time.perf_counter() + _SPIN
        look = awake + LOOK
        while min(seen) < now:
            if _AWAY in seen:
                raise TrainingError("another worker has stopped")
            if time.perf_counter() < awake:
                _let_others()
                continue
            time.sleep(_NAP)
            if time.perf_counter() > look:
                look += LOOK
                _check_parent()
        with self._fence:
            pass

    def leave(self) -> None:
        """Keep nobody waiting."""
        self._meeting.array[0] = _AWAY


def _leave_for_another(taken: set[int]) -> None:
    """Go to a core that is not one of these, if there is one, free to be moved to any again."""
    allowed = os.sched_getaffinity(0)
    if allowed - taken:
        with contextlib.suppress(PermissionError):  # some sandboxes leave it all to the system
            os.sched_setaffinity(0, allowed - taken)
            os.sched_setaffinity(0, allowed)


def _check_parent() -> None:
    """Wait for nobody when the program has been killed: a worker that was killed with it could not say that it left."""
    parent = multiprocessing.parent_process()
    if parent is not None and not parent.is_alive():
        raise TrainingError("the program has ended")

"""Worker processes that share the parts of a batch, each with one BLAS thread and an interpreter of its own.

Threads would do, if NumPy's calls were long: it lets go of the interpreter during its loops. But a part of a batch is a
hundred calls of ten to fifty microseconds, after each of which a thread waits for the others to hand the interpreter
over; two threads are no faster than one then. And in the window they would wait for the drawing, and it for them.
"""

from __future__ import annotations

import atexit
import contextlib
import multiprocessing
import select
import signal
import sys
import threading
import traceback
from collections.abc import Callable, Iterator, Sequence
from functools import cache
from multiprocessing.connection import Connection
from types import ModuleType, TracebackType
from typing import Any

import numpy as np
from threadpoolctl import ThreadpoolController

from nn_core.errors import TrainingError
from nn_core.meeting import LOOK, LookOut, Place
from nn_core.shared import SharedArray

#: Workers that there can be.
MOST = 64
#: Images that go through a network together in training.
CHUNK = 64


@cache
def one_blas_thread() -> None:
    """Let a matrix product use one thread from now on, in the whole process.

    The parts of a batch already fill the cores; BLAS threads beside them would spin and wait for each other.
    """
    ThreadpoolController().limit(limits=1, user_api="blas")


class Crew:
    """The same object in each of some workers: `make(place, *arguments)`, made when it is first called."""

    def __init__(self, workers: Workers, make: Callable[..., Any], arguments: tuple[Any, ...], most: int) -> None:
        self._workers, self._make, self._arguments, self._most = workers, make, arguments, most
        self._hired: list[_Worker] = []
        self._members: list[_Worker] = []
        self._meeting: SharedArray | None = None

    def call(self, method: str, *arguments: Any, meanwhile: Callable[[], object] | None = None) -> list[Any]:
        """Call a method in every member at the same time: what each returns, in their order.

        While they work, `meanwhile` is called here.

        Raises:
            TrainingError: a worker's process has ended. What else a worker raises is raised here.
        """
        hired = self._workers.hired()
        if hired is not self._hired:
            self._gather(hired[: self._most])
            self._hired = hired
        return _ask_all(self._members, [(id(self), method, arguments)] * len(self._members), meanwhile)

    def _gather(self, members: list[_Worker]) -> None:
        size = len(members)
        self._members, self._meeting = members, SharedArray((3, size), np.int64)
        places = (Place(rank, size, self._meeting) for rank in range(size))
        _ask_all(members, [(id(self), None, (place, self._make, self._arguments)) for place in places])


class Workers:
    """`threads` processes that share the parts of a piece of work.

    They are hired when there is work, and let go by `close`, to be hired again for the next.
    """

    def __init__(self, threads: int) -> None:
        self.threads = threads
        self._hired: list[_Worker] = []

    def crew(self, make: Callable[..., Any], *arguments: Any, most: int = MOST) -> Crew:
        """The same object in every worker, or in `most` of them: arguments are pickled, a `SharedArray` by its name.

        Their classes must stand in modules that can be imported: a worker knows nothing of the script. Who has no part
        in the work is not to be asked: to wait for the others takes a core, too.
        """
        return Crew(self, make, arguments, most)

    def hired(self) -> list[_Worker]:
        """The workers."""
        if not self._hired:
            self._hired = _hire(self.threads)
        return self._hired

    def close(self) -> None:
        """Let the workers go; they forget what they made."""
        hired, self._hired = self._hired, []
        _let_go(hired)

    def __enter__(self) -> Workers:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, why: BaseException | None, where: TracebackType | None
    ) -> None:
        self.close()


class _Worker:
    """The handle of one process."""

    def __init__(self) -> None:
        # "spawn", everywhere: a copy of a process in which the window's threads run would inherit their locks.
        context = multiprocessing.get_context("spawn")
        self._connection, other = context.Pipe()
        self.process = context.Process(target=serve, args=(other,), name="digitscope-worker", daemon=True)
        with _starting, _no_script(), _no_interrupts():
            self.process.start()
        other.close()
        self._wait, self._asked, self.ended = _waiter(self._connection), 0, False
        _living.add(self)

    def ask(self, question: Any) -> None:
        self._asked += 1
        with contextlib.suppress(OSError):  # it has ended: its answer will tell
            self._connection.send((self._asked, question))

    def answer(self, colleagues: list[_Worker]) -> Any:
        """What it answers to the last question; what nobody waited to hear of earlier ones is passed over."""
        try:
            number = -1
            while number < self._asked:
                while not self._wait(LOOK):
                    if not all(one.process.is_alive() for one in colleagues):
                        raise EOFError
                number, answer = self._connection.recv()
            return answer
        except (EOFError, OSError):
            for one in colleagues:
                one.end()
            return TrainingError("a worker process has ended: go on from the last checkpoint, or start again")

    def end(self) -> None:
        self.ended = True
        _living.discard(self)
        self.process.kill()
        self.process.join()
        self._connection.close()


@contextlib.contextmanager
def _no_interrupts() -> Iterator[None]:
    """What is started does not hear of Ctrl-C, before it says by itself that it wants to hear nothing of it."""
    if sys.platform == "win32":
        yield
        return
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


@contextlib.contextmanager
def _no_script() -> Iterator[None]:
    """What starts a process finds no script that the new one would have to run again before it comes to its work.

    Nothing of it is needed there, and a script without `if __name__ == "__main__":` would hire workers of its own.
    """
    script = sys.modules["__main__"]
    sys.modules["__main__"] = ModuleType("__main__")
    try:
        yield
    finally:
        sys.modules["__main__"] = script


def _waiter(connection: Connection) -> Callable[[float], object]:
    """What waits until something has come, or for so many seconds, and tells which."""
    if sys.platform == "win32":
        return connection.poll
    poll = select.poll()  # made once: `Connection.poll` makes a new one at every call, which takes longer than waiting
    poll.register(connection.fileno(), select.POLLIN)
    return lambda seconds: poll.poll(seconds * 1000)


def _ask_all(
    workers: list[_Worker], questions: Sequence[Any], meanwhile: Callable[[], object] | None = None
) -> list[Any]:
    """What every worker answers to its question."""
    try:
        for worker, question in zip(workers, questions, strict=True):
            worker.ask(question)
    except BaseException:  # Ctrl-C, say: those who were asked would wait for ever for those who were not
        for worker in workers:
            worker.end()
        raise
    if meanwhile is not None:
        meanwhile()
    answers = [worker.answer(workers) for worker in workers]
    failures = [answer for answer in answers if isinstance(answer, BaseException)]
    if failures:
        # One failure lets the others stop waiting: those who stopped for that reason have less to tell.
        raise next((one for one in failures if not isinstance(one, TrainingError)), failures[0])
    return answers


_living: set[_Worker] = set()  # all of them: a worker lives until it is ended, whoever has forgotten it
_free: list[_Worker] = []  # those without work
_counting = threading.Lock()
_starting = threading.Lock()  # the script that is put aside meanwhile is the whole program's


def _hire(count: int) -> list[_Worker]:
    found: list[_Worker] = []
    with _counting:
        while _free and len(found) < count:
            worker = _free.pop()
            found.append(worker) if worker.process.is_alive() else worker.end()
    try:
        while len(found) < count:
            found.append(_Worker())
    except OSError:  # the system has no more processes to give
        with _counting:
            _free.extend(found)
        raise
    return found


def _let_go(workers: list[_Worker]) -> None:
    """Those that still live forget what they made, and are free again."""
    for worker in workers:
        worker.ask(None)
    for worker in workers:
        worker.answer(workers)
    with _counting:
        _free.extend(worker for worker in workers if not worker.ended)


@atexit.register
def _send_home() -> None:
    for worker in list(_living):
        worker.end()


def serve(connection: Connection) -> None:
    """Work until the connection ends: this is the process."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the process that the user started
    if sys.platform != "win32":
        signal.pthread_sigmask(signal.SIG_UNBLOCK, {signal.SIGINT})
    one_blas_thread()
    # A run that diverges overflows on its way; the loss, which the trainer looks at, tells so once and clearly.
    np.seterr(over="ignore", invalid="ignore", divide="ignore")
    with contextlib.suppress(EOFError, OSError):  # whoever asked is no more
        _work(connection)


def _work(connection: Connection) -> None:
    made: dict[int, tuple[Place, Any]] = {}
    look_out = LookOut(_waiter(connection))
    try:
        while True:
            look_out()
            number, question = connection.recv()
            try:
                answer = _answer(question, made)
            except BaseException as why:
                _leave(made)
                why.add_note(traceback.format_exc())
                answer = why
            connection.send((number, answer))
    finally:
        _leave(made)


def _answer(question: tuple[int, str | None, Any] | None, made: dict[int, tuple[Place, Any]]) -> Any:
    if question is None:
        made.clear()
        return None
    key, method, arguments = question
    if method is None:
        place, make, given = arguments
        made[key] = place, None  # the others wait for it as soon as it can fail
        made[key] = place, make(place, *given)
        return None
    return getattr(made[key][1], method)(*arguments)


def _leave(made: dict[int, tuple[Place, Any]]) -> None:
    for place, _ in made.values():
        place.leave()

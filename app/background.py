"""Work that runs beside the window: of a page of the Labs, of an explanation, of a file."""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Callable, Generator, Iterator
from contextlib import closing
from functools import partial

from PySide6.QtCore import QCoreApplication, QObject, QTimer, Signal

from app.mailbox import Crashed, Ended, Latest, Mailbox, Message, Result
from app.worker import Control, Job, Worker
from nn_core.events import Failed, Working

TICK_MS = 33
_SAYING = 0.012  # seconds of a tick: the window has other things to do

#: A function that returns a generator. What it yields is said to whoever asked, and between two yields it can be held.
Steps = Callable[[], Generator[object, None, None]]


class Background(QObject):
    """Runs a generator on a thread of its own, one at a time, and says what it yields, at most 30 times a second.

    A job yields values, in their order and none lost: results, points of a curve. It wraps in `app.mailbox.Latest`
    what is a picture of the present, of which only the newest counts, and yields `nn_core.events.Working` to say how
    far it is. It has to yield every 100 ms or so: it can be stopped and held only there. A job that yields faster than
    the window can hear is held until it has heard.

        self._job = Background(self)
        self._job.said.connect(self._take)
        self._job.start(partial(experiment, rng=rng))
    """

    said = Signal(object)  # what the job has yielded, without its wrapping
    troubled = Signal(str)  # the job could not go on; a sentence for the user
    runningChanged = Signal(bool)  # a job is there and is not paused
    ended = Signal()  # the job came to its end by itself

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._mailbox = Mailbox()
        self._workers: list[Worker] = []  # none or one; outlives this object until the worker has ended
        self._unsaid: deque[Message] = deque()
        self._paused = self._asleep = self._was_running = False
        self._timer = QTimer(self)
        self._timer.timeout.connect(self._drain)
        # A thread that lives when its object is destroyed takes the process with it.
        self.destroyed.connect(partial(_end, self._workers))
        application = QCoreApplication.instance()
        assert application is not None
        application.aboutToQuit.connect(self.stop)

    @property
    def running(self) -> bool:
        """Whether a job is there and is not paused; one that only sleeps with its page runs."""
        return bool(self._workers) and not self._paused

    @property
    def alive(self) -> bool:
        """Whether a job is there."""
        return bool(self._workers)

    def start(self, steps: Steps, *, one_step: bool = False) -> None:
        """Begin a job in place of the one before; with `one_step` it pauses after its first value."""
        self._drop()
        self._mailbox, self._paused, self._asleep = Mailbox(), one_step, False
        control = Control(paused=one_step, steps=int(one_step))
        self._workers.append(Worker(_paced(steps), control, self._mailbox))
        self._workers[0].start(Worker.Priority.LowPriority)
        self._timer.start(TICK_MS)
        self._tell()

    def pause(self) -> None:
        """Hold after the value that is being worked out."""
        self._paused = True
        self._rule()

    def resume(self) -> None:
        """Go on after a pause."""
        self._paused = False
        self._rule()

    def step(self) -> None:
        """Work out one value more, and hold."""
        if self._workers:
            self._paused = True
            self._workers[0].control.step()
            self._timer.start(TICK_MS)
            self._tell()

    def stop(self) -> None:
        """End the job and wait for it; nothing more is said of it."""
        self._drop()
        self._tell()

    def sleep(self) -> None:
        """Hold for as long as the page is hidden, whatever was asked for besides."""
        self._asleep = True
        self._rule()

    def wake(self) -> None:
        """Be as before `sleep`."""
        self._asleep = False
        self._rule()

    def _rule(self) -> None:
        for worker in self._workers:
            worker.control.pause() if self._paused or self._asleep or self._unsaid else worker.control.resume()
            self._timer.stop() if self._asleep else self._timer.start(TICK_MS)
        self._tell()

    def _tell(self) -> None:
        if self.running is not self._was_running:
            self._was_running = self.running
            self.runningChanged.emit(self.running)

    def _drop(self) -> None:
        self._timer.stop()
        self._unsaid.clear()
        _end(self._workers)

    def _drain(self) -> None:
        mailbox, was_behind = self._mailbox, bool(self._unsaid)
        self._unsaid.extend(mailbox.drain())
        until = time.perf_counter() + _SAYING
        # A job that has said its last is not held any more: whoever hears that may begin the next one at once.
        while self._unsaid and (time.perf_counter() < until or isinstance(self._unsaid[0], Failed | Crashed | Ended)):
            self._take(self._unsaid.popleft())
            if mailbox is not self._mailbox or not self._workers:
                return  # a slot has begun another job, or ended this one
        if was_behind or self._unsaid:
            self._rule()

    def _take(self, message: Message) -> None:
        match message:
            case Result(value) | Latest(value):
                self.said.emit(value)
            case Working():
                self.said.emit(message)
            case Failed():
                self.troubled.emit(message.message)
            case Crashed():
                self.stop()
                raise message.error
            case Ended():
                self.stop()
                self.ended.emit()
            case _:
                raise AssertionError(f"a job beside the window says nothing like {message!r}")


def _paced(steps: Steps) -> Job:
    """The job that holds between two values."""

    def job(control: Control) -> Iterator[Message]:
        with closing(steps()) as values:
            for value in values:
                if isinstance(value, Working):
                    yield value
                    continue
                yield value if isinstance(value, Latest) else Result(value)
                control.step_taken()
                if not control.wait():
                    return

    return job  # type: ignore[return-value]  # a generator function


def _end(workers: list[Worker], *_destroyed: object) -> None:
    """Stop the worker and wait for it, if there is one."""
    while workers:
        workers[0].stop()
        workers[0].wait()
        workers.pop(0)

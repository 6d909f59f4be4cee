"""The worker: any generator is its job; it can be paused, stepped and stopped, and always ends with a last word."""

from __future__ import annotations

import os
import sys
import threading
from collections.abc import Generator

import pytest
from pytestqt.qtbot import QtBot

from app.mailbox import Crashed, Ended, Held, Mailbox, Message, Notice
from app.worker import NICENESS, Control, Worker
from nn_core.errors import DataError
from nn_core.events import Failed, Working


class Job:
    """Yields what it is given, and remembers whether it was closed."""

    def __init__(self, *messages: Message, error: BaseException | None = None, endless: bool = False) -> None:
        self.messages, self.error, self.endless, self.closed = messages, error, endless, False

    def __call__(self, control: Control) -> Generator[Message, None, None]:
        try:
            yield from self.messages
            while self.endless:
                yield Working("Loading", 1, 2)
            if self.error is not None:
                raise self.error
        finally:
            self.closed = True


def ended(job: object, qtbot: QtBot, stop: bool = False) -> list[Message]:
    """What a job says until its worker ends."""
    mailbox = Mailbox()
    worker = Worker(job, Control(), mailbox)
    with qtbot.waitSignal(worker.finished):
        worker.start()
        if stop:
            worker.stop()
    worker.wait()
    return mailbox.drain()


def test_a_job_is_iterated_to_its_end(qtbot: QtBot):
    job = Job(Notice("one"), Notice("two"))
    assert ended(job, qtbot) == [Notice("one"), Notice("two"), Ended()]
    assert job.closed


def test_a_job_that_is_stopped_is_closed(qtbot: QtBot):
    job = Job(endless=True)
    assert ended(job, qtbot, stop=True)[-1] == Ended()
    assert job.closed


def test_our_errors_become_their_sentence(qtbot: QtBot):
    assert ended(Job(error=DataError("no data")), qtbot) == [Failed("no data"), Ended()]


def test_too_little_memory_is_told(qtbot: QtBot):
    failed, _ = ended(Job(error=MemoryError()), qtbot)
    assert "memory" in failed.message


@pytest.mark.parametrize("error", [ValueError("unforeseen"), SystemExit(3)])
def test_other_errors_are_handed_over(qtbot: QtBot, error: BaseException):
    assert ended(Job(error=error), qtbot) == [Crashed(error), Ended()]


def test_what_a_job_ends_by_comes_together_with_the_end(qtbot: QtBot):
    class Slow(Mailbox):
        """Is looked into after every word."""

        def __init__(self) -> None:
            super().__init__()
            self.taken: list[list[Message]] = []

        def put(self, *messages: Message) -> None:
            super().put(*messages)
            self.taken.append(self.drain())

    mailbox = Slow()
    worker = Worker(Job(Notice("one"), error=DataError("no data")), Control(), mailbox)
    with qtbot.waitSignal(worker.finished):
        worker.start()
    worker.wait()
    assert mailbox.taken == [[Notice("one")], [Failed("no data"), Ended()]]


def test_an_error_while_a_job_is_closed_is_told(qtbot: QtBot):
    def job(control: Control) -> Generator[Message, None, None]:
        try:
            while True:
                yield Working("Loading", 1, 2)
        finally:
            raise DataError("not kept")

    assert ended(job, qtbot, stop=True)[-2:] == [Failed("not kept"), Ended()]


def test_steps_are_counted_one_by_one(qtbot: QtBot):
    def job(control: Control) -> Generator[Message, None, None]:
        for number in range(10):
            if control.holding:
                yield Held(number)
                if not control.wait():
                    return
            yield Notice(str(number))
            control.step_taken()

    mailbox, control, said = Mailbox(), Control(paused=True, steps=2), []
    worker = Worker(job, control, mailbox)
    worker.start()

    def until(wanted: list[Message]) -> None:
        def check() -> bool:
            said.extend(mailbox.drain())
            return said == wanted

        qtbot.waitUntil(check)

    until([Notice("0"), Notice("1"), Held(2)])
    control.step()
    until([Notice("0"), Notice("1"), Held(2), Notice("2"), Held(3)])
    control.resume()
    worker.wait()
    said += mailbox.drain()
    assert said[-2:] == [Notice("9"), Ended()]


def test_a_learning_rate_is_handed_over_once():
    control = Control()
    assert control.new_learning_rate() is None
    control.set_learning_rate(0.1)
    control.set_learning_rate(0.2)
    assert control.new_learning_rate() == 0.2
    assert control.new_learning_rate() is None


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere a priority belongs to the whole process")
def test_the_worker_steps_back_behind_the_window(qtbot: QtBot):
    found = []

    def job(control: Control) -> Generator[Message, None, None]:
        found.append(os.getpriority(os.PRIO_PROCESS, threading.get_native_id()))
        yield Notice("done")

    before = os.nice(0)
    ended(job, qtbot)
    assert found == [min(19, before + NICENESS)]
    assert os.nice(0) == before

"""Work beside the window: nothing is lost, it can be held and stopped, and it never takes the process with it."""

from __future__ import annotations

import pytest
import shiboken6
from PySide6.QtCore import QObject
from pytestqt.exceptions import capture_exceptions
from pytestqt.qtbot import QtBot

from app.background import Background
from app.mailbox import Latest
from nn_core.errors import DataError
from nn_core.events import Working
from tests.app.labs.made_up import counting
from tests.app.labs.using import meanwhile


@pytest.fixture
def job(qtbot: QtBot):
    """A background that remembers what it says in `heard`."""
    owner = QObject()
    background = Background(owner)
    background.heard = []
    background.said.connect(background.heard.append)
    yield background
    if shiboken6.isValid(owner):
        background.stop()


def test_all_that_a_job_yields_is_said_in_its_order(job, qtbot: QtBot):
    def steps():
        yield from range(500)

    with qtbot.waitSignal(job.ended):
        job.start(steps)
    assert job.heard == list(range(500))
    assert not job.alive


def test_of_pictures_only_the_newest_is_said(job, qtbot: QtBot):
    def steps():
        for number in range(500):
            yield Latest(number)
        yield "done"

    with qtbot.waitSignal(job.ended):
        job.start(steps)
    assert job.heard[-2:] == [499, "done"]
    assert len(job.heard) < 500


def test_a_job_takes_single_steps_and_goes_on(job, qtbot: QtBot):
    job.start(counting, one_step=True)
    qtbot.waitUntil(lambda: job.heard == [0])
    assert job.alive
    assert not job.running
    job.step()
    qtbot.waitUntil(lambda: job.heard == [0, 1])
    job.resume()
    qtbot.waitUntil(lambda: len(job.heard) > 10)
    assert job.running


def test_a_job_that_is_faster_than_its_listener_waits_for_it(job, qtbot: QtBot):
    said = 0

    def steps():
        nonlocal said
        while True:
            said += 1
            yield said

    def listen(_value: object) -> None:
        for _ in range(2_000):
            pass

    job.said.connect(listen)
    job.start(steps)
    qtbot.waitUntil(lambda: len(job.heard) > 200)
    before = said
    qtbot.waitUntil(lambda: len(job.heard) > 1_000)
    assert said == before  # thousands came before the first was heard
    qtbot.waitUntil(lambda: said > before)  # and when all of them are, it goes on
    assert job.heard == list(range(1, len(job.heard) + 1))


def test_progress_is_no_step(job, qtbot: QtBot):
    def steps():
        yield Working("Loading", 1, 2)
        yield "first"
        yield "second"

    job.start(steps, one_step=True)
    qtbot.waitUntil(lambda: "first" in job.heard)
    assert job.heard == [Working("Loading", 1, 2), "first"]


def test_a_job_that_sleeps_does_nothing_until_it_wakes(job, qtbot: QtBot):
    job.start(counting)
    qtbot.waitUntil(lambda: len(job.heard) > 10)
    job.sleep()
    heard = len(job.heard)
    meanwhile(qtbot)
    assert len(job.heard) == heard
    assert job.running
    job.wake()
    qtbot.waitUntil(lambda: len(job.heard) > heard)
    assert job.heard == list(range(len(job.heard)))


def test_waking_does_not_end_a_pause(job, qtbot: QtBot):
    job.start(counting, one_step=True)
    qtbot.waitUntil(lambda: job.heard == [0])
    job.sleep()
    job.wake()
    meanwhile(qtbot)
    assert job.heard == [0]


def test_a_job_that_is_stopped_says_nothing_more(job, qtbot: QtBot):
    closed = []

    def steps():
        try:
            yield from counting()
        finally:
            closed.append(True)

    job.start(steps)
    qtbot.waitUntil(lambda: len(job.heard) > 10)
    with qtbot.waitSignal(job.runningChanged):
        job.stop()
    heard = len(job.heard)
    meanwhile(qtbot)
    assert (len(job.heard), closed, job.alive) == (heard, [True], False)


def test_another_job_takes_the_place_of_the_one_before(job, qtbot: QtBot):
    job.start(counting)
    qtbot.waitUntil(lambda: len(job.heard) > 10)
    job.heard.clear()

    def steps():
        yield "other"

    with qtbot.waitSignal(job.ended):
        job.start(steps)
    assert job.heard == ["other"]


def test_an_error_of_ours_is_told_in_its_sentence(job, qtbot: QtBot):
    def steps():
        yield 1
        raise DataError("no such data")

    with qtbot.waitSignal(job.troubled) as told, qtbot.waitSignal(job.ended):
        job.start(steps)
    assert told.args == ["no such data"]
    assert not job.alive


def test_an_error_that_nobody_foresaw_is_raised_in_the_windows_thread(job, qtbot: QtBot):
    def steps():
        yield 1
        raise ZeroDivisionError("unforeseen")

    with capture_exceptions() as errors:
        job.start(steps)
        qtbot.waitUntil(lambda: bool(errors))
    assert errors[0][0] is ZeroDivisionError
    assert not job.alive


def test_a_thread_ends_with_the_object_that_owns_it(qtbot: QtBot):
    owner = QObject()
    job = Background(owner)
    job.start(counting)
    worker = job._workers[0]
    shiboken6.delete(owner)
    assert worker.isFinished()

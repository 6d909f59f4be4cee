"""The check that nothing outlives its test sees what it is there to see."""

from __future__ import annotations

import threading

from PySide6.QtCore import QThread, QTimer
from PySide6.QtWidgets import QWidget

from tests import leftovers


def found() -> list[str]:
    return [leftovers.describe(item) for item in leftovers.qt_objects()]


def test_a_thread_that_does_not_end_is_found(monkeypatch):
    monkeypatch.setattr(leftovers, "GRACE_SECONDS", 0.01)
    before = threading.enumerate()
    end = threading.Event()
    thread = threading.Thread(target=end.wait, name="stays")
    thread.start()
    try:
        assert [leftovers.describe(item) for item in leftovers.threads(before)] == ["thread stays"]
    finally:
        end.set()
        thread.join()
    assert leftovers.threads(before) == []


def test_a_running_qthread_is_found(qapp):
    thread = QThread()
    thread.setObjectName("stays")
    thread.start()
    try:
        assert found() == ["PySide6.QtCore.QThread 'stays'"]
    finally:
        thread.quit()
        assert thread.wait(5000)
    assert found() == []


def test_an_active_timer_is_found(qapp):
    timer = QTimer()
    timer.start(60_000)
    assert found() == ["PySide6.QtCore.QTimer '' of 60000 ms"]
    timer.stop()
    assert found() == []


def test_a_single_shot_that_has_not_fired_is_found(qapp):
    QTimer.singleShot(60_000, lambda: None)
    assert found() == ["PySide6.QtCore.QTimer '' of 60000 ms"]
    for timer in leftovers.qt_objects():
        timer.stop()
    assert found() == []


def test_a_widget_is_found_until_it_is_deleted(qapp):
    widget = QWidget()
    widget.setObjectName("stays")
    assert found() == ["PySide6.QtWidgets.QWidget 'stays'"]
    widget.deleteLater()
    assert found() == []

"""What a test may not leave behind: anything that still runs, waits or stands on the screen."""

from __future__ import annotations

import gc
import threading
from collections.abc import Iterable
from typing import Any

GRACE_SECONDS = 1.0  # for a Python thread that was told to end and is on its way out


def threads(before: Iterable[threading.Thread]) -> list[threading.Thread]:
    """The Python threads that were not there `before`, and do not end."""
    left = set(threading.enumerate()) - set(before)
    # A dummy is a QThread seen from Python: it cannot be joined, and is found below.
    left = {thread for thread in left if not isinstance(thread, threading._DummyThread)}
    for thread in left:
        thread.join(GRACE_SECONDS)
    return [thread for thread in left if thread.is_alive()]


def qt_objects() -> list[Any]:
    """The running QThreads, active QTimers (single shots too) and top-level widgets there are, this thread apart."""
    from PySide6.QtCore import QCoreApplication, QEvent

    # What was given to deleteLater goes now: no event loop runs between tests that would see to it.
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete.value)
    found = _qt_objects()
    if found:
        del found[:]
        gc.collect()  # a cycle that nobody holds is no leftover
        QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete.value)
        found = _qt_objects()
    return found


def describe(item: Any) -> str:
    """`item` in words for the message of a failed test."""
    if isinstance(item, threading.Thread):
        return f"thread {item.name}"
    detail = f" of {item.interval()} ms" if hasattr(item, "interval") else ""
    return f"{type(item).__module__}.{type(item).__qualname__} {item.objectName()!r}{detail}"


def _qt_objects() -> list[Any]:
    import shiboken6
    from PySide6.QtCore import QThread, QTimer
    from PySide6.QtWidgets import QApplication

    main = QThread.currentThread()
    found: list[Any] = list(QApplication.topLevelWidgets())
    timers, threads = _family(QTimer), _family(QThread)
    kinds = timers | threads
    # type(), not isinstance(): a proxy would do something to answer that. A set, because this comes after every test.
    for item in [item for item in gc.get_objects() if type(item) in kinds]:
        if not shiboken6.isValid(item):
            continue
        if item.isActive() if type(item) in timers else item.isRunning() and item is not main:
            found.append(item)
    return found


def _family(kind: type) -> set[type]:
    """A class and all that are derived from it."""
    return {kind}.union(*(_family(each) for each in kind.__subclasses__()))

"""The window at work, measured from inside: `python -m benchmarks.in_window`, a process of its own.

Trains the default network with every view shown: the whole network without scrolling, a unit in the inspector, a digit
on the canvas. With `--quiet` nothing is measured but the speed of training, and the canvas is left alone.
"""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QCoreApplication, QEvent, QEventLoop, QSettings, Qt, QTimer
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QAbstractButton, QApplication, QScrollArea, QSpinBox

from app.application import SWITCH_SECONDS, make_application
from app.curve_log import CurveLog
from app.phase import Phase
from app.window import MainWindow
from benchmarks.common import BenchmarkError, Found, data_dir, parser, run
from benchmarks.instruments import AnswerWatch, Lateness, Scribbler, child, percentiles
from benchmarks.ours import WARM_UP, Pace

_SIZE = (1600, 1000)
_TALLEST = 4000
_EPOCHS = 1000  # more than there is time for
_SCRIBBLE_EVERY = 4.0  # seconds
_LOADING = 120.0  # seconds that loading may take


class Session:
    """One sitting at the window: a script of waits while the event loop runs."""

    def __init__(self, app: QApplication, window: MainWindow, interval: float) -> None:
        self._app, self._window = app, window
        self._watch = AnswerWatch(window)
        self._scribbler = Scribbler(window, self._watch)
        self._lateness = Lateness(interval, window)
        self._pace = Pace()
        self._trouble = ""
        window.session.curvesChanged.connect(self._take_curves)
        window.session.troubled.connect(self._take_trouble)

    def sit(self, seconds: float, quiet: bool) -> Found:
        """Draw, start, watch for `seconds` of training; what was measured."""
        self._window.show()
        _show_everything(self._app, self._window)
        self._scribbler.draw()
        self._wait(self._is_drawn, 10)
        loading = self._start(quiet)
        self._watch.milliseconds, self._watch.newest = [], []
        began, worked = time.perf_counter(), time.thread_time()
        if not quiet:
            self._lateness.start()
            self._work(seconds)
        else:
            self._wait(lambda: self._pace.seconds >= seconds + WARM_UP or self._pace.epoch_is_over, 10 * seconds + 30)
        share = (time.thread_time() - worked) / (time.perf_counter() - began)
        session = self._window.session
        settings = session.settings
        if session.state is not Phase.RUNNING or settings is None or self._trouble:
            raise BenchmarkError(f"the run did not go on: {self._trouble or session.state}")
        size, speed = self._window.size(), self._pace.steps_per_s() * settings.batch_size
        found = {"preset": settings.preset, "dataset": settings.dataset, "batch": settings.batch_size}
        found |= {"window": [size.width(), size.height()], "seconds": seconds}
        found |= {"train_images_per_s": speed, "gui_thread_cpu_share": share}
        if not quiet:
            found["loading_worst_ms"] = loading
            found["lateness_ms"] = percentiles(self._lateness.milliseconds, 50, 99, 99.9)
            found["answer_ms"] = percentiles(self._watch.milliseconds, 50, 95, 99)
            found["newest_ms"] = percentiles(self._watch.newest, 50, 95, 99)
        return found

    def _start(self, quiet: bool) -> float:
        """Press Start and wait for the first batch; the worst lateness until then."""
        button = child(self._window, "startButton")
        assert isinstance(button, QAbstractButton)
        if not quiet:
            self._lateness.start()
        button.click()
        self._wait(lambda: self._window.session.state is Phase.RUNNING or bool(self._trouble), _LOADING)
        self._lateness.stop()
        return max(self._lateness.milliseconds, default=0.0)

    def _work(self, seconds: float) -> None:
        """Let it train, and draw now and then."""
        ends = time.perf_counter() + seconds
        while time.perf_counter() < ends:
            self._scribbler.draw()
            pause = min(_SCRIBBLE_EVERY, max(0.0, ends - time.perf_counter()))
            self._let_pass(pause)
        self._lateness.stop()
        self._scribbler.stop()
        self._wait(self._is_drawn, 5)

    def _let_pass(self, seconds: float) -> None:
        until = time.perf_counter() + seconds
        self._wait(lambda: time.perf_counter() >= until, seconds + 5)

    def _is_drawn(self) -> bool:
        return not self._scribbler.draws and self._watch.waiting == 0

    def _wait(self, done: Callable[[], bool], at_most: float) -> None:
        """Run the event loop until `done()`; look every 20 milliseconds."""
        loop, timer = QEventLoop(), QTimer()
        until = time.perf_counter() + at_most

        def look() -> None:
            if done():
                loop.exit(0)
            elif time.perf_counter() > until:
                loop.exit(1)

        timer.timeout.connect(look)
        timer.start(20)
        if loop.exec():
            raise BenchmarkError(f"the window kept us waiting for more than {at_most:g} seconds")

    def _take_curves(self, log: CurveLog) -> None:
        if len(log.train):
            self._pace.note(int(log.train[log.STEP][-1]), float(log.train[log.EPOCH][-1]))

    def _take_trouble(self, sentence: str) -> None:
        self._trouble = sentence


def _show_everything(app: QApplication, window: MainWindow) -> None:
    """Make the window so tall that no layer is scrolled away, and put a unit into the inspector."""
    scroll, epochs = child(window, "networkScroll"), child(window, "epochsSpin")
    assert isinstance(scroll, QScrollArea)
    assert isinstance(epochs, QSpinBox)
    epochs.setValue(_EPOCHS)
    window.resize(*_SIZE)
    app.processEvents()
    while (hidden := scroll.verticalScrollBar().maximum()) and window.height() < _TALLEST:
        window.resize(window.width(), min(_TALLEST, window.height() + hidden))
        app.processEvents()
    maps = child(window, "featureMapView")
    for kind in (QEvent.Type.KeyPress, QEvent.Type.KeyRelease):
        QCoreApplication.postEvent(maps, QKeyEvent(kind, Qt.Key.Key_Right, Qt.KeyboardModifier.NoModifier))
    app.processEvents()


def measure(folder: Path, seconds: float, quiet: bool, interval: float) -> Found:
    """{"preset", "dataset", "batch", "window", "seconds", "train_images_per_s"}; without `quiet` also
    {"loading_worst_ms", "lateness_ms", "answer_ms", "newest_ms"}, all but the first {"p50", …, "worst", "count"}."""
    os.environ["QT_QPA_PLATFORM"] = "offscreen"
    app = make_application()
    sys.setswitchinterval(SWITCH_SECONDS)
    with tempfile.TemporaryDirectory(prefix="digitscope-bench-", ignore_cleanup_errors=True) as place:
        settings = QSettings(str(Path(place) / "bench.ini"), QSettings.Format.IniFormat)
        window = MainWindow(folder, settings)
        try:
            return Session(app, window, interval).sit(seconds, quiet)
        finally:
            window.shut_down()
            window.close()


def options() -> argparse.ArgumentParser:
    """The arguments."""
    found = parser(__doc__, seconds=60, threads=False)
    found.add_argument("--quiet", action="store_true", help="measure the speed of training alone")
    found.add_argument("--interval", type=float, default=2, help="milliseconds between looks at the event loop")
    return found


if __name__ == "__main__":
    a = options().parse_args()
    sys.exit(run(lambda: measure(data_dir(a.data_dir), a.seconds, a.quiet, a.interval)))

"""The application as a process: it closes cleanly when the system asks for it, in the middle of a run too."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from app.application import fit_screen, told_errors
from tests.app.driver import Driver

ROOT = Path(__file__).resolve().parents[2]

# Opens the window as `main.py` does, starts a run, and says so on stdout when the third batch is done.
RUN = """
import sys
from pathlib import Path
from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QAbstractButton, QApplication
from app import application
from app.window import MainWindow
from nn_core.settings import TrainSettings

def begin():
    (window,) = [each for each in QApplication.topLevelWidgets() if isinstance(each, MainWindow)]
    window.parts.train.setSettings(TrainSettings(epochs=100_000))
    window.findChild(QAbstractButton, "startButton").click()
    def tell():
        if window.session.step_number >= 3:
            timer.stop()
            print("trains", flush=True)
    timer = QTimer(window)
    timer.timeout.connect(tell)
    timer.start(10)

application.make_application()
QTimer.singleShot(100, begin)
sys.exit(application.run(Path(sys.argv[1])))
"""


@pytest.mark.skipif(sys.platform == "win32", reason="no such signals there")
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_closes_the_window_and_keeps_the_run(tiny: Path, tmp_path: Path, number: signal.Signals):
    places = {f"XDG_{name}_HOME": str(tmp_path / name) for name in ("CONFIG", "STATE", "DATA", "CACHE")}
    process = subprocess.Popen(
        [sys.executable, "-c", RUN, str(tiny)],
        cwd=ROOT,
        env=os.environ | places,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    try:
        assert process.stdout is not None
        assert process.stdout.readline() == "trains\n"
        process.send_signal(number)
        _, said = process.communicate(timeout=20)
    finally:
        process.kill()
        process.wait()
    assert (process.returncode, said) == (0, "")
    assert (tmp_path / "STATE" / "digitscope" / "run-1.safetensors").exists()


def test_an_error_that_nobody_foresaw_is_told_and_logged(window: Driver, caplog: pytest.LogCaptureFixture):
    hook = sys.excepthook
    with told_errors(window.window):
        error = ValueError("unforeseen")
        sys.excepthook(ValueError, error, None)
    assert sys.excepthook is hook
    assert "unforeseen" in window.messages()[0]
    assert any(record.exc_info and record.exc_info[1] is error for record in caplog.records)


def test_the_window_is_imported_without_what_it_may_never_need():
    code = "import sys, cli.arguments as a, app.application; a.parse([]); print(*sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    imported = set(done.stdout.split())
    assert not {"safetensors", "platformdirs", "urllib.request", "http.client", "ssl"} & imported
    parts = ("app.explaining", "app.views.why_panel", "app.labs.overview", "cli.train_options")
    assert not set(parts) & imported
    packages = ("nn_core.explaining", "nn_core.labs", "nn_core.measuring", "nn_core.pen", "nn_core.search")
    assert not [name for name in imported if name.startswith(packages)]


def test_a_first_window_is_no_larger_than_the_screen_and_a_later_one_is_as_it_was(window: Driver):
    screen = window.window.screen().availableSize()
    assert screen.height() <= 800  # off-screen it is small, and the window's first size is not
    fit_screen(window.window)
    assert window.window.height() < screen.height()
    window.window.resize(1100, screen.height())
    fit_screen(window.window)
    assert (window.window.width(), window.window.height()) == (1100, screen.height())

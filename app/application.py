"""The application around the window."""

from __future__ import annotations

import logging
import signal
import socket
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import FrameType, TracebackType

from PySide6.QtCore import QMessageLogContext, QSize, QSocketNotifier, QtMsgType, qInstallMessageHandler
from PySide6.QtWidgets import QApplication

from app.icons import app_icon
from app.layout import SIZE
from app.window import MainWindow

#: Python's threads hand each other the interpreter this often (seconds): the window waits no longer for the trainer.
SWITCH_SECONDS = 0.0001

_FRAME = QSize(0, 36)  # logical pixels that a title bar may take

_log = logging.getLogger(__name__)


def run(data_dir: Path | None) -> int:
    """Open the window and serve it until it is closed; returns the exit status."""
    app = make_application()
    sys.setswitchinterval(SWITCH_SECONDS)
    window = MainWindow(data_dir)
    fit_screen(window)
    with told_errors(window), closing_on_signals(window):
        window.show()
        return app.exec()


def fit_screen(window: MainWindow) -> None:
    """Make a window that opens for the first time no larger than its screen: a small laptop has 1366 × 768."""
    if window.size() == SIZE and not window.isMaximized():
        window.resize(SIZE.boundedTo(window.screen().availableSize() - _FRAME))


def make_application() -> QApplication:
    """The one QApplication, named and with its icon."""
    found = QApplication.instance()
    if isinstance(found, QApplication):
        return found
    qInstallMessageHandler(_log_qt)
    app = QApplication(sys.argv[:1])
    app.setApplicationName("Digitscope")
    app.setOrganizationName("Digitscope")
    app.setDesktopFileName("digitscope")
    app.setWindowIcon(app_icon())
    return app


def _log_qt(kind: QtMsgType, _where: QMessageLogContext, text: str) -> None:
    """Qt's messages go where all others go."""
    if text.startswith("This plugin does not support"):  # the off-screen platform says so at every show()
        return
    levels = {QtMsgType.QtDebugMsg: logging.DEBUG, QtMsgType.QtInfoMsg: logging.INFO}
    logging.getLogger("qt").log(levels.get(kind, logging.WARNING), "%s", text)


@contextmanager
def told_errors(window: MainWindow) -> Iterator[None]:
    """Errors that nobody foresaw, in a slot for example, are logged and told in the window, which goes on."""
    before = sys.excepthook

    def tell(kind: type[BaseException], error: BaseException, where: TracebackType | None) -> None:
        _log.error("an error that nobody foresaw", exc_info=(kind, error, where))
        window.words.tell(
            f"Something went wrong that should not: {kind.__name__}: {error}. Save what you need, and go on."
        )

    sys.excepthook = tell
    try:
        yield
    finally:
        sys.excepthook = before


@contextmanager
def closing_on_signals(window: MainWindow) -> Iterator[None]:
    """Ctrl-C in the terminal, or a request to end from the system, closes the window, and nothing is lost.

    Python looks at signals only between its own instructions, and Qt's event loop has none: the signal's number is
    written to a socket, and Qt wakes up.
    """
    woken, wake = socket.socketpair()
    for end in (woken, wake):
        end.setblocking(False)
    notifier = QSocketNotifier(woken.fileno(), QSocketNotifier.Type.Read)

    def close() -> None:
        woken.recv(64)
        window.close()

    def ignore(_number: int, _frame: FrameType | None) -> None:
        """The handler that Python calls; the work is done by `close`."""

    notifier.activated.connect(close)
    before_fd = signal.set_wakeup_fd(wake.fileno(), warn_on_full_buffer=False)
    before = {number: signal.signal(number, ignore) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
        signal.set_wakeup_fd(before_fd)
        notifier.setEnabled(False)
        woken.close()
        wake.close()

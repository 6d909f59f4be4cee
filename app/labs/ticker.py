"""What goes on by itself, tick by tick, until it is stopped."""

from __future__ import annotations

from PySide6.QtCore import QObject, QTimer, Signal


class Ticker(QObject):
    """Calls `_tick` every `interval` milliseconds while it runs."""

    runningChanged = Signal(bool)

    def __init__(self, interval: int, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._timer = QTimer(self)
        self._timer.setInterval(interval)
        self._timer.timeout.connect(self._tick)

    @property
    def running(self) -> bool:
        """Whether it goes on by itself."""
        return self._timer.isActive()

    def start(self) -> None:
        """Go on by itself."""
        self._timer.start()
        self.runningChanged.emit(True)

    def stop(self) -> None:
        """Stay."""
        self._timer.stop()
        self.runningChanged.emit(False)

    def _tick(self) -> None:
        raise NotImplementedError

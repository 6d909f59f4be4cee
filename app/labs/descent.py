"""Gradient descent in small helpings, so that it can be watched."""

from __future__ import annotations

import time

from PySide6.QtCore import QObject, Signal

from app.labs.ticker import Ticker
from nn_core.errors import TrainingError
from nn_core.labs.kernel_recovery import KernelRecovery

TICK_MS = 33
_BUDGET = 0.02  # seconds of the window's time that a helping may take
MOST_STEPS = 50_000
_FOUND = 1e-12  # of the largest difference: nothing more happens below


class Descent(Ticker):
    """Steps a recovery, some steps a tick; ends where the kernel is found, or when it diverges."""

    moved = Signal()
    troubled = Signal(str)

    def __init__(self, recovery: KernelRecovery, parent: QObject | None = None) -> None:
        super().__init__(TICK_MS, parent)
        self.recovery = recovery
        self.steps_a_tick = 1

    def begin(self, recovery: KernelRecovery) -> None:
        """Take another recovery, running or not as before."""
        self.recovery = recovery
        self.moved.emit()

    def step(self) -> None:
        """Take one step."""
        self._take(1)

    def _tick(self) -> None:
        self._take(self.steps_a_tick)
        if self.recovery.error < _FOUND or self.recovery.steps >= MOST_STEPS:
            self.stop()

    def _take(self, steps: int) -> None:
        """Take so many steps, fewer when the machine is slow."""
        until = time.monotonic() + _BUDGET
        try:
            for _ in range(steps):
                self.recovery.step()
                if time.monotonic() > until:
                    break
        except TrainingError as why:
            self.stop()
            self.troubled.emit(str(why))
        self.moved.emit()

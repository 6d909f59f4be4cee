"""How often the window looks into the mailbox while the worker works."""

from __future__ import annotations

import time

from PySide6.QtCore import QTimer

TICK_MS, SLOWEST_TICK_MS = 33, 1000
#: Share of one core that the window takes for itself while it trains: where a tick costs more, the next comes later.
#: What it takes is lost twice: the worker on the other core waits for the one that was held up. (A window 3500 pixels
#: high, with every layer in view, takes 40 milliseconds a tick.)
WINDOW_SHARE = 0.05


class Pace:
    """Ticks of a timer, at most 30 a second."""

    def __init__(self, timer: QTimer) -> None:
        self._timer = timer
        self._cpu_seconds = 0.0  # of this thread, at the last tick

    def begin(self) -> None:
        """Tick from now on."""
        self._cpu_seconds = time.thread_time()
        self._timer.start(TICK_MS)

    def follow(self) -> None:
        """Set the next tick by what the last one cost, painting included."""
        before, self._cpu_seconds = self._cpu_seconds, time.thread_time()
        wanted = 1000 * (self._cpu_seconds - before) / WINDOW_SHARE
        self._timer.setInterval(round(min(max(wanted, TICK_MS), SLOWEST_TICK_MS)))

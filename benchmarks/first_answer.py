"""`main.py` itself, with a hand that draws as soon as the window is painted: `python -m benchmarks.first_answer`.

Prints a line {"event": "painted"} when the window is painted, one {"event": "answered"} when the bars that answer the
drawing are, and ends at once: nothing is written to the user's settings. A process of its own, timed from outside.
"""

from __future__ import annotations

import json
import os
import runpy
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QEvent, QObject
from PySide6.QtWidgets import QApplication

if TYPE_CHECKING:
    from app.window import MainWindow

_ROOT = Path(__file__).resolve().parents[1]
_ENDING = 1  # of the process, should the window never answer
_PLACES = [(140.0, 50.0 + 20 * i) for i in range(10)]  # a 1, in canvas units


def tell(event: str) -> None:
    """Print a line, at once."""
    print(json.dumps({"event": event}), flush=True)


class Hand(QObject):
    """Waits for the window's first picture, draws a line, waits for the answer's picture, ends the process."""

    def __init__(self, window: MainWindow) -> None:
        super().__init__(window)
        from benchmarks.instruments import AnswerWatch, Mouse, child  # after `main.py` has imported what it needs

        self._mouse, self._watch = Mouse(window), AnswerWatch(window, self._answered)
        self._bars = child(window, "probabilityBars")
        self._bars.installEventFilter(self)
        self._painted = False
        self.startTimer(60_000)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """See the first picture; draw as soon as it is flushed, which is before the next event."""
        if not self._painted and watched is self._bars and event.type() == QEvent.Type.Paint:
            self._painted = True
            self._mouse.press(*_PLACES[0])
            for place in _PLACES[1:]:
                self._mouse.move(*place)
                self._watch.expect(time.perf_counter())
            self._mouse.release(*_PLACES[-1])
            QApplication.postEvent(self, QEvent(QEvent.Type.User))
        return False

    def event(self, event: QEvent) -> bool:
        """Tell that the window is painted."""
        if event.type() == QEvent.Type.User:
            tell("painted")
        elif event.type() == QEvent.Type.Timer:
            os._exit(_ENDING)
        return super().event(event)

    def _answered(self) -> None:
        if self._watch.waiting == 0:
            tell("answered")
            os._exit(0)


def main() -> None:
    """Run `main.py` with the arguments given; the hand comes in where the event loop begins."""
    begin = QApplication.exec

    def begin_with_hand(*_arguments: Any) -> int:
        from app.window import MainWindow

        hands = [Hand(window) for window in QApplication.topLevelWidgets() if isinstance(window, MainWindow)]
        assert len(hands) == 1
        return begin()

    QApplication.exec = begin_with_hand  # type: ignore[method-assign]
    sys.argv[0] = str(_ROOT / "main.py")
    sys.path.insert(0, str(_ROOT))
    runpy.run_path(sys.argv[0], run_name="__main__")


if __name__ == "__main__":
    main()

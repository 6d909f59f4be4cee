"""How far a run is, how fast, and what came of it."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass

from app.curve_log import WholeTest
from nn_core.events import Restored

_SECONDS = 3.0  # that the speed is an average over


@dataclass(frozen=True, slots=True)
class Progress:
    """What the transport bar shows: `fraction` 0 to 1, and what is not known yet is None."""

    epoch: float = 0.0
    epochs: int | None = None
    fraction: float = 0.0
    images_per_s: float | None = None
    seconds_left: float | None = None
    text: str | None = None  # instead of the epochs


class Speed:
    """Images and steps a second over the last few seconds, evaluation and all."""

    def __init__(self) -> None:
        self._images = 0
        self._marks: deque[tuple[float, int, int]] = deque()

    def restart(self) -> None:
        """Begin anew, after a pause."""
        self._marks.clear()

    def add(self, now: float, step: int, images: int) -> None:
        """Say that at a time (seconds) `step` was reached, after so many images more."""
        self._images += images
        self._marks.append((now, step, self._images))
        while len(self._marks) > 2 and now - self._marks[1][0] > _SECONDS:
            self._marks.popleft()

    def images_per_s(self) -> float | None:
        """None until enough has been seen."""
        return self._rate(2)

    def steps_per_s(self) -> float | None:
        """None until enough has been seen."""
        return self._rate(1)

    def _rate(self, column: int) -> float | None:
        if len(self._marks) < 2:
            return None
        seconds = self._marks[-1][0] - self._marks[0][0]
        done = self._marks[-1][column] - self._marks[0][column]
        return done / seconds if seconds > 0.2 and done > 0 else None


def finished_words(tested: WholeTest | None, restored: Restored | None) -> str:
    """What to say of a run that is over; empty when nothing is known of it."""
    if tested is None:
        return ""
    reads = f"{100 * tested.accuracy:.2f} % of the test images are read right."
    if restored is None:
        return f"The run is finished: {reads}"
    return f"Back to epoch {restored.best_epoch}, the best on the images held out: {reads}"

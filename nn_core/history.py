"""The moments of a run that can be gone back to."""

from __future__ import annotations

from bisect import bisect_left

from nn_core.events import Snapshot


class History:
    """Keeps snapshots of a run in at most `limit` bytes, however long it gets.

    Once full, every second one is dropped, and from then on only every second one that comes is kept: the moments stay
    evenly spread from the start to now, and there are always between half and all of those that fit.
    """

    def __init__(self, limit: int = 192 * 1024 * 1024) -> None:
        self.limit = limit
        self.snapshots: list[Snapshot] = []
        self._stride = 1
        self._seen = 0

    def add(self, snapshot: Snapshot) -> None:
        """Take a snapshot in, if its turn has come; a newer one of the same step is what the run has gone back to."""
        if self.snapshots and snapshot.step == self.snapshots[-1].step:
            self.snapshots[-1] = snapshot
            return
        self._seen += 1
        if (self._seen - 1) % self._stride:
            return
        self.snapshots.append(snapshot)
        if len(self.snapshots) > max(2, self.limit // max(1, snapshot.vector.nbytes)):
            del self.snapshots[1::2]
            self._stride *= 2

    def clear(self) -> None:
        """Forget everything."""
        self.snapshots.clear()
        self._stride, self._seen = 1, 0

    def nearest(self, step: int) -> int:
        """The index of the snapshot that is nearest to a step, −1 when there is none."""
        steps = [snapshot.step for snapshot in self.snapshots]
        right = bisect_left(steps, step)
        if right == len(steps):
            return right - 1
        return right if right == 0 or steps[right] - step < step - steps[right - 1] else right - 1

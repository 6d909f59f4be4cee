"""The moments of a run that are kept, and which of them is shown."""

from __future__ import annotations

from PySide6.QtCore import QElapsedTimer, QObject, Signal

from app.reading import Reading
from nn_core.events import Snapshot
from nn_core.history import History

LIVE = -1
_TELL_MS = 250  # the slider gets longer at most so often


class TimelineLog(QObject):
    """Keeps snapshots, and lets the reading show the newest, or the one that was chosen."""

    momentsChanged = Signal(object)  # list[tuple[int, float]]: step and epoch of each, oldest first
    presentChanged = Signal(int, float)  # step and epoch of the newest parameters
    momentShown = Signal(int, object)  # the index of a moment told last, and its Snapshot; -1 and None for live

    def __init__(self, reading: Reading, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.live = reading.model.network.vector  # the newest parameters
        self.shown: Snapshot | None = None  # None while live
        self._reading = reading
        self._history = History()
        self._told: list[Snapshot] = []  # what the indices of `choose` mean
        self._present: Snapshot | None = None
        self._since_told = QElapsedTimer()
        self._since_told.start()

    def add(self, snapshot: Snapshot) -> None:
        """Take the newest parameters; they are shown unless an earlier moment is."""
        self._history.add(snapshot)
        self._present, self.live = snapshot, snapshot.vector
        if self.shown is None:
            self._reading.show_parameters(snapshot.vector)
        if self._since_told.elapsed() >= _TELL_MS or len(self._told) < 2:
            self.tell()
        self.presentChanged.emit(snapshot.step, snapshot.epoch)

    def tell(self) -> None:
        """Say which moments there are, by now."""
        self._since_told.restart()
        self._told = list(self._history.snapshots)
        self.momentsChanged.emit([(snapshot.step, snapshot.epoch) for snapshot in self._told])

    def choose(self, index: int) -> None:
        """Show a moment of those told last, or the present."""
        chosen = self._told[index] if 0 <= index < len(self._told) else None
        if chosen is self.shown:
            return
        self.shown = chosen
        self._reading.show_parameters(self.live if chosen is None else chosen.vector)
        self.momentShown.emit(LIVE if chosen is None else index, chosen)

    def choose_epoch(self, epoch: float) -> None:
        """Show the moment that is nearest to an epoch."""
        if self._told:
            epochs = [abs(snapshot.epoch - epoch) for snapshot in self._told]
            self.choose(epochs.index(min(epochs)))

    def moment(self) -> Snapshot | None:
        """The moment whose parameters are shown, None when they are of no run."""
        return self.shown or self._present

    def clear(self) -> None:
        """Forget everything."""
        self._history.clear()
        self._present = None
        shown, self.shown = self.shown, None
        self.tell()
        if shown is not None:
            self.momentShown.emit(LIVE, None)

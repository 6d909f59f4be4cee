"""Reading the drawing with the parameters that are shown."""

from __future__ import annotations

import numpy as np
from PySide6.QtCore import QElapsedTimer, QObject, Qt, QTimer, Signal

from app.answer import Answer, Doubts, Sight, Splits, answer_to, last_drawn, look_at
from nn_core.description import LayerInfo
from nn_core.ink import Marks
from nn_core.model import Model, Reader
from nn_core.workers import one_blas_thread

#: Feature maps follow a stroke at most so often; while a run goes on less often, because it needs the cores too.
MAPS_MS, BUSY_MAPS_MS = 33, 300
#: A mouse moves up to a thousand times a second, a screen shows sixty pictures: no answer follows the last one sooner
#: than what it costs leaves room for, while the workers of a run take both cores.
ANSWER_MS = 10


class Reading(QObject):
    """Answers every change of the drawing and of the parameters, once for as many of them as come together.

    A drawing is answered as soon as the event loop has nothing better to do, but no sooner than `ANSWER_MS` after the
    last; the newest counts, older ones are skipped. Parameters that are shown are only read: they are the copies
    that snapshots hold.
    """

    networkChanged = Signal(object)  # list[LayerInfo], followed by its kernels
    kernelsChanged = Signal(object)  # dict: layer index -> (O, I, kh, kw)
    mapsChanged = Signal(object)  # dict: layer index -> (C, H, W) or (F,); None while nothing is drawn
    answered = Signal(object)  # Answer

    def __init__(
        self,
        model: Model,
        parent: QObject | None = None,
        doubts: Doubts | None = None,
        splits: Splits | None = None,
    ) -> None:
        super().__init__(parent)
        self._doubts, self._splits = doubts, splits
        one_blas_thread()  # a second one helps no single image and would fight with training for the cores
        self.maps_ms = MAPS_MS
        self._reader: Reader = model.reader()
        self._marks: Marks = ()
        self._sights: list[Sight] = []
        self._selected = 0
        self._marks_are_new = False
        self._looked_into = True
        self.answer = Answer()  # told last
        self._soon = QTimer(self)
        self._soon.setSingleShot(True)
        self._soon.setTimerType(Qt.TimerType.PreciseTimer)
        self._soon.timeout.connect(self._answer)
        self._since_answer = QElapsedTimer()
        self._since_answer.start()
        self._maps_soon = QTimer(self)
        self._maps_soon.setSingleShot(True)
        self._maps_soon.timeout.connect(self._show_maps)
        self._since_maps = QElapsedTimer()
        self._since_maps.start()

    @property
    def model(self) -> Model:
        """The model that is shown; its parameters are not to be written to."""
        return self._reader.model

    def layers(self) -> list[LayerInfo]:
        """The rows of the network that is shown."""
        return self.model.network.describe()

    def show_model(self, model: Model) -> None:
        """Show a copy of another model."""
        self._reader = model.reader()
        self.networkChanged.emit(self.layers())
        self._read_anew()

    def show_parameters(self, vector: np.ndarray) -> None:
        """Show other parameters of the same network, which nobody writes to."""
        self._reader.show(vector)
        self._read_anew()

    def draw(self, marks: Marks) -> None:
        """Read another drawing."""
        self._marks, self._marks_are_new = marks, True
        if not self._soon.isActive():
            self._soon.start(max(0, ANSWER_MS - self._since_answer.elapsed()))

    def select(self, place: int) -> None:
        """Show another digit of a number, counted from the left."""
        self.answer_now()
        if 0 <= place < len(self._sights) and place != self._selected:
            self._selected = place
            self._answer()

    def answer_now(self) -> None:
        """Answer what was drawn last, if that is still to be done."""
        if self._soon.isActive():
            self._soon.stop()
            self._answer()

    def kernels(self) -> dict[int, np.ndarray]:
        """The kernels that are shown."""
        found = {index: layer.kernels() for index, layer in enumerate(self.model.network.layers)}
        return {index: kernels for index, kernels in found.items() if kernels is not None}

    def look_into(self, on: bool) -> None:
        """Tell kernels and maps, or work out answers alone, while nobody sees what is inside the network."""
        if on and not self._looked_into:
            self._looked_into = True
            self._read_anew()
        self._looked_into = on

    def stop(self) -> None:
        """Answer no more."""
        self._soon.stop()
        self._maps_soon.stop()

    def _read_anew(self) -> None:
        """Answer at once, so that kernels and bars are always those of one moment."""
        if self._looked_into:
            self.kernelsChanged.emit(self.kernels())
        self._answer()

    def _answer(self) -> None:
        self._since_answer.restart()
        if self._marks_are_new:
            self._marks_are_new = False
            self._look()
        self.answer = answer_to(self._sights, self._selected, self._reader)
        self.answered.emit(self.answer)
        if self._looked_into and not self._maps_soon.isActive():
            self._maps_soon.start(max(0, self.maps_ms - self._since_maps.elapsed()))

    def _look(self) -> None:
        self._sights = look_at(self._marks, self._splits, self._doubts)
        self._selected = last_drawn(self._sights, self._marks)

    def _show_maps(self) -> None:
        self._since_maps.restart()
        if not self._sights:
            self.mapsChanged.emit(None)
            return
        with np.errstate(all="ignore"):
            maps = self._reader.activations(self._sights[self._selected].image)
        self.mapsChanged.emit(dict(enumerate(maps)))

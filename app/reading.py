"""Reading the drawing with the parameters that are shown."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
from PySide6.QtCore import QElapsedTimer, QObject, QTimer, Signal

from nn_core.description import LayerInfo
from nn_core.ink import Marks, digit_image, is_dot
from nn_core.model import Model, Reader
from nn_core.workers import one_blas_thread

#: Below this probability of the likeliest digit the label shows `?`: then all others together are likelier. It shows
#: `?`, too, when the drawing is a dot, or when `doubts` says that it is rather no digit.
SURE = 0.5
NOTHING, UNSURE = "–", "?"
#: Tells of an image (28, 28) whether it is rather no digit.
Doubts: TypeAlias = Callable[[np.ndarray], bool]
#: Feature maps follow a stroke at most so often; while a run goes on less often, because it needs the cores too.
MAPS_MS, BUSY_MAPS_MS = 33, 66


@dataclass(frozen=True, slots=True, eq=False)
class Answer:
    """What the network makes of the drawing; without one there is no image, there are no probabilities, digit −1."""

    image: np.ndarray | None = None  # float32 (28, 28)
    probabilities: np.ndarray | None = None  # float32 (10,)
    digit: int = -1
    text: str = NOTHING


class Reading(QObject):
    """Answers every change of the drawing and of the parameters, once for as many of them as come together.

    A drawing is answered as soon as the event loop has nothing better to do; the newest counts, older ones are
    skipped. Parameters that are shown are only read: they are the copies that snapshots hold.
    """

    networkChanged = Signal(object)  # list[LayerInfo], followed by its kernels
    kernelsChanged = Signal(object)  # dict: layer index -> (O, I, kh, kw)
    mapsChanged = Signal(object)  # dict: layer index -> (C, H, W) or (F,); None while nothing is drawn
    answered = Signal(object)  # Answer

    def __init__(self, model: Model, parent: QObject | None = None, doubts: Doubts | None = None) -> None:
        super().__init__(parent)
        self._doubts = doubts
        one_blas_thread()  # a second one helps no single image and would fight with training for the cores
        self.maps_ms = MAPS_MS
        self._reader: Reader = model.reader()
        self._marks: Marks = ()
        self._image: np.ndarray | None = None
        self._image_is_old = False
        self._is_doubted = False  # the drawing is rather no digit
        self._looked_into = True
        self._soon = QTimer(self)
        self._soon.setSingleShot(True)
        self._soon.timeout.connect(self._answer)
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
        self._marks, self._image_is_old = marks, True
        self._soon.start(0)

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
        if self._image_is_old:
            self._image, self._image_is_old = digit_image(self._marks), False
            self._is_doubted = self._image is not None and self._doubted(self._image)
        self.answered.emit(self._read(self._image))
        if self._looked_into and not self._maps_soon.isActive():
            self._maps_soon.start(max(0, self.maps_ms - self._since_maps.elapsed()))

    def _doubted(self, image: np.ndarray) -> bool:
        return is_dot(self._marks) or (self._doubts is not None and self._doubts(image))

    def _read(self, image: np.ndarray | None) -> Answer:
        if image is None:
            return Answer()
        with np.errstate(all="ignore"):  # parameters of a run that diverged may overflow; the answer is then `?`
            probabilities = self._reader.probabilities(image)
        digit = int(np.nan_to_num(probabilities).argmax())
        sure = bool(probabilities[digit] >= SURE) and not self._is_doubted
        return Answer(image, probabilities, digit, str(digit) if sure else UNSURE)

    def _show_maps(self) -> None:
        self._since_maps.restart()
        if self._image is None:
            self.mapsChanged.emit(None)
            return
        with np.errstate(all="ignore"):
            maps = self._reader.activations(self._image)
        self.mapsChanged.emit(dict(enumerate(maps)))

"""Recover a kernel: gradient descent finds what was done to an image."""

from __future__ import annotations

from functools import partial
from pathlib import Path

import numpy as np
from PySide6.QtWidgets import QLabel, QVBoxLayout, QWidget

from app.background import Background
from app.labs.descent import Descent
from app.labs.page import LabPage
from app.labs.parts import TransportRow, caption, formula
from app.labs.recovery_controls import DATASET, DRAWING, NOISE, PEN, RecoveryControls
from app.labs.recovery_figure import RecoveryFigure
from app.labs.recovery_images import RecoveryImages, drawn_digits, mnist_digits, noise_images
from app.labs.recovery_words import noise_words, slope_words, state_words
from app.theme import Theme
from nn_core.labs.kernel_recovery import KernelRecovery, suggested_rate

_NO_DRAWING = "Draw something on the canvas: the kernel will be recovered from it."
_WAITING = {PEN: "The digits are being drawn …", DATASET: "The digits are being loaded …"}
_SEED = 1


class KernelRecoveryPage(LabPage):
    """An image and its answer are known, the kernel between them is not."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        rng = np.random.default_rng(_SEED)
        rng.integers(2**63)  # what the pen takes, from a generator of its own
        self._images = RecoveryImages()
        self._images.put(NOISE, noise_images(rng))
        self._folder: Path | None = None
        self._drawer, self._loader = Background(self), Background(self)
        self._by_hand = False  # whether the user has chosen the rate
        self._controls, self._figure = RecoveryControls(), RecoveryFigure(rng)
        self._transport = TransportRow("recovery")
        self._transport.setTips("Take one step", "Descend until the kernel is found", "Begin again at zero")
        self._state, self._slope, self._noise, self._trouble = formula(), caption(), caption(), QLabel()
        self._trouble.setProperty("role", "error")
        self._trouble.setWordWrap(True)
        self._waiting = caption()
        self._lay_out()
        self._descent = Descent(self._made(self._image()), self)
        self._connect()
        self._begin()

    def _lay_out(self) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(10)
        for name, part in (
            ("Controls", self._controls),
            ("Transport", self._transport),
            ("Trouble", self._trouble),
            ("Waiting", self._waiting),
            ("State", self._state),
            ("Figure", self._figure),
            ("Slope", self._slope),
            ("NoiseWords", self._noise),
        ):
            part.setObjectName(f"recovery{name}")
            column.addWidget(part)
        column.addStretch(1)

    def _connect(self) -> None:
        controls, descent, transport = self._controls, self._descent, self._transport
        controls.problemChanged.connect(self._begin)
        controls.anotherWanted.connect(self._take_another)
        controls.optimizerChanged.connect(self._suggest)
        controls.rateWanted.connect(self._suggest)
        controls.rateChanged.connect(self._take_rate)
        controls.speedChanged.connect(self._take_speed)
        self._figure.picker.chosen.connect(self._begin)
        descent.moved.connect(self._show)
        descent.troubled.connect(self._complain)
        descent.runningChanged.connect(transport.setRunning)
        transport.stepPressed.connect(descent.step)
        transport.runPressed.connect(descent.start)
        transport.stopPressed.connect(descent.stop)
        transport.resetPressed.connect(self._begin)
        self._drawer.said.connect(partial(self._take_digits, PEN))
        self._loader.said.connect(partial(self._take_digits, DATASET))
        self._loader.troubled.connect(self._complain)

    # The problem.

    def _image(self) -> np.ndarray | None:
        return self._images.present(self._controls.source())

    def _made(self, image: np.ndarray | None) -> KernelRecovery:
        kernel = self._figure.picker.kernel()
        known = np.zeros((28, 28)) if image is None else image
        controls = self._controls
        return KernelRecovery(
            known,
            kernel,
            optimizer=controls.optimizer(),
            learning_rate=controls.rate(),
            noise=controls.noise(),
            rng=np.random.default_rng(2),
        )

    def _begin(self) -> None:
        """Begin at zero with what is chosen."""
        image = self._image()
        self._complain(self._missing() if image is None else "")
        for part in (self._figure, self._state, self._slope):
            part.setVisible(image is not None)
        self._transport.setEnabled(image is not None)
        if image is None:
            self._descent.stop()
        recovery = self._made(image)
        curvature = recovery.curvature()
        if not self._by_hand:
            self._controls.show_rate(suggested_rate(self._controls.optimizer(), curvature))
            recovery.set_learning_rate(self._controls.rate())
        self._slope.setText(slope_words(curvature))
        self._noise.setText(noise_words(recovery))
        self._noise.setVisible(image is not None and recovery.noise > 0)
        self._descent.begin(recovery)

    def _missing(self) -> str:
        """What to do for an image of this source; digits are drawn and loaded as soon as they are asked for."""
        source = self._controls.source()
        if source == DRAWING:
            return _NO_DRAWING
        if source == PEN and not self._drawer.alive:
            self._drawer.start(partial(drawn_digits, _SEED))
        if source == DATASET and self._folder is not None and not self._loader.alive:
            self._loader.start(partial(mnist_digits, self._folder))
        return ""

    def _take_digits(self, source: str, images: np.ndarray) -> None:
        self._images.put(source, images)
        if self._controls.source() == source:
            self._begin()

    def _take_another(self) -> None:
        self._images.next()
        self._begin()

    def _suggest(self) -> None:
        self._by_hand = False
        self._begin()

    def _take_rate(self, rate: float) -> None:
        self._by_hand = True
        self._descent.recovery.set_learning_rate(rate)

    def _take_speed(self, steps: int) -> None:
        self._descent.steps_a_tick = steps

    # What is shown.

    def _show(self) -> None:
        self._figure.showRecovery(self._descent.recovery)
        self._state.setText(state_words(self._descent.recovery))

    def _complain(self, sentence: str) -> None:
        self._trouble.setText(sentence)
        waits = not sentence and self._image() is None
        self._waiting.setText(_WAITING[self._controls.source()] if waits else "")
        for words in (self._trouble, self._waiting):
            words.setVisible(bool(words.text()))

    def setImage(self, image: np.ndarray | None) -> None:
        """Take what is on the canvas."""
        if image is None:
            self._images.drop(DRAWING)
        else:
            self._images.put(DRAWING, image[None].astype(np.float64))
        if self._controls.source() == DRAWING:
            self._begin()

    def setDataFolder(self, folder: Path) -> None:
        """Take the folder in which MNIST may be."""
        self._folder = folder

    def setTheme(self, theme: Theme) -> None:
        """Take the colours of a theme."""
        super().setTheme(theme)
        self._figure.setTheme(theme)
        self._transport.setTheme(theme)

    def leave(self) -> None:
        """Be hidden: the descent stops where it is."""
        self._descent.stop()
        super().leave()

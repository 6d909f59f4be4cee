"""What can be chosen for the search of an unknown kernel."""

from __future__ import annotations

from PySide6.QtCore import QSignalBlocker, Signal
from PySide6.QtWidgets import QComboBox, QPushButton, QSpinBox, QVBoxLayout, QWidget

from app.labs.labelled import control_row
from app.views.rate_spin import RateSpin
from nn_core.optimizers import OPTIMIZERS

PEN, DATASET, DRAWING, NOISE = "pen", "dataset", "drawing", "noise"
_SOURCES = {PEN: "a pen digit", DATASET: "a digit of MNIST", DRAWING: "your drawing", NOISE: "noise"}
_SPEEDS = {1: "1 step", 5: "5 steps", 25: "25 steps"}
_FIRST = "momentum"


class RecoveryControls(QWidget):
    """Image, noise, optimiser, rate and speed."""

    problemChanged = Signal()  # another image or noise
    anotherWanted = Signal()
    optimizerChanged = Signal()
    rateChanged = Signal(float)
    rateWanted = Signal()  # the suggested one
    speedChanged = Signal(int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._source, self._optimizer, self._speed = QComboBox(), QComboBox(), QComboBox()
        self._another, self._suggest = QPushButton("Another"), QPushButton("Suggest")
        self._noise, self._rate = QSpinBox(), RateSpin(1e-6, 1000.0)
        for combo, entries in ((self._source, _SOURCES), (self._speed, _SPEEDS)):
            for key, words in entries.items():
                combo.addItem(words, key)
        self._optimizer.addItems(list(OPTIMIZERS))
        self._optimizer.setCurrentText(_FIRST)
        self._noise.setRange(0, 100)
        self._noise.setSuffix(" %")
        self._rate.setFixedWidth(100)
        self._name_all()
        self._lay_out()
        self._connect()

    def _name_all(self) -> None:
        for field, name, spoken, tip in (
            (self._source, "Source", "Image", "The image that the unknown kernel was laid on"),
            (self._another, "AnotherButton", "Another image", "Take another digit, or other noise"),
            (self._noise, "NoiseSpin", "Noise", "Added to the answer: its deviation, in percent of the answer's own"),
            (self._optimizer, "Optimizer", "Optimiser", "How a gradient becomes a step"),
            (self._rate, "RateSpin", "Learning rate", "How far a step goes; may be changed on the way"),
            (self._suggest, "SuggestButton", "Suggest a rate", "Take a rate that suits this image and optimiser"),
            (self._speed, "Speed", "Speed", "Steps between two pictures, of which there are 30 a second"),
        ):
            field.setObjectName(f"recovery{name}")
            field.setAccessibleName(spoken)
            field.setToolTip(tip)

    def _lay_out(self) -> None:
        fields: tuple[tuple[str, QWidget], ...] = (
            ("Image", self._source),
            ("", self._another),
            ("Noise", self._noise),
            ("Optimiser", self._optimizer),
            ("Rate", self._rate),
            ("", self._suggest),
            ("Speed", self._speed),
        )
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addLayout(control_row(*fields))

    def _connect(self) -> None:
        self._source.activated.connect(self.problemChanged)
        self._noise.valueChanged.connect(self.problemChanged)
        self._another.clicked.connect(self.anotherWanted)
        self._optimizer.activated.connect(self.optimizerChanged)
        self._rate.valueChanged.connect(self.rateChanged)
        self._suggest.clicked.connect(self.rateWanted)
        self._speed.activated.connect(lambda: self.speedChanged.emit(self._speed.currentData()))

    def source(self) -> str:
        """Which image."""
        return str(self._source.currentData())

    def noise(self) -> float:
        """Its deviation as a share of the answer's."""
        return self._noise.value() / 100

    def optimizer(self) -> str:
        """Its name."""
        return self._optimizer.currentText()

    def rate(self) -> float:
        """The learning rate."""
        return self._rate.value()

    def show_rate(self, rate: float) -> None:
        """Show another rate, without a signal."""
        with QSignalBlocker(self._rate):
            self._rate.setValue(rate)

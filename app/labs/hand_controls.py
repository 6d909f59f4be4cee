"""What can be chosen of a convolution by hand."""

from __future__ import annotations

from dataclasses import replace

from PySide6.QtCore import QSignalBlocker, Signal
from PySide6.QtWidgets import QCheckBox, QComboBox, QPushButton, QSpinBox, QVBoxLayout, QWidget

from app.labs.fields import whole_spin
from app.labs.labelled import control_row
from nn_core.labs.hand_convolution import HandConvolution
from nn_core.labs.hand_examples import EXAMPLES

_OWN = "your own numbers"
_SPIN = 58  # logical pixels: one digit and its arrows
_MODES = {"zeros": "zeros", "replicate": "edge copies"}


class HandControls(QWidget):
    """Examples, sizes, and how the window goes over the image."""

    exampleChosen = Signal(str)
    randomWanted = Signal()
    sizesChanged = Signal()
    optionsChanged = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._example, self._mode = QComboBox(), QComboBox()
        self._side = _spin("Side", 3, 9, "Rows and columns of the image")
        self._kernel = _spin("Kernel", 1, 5, "Rows and columns of a kernel")
        self._channels = _spin("Channels", 1, 3, "Depth: channels of the image, and of every kernel")
        self._filters = _spin("Filters", 1, 3, "Kernels, each with an answer of its own")
        self._stride = _spin("Stride", 1, 4, "Cells from one place of the window to the next")
        self._padding = _spin("Padding", 0, 3, "Rows and columns added on every side")
        self._relu, self._turned = QCheckBox("ReLU"), QCheckBox("Turn the kernel")
        self._random = QPushButton("Random numbers")
        self._name_all()
        self._lay_out()
        self._connect()

    def _name_all(self) -> None:
        self._example.addItems(list(EXAMPLES))
        for key, words in _MODES.items():
            self._mode.addItem(words, key)
        for name, field, spoken in (
            ("Example", self._example, "Example to begin with"),
            ("Mode", self._mode, "What the padding is made of"),
            ("Relu", self._relu, "ReLU"),
            ("Turned", self._turned, "Turn the kernel"),
            ("Random", self._random, "Random numbers"),
        ):
            field.setObjectName(f"hand{name}")
            field.setAccessibleName(spoken)
        self._example.setToolTip("Worked numbers to begin with; every one of them can be changed")
        self._mode.setToolTip("What the padding is made of")
        self._relu.setToolTip("Values below 0 become 0, as behind a layer of a network")
        self._turned.setToolTip("Lay the kernel on the image turned by half a turn, as mathematics defines convolution")
        self._random.setToolTip("Put small whole numbers into the image and the kernels")

    def _lay_out(self) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        for fields in (
            (("Begin with", self._example), ("", self._random)),
            (
                ("Image", self._side),
                ("Channels", self._channels),
                ("Kernel", self._kernel),
                ("Filters", self._filters),
            ),
            (
                ("Stride", self._stride),
                ("Padding", self._padding),
                ("of", self._mode),
                ("", self._relu),
                ("", self._turned),
            ),
        ):
            column.addLayout(control_row(*fields))

    def _connect(self) -> None:
        self._example.textActivated.connect(self.exampleChosen)
        self._random.clicked.connect(self.randomWanted)
        for spin in (self._side, self._kernel, self._channels, self._filters):
            spin.valueChanged.connect(self.sizesChanged)
        for spin in (self._stride, self._padding):
            spin.valueChanged.connect(self.optionsChanged)
        self._mode.activated.connect(self.optionsChanged)
        for box in (self._relu, self._turned):
            box.toggled.connect(self.optionsChanged)

    def sizes(self) -> dict[str, int]:
        """Side, kernel, channels and filters, as `resized` takes them."""
        return {
            "side": self._side.value(),
            "kernel": self._kernel.value(),
            "channels": self._channels.value(),
            "filters": self._filters.value(),
        }

    def changed(self, case: HandConvolution) -> HandConvolution:
        """The convolution with the stride, the padding and the rest as they are chosen."""
        return replace(
            case,
            stride=self._stride.value(),
            padding=self._padding.value(),
            padding_mode=self._mode.currentData(),
            relu=self._relu.isChecked(),
            turned=self._turned.isChecked(),
        )

    def show_case(self, case: HandConvolution, example: str = "") -> None:
        """Show what a convolution has, without a signal; without a name its numbers are the user's own."""
        filters, channels, kernel, _ = case.kernels.shape
        blocker = [QSignalBlocker(field) for field in self.findChildren(QWidget)]
        self._side.setValue(case.image.shape[1])
        self._kernel.setValue(kernel)
        self._channels.setValue(channels)
        self._filters.setValue(filters)
        self._stride.setValue(case.stride)
        self._padding.setValue(case.padding)
        self._mode.setCurrentIndex(self._mode.findData(case.padding_mode))
        self._mode.setEnabled(case.padding > 0)
        self._relu.setChecked(case.relu)
        self._turned.setChecked(case.turned)
        if not example and self._example.findText(_OWN) < 0:
            self._example.addItem(_OWN)
        if example:
            self._example.removeItem(self._example.findText(_OWN))
        self._example.setCurrentText(example or _OWN)
        del blocker


def _spin(name: str, low: int, high: int, tip: str) -> QSpinBox:
    spin = whole_spin(f"hand{name}", f"{tip}: {low} to {high}", low, high, 1, low)
    spin.setFixedWidth(_SPIN)
    return spin

"""What can be chosen of a gradient check."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QSignalBlocker, Qt, Signal
from PySide6.QtWidgets import QCheckBox, QPushButton, QVBoxLayout, QWidget

from app.labs.fields import choice, whole_spin
from app.labs.labelled import control_row
from nn_core.description import LayerInfo
from nn_core.labs.gradient_lab import Question
from nn_core.labs.slips import slips_for
from nn_core.layers import Layer
from nn_core.losses import LOSSES
from nn_core.presets import PRESETS

OWN = "the window's network"
_ALL = "all layers"


class GradientControls(QWidget):
    """Network, layer, how much of it, and the slip to put into its backward pass."""

    networkChosen = Signal()
    startPressed = Signal()
    stopPressed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._running = False
        self._layers: tuple[Layer, ...] = ()
        self._network = choice("gradientNetwork", "Network to check", [OWN, *PRESETS], "lenet5")
        self._layer = choice("gradientLayer", "Layer to check", [_ALL])
        self._loss = choice("gradientLoss", "Loss whose gradient is checked", LOSSES)
        self._most = whole_spin("gradientEntries", "Values of each array, drawn at random", 1, 1000, 10, 20)
        self._seed = whole_spin("gradientSeed", "Seed of weights, images, labels and of what is drawn", 0, 9999, 1, 0)
        self._break = QCheckBox()
        self._break.setObjectName("gradientBreak")
        self._break.setToolTip("Put a mistake into the backward pass on purpose, to see how the check finds it")
        self._slip = choice("gradientSlip", "Mistake to put into the backward pass", [])
        self._slip.setMinimumContentsLength(18)
        self._start = QPushButton("Check")
        self._start.setObjectName("gradientStartButton")
        self._start.setProperty("role", "primary")
        self._start.setToolTip("Compare the gradients in the background; press again to stop")
        self._lay_out()
        self._connect()

    def _lay_out(self) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        rows: tuple[tuple[tuple[str, QWidget], ...], ...] = (
            (("Network", self._network), ("Layer", self._layer), ("Loss", self._loss)),
            (("Values of each array", self._most), ("Seed", self._seed)),
            (("", self._start), ("", self._break), ("", self._slip)),
        )
        for fields in rows:
            column.addLayout(control_row(*fields))

    def _connect(self) -> None:
        self._network.currentIndexChanged.connect(self.networkChosen)
        self._layer.currentIndexChanged.connect(self._offer_slips)
        self._break.toggled.connect(self._slip.setEnabled)
        self._slip.setEnabled(False)
        self._start.clicked.connect(lambda: (self.stopPressed if self._running else self.startPressed).emit())

    def network(self) -> str:
        """A preset's name, or `OWN`."""
        return self._network.currentText()

    def show_layers(self, rows: Sequence[LayerInfo], layers: tuple[Layer, ...]) -> None:
        """Offer these layers, all of them to begin with."""
        self._layers = layers
        with QSignalBlocker(self._layer):
            self._layer.clear()
            self._layer.addItem(_ALL, None)
            for row in rows:
                self._layer.addItem(f"{row.index}  {row.title}", row.index)
        self._offer_slips()

    def show_running(self, running: bool) -> None:
        """Show whether a check is under way."""
        self._running = running
        self._start.setText("Stop" if running else "Check")

    def question(self) -> Question:
        """What is to be checked."""
        slip = self._slip.currentData() if self._break.isChecked() else None
        return Question(
            self._layer.currentData(), self._most.value(), self._seed.value(), self._loss.currentText(), slip,
            self._slip_layer(),
        )  # fmt: skip

    def _slip_layer(self) -> int:
        """The layer that is chosen, or, of all, the last that has weights."""
        chosen = self._layer.currentData()
        return int(chosen) if chosen is not None else max(i for i, each in enumerate(self._layers) if each.parameters)

    def _offer_slips(self) -> None:
        i = self._slip_layer()
        self._break.setText(f"Break layer {i}:")
        before = self._slip.currentIndex()
        self._slip.clear()
        for slip in slips_for(self._layers[i]):
            self._slip.addItem(slip.name, slip)
            self._slip.setItemData(self._slip.count() - 1, slip.about, Qt.ItemDataRole.ToolTipRole)
        self._slip.setCurrentIndex(before if 0 <= before < self._slip.count() else 0)

"""What can be chosen and pressed on the page of the network of objects."""

from __future__ import annotations

import math

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QPushButton, QVBoxLayout, QWidget

from app.labs.fields import choice, decimal_spin, whole_spin
from app.labs.flow import FlowLayout
from app.labs.labelled import control_row
from app.labs.parts import TransportRow
from app.theme import Theme
from nn_core.labs.small_problems import PROBLEMS, Problem

_SPEEDS = {
    "1 epoch a second": 1.0,
    "10 epochs a second": 10.0,
    "100 epochs a second": 100.0,
    "as fast as it can": math.inf,
}
_STEPS = (
    ("Forwards", "F", "Outputs from the inputs, layer after layer, for the next sample"),
    ("Backwards", "B", "Error terms from the outputs back, and the gradient of every connection"),
    ("Update", "U", "Every weight takes one step against its gradient: w − rate·∂E/∂w"),
)


class ObjectControls(QWidget):
    """The problem, the seed, the rate and the pace; the three steps by hand; run, one epoch, reset."""

    problemChosen = Signal()
    rateChanged = Signal(float)
    paceChanged = Signal(float)  # epochs a second
    stepPressed = Signal(int)  # forwards, backwards, update: 0, 1, 2

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.transport = TransportRow("object")
        self._problem = choice("objectProblem", "What the network is to learn", [])
        self._pace = choice("objectPace", "How fast Run trains; it may be changed while it runs", [])
        self._pace.setMinimumContentsLength(16)
        self._seed = whole_spin("objectSeed", "Seed: decides the weights that the network starts with", 0, 9999, 1, 0)
        self._rate = decimal_spin("objectRate", "Learning rate: how large a step is", 0.01, 10, 0.1, 1, 2)
        self._steps = [QPushButton(f"{name}  {key}") for name, key, _ in _STEPS]
        self._fill()
        self._lay_out()
        self._connect()

    def _fill(self) -> None:
        for key, problem in PROBLEMS.items():
            self._problem.addItem(problem.name, key)
        for words, pace in _SPEEDS.items():
            self._pace.addItem(words, pace)
        self._pace.setCurrentIndex(2)
        self._rate.setValue(self.problem().rate)
        for button, (name, key, tip) in zip(self._steps, _STEPS, strict=True):
            button.setObjectName(f"object{name}Button")
            button.setAccessibleName(name)
            button.setToolTip(f"{tip} ({key})")
        self.transport.step.setText("One epoch")
        self.transport.setTips(
            "Learn every sample once", "Train until stopped", "Weights as the seed draws them, and nothing learnt"
        )

    def _lay_out(self) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        fields = (("Learn", self._problem), ("Seed", self._seed), ("Learning rate", self._rate), ("Pace", self._pace))
        column.addLayout(control_row(*fields))
        buttons = FlowLayout(gap=6, row_gap=6, middle=True)
        for button in self._steps:
            buttons.addWidget(button)
        buttons.addWidget(self.transport)
        column.addLayout(buttons)

    def _connect(self) -> None:
        self._problem.currentIndexChanged.connect(self._choose)
        self._seed.valueChanged.connect(self.problemChosen)
        self._rate.valueChanged.connect(self.rateChanged)
        self._pace.currentIndexChanged.connect(lambda: self.paceChanged.emit(self.pace()))
        for i, (button, (_, key, _tip)) in enumerate(zip(self._steps, _STEPS, strict=True)):
            button.clicked.connect(lambda _checked=False, i=i: self.stepPressed.emit(i))
            shortcut = QShortcut(QKeySequence(key), self.parentWidget() or self)
            shortcut.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
            shortcut.activated.connect(button.click)

    def _choose(self) -> None:
        self._rate.setValue(self.problem().rate)
        self.problemChosen.emit()

    def problem(self) -> Problem:
        """The problem that is chosen."""
        return PROBLEMS[self._problem.currentData()]

    def seed(self) -> int:
        """The seed of the first weights."""
        return self._seed.value()

    def rate(self) -> float:
        """The learning rate."""
        return self._rate.value()

    def pace(self) -> float:
        """Epochs a second."""
        return float(self._pace.currentData())

    def allow(self, *, running: bool, fired: bool, blamed: bool) -> None:
        """Enable the steps that make sense now."""
        self.transport.setRunning(running)
        for button, makes_sense in zip(self._steps, (True, fired, blamed), strict=True):
            button.setEnabled(makes_sense and not running)

    def setTheme(self, theme: Theme) -> None:
        """Take the colours of a theme."""
        self.transport.setTheme(theme)

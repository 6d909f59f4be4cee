"""The gradient check: the backward pass of every layer beside central differences."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

import numpy as np
from PySide6.QtCore import Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QBoxLayout, QLabel, QProgressBar, QVBoxLayout, QWidget

from app.background import Background
from app.labs.agreement_plot import AgreementPlot
from app.labs.gradient_controls import OWN, GradientControls
from app.labs.page import LabPage
from app.labs.parts import caption, heading
from app.labs.worst_table import ROWS, WorstTable
from app.theme import Theme
from nn_core.gradcheck import TOLERANCE, Findings
from nn_core.labs.gradient_lab import Checked, Question, check_gradients
from nn_core.model import Model
from nn_core.network import Sequential
from nn_core.presets import make_model, make_network

_NARROW = 760  # logical pixels, below which plot and table stand one above the other
_WHAT = (
    "Press Check, then break a layer and check again. The backward pass finds gradients by the chain rule (analytic); "
    "moving one value by a small h finds the same without it (numeric): (L(+h) − L(−h)) / 2h. All in float64, on a "
    "batch of noise. A value that lies at the kink of a ReLU or a maximum is set aside."
)
_LIMIT = f"{TOLERANCE:g}".replace("e-0", "e-")
_IDLE = "Press Check: every point of the plot will be one value, found in two ways."


class GradientCheckPage(LabPage):
    """Checks one network at a time, in the background."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._model: Model | None = None
        self._controls = GradientControls()
        self._bar, self._verdict, self._warning = QProgressBar(), QLabel(_IDLE), QLabel()
        self._plot, self._table = AgreementPlot("gradientPlot"), WorstTable("gradientWorst")
        self._job = Background(self)
        self._findings, self._question = Findings(), Question()
        self._done = self._stopped = False
        self._lay_out()
        self._connect()
        self._show_layers()

    def _lay_out(self) -> None:
        self._verdict.setObjectName("gradientVerdict")
        self._warning.setObjectName("gradientWarning")
        self._warning.setProperty("role", "error")
        self._bar.setObjectName("gradientProgress")
        self._bar.setTextVisible(False)
        self._bar.setAccessibleName("Progress of the check")
        for label in (self._verdict, self._warning):
            label.setWordWrap(True)
        self._warning.hide()
        self._plot.setMinimumSize(300, 300)
        self._plot.setMaximumHeight(380)
        self._below = QBoxLayout(QBoxLayout.Direction.LeftToRight)
        self._below.setSpacing(16)
        for title, part in (("Every value, in two ways", self._plot), ("The worst values", self._table)):
            column = QVBoxLayout()
            column.addWidget(heading(title))
            column.addWidget(part)
            column.addStretch(1)
            self._below.addLayout(column, 1)
        self._plot.setToolTip("The values of each array are divided by the largest of them, so that all can be seen")
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(10)
        for widget in (caption(_WHAT), self._controls, self._warning, self._bar, self._verdict):
            column.addWidget(widget)
        column.addLayout(self._below)
        column.addStretch(1)

    def _connect(self) -> None:
        self._controls.networkChosen.connect(self._show_layers)
        self._controls.startPressed.connect(self._start)
        self._controls.stopPressed.connect(self._stop)
        self._job.said.connect(self._take)
        self._job.troubled.connect(self._verdict.setText)
        self._job.runningChanged.connect(self._controls.show_running)

    # What it is given.

    def setNetwork(self, model: Model) -> None:
        """Take the model that the window shows."""
        anew = self._model is None or model.network.config() != self._model.network.config()
        self._model = model
        if anew and self._controls.network() == OWN:
            self._show_layers()

    def setTheme(self, theme: Theme) -> None:
        """Take the colours of a theme."""
        super().setTheme(theme)
        self._plot.setTheme(theme)
        self._show()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Put the table below the plot where there is no room beside it."""
        super().resizeEvent(event)
        way = QBoxLayout.Direction
        self._below.setDirection(way.TopToBottom if self.width() < _NARROW else way.LeftToRight)

    # What the user does.

    def _show_layers(self) -> None:
        network = self._shown()
        self._controls.show_layers(network.describe(), network.layers)

    def _shown(self) -> Sequential:
        """The chosen network, quickly made: its parameters are not drawn."""
        name = self._controls.network()
        if name == OWN and self._model is not None:
            return self._model.network
        return make_network("digitscope" if name == OWN else name, rng=np.random.default_rng(0), init="zeros")

    def _start(self) -> None:
        self._question = self._controls.question()
        self._findings, self._done, self._stopped = Findings(), False, False
        slip = self._question.slip
        self._warning.setVisible(slip is not None)
        if slip is not None:
            self._warning.setText(
                f"Broken on purpose, in layer {self._question.slip_layer}: {slip.name}, {slip.about}."
            )
        self._bar.setRange(0, 0)
        self._show()
        self._job.start(partial(check_gradients, self._maker(), self._question))

    def _maker(self) -> Callable[[], Sequential]:
        """What makes the network, on the job's thread; the window's is copied here, where nobody writes to it."""
        name = self._controls.network()
        if name == OWN and self._model is not None:
            network = self._model.network
            return partial(network.over, network.vector.copy())
        return partial(_drawn, "digitscope" if name == OWN else name, self._question.seed)

    def _stop(self) -> None:
        self._job.stop()
        self._bar.setRange(0, 1)
        self._bar.reset()
        self._stopped = True
        self._show()

    # What the job says.

    def _take(self, checked: Checked) -> None:
        if checked.total:
            self._findings.entries += checked.entries
            self._bar.setRange(0, checked.total)
            self._bar.setValue(checked.done)
            self._done = checked.done == checked.total
            self._show()

    def _show(self) -> None:
        found = self._findings
        self._plot.showEntries(found.judged)
        self._table.showEntries(found.worst(ROWS))
        if found.entries or self._stopped:
            words, good = _verdict(found, done=self._done, stopped=self._stopped)
            self._verdict.setText(words)
            color = self.theme.text if good is None else self.theme.good if good else self.theme.bad
            self._verdict.setStyleSheet(f"color: {color}; font-weight: 600")
        self._verdict.setAlignment(Qt.AlignmentFlag.AlignTop)


def _drawn(preset: str, seed: int) -> Sequential:
    return make_model(preset, seed).network


def _verdict(found: Findings, *, done: bool, stopped: bool) -> tuple[str, bool | None]:
    """What has been found, in words, and whether it is good news; None while nothing is certain."""
    wrong = [entry for entry in found.judged if entry.error >= TOLERANCE]
    count = len(found.judged)
    aside = f" {found.kinks} more lie at a kink and were set aside." if found.kinks else ""
    if wrong:
        where = ", ".join(dict.fromkeys(f"{entry.layer}.{entry.name}" for entry in wrong))
        return f"Failed: {len(wrong)} of {count} values differ by {_LIMIT} or more, in {where}.{aside}", False
    if stopped:
        return f"Stopped after {count} values; up to here the largest relative error is {found.error:.1e}.{aside}", None
    if not done:
        return f"{count} values agree so far; the largest relative error is {found.error:.1e}.{aside}", None
    if not count:
        return "Nothing could be compared: every value lies at a kink. Try another seed.", None
    error = f"the largest relative error is {found.error:.1e}, below {_LIMIT}"
    return f"Passed: {count} values agree, {error}.{aside}", True

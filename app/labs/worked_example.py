"""The worked example: one sample forwards, backwards and updated, with every number."""

from __future__ import annotations

from collections.abc import Generator
from dataclasses import dataclass, replace
from functools import partial

import numpy as np
from PySide6.QtWidgets import QCheckBox, QLabel, QVBoxLayout, QWidget

from app.background import Background
from app.labs.chain_rule import chain_rule, forward_words
from app.labs.fields import decimal_spin
from app.labs.flow import FlowLayout
from app.labs.graph_diagram import GraphDiagram
from app.labs.labelled import labelled
from app.labs.page import LabPage
from app.labs.parts import TransportRow, caption, formula, heading
from app.labs.plot import LabPlot
from app.labs.worked_figure import WIRES, figure
from app.labs.worked_tables import NeuronTable, WeightTable
from app.mailbox import Latest
from app.theme import Theme
from app.views.wording import number, thousands
from nn_core.labs.worked_example import Backward, Example, Forward, backward, forward, update, updates

MANY = 10_000
_TOLD_EVERY = 100  # updates
_STEPS = ("Forwards", "Backwards", "Update")  # what the step button does at each stage
_TIPS = (
    "Forwards: outputs and error. Backwards: all gradients. Update: weights less rate times gradient",
    f"{thousands(MANY)} times forwards, backwards, update",
    "Back to the numbers of the example",
)
_ABOUT = (
    "Press Forwards, Backwards and Update in turn. Every number with a dotted line can be changed: click it. In orange"
    " stands what the way backwards finds: ∂E/∂net under a neuron, ∂E/∂w under a weight."
)
_BIASES = (
    "As this example is usually worked, only the weights learn, and b₁, b₂ stay at 0.35 and 0.60: leave the tick off"
    " for those numbers. (Where a text prints 0.75136079 for the first output, 0.75136507 is right.)"
)


@dataclass(frozen=True, slots=True)
class _Now:
    """How far a run is: the example after its latest update, and the errors after each from the first on."""

    example: Example
    errors: list[float]


class WorkedExamplePage(LabPage):
    """A graph with its numbers, formulas for the chosen weight, tables with nine digits, and the error's curve."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._example = Example()
        self._stage, self._chosen = 0, 4
        self._errors: list[float] = []  # before the first update, and after each
        self._before: list[float] = []  # those at the start of the run that goes on
        self._job = Background(self)
        self._diagram = GraphDiagram("workedDiagram", "Network with two hidden neurons and two outputs", (460, 310))
        self._diagram.setMargins(24, 20)
        self._transport = TransportRow("worked")
        self._transport.setTips(*_TIPS)
        self._rate = decimal_spin("workedRateSpin", "Learning rate: how large a step is", 0.01, 100, 0.1, 0.5, 2)
        self._biases = QCheckBox("The biases learn too")
        self._biases.setObjectName("workedBiasesCheck")
        self._biases.setToolTip("One bias a layer; its gradient is the sum over both neurons")
        self._status, self._forward, self._chain = QLabel(), formula(), formula()
        for name, label in (("Status", self._status), ("Forward", self._forward), ("Chain", self._chain)):
            label.setObjectName(f"worked{name}")
        self._weights, self._neurons = WeightTable(), NeuronTable()
        self._plot = LabPlot("workedPlot", "error E", "updates")
        self._plot.setLogarithmic()
        self._plot.setFixedHeight(220)
        self._no_curve = caption("Press Update or Run, and its curve grows here.")
        self._lay_out()
        self._connect()
        self._show()

    def _lay_out(self) -> None:
        controls = FlowLayout(gap=10, row_gap=6, middle=True)
        for part in (self._transport, labelled("Rate", self._rate), self._biases):
            controls.addWidget(part)
        numbers = FlowLayout(gap=20, row_gap=12, grow=True)
        for each in (self._weights, self._neurons):
            numbers.addWidget(each)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        column.addWidget(caption(_ABOUT))
        column.addLayout(controls)
        column.addWidget(self._status)
        column.addWidget(self._diagram)
        for title, words in (("Forwards", self._forward), ("Backwards: the chain rule of one weight", self._chain)):
            column.addWidget(heading(title))
            column.addWidget(words)
        column.addWidget(heading("All numbers"))
        column.addLayout(numbers)
        column.addWidget(heading("The error"))
        column.addWidget(self._no_curve)
        column.addWidget(self._plot)
        column.addWidget(caption(_BIASES))
        column.addStretch(1)
        self._status.setWordWrap(True)

    def _connect(self) -> None:
        self._transport.stepPressed.connect(self._step)
        self._transport.runPressed.connect(self._run)
        self._transport.stopPressed.connect(self._job.stop)
        self._transport.resetPressed.connect(self._reset)
        self._diagram.chosen.connect(self._choose)
        self._diagram.edited.connect(self._change)
        self._weights.currentCellChanged.connect(lambda row, *_: self._choose_weight(row))
        self._rate.valueChanged.connect(self._show)
        self._biases.toggled.connect(self._show)
        self._job.runningChanged.connect(self._running_changed)
        self._job.said.connect(self._take)
        self._job.troubled.connect(self._status.setText)

    def setTheme(self, theme: Theme) -> None:
        """Take the colours of a theme."""
        super().setTheme(theme)
        self._plot.setTheme(theme)
        self._transport.setTheme(theme)

    # What the user does.

    def _step(self) -> None:
        if self._stage == 2:
            self._update()
        self._stage = (self._stage + 1) % 3
        self._show()

    def _update(self) -> None:
        there = forward(self._example)
        self._begin_curve(there)
        back = backward(self._example, there)
        self._example = update(self._example, back, self._rate.value(), biases=self._biases.isChecked())
        self._errors.append(forward(self._example).total)

    def _run(self) -> None:
        self._begin_curve(forward(self._example))
        self._before = list(self._errors)
        rate, biases = self._rate.value(), self._biases.isChecked()
        self._job.start(partial(_many, self._example, rate, biases=biases))

    def _reset(self) -> None:
        self._job.stop()
        self._begin_anew(Example())

    def _choose(self, key: str) -> None:
        places = [f"{start}>{end}" for start, end, _ in WIRES]
        if key in places:
            self._choose_weight(places.index(key))

    def _choose_weight(self, place: int) -> None:
        if 0 <= place < len(WIRES):
            self._chosen = place
            self._show()

    def _change(self, key: str, value: float) -> None:
        """Put another number into the example, and begin to count anew."""
        self._job.stop()
        name, place = _place_of(key)
        values = getattr(self._example, name).copy()
        values[place] = value
        stage = self._stage
        self._begin_anew(replace(self._example, **{name: values}))
        self._stage = stage
        self._show()

    def _begin_anew(self, example: Example) -> None:
        self._example, self._stage, self._errors = example, 0, []
        self._show()

    def _begin_curve(self, there: Forward) -> None:
        self._errors = self._errors or [there.total]

    # What the job says.

    def _running_changed(self, running: bool) -> None:
        self._transport.setRunning(running)
        for part in (self._diagram, self._rate, self._biases):
            part.setEnabled(not running)

    def _take(self, now: object) -> None:
        assert isinstance(now, _Now)
        self._example, self._stage = now.example, 1
        self._errors = self._before + now.errors
        self._show()

    # What is seen.

    def _show(self) -> None:
        there = forward(self._example) if self._stage else None
        back = backward(self._example, there) if there is not None and self._stage == 2 else None
        self._diagram.setGraph(*figure(self._example, there, back, self._chosen))
        self._transport.setWords(_STEPS[self._stage], f"Run {thousands(MANY)}")
        self._status.setText(self._words(there))
        self._forward.setText("Press Forwards." if there is None else forward_words(self._example, there))
        waiting = "Press Forwards, then Backwards." if there is None else "Press Backwards."
        if there is None or back is None:
            self._chain.setText(waiting)
        else:
            self._chain.setText(chain_rule(self._example, there, back, self._chosen))
        self._neurons.show_numbers(there, back)
        self._weights.show_numbers(self._example, back, self._next(back), self._chosen)
        steps = np.arange(len(self._errors), dtype=np.float64)
        self._plot.setCurve("E", steps, np.array(self._errors, np.float64))
        self._plot.setVisible(len(self._errors) > 1)
        self._no_curve.setVisible(len(self._errors) < 2)

    def _next(self, back: Backward | None) -> Example | None:
        if back is None:
            return None
        return update(self._example, back, self._rate.value(), biases=self._biases.isChecked())

    def _words(self, there: Forward | None) -> str:
        done = max(0, len(self._errors) - 1)
        count = f"Updates: {thousands(done)}." if done else "No update yet."
        if there is None:
            return count if not done else f"{count} The weights have moved. Press Forwards to see what it did."
        outs = " and ".join(number(float(each), 9) for each in there.out_output)
        wanted = " and ".join(number(float(each)) for each in self._example.targets)
        return f"{count} The outputs are {outs}, wanted are {wanted}; the error is {number(there.total, 9)}."


def _place_of(key: str) -> tuple[str, int]:
    """The field of the example, and the place in it, that a node or an edge shows."""
    if ">" in key:
        return "weights", [f"{start}>{end}" for start, end, _ in WIRES].index(key)
    return {"i": "inputs", "t": "targets", "b": "biases"}[key[0]], int(key[1]) - 1


def _many(example: Example, rate: float, *, biases: bool) -> Generator[object, None, None]:
    """The job: many updates, told every so often."""
    errors: list[float] = []
    for now, error in updates(example, rate, MANY, biases=biases):
        errors.append(error)
        if len(errors) % _TOLD_EVERY == 0:
            yield Latest(_Now(now, errors.copy()))

"""The samples of a small problem, what the hidden nodes make of each, and the outputs beside their targets."""

from __future__ import annotations

import numpy as np
from PySide6.QtCore import Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from app.labs.number_table import BAD, CHOSEN, FAINT, GOOD, NumberTable
from app.labs.parts import caption
from app.views.wording import indexed
from nn_core.labs.object_network import ObjectNetwork
from nn_core.labs.small_problems import Problem

_CELL = (44, 24)  # logical pixels
_SHOWN_INPUTS = 3  # more of them are left out: of one-hot samples the row's number says all


class SampleTable(QWidget):
    """A row a sample; a click chooses it."""

    sampleChosen = Signal(int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._table = NumberTable("objectSamples", "Samples, hidden nodes, outputs and targets", (1, 1))
        self._table.setCellSize(*_CELL)
        self._table.setDigits(2)
        self._codes = caption()
        self._codes.setObjectName("objectCodes")
        self._table.currentCellChanged.connect(self._choose)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(6)
        column.addWidget(self._table)
        column.addWidget(self._codes)

    def show_answers(self, problem: Problem, network: ObjectNetwork, sample: int) -> None:
        """Ask the network for all samples, which leaves it as the last one put it; mark `sample`."""
        given = problem.sizes[0] if problem.sizes[0] <= _SHOWN_INPUTS else 0
        rows = []
        for inputs, wanted in zip(problem.samples, problem.targets, strict=True):
            outputs = network.forward(inputs)
            targets = wanted if given else ()
            rows.append([*inputs[:given], *network.layers[1].outputs(), *targets, *outputs])
        values = np.round(np.array(rows), 2)
        hidden = problem.sizes[1]
        first = values.shape[1] - problem.sizes[-1]
        self._table.blockSignals(True)
        if values.shape != self._table.values().shape:
            self._table.setValues(values)
            names = [f"x{i + 1}" for i in range(given)] + [f"h{i + 1}" for i in range(hidden)]
            names += ["t"] * (problem.sizes[-1] if given else 0) + [f"y{i + 1}" for i in range(problem.sizes[-1])]
            self._table.setLabels([str(i + 1) for i in range(len(rows))], [indexed(name) for name in names])
        self._table.setValues(values)
        self._table.blockSignals(False)
        self._mark(problem, values, sample, given, first)
        self._codes.setVisible(not given)
        self._codes.setText(_code_words(values[:, :hidden]))

    def _mark(self, problem: Problem, values: np.ndarray, sample: int, given: int, first: int) -> None:
        marks = {(sample, c): CHOSEN for c in range(first)}
        for row, wanted in enumerate(problem.targets):
            for c, target in enumerate(wanted):
                near = abs(values[row, first + c] - target) < problem.enough
                if given or target > 0.5:
                    marks[row, first + c] = GOOD if near else BAD
                else:  # of the many zeros of an encoder only the wrong ones are told
                    marks[row, first + c] = FAINT if near else BAD
        self._table.setMarks(marks)

    def _choose(self, row: int, *_: int) -> None:
        if row >= 0:
            self.sampleChosen.emit(row)


def _code_words(hidden: np.ndarray) -> str:
    codes = ["".join("1" if value >= 0.5 else "0" for value in row) for row in hidden]
    different = len(set(codes))
    return f"Hidden codes, rounded: {' '.join(codes)} · {different} of {len(codes)} differ"

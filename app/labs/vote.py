"""A perceptron as a weighted vote: three judges, and a threshold."""

from __future__ import annotations

import numpy as np
from PySide6.QtWidgets import QFormLayout, QVBoxLayout, QWidget

from app.labs.fields import decimal_spin
from app.labs.flow import FlowLayout
from app.labs.number_table import NumberTable
from app.labs.parts import caption, formula, heading
from app.views.wording import number
from nn_core.labs.perceptron import fires, total

_SCORES = np.array([[4.0, 1.0, -3.0], [1.0, 3.0, 2.0]])  # as in the text: what the judges say, and what each counts
_THRESHOLD = 3.0


class Vote(QWidget):
    """Scores, weights and threshold can be changed; below stands what follows."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._table = NumberTable("voteTable", "Scores and weights of three judges", _SCORES.shape)
        self._table.setValues(_SCORES)
        self._table.setLabels(("score x", "weight w"), ("judge 1", "judge 2", "judge 3"))
        self._table.setCellSize(68, 28)
        self._table.setEditable(True, -99, 99)
        self._threshold = decimal_spin(
            "voteThresholdSpin", "Only a total over it is a yes", -999, 999, 1, _THRESHOLD, 1
        )
        self._sum = formula()
        self._sum.setObjectName("voteFormula")
        limit = QWidget()
        form = QFormLayout(limit)
        form.addRow("Threshold", self._threshold)
        flow = FlowLayout(gap=20, row_gap=12, middle=True, grow=True)
        for part in (self._table, limit):
            flow.addWidget(part)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(6)
        column.addWidget(heading("A vote with a threshold"))
        column.addWidget(
            caption(
                "Three judges give a score each; a judge's score counts as often as the weight says. "
                "Only a total over the threshold is a yes. Double-click a number to change it."
            )
        )
        column.addLayout(flow)
        column.addWidget(self._sum)
        self._table.edited.connect(self._show)
        self._threshold.valueChanged.connect(self._show)
        self._show()

    def _show(self) -> None:
        (scores, weights), threshold = self._table.values(), self._threshold.value()
        found = float(total(weights, 0.0, scores))
        yes = bool(fires(weights, -threshold, scores))
        products = " + ".join(f"{_term(x)}·{_term(w)}" for x, w in zip(scores, weights, strict=True))
        self._sum.setText(
            f"{products} = {number(found, 4)} {'&gt;' if yes else '≤'} {number(threshold, 4)}, so the output is "
            f"<b>{int(yes)}</b>. With the bias <i>b</i> = {number(-threshold, 4)} in place of the threshold: "
            f"<i>w·x + b</i> = {number(found - threshold, 4)} {'&gt;' if yes else '≤'} 0."
        )


def _term(value: float) -> str:
    return number(value) if value >= 0 else f"({number(value)})"

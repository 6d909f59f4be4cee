"""Losses: what a wrong answer costs, and the gradient that follows."""

from __future__ import annotations

import numpy as np
from PySide6.QtWidgets import QFormLayout, QHBoxLayout, QLabel, QVBoxLayout, QWidget

from app.labs.fields import choice, decimal_spin
from app.labs.page import LabPage
from app.labs.parts import caption, formula, heading
from app.labs.score_rows import ScoreRows
from app.labs.series_list import SeriesList
from app.labs.series_plot import Series, SeriesPlot
from app.labs.side_by_side import SideBySide, bare_column
from app.theme import Theme
from app.views.wording import MINUS, number
from nn_core.labs.costs import COSTS, judged, soft_target

_Z = np.linspace(-6, 6, 241)
_SCORES = (0.0, 1.0, 0.5, 2.5, -1.0, 3.0, -2.0, 0.0, 1.0, 0.5)
_BY_SCORE, _BY_PROBABILITY = "score z", "probability p"


class LossesPage(LabPage):
    """Three losses of one score over each other, and the cross-entropy of ten classes with a soft target."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._list = SeriesList("losses", list(COSTS))
        self._list.setChosen(list(COSTS)[:2])
        self._target = decimal_spin("lossesTargetSpin", "Target t: 0 or 1 is hard, between is soft", 0, 1, 0.05, 1, 2)
        self._probe = decimal_spin("lossesProbeSpin", "Score z of the probe", -6, 6, 0.1, -2.0, decimals=2)
        self._axis = choice("lossesAxisCombo", "What the loss is drawn against", [_BY_SCORE, _BY_PROBABILITY])
        self._plot = SeriesPlot("lossesPlot", "L, dashed ∂L/∂z", "", probe=True)
        self._plot.setFixedHeight(330)
        self._plot.setReach(-1.2, 4.2)
        self._plot.setAccessibleName("Curves of the losses and their gradients")
        self._facts = formula()
        self._facts.setObjectName("lossesFacts")
        self._lay_out()
        self._list.toggled.connect(self._show)
        self._axis.activated.connect(self._show)
        self._target.valueChanged.connect(self._show)
        self._probe.valueChanged.connect(self._read)
        self._plot.probeMoved.connect(self._dragged)
        self._show()

    def _lay_out(self) -> None:
        side = QWidget()
        left = bare_column(side)
        self._list.setHeading("Losses", "L  ·  ∂L/∂z")
        left.addWidget(self._list)
        form = QFormLayout()
        form.addRow("Target t", self._target)
        form.addRow("Probe z", self._probe)
        form.addRow("Against", self._axis)
        left.addLayout(form)
        self._answer = caption()
        self._answer.setObjectName("lossesAnswer")
        left.addWidget(self._answer)
        left.addStretch(1)
        column = bare_column(self)
        column.setSpacing(10)
        column.addWidget(SideBySide(side, self._plot))
        column.addWidget(self._facts)
        column.addWidget(_TenClasses())
        column.addStretch(1)

    def setTheme(self, theme: Theme) -> None:
        super().setTheme(theme)
        self._plot.setTheme(theme)
        self._read()

    def _by_probability(self) -> bool:
        return self._axis.currentText() == _BY_PROBABILITY

    def _show(self) -> None:
        """Draw the losses that are ticked."""
        x = _sigmoid(_Z) if self._by_probability() else _Z
        series = []
        for name in self._list.chosen():
            loss, gradient = COSTS[name].cost(_Z, self._target.value())
            place = self._list.place(name)
            series += [_line(name, place, x, loss), _line(name, place, x, gradient, dashed=True)]
        self._plot.showSeries(series)
        self._plot.setLabel("bottom", _PROBABILITY if self._by_probability() else "z, the score of the class")
        words = [_words(name) for name in self._list.chosen()]
        self._facts.setText("<br><br>".join(words) or "Tick a loss: its equation and what it is like stand here.")
        self._read()

    def _read(self) -> None:
        """Write the values at the probe into the list."""
        z, dots = self._probe.value(), []
        for name in self._list.chosen():
            loss, gradient = (float(values[0]) for values in COSTS[name].cost(np.array([z]), self._target.value()))
            self._list.setValue(name, f"{number(loss)}  ·  {number(gradient)}")
            dots += [(self._list.place(name), loss), (self._list.place(name), gradient)]
        p = float(_sigmoid(np.array([z]))[0])
        self._plot.setProbe(p if self._by_probability() else z, dots)
        self._answer.setText(
            f"At the probe the answer is p = {number(p)}, where {self._target.value():g} is wanted. A step of descent"
            " moves the score against the gradient."
        )

    def _dragged(self, x: float) -> None:
        if self._by_probability():
            share = min(max(x, 0.0025), 0.9975)
            x = float(np.log(share / (1 - share)))
        self._probe.setValue(x)


_PROBABILITY = "p = 1 / (1 + e⁻ᶻ), the probability of the class"


def _sigmoid(z: np.ndarray) -> np.ndarray:
    """Where a score lies on the axis of probabilities."""
    return 1 / (1 + np.exp(-z))


def _line(name: str, place: int, x: np.ndarray, y: np.ndarray, dashed: bool = False) -> Series:
    """A curve that the list beside the plot names."""
    return Series(name, place, x, y, dashed=dashed, named=False)


def _share(value: float) -> str:
    """A share with three decimals, so that a column of them stands straight."""
    return f"{value:.3f}".replace("-", MINUS)


def _words(name: str) -> str:
    one = COSTS[name]
    return f"<b>{one.name}</b>&nbsp;&nbsp; {one.equation}&nbsp;&nbsp; {one.gradient}<br>{one.about}"


class _TenClasses(QWidget):
    """Ten scores, the probabilities that softmax makes of them, a target, and the gradient between the two."""

    def __init__(self) -> None:
        super().__init__()
        self._label = choice("lossesLabelCombo", "The right digit", [str(digit) for digit in range(10)], "3")
        self._smoothing = decimal_spin(
            "lossesSmoothingSpin", "Label smoothing: how much of the target goes to all classes alike",
            0, 0.9, 0.05, 0.0, 2,
        )  # fmt: skip
        self._rows = ScoreRows("losses", ("", "Score", "z", "Probability, target", "p", "t", "∂L/∂z"))
        self._rows.setScores(_SCORES, [str(digit) for digit in range(10)])
        self._total = formula()
        self._total.setObjectName("lossesTotal")
        line = QHBoxLayout()
        line.addWidget(QLabel("Right digit"))
        line.addWidget(self._label)
        line.addSpacing(12)
        line.addWidget(QLabel("Label smoothing"))
        line.addWidget(self._smoothing)
        line.addStretch(1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 6, 0, 0)
        column.addWidget(heading("Softmax cross-entropy of ten classes"))
        column.addLayout(line)
        column.addWidget(self._rows)
        column.addWidget(self._total)
        self._label.activated.connect(self._show)
        self._smoothing.valueChanged.connect(self._show)
        self._rows.scoresChanged.connect(self._show)
        self._show()

    def _show(self) -> None:
        digit, smoothing = self._label.currentIndex(), self._smoothing.value()
        target = soft_target(digit, len(_SCORES), smoothing)
        p, loss, gradient = judged(self._rows.scores(), target)
        words = [tuple(map(_share, row)) for row in zip(p, target, gradient, strict=True)]
        self._rows.showBars(p, target, words)
        kind = "soft target" if smoothing else "one-hot target"
        self._total.setText(
            f"L = −Σ<sub>k</sub> t<sub>k</sub> · ln p<sub>k</sub> = <b>{number(loss, 4)}</b> with a {kind};"
            " the gradient ∂L/∂z<sub>k</sub> = p<sub>k</sub> − t<sub>k</sub> adds up to 0."
        )

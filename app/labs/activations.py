"""Activations: their curves and derivatives, as the layers answer them."""

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
from nn_core.labs.response import ACTIVATIONS, Activation, response, softmax_response

_X = np.unique(np.concatenate([np.linspace(-6, 6, 361), [-1e-6, 0.0, 1e-6]]))  # a jump is upright
_SOFTMAX = "p<sub>k</sub> = exp(z<sub>k</sub> / T) / Σ<sub>j</sub> exp(z<sub>j</sub> / T)"
_SCORES = {3: (2.0, 1.0, -1.0), 10: (2.0, 1.0, -1.0, 0.0, 0.5, -2.0, 3.0, 0.0, -0.5, 1.5)}


class ActivationsPage(LabPage):
    """Curves to lay over each other, a probe to read them with, and softmax in a picture of its own."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._list = SeriesList("activations", list(ACTIVATIONS))
        self._list.setChosen(["sigmoid", "ReLU"])
        self._probe = decimal_spin("activationsProbeSpin", "x of the probe", -6, 6, 0.1, 1.0, decimals=2)
        self._slope = decimal_spin("activationsSlopeSpin", "a, leaky ReLU's slope below 0", 0, 0.95, 0.05, 0.1, 2)
        self._plot = SeriesPlot("activationsPlot", "f(x), dashed f′(x)", "x", probe=True)
        self._plot.setFixedHeight(330)
        self._plot.setAccessibleName("Curves of the activations and their derivatives")
        self._plot.setReach(-2.2, 4.2)
        self._facts = formula()
        self._facts.setObjectName("activationsFacts")
        self._softmax = _SoftmaxPart()
        self._lay_out()
        self._list.toggled.connect(self._show)
        self._slope.valueChanged.connect(self._show)
        self._probe.valueChanged.connect(self._read)
        self._plot.probeMoved.connect(self._probe.setValue)
        self._show()

    def _lay_out(self) -> None:
        side = QWidget()
        left = bare_column(side)
        self._list.setHeading("Curves", "f(x)  ·  f′(x)")
        left.addWidget(self._list)
        form = QFormLayout()
        form.addRow("Slope a", self._slope)
        form.addRow("Probe x", self._probe)
        left.addLayout(form)
        left.addWidget(caption("Drag the upright line in the plot, or type x."))
        left.addStretch(1)
        column = bare_column(self)
        column.setSpacing(10)
        column.addWidget(SideBySide(side, self._plot))
        column.addWidget(self._facts)
        column.addWidget(self._softmax)
        column.addStretch(1)

    def setTheme(self, theme: Theme) -> None:
        super().setTheme(theme)
        self._plot.setTheme(theme)
        self._read()

    def _chosen(self) -> list[Activation]:
        return [ACTIVATIONS[name] for name in self._list.chosen()]

    def _show(self) -> None:
        """Draw the curves that are ticked, and say what is worth knowing of them."""
        series = []
        for one in self._chosen():
            y, slope = response(one.make(self._slope.value()), _X)
            place = self._list.place(one.name)
            series += [Series(one.name, place, _X, y), Series(one.name, place, _X, slope, dashed=True, named=False)]
        self._plot.showSeries(series)
        words = [_words(one) for one in self._chosen()]
        self._facts.setText("<br><br>".join(words) or "Tick a curve: its equation and what it is like stand here.")
        self._read()

    def _read(self) -> None:
        """Write the values at the probe into the list."""
        x, dots = self._probe.value(), []
        for one in self._chosen():
            y, slope = (float(values[0]) for values in response(one.make(self._slope.value()), np.array([x])))
            self._list.setValue(one.name, f"{number(y)}  ·  {number(slope)}")
            dots += [(self._list.place(one.name), y), (self._list.place(one.name), slope)]
        self._plot.setProbe(x, dots)


def _words(one: Activation) -> str:
    kink = f"<br>{one.kink}" if one.kink else ""
    return (
        f"<b>{one.name}</b>&nbsp;&nbsp; {_safe(one.equation)}&nbsp;&nbsp; {_safe(one.derivative)}<br>"
        f"Range {one.output_range} · saturates {_safe(one.saturates)}.{kink}"
    )


def _safe(text: str) -> str:
    return text.replace("<", "&lt;").replace(">", "&gt;")


class _SoftmaxPart(QWidget):
    """Logits that can be moved, and the probabilities that softmax makes of them."""

    def __init__(self) -> None:
        super().__init__()
        self._touched = 0
        self._count = choice("softmaxCountCombo", "How many logits", ["3 logits", "10 logits"])
        self._temperature = decimal_spin("softmaxTemperatureSpin", "Temperature T", 0.1, 20, 0.1, 1.0, 1)
        self._rows = ScoreRows("softmax", ("", "Logit", "z", "Probability", "p", "∂p/∂z₀"))
        self._note = caption()
        self._note.setObjectName("softmaxNote")
        line = QHBoxLayout()
        line.addWidget(self._count)
        line.addSpacing(12)
        line.addWidget(QLabel("Temperature"))
        line.addWidget(self._temperature)
        line.addStretch(1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 6, 0, 0)
        column.addWidget(heading("Softmax"))
        column.addWidget(formula(_SOFTMAX))
        column.addLayout(line)
        column.addWidget(self._rows)
        column.addWidget(self._note)
        self._count.activated.connect(self._fill)
        self._temperature.valueChanged.connect(self._show)
        self._rows.scoresChanged.connect(self._show)
        self._rows.touched.connect(self._touch)
        self._fill()

    def _fill(self) -> None:
        scores = _SCORES[(3, 10)[self._count.currentIndex()]]
        self._touched = 0
        self._rows.setScores(scores, [f"z{_sub(i)}" for i in range(len(scores))])
        self._show()

    def _touch(self, row: int) -> None:
        self._touched = row
        self._show()

    def _show(self) -> None:
        p, jacobian = softmax_response(self._rows.scores(), self._temperature.value())
        column = jacobian[:, self._touched]
        words = [
            (f"{100 * share:.1f} %", f"{slope:.3f}".replace("-", MINUS)) for share, slope in zip(p, column, strict=True)
        ]
        self._rows.showBars(p, None, words)
        self._rows.setHeading(5, f"∂p/∂z{_sub(self._touched)}")
        self._note.setText(
            "All of them share one whole: what one logit gains, the others lose, so the last column adds up to 0. Only"
            " differences count: the same number added to every logit changes nothing. A high temperature makes all"
            " alike, a low one lets the largest win."
        )


def _sub(i: int) -> str:
    return "₀₁₂₃₄₅₆₇₈₉"[i]

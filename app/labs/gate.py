"""One neuron with two inputs: its truth table, the line that it draws, and how it learns one."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

import numpy as np
from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QLabel, QVBoxLayout, QWidget

from app.labs.flow import FlowLayout
from app.labs.gate_plot import GatePlot
from app.labs.graph import Edge, Node
from app.labs.graph_diagram import GraphDiagram
from app.labs.number_table import BAD, CHOSEN, GOOD, NumberTable
from app.labs.parts import TransportRow, caption, formula, heading
from app.theme import Theme
from app.views.wording import number
from nn_core.labs.perceptron import GATES, INPUTS, Lesson, fires, lessons, total

_LESSON_MS = 350  # between two lessons, so that each can be followed
_TIPS = (
    "Show the neuron the next row of the table; where it is wrong, it learns",
    "Show it row after row until it makes no mistake",
    "All weights and the bias to zero, before the first lesson",
)
_ABOUT = (
    "It answers 1 where w₁x₁ + w₂x₂ + b is more than 0. Click an input to turn it over, or a number with a dotted line"
    " to change it. Or press Step and let the neuron learn from the rows of the table that it gets wrong."
)


class GateNeuron(QWidget):
    """A neuron that is a gate by its weights, set by hand or learnt."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._inputs = [0, 1]
        self._weights, self._bias = np.zeros(2), 0.0
        self._lessons: Iterator[Lesson] | None = None
        self._gate = QComboBox()
        self._gate.setObjectName("perceptronGateCombo")
        self._gate.setAccessibleName("Gate that the neuron is to be")
        self._gate.addItems(list(GATES))
        self._diagram = GraphDiagram("perceptronDiagram", "Neuron with two inputs", (268, 210))
        self._diagram.setMargins(18, 20)
        self._table = NumberTable("perceptronTable", "Truth table", (4, 4))
        self._table.setLabels(None, ("x₁", "x₂", "wanted", "output"))
        self._table.setCellSize(50, 30)
        self._plot = GatePlot()
        self._sum, self._status = formula(), QLabel()
        self._sum.setObjectName("perceptronFormula")
        self._status.setObjectName("perceptronStatus")
        self._status.setWordWrap(True)
        self._transport = TransportRow("perceptron")
        self._transport.setTips(*_TIPS)
        self._timer = QTimer(self)
        self._timer.setInterval(_LESSON_MS)
        self._lay_out()
        self._connect()
        self._choose_gate("NAND")

    def _lay_out(self) -> None:
        top = QHBoxLayout()
        top.addWidget(QLabel("Gate"))
        top.addWidget(self._gate)
        top.addSpacing(12)
        top.addWidget(self._transport)
        top.addStretch(1)
        flow = FlowLayout(gap=20, row_gap=12, middle=True, grow=True)
        for part in (self._diagram, self._plot, self._table):
            flow.addWidget(part)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(6)
        column.addWidget(heading("One neuron, one gate"))
        column.addWidget(caption(_ABOUT))
        column.addLayout(top)
        column.addLayout(flow)
        column.addWidget(self._sum)
        column.addWidget(self._status)

    def _connect(self) -> None:
        self._gate.textActivated.connect(self._choose_gate)
        self._diagram.clicked.connect(self._turn)
        self._diagram.edited.connect(self._change)
        self._timer.timeout.connect(self.step)
        self._transport.stepPressed.connect(self.step)
        self._transport.runPressed.connect(partial(self._run, True))
        self._transport.stopPressed.connect(partial(self._run, False))
        self._transport.resetPressed.connect(self._reset)

    def setTheme(self, theme: Theme) -> None:
        """Take the colours of a theme."""
        self._plot.setTheme(theme)
        self._transport.setTheme(theme)

    def halt(self) -> None:
        """Stop showing rows by itself."""
        self._run(False)

    def step(self) -> None:
        """Show the neuron the next row."""
        if self._lessons is None:
            self._lessons = lessons(INPUTS, self._targets(), self._weights, self._bias)
        lesson = next(self._lessons, None)
        if lesson is None:
            self._run(False)
            return
        self._weights, self._bias = np.array(lesson.weights), lesson.bias
        self._inputs = [int(each) for each in INPUTS[lesson.sample]]
        self._show(_told(lesson))
        if lesson.learnt:
            self._run(False)

    def _run(self, on: bool) -> None:
        self._timer.start() if on else self._timer.stop()
        self._transport.setRunning(on)

    def _targets(self) -> np.ndarray:
        return np.array(GATES[self._gate.currentText()].targets)

    def _choose_gate(self, name: str) -> None:
        """Take the weights of a gate that has some; else leave them, to be tried."""
        self._gate.setCurrentText(name)
        neuron = GATES[name].neuron
        if neuron is not None:
            self._weights, self._bias = np.array(neuron[:2]), neuron[2]
        self._begin_anew(
            "" if neuron else "No weights make an XOR of one neuron: try some, or press Run and see it go round."
        )

    def _reset(self) -> None:
        self._weights, self._bias = np.zeros(2), 0.0
        self._begin_anew("All weights are zero. Press Step or Run, and the neuron learns.")

    def _turn(self, key: str) -> None:
        self._inputs[int(key[1]) - 1] ^= 1
        self._show(self._status.text())

    def _change(self, key: str, value: float) -> None:
        if key == "b":
            self._bias = value
        else:
            self._weights[int(key[1]) - 1] = value
        self._begin_anew("")

    def _begin_anew(self, words: str) -> None:
        """The lessons before do not count for what the neuron is now."""
        self._run(False)
        self._lessons = None
        self._show(words)

    def _show(self, words: str) -> None:
        outputs = fires(self._weights, self._bias, INPUTS)
        targets = self._targets()
        right = outputs == targets
        row = 2 * self._inputs[0] + self._inputs[1]
        self._show_diagram(int(outputs[row]))
        self._table.setValues(np.column_stack([INPUTS, targets, outputs]))
        marks = {(row, column): CHOSEN for column in range(3)}
        self._table.setMarks(marks | {(each, 3): GOOD if right[each] else BAD for each in range(4)})
        self._plot.show_line(self._weights, self._bias, targets, row)
        self._sum.setText(self._arithmetic(row))
        self._status.setText(words or self._verdict(int(right.sum())))

    def _verdict(self, right: int) -> str:
        name = self._gate.currentText()
        made = f"This neuron is {'a' if name == 'NAND' else 'an'} {name}." if right == 4 else f"It is no {name}."
        return f"{right} of 4 rows are right. {made}"

    def _arithmetic(self, row: int) -> str:
        weights = [number(each) for each in self._weights]
        found = float(total(self._weights, self._bias, INPUTS[row]))
        bias = f"{'+' if self._bias >= 0 else '−'} {number(abs(self._bias))}"
        x, y = self._inputs
        sign, output = ("&gt;", 1) if found > 0 else ("≤", 0)
        products = f"{x}·({weights[0]}) + {y}·({weights[1]}) {bias}"
        return f"{products} = {number(found)} {sign} 0, so the output is <b>{output}</b>"

    def _show_diagram(self, output: int) -> None:
        x, y = self._inputs
        turn, change = "Click to turn it over", "Click to change it"
        found = number(float(total(self._weights, self._bias, np.array(self._inputs, np.float64))))
        nodes = [
            Node("x1", (0.0, 0.0), str(x), above="x₁", mark=GOOD if x else "", clickable=True, help=turn),
            Node("x2", (0.0, 1.0), str(y), above="x₂", mark=GOOD if y else "", clickable=True, help=turn),
            Node("sum", (0.58, 0.5), found, above="w·x + b", help="The weighted sum of the inputs, and the bias"),
            Node("b", (0.58, 1.0), number(self._bias), above="", below="bias b", value=self._bias, help=change),
            Node("y", (1.0, 0.5), str(output), above="output", mark=GOOD if output else ""),
        ]
        weights = [float(each) for each in self._weights]
        edges = [
            Edge("x1", "sum", number(weights[0]), value=weights[0], help=f"Weight of x₁. {change}"),
            Edge("x2", "sum", number(weights[1]), value=weights[1], help=f"Weight of x₂. {change}"),
            Edge("b", "sum"),
            Edge("sum", "y", "> 0 ?", help="The step: 1 where the sum is more than 0"),
        ]
        self._diagram.setGraph(nodes, edges)


def _told(lesson: Lesson) -> str:
    """What a lesson was, in words."""
    x, y = (int(each) for each in INPUTS[lesson.sample])
    begun = f"Pass {lesson.epoch}, row {x} {y}: wanted {lesson.target}, got {lesson.output}. "
    if lesson.learnt:
        return begun + "A whole pass without a mistake: learnt."
    if lesson.seen_in:
        return begun + (
            f"The pass ends with the numbers that pass {lesson.seen_in} ended with: it goes round and round, and never"
            " ends, because no straight line parts the ones from the zeros."
        )
    if not lesson.error:
        return begun + "Right: nothing changes."
    if lesson.error > 0:
        return begun + "The row is added to the weights and 1 to the bias."
    return begun + "The row is taken from the weights and 1 from the bias."

"""A network of perceptrons: five NANDs that add two bits."""

from __future__ import annotations

import numpy as np
from PySide6.QtWidgets import QVBoxLayout, QWidget

from app.labs.flow import FlowLayout
from app.labs.graph import Edge, Node
from app.labs.graph_diagram import GraphDiagram
from app.labs.number_table import CHOSEN, GOOD, NumberTable
from app.labs.parts import caption, heading
from nn_core.labs.perceptron import INPUTS, half_adder

_PLACES = {
    "a": (0.0, 0.0),
    "b": (0.0, 1.0),
    "both": (0.33, 0.5),
    "left": (0.66, 0.0),
    "right": (0.66, 0.5),
    "sum": (1.0, 0.25),
    "carry": (1.0, 1.0),
}
_WIRES = (
    ("a", "both"),
    ("b", "both"),
    ("a", "left"),
    ("both", "left"),
    ("b", "right"),
    ("both", "right"),
    ("left", "sum"),
    ("right", "sum"),
    ("both", "carry"),
)


class HalfAdder(QWidget):
    """Click an input, and the ones run through the wires."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._bits = {"a": 1, "b": 1}
        self._diagram = GraphDiagram("adderDiagram", "Half adder made of five NANDs", (400, 232))
        self._table = NumberTable("adderTable", "Truth table of the half adder", (4, 4))
        self._table.setLabels(None, ("a", "b", "carry", "sum"))
        rows = [(*row, found["carry"], found["sum"]) for row in INPUTS for found in [half_adder(*map(int, row))]]
        self._table.setValues(np.array(rows, np.float64))
        flow = FlowLayout(gap=20, row_gap=12, middle=True, grow=True)
        for part in (self._diagram, self._table):
            flow.addWidget(part)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(6)
        column.addWidget(heading("A network of perceptrons: the half adder"))
        column.addWidget(
            caption(
                "Every box is a NAND as above, with the weights −2, −2 and the bias 3. Five of them add two bits, which"
                " no single one can: the sum is XOR. Click a or b."
            )
        )
        column.addLayout(flow)
        self._diagram.clicked.connect(self._turn)
        self._show()

    def _turn(self, key: str) -> None:
        self._bits[key] = 1 - self._bits[key]
        self._show()

    def _show(self) -> None:
        a, b = self._bits.values()
        outputs = self._bits | half_adder(a, b)
        names = {"a": "a", "b": "b", "sum": "sum", "carry": "carry"}
        nodes = [
            Node(
                key,
                place,
                str(outputs[key]),
                above=names.get(key, "NAND"),
                below="NAND" if key in ("sum", "carry") else "",
                mark=GOOD if outputs[key] else "",
                clickable=key in self._bits,
                square=key not in self._bits,
                help="Click to turn it over" if key in self._bits else "",
            )
            for key, place in _PLACES.items()
        ]
        edges = [Edge(start, end, mark=GOOD if outputs[start] else "") for start, end in _WIRES]
        self._diagram.setGraph(nodes, edges)
        self._table.setMarks({(2 * a + b, column): CHOSEN for column in range(4)})

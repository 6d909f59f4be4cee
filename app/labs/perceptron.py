"""The perceptron."""

from __future__ import annotations

import numpy as np
from PySide6.QtWidgets import QVBoxLayout, QWidget

from app.labs.number_table import NumberTable
from app.labs.page import LabPage
from app.labs.parts import heading
from nn_core.labs.perceptron import fires

_INPUTS = np.array([[0.0, 0.0], [0.0, 1.0], [1.0, 0.0], [1.0, 1.0]])


class PerceptronPage(LabPage):
    """A truth table of NAND, for now."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        table = NumberTable("perceptronTable", "Truth table of NAND", (4, 3))
        table.setValues(np.column_stack([_INPUTS, fires(np.array([-2.0, -2.0]), 3.0, _INPUTS)]))
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(heading("NAND"))
        column.addWidget(table)
        column.addStretch(1)

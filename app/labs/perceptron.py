"""The perceptron: a vote, a gate that can be set or learnt, and a half adder made of gates."""

from __future__ import annotations

from PySide6.QtWidgets import QVBoxLayout, QWidget

from app.labs.adder import HalfAdder
from app.labs.gate import GateNeuron
from app.labs.page import LabPage
from app.labs.vote import Vote
from app.theme import Theme


class PerceptronPage(LabPage):
    """Three experiments, one under the other."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._gate = GateNeuron()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(24)
        for part in (self._gate, HalfAdder(), Vote()):
            column.addWidget(part)
        column.addStretch(1)

    def setTheme(self, theme: Theme) -> None:
        """Take the colours of a theme."""
        super().setTheme(theme)
        self._gate.setTheme(theme)

    def leave(self) -> None:
        """Stop the lessons."""
        super().leave()
        self._gate.halt()

"""The steps from the hand to the network, left to right, each with its image and its answer."""

from __future__ import annotations

from collections.abc import Collection, Sequence

import numpy as np
from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QCheckBox, QHBoxLayout, QLabel, QSizePolicy, QVBoxLayout, QWidget

from app.views.digit_thumb import DigitThumb
from app.views.mini_answer import MiniAnswer
from nn_core.explaining.steps import Step

_SIDE = 84  # logical pixels: three a pixel of the image
_TITLE = 20
_TIPS = {
    Step.CUT: "The box around the ink is put into the middle: where it was drawn does not matter",
    Step.FIT: "The longer side of the ink becomes 20 pixels, the other keeps its proportion",
    Step.PEN: "The lines are drawn again as wide as is usual in MNIST, 2.4 pixels",
    Step.CENTRE: "Moved by whole pixels until the centre of mass comes nearest to the middle",
    Step.NORMALISE: "The values get the mean and the spread that the network has learnt with",
}
_WHY_NOT = {
    Step.PEN: "There is a picture, whose lines nobody knows",
    Step.NORMALISE: "This network takes the pixels as they are",
}
_EMPTY = "Draw a digit to see the steps from the hand to the network, each with its answer."
_ABOUT = "What the network would answer after each step. Take a tick away to leave a step out."


class StepCards(QWidget):
    """Six cards: the whole canvas, and what each step makes of the one before."""

    stepsChanged = Signal(object)  # frozenset[Step]: those that are ticked

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("whySteps")
        self.checks = {step: self._make_check(step) for step in Step}
        self.images = [DigitThumb(_SIDE, name) for name in ("as drawn", *(step.value for step in Step))]
        self.answers = [MiniAnswer(_SIDE) for _ in self.images]
        first = QLabel("as drawn")
        first.setToolTip("The whole canvas, shrunk to 28 × 28 pixels")
        row = QHBoxLayout()
        row.setSpacing(6)
        for title, image, answer in zip([first, *self.checks.values()], self.images, self.answers, strict=True):
            title.setFixedHeight(_TITLE)
            card = QVBoxLayout()
            card.setSpacing(2)
            for part in (title, image, answer):
                card.addWidget(part)
            row.addLayout(card)
        self._about = about = QLabel(_ABOUT)
        about.setProperty("role", "caption")
        about.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(4)
        column.addWidget(about)
        column.addLayout(row)
        column.addStretch(1)

    def steps(self) -> frozenset[Step]:
        """The steps that are ticked."""
        return frozenset(step for step, check in self.checks.items() if check.isChecked())

    def setPossible(self, steps: Collection[Step]) -> None:
        """Let only these steps be switched; the others would change nothing."""
        for step, check in self.checks.items():
            check.setEnabled(step in steps)
            check.setToolTip(_TIPS[step] if step in steps else _WHY_NOT.get(step, _TIPS[step]))

    def showCards(self, cards: Sequence[tuple[np.ndarray, np.ndarray]]) -> None:
        """Show image (28, 28) and probabilities (10,) of each of the six cards, or nothing."""
        self._about.setText(_ABOUT if cards else _EMPTY)
        for place, (image, answer) in enumerate(zip(self.images, self.answers, strict=True)):
            image.showImage(cards[place][0] if cards else None)
            answer.showProbabilities(cards[place][1] if cards else None)

    def _make_check(self, step: Step) -> QCheckBox:
        check = QCheckBox(step.value)
        check.setObjectName(f"why{step.name.title()}Check")
        check.setChecked(True)
        check.setToolTip(_TIPS[step])
        check.setStyleSheet("QCheckBox { font-size: 12px; spacing: 4px; }")
        check.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        check.toggled.connect(lambda _on: self.stepsChanged.emit(self.steps()))
        return check

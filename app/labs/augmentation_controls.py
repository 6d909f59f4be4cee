"""A slider for every way in which an image is varied."""

from __future__ import annotations

from PySide6.QtCore import QSignalBlocker, Qt, Signal
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QLabel, QPushButton, QSlider, QVBoxLayout, QWidget

from app.labs.fields import slider
from app.labs.parts import heading
from app.theme import tabular
from nn_core.augment import Augmentation
from nn_core.augment_text import AMOUNTS, NONE, Amount

_STEPS = {"pixels": 0.1, "°": 1.0, "": 0.01}  # of a slider, by the unit of the amount
_WIDEST = 66  # logical pixels of a number with its unit


class AugmentationControls(QWidget):
    """Sliders by name, and the amounts that training takes, or none, at a click."""

    changed = Signal()  # by the user

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._sliders: dict[str, QSlider] = {}
        self._values: dict[str, QLabel] = {}
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(heading("Amounts"))
        column.addLayout(self._presets())
        grid = QGridLayout()
        grid.setHorizontalSpacing(10)
        grid.setVerticalSpacing(8)
        for row, amount in enumerate(AMOUNTS.values()):
            self._add(grid, row, amount)
        column.addLayout(grid)
        column.addStretch(1)
        self.setAugmentation(Augmentation())

    def _presets(self) -> QHBoxLayout:
        row = QHBoxLayout()
        for words, name, tip, wanted in (
            ("As training does", "Usual", "The amounts of “Vary the images” in the Train tab", Augmentation()),
            ("None", "None", "Every amount 0", NONE),
        ):
            button = QPushButton(words)
            button.setObjectName(f"augmentation{name}Button")
            button.setToolTip(tip)
            button.clicked.connect(lambda _=False, wanted=wanted: self._preset(wanted))
            row.addWidget(button)
        row.addStretch(1)
        return row

    def _add(self, grid: QGridLayout, row: int, amount: Amount) -> None:
        words = amount.name.replace("-", " ").capitalize()
        tip = f"{words}: {amount.about}"
        field = slider(f"augmentation{amount.name}Slider", tip, 0, round(amount.most / _step(amount)), 10)
        label, value = QLabel(words), QLabel()
        label.setToolTip(tip)
        label.setBuddy(field)
        value.setObjectName(f"augmentation{amount.name}Value")
        value.setFont(tabular(value.font()))
        value.setMinimumWidth(_WIDEST)
        value.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        for place, widget in enumerate((label, field, value)):
            grid.addWidget(widget, row, place)
        self._sliders[amount.name], self._values[amount.name] = field, value
        field.valueChanged.connect(lambda: self._moved(amount))

    def augmentation(self) -> Augmentation:
        """What the sliders say."""
        amounts = {one.field: round(self._sliders[name].value() * _step(one), 6) for name, one in AMOUNTS.items()}
        return Augmentation(**amounts)  # type: ignore[arg-type]  # the grid, a whole number, has no slider

    def setAugmentation(self, augmentation: Augmentation) -> None:
        """Show amounts, without a signal."""
        for name, amount in AMOUNTS.items():
            with QSignalBlocker(self._sliders[name]):
                self._sliders[name].setValue(round(getattr(augmentation, amount.field) / _step(amount)))
            self._say(amount)

    def _preset(self, augmentation: Augmentation) -> None:
        self.setAugmentation(augmentation)
        self.changed.emit()

    def _moved(self, amount: Amount) -> None:
        self._say(amount)
        self.changed.emit()

    def _say(self, amount: Amount) -> None:
        value = self._sliders[amount.name].value() * _step(amount)
        if amount.alone is not None:
            words = f"{100 * value:.0f} %"
        elif amount.unit == "pixels":
            words = f"{value:.1f} px"
        else:
            words = f"{value:.0f}°" if amount.unit else f"{value:.2f}"
        self._values[amount.name].setText(words)


def _step(amount: Amount) -> float:
    return _STEPS[amount.unit]

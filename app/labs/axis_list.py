"""What a search varies: a line a setting, with a tick and the values or the range to try."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QSignalBlocker
from PySide6.QtWidgets import QCheckBox, QGridLayout, QLabel, QLineEdit, QWidget

from app.theme import tabular
from nn_core.search.space import Axis, format_space, parse_space


@dataclass(frozen=True, slots=True)
class _Row:
    words: str
    usual: str
    tip: str
    place: bool = False  # in the chain, not a setting


_ROWS = {
    "learning_rate": _Row("Learning rate", "0.0001..0.1 log", "A range; log: every power of ten is tried as often"),
    "batch_size": _Row("Batch size", "32|64|128|256", "Images a step: values, or a range such as 16..256 log"),
    "optimizer": _Row("Optimiser", "sgd|momentum|adam", "Names, with | between them: rmsprop, nesterov, adamw …"),
    "weight_decay": _Row("Weight decay", "1e-6..0.01 log", "The L2 penalty: a range, or values such as 0|1e-4"),
    "schedule": _Row("Schedule", "constant|cosine|one-cycle", "How the learning rate goes down, or up and down"),
    "init": _Row("Initialiser", "he-normal|xavier-uniform", "How weights start"),
    "width": _Row("Width", "16..256 log", "What stands for {width} in the chain: units of a layer", place=True),
    "dropout": _Row("Dropout", "0.0..0.6", "What stands for {dropout} in the chain: a share", place=True),
}  # fmt: skip


class AxisList(QWidget):
    """Lines named search<Setting>Check and search<Setting>Edit; those for places appear with a chain that has them."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._checks: dict[str, QCheckBox] = {}
        self._edits: dict[str, QLineEdit] = {}
        self._others: tuple[Axis, ...] = ()  # of a search that was kept: those without a line
        self._locked = False
        grid = QGridLayout(self)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(8)
        grid.setVerticalSpacing(4)
        grid.setColumnStretch(1, 1)
        for place, (name, row) in enumerate(_ROWS.items()):
            self._add(grid, place, name, row)
        self._beside = QLabel()
        self._beside.setObjectName("searchOthersLabel")
        self._beside.setWordWrap(True)
        self._beside.hide()
        grid.addWidget(self._beside, len(_ROWS), 0, 1, 2)
        self.setChosen({name: _ROWS[name].usual for name in ("learning_rate", "batch_size", "optimizer")})

    def _add(self, grid: QGridLayout, place: int, name: str, row: _Row) -> None:
        check, edit = QCheckBox(row.words), QLineEdit(row.usual)
        camel = "".join(word.capitalize() for word in name.split("_"))
        check.setObjectName(f"search{camel}Check")
        check.setToolTip(f"Vary the {row.words.lower()}")
        edit.setObjectName(f"search{camel}Edit")
        edit.setAccessibleName(f"{row.words}: what to try")
        edit.setToolTip(row.tip)
        edit.setFont(tabular(edit.font(), 12))
        check.toggled.connect(self._enable)
        self._checks[name], self._edits[name] = check, edit
        grid.addWidget(check, place, 0)
        grid.addWidget(edit, place, 1)

    def setChain(self, chain: str) -> None:
        """Offer the places that the chain has, ticked, and no others."""
        for name, row in _ROWS.items():
            if row.place:
                there = f"{{{name}}}" in chain
                for widget in (self._checks[name], self._edits[name]):
                    widget.setVisible(there)
                with QSignalBlocker(self._checks[name]):
                    self._checks[name].setChecked(there)
        self._enable()

    def setChosen(self, texts: dict[str, str]) -> None:
        """Tick these settings and no others, with what is to be tried of each."""
        for name, check in self._checks.items():
            with QSignalBlocker(check):
                check.setChecked(name in texts)
            self._edits[name].setText(texts.get(name, _ROWS[name].usual))
            self._edits[name].setCursorPosition(0)
        self._enable()

    def setSpace(self, axes: tuple[Axis, ...]) -> None:
        """Show these axes: those that have a line there, and the others, which stay as they are, below."""
        self.setChosen({axis.name: str(axis).partition("=")[2] for axis in axes if axis.name in _ROWS})
        self._others = tuple(axis for axis in axes if axis.name not in _ROWS)
        self._beside.setText(f"Also varies: {format_space(self._others)}")
        self._beside.setVisible(bool(self._others))

    def space(self) -> tuple[Axis, ...]:
        """What varies.

        Raises:
            SettingsError: nothing does, or what is written is not understood.
        """
        return parse_space(", ".join([*(f"{name}={text}" for name, text in self.typed()), *map(str, self._others)]))

    def typed(self) -> list[tuple[str, str]]:
        """What is ticked, and what is written there."""
        return [(name, self._edits[name].text()) for name, check in self._checks.items() if check.isChecked()]

    def setLocked(self, locked: bool) -> None:
        """Let nothing be changed for a while."""
        self._locked = locked
        self._enable()

    def _enable(self) -> None:
        for name, check in self._checks.items():
            place = _ROWS[name].place  # a place in the chain must be given something
            check.setEnabled(not self._locked and not place)
            self._edits[name].setEnabled(not self._locked and check.isChecked())

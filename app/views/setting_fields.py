"""Fields of a form that stand for fields of `TrainSettings`, each under the name that it has there."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import QEvent, QObject, QSignalBlocker, Qt, Signal
from PySide6.QtWidgets import (
    QAbstractSpinBox,
    QCheckBox,
    QComboBox,
    QDoubleSpinBox,
    QFormLayout,
    QLabel,
    QSpinBox,
    QWidget,
)

from nn_core.settings import TrainSettings

_NARROW = 90  # logical pixels that a field needs at least


class SettingFields(QObject):
    """Adds rows to a form, reads all of them, and shows settings in them without a signal."""

    edited = Signal()  # by the user, any of them

    def __init__(self, form: QFormLayout, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._form = form
        self._fields: dict[str, QWidget] = {}
        self._live: set[str] = set()
        form.setContentsMargins(12, 8, 12, 12)
        form.setHorizontalSpacing(12)
        form.setVerticalSpacing(8)
        form.setFieldGrowthPolicy(QFormLayout.FieldGrowthPolicy.AllNonFixedFieldsGrow)

    def heading(self, text: str) -> None:
        """Begin a group of rows."""
        label = QLabel(text)
        label.setProperty("role", "title")
        label.setContentsMargins(0, 8, 0, 0)
        self._form.addRow(label)

    def help(self, text: str) -> QLabel:
        """A line below a row that says what it is for."""
        label = QLabel(text)
        label.setProperty("role", "caption")
        label.setWordWrap(True)
        self._form.addRow(label)
        return label

    def add(self, name: str, label: str, field: QWidget, object_name: str, tip: str, *, live: bool = False) -> None:
        """Add a row for the setting `name`; one that is `live` can be changed during a run."""
        self.row(label, field, object_name, tip)
        self._fields[name] = field
        if live:
            self._live.add(name)
        if isinstance(field, QComboBox):
            field.activated.connect(self.edited)
            if (line := field.lineEdit()) is not None:  # what is typed is among no entries
                line.editingFinished.connect(self.edited)
        elif isinstance(field, QCheckBox):
            field.toggled.connect(self.edited)
        elif isinstance(field, QSpinBox | QDoubleSpinBox):
            field.valueChanged.connect(self.edited)

    def row(self, label: str, field: QWidget, object_name: str, tip: str) -> None:
        """Add a row that stands for no setting."""
        field.setObjectName(object_name)
        field.setToolTip(tip)
        field.setAccessibleName(label or tip)
        field.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        field.installEventFilter(self)  # a wheel that scrolls the form must not turn the settings it passes
        field.setMinimumWidth(_NARROW)  # what a box could hold would widen the whole form
        self._form.addRow(label, field)

    def values(self) -> dict[str, Any]:
        """What the fields hold, by the names of the settings."""
        return {name: _value(field) for name, field in self._fields.items()}

    def show(self, settings: TrainSettings) -> None:
        """Show settings, without a signal."""
        for name, field in self._fields.items():
            with QSignalBlocker(field):
                _show(field, getattr(settings, name))

    def setRunning(self, running: bool) -> None:
        """While a run goes on, only what is live can change."""
        for name, field in self._fields.items():
            field.setEnabled(not running or name in self._live)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        passing = isinstance(watched, QComboBox | QAbstractSpinBox) and not watched.hasFocus()
        if passing and event.type() == QEvent.Type.Wheel:
            event.ignore()
            return True
        return super().eventFilter(watched, event)


def spin(low: int, high: int, step: int, none: str = "") -> QSpinBox:
    """A spin box for whole numbers, whose lowest is shown as the word `none` if one is given."""
    box = QSpinBox()
    box.setRange(low, high)
    box.setSingleStep(step)
    box.setKeyboardTracking(False)
    box.setSpecialValueText(none)
    return box


def offer(combo: QComboBox, names: list[str]) -> None:
    """Offer names, without a signal; what was chosen stays chosen if it is still offered."""
    chosen = combo.currentText()
    with QSignalBlocker(combo):
        combo.clear()
        combo.addItems(names)
        combo.setCurrentIndex(max(0, combo.findText(chosen)))


def _value(field: QWidget) -> Any:
    if isinstance(field, QComboBox):
        return field.currentText().strip()
    if isinstance(field, QCheckBox):
        return field.isChecked()
    assert isinstance(field, QSpinBox | QDoubleSpinBox)
    return field.value()


def _show(field: QWidget, value: Any) -> None:
    if isinstance(field, QComboBox):
        if field.findText(value) < 0:
            field.addItem(value)
        field.setCurrentText(value)
    elif isinstance(field, QCheckBox):
        field.setChecked(value)
    elif isinstance(field, QSpinBox):
        field.setValue(min(value, field.maximum()))
    elif isinstance(field, QDoubleSpinBox):
        field.setValue(value)

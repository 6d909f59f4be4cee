"""Number fields and choices as the pages use them: named, explained, and deaf to a wheel that only passes."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeVar, cast

from PySide6.QtCore import QLocale, Qt
from PySide6.QtGui import QValidator, QWheelEvent
from PySide6.QtWidgets import QAbstractSpinBox, QComboBox, QDoubleSpinBox, QSlider, QSpinBox, QWidget

from app.views.rate_spin import RateSpin
from app.views.wording import MINUS

_Spin = TypeVar("_Spin", bound=QAbstractSpinBox)


class _Whole(QSpinBox):
    def wheelEvent(self, event: QWheelEvent) -> None:
        super().wheelEvent(event) if self.hasFocus() else event.ignore()


class _Decimal(QDoubleSpinBox):
    """Writes the minus that all numbers in the window have, and takes the one of the keyboard too."""

    def textFromValue(self, value: float) -> str:
        return super().textFromValue(value).replace("-", MINUS)

    def valueFromText(self, text: str) -> float:
        return super().valueFromText(text.replace(MINUS, "-"))

    def validate(self, text: str, place: int) -> object:
        found = super().validate(text.replace(MINUS, "-"), place)
        state, _, place = cast(tuple[QValidator.State, str, int], found)
        return state, text, place

    def wheelEvent(self, event: QWheelEvent) -> None:
        super().wheelEvent(event) if self.hasFocus() else event.ignore()


class _Rate(RateSpin):
    def wheelEvent(self, event: QWheelEvent) -> None:
        super().wheelEvent(event) if self.hasFocus() else event.ignore()


class _Slider(QSlider):
    def wheelEvent(self, event: QWheelEvent) -> None:
        super().wheelEvent(event) if self.hasFocus() else event.ignore()


class _Choice(QComboBox):
    def wheelEvent(self, event: QWheelEvent) -> None:
        super().wheelEvent(event) if self.hasFocus() else event.ignore()


def whole_spin(name: str, tip: str, low: int, high: int, step: int, value: int) -> QSpinBox:
    """A field for whole numbers."""
    spin = _Whole()
    spin.setRange(low, high)
    spin.setSingleStep(step)
    spin.setValue(value)
    return _named(spin, name, tip)


def decimal_spin(
    name: str, tip: str, low: float, high: float, step: float, value: float, decimals: int
) -> QDoubleSpinBox:
    """A field for decimal numbers."""
    spin = _Decimal()
    spin.setDecimals(decimals)
    spin.setRange(low, high)
    spin.setSingleStep(step)
    spin.setValue(value)
    return _named(spin, name, tip)


def rate_spin(name: str, tip: str, low: float, high: float, value: float) -> RateSpin:
    """A field for numbers that span many powers of ten."""
    spin = _Rate(low, high)
    spin.setValue(value)
    return _named(spin, name, tip)


def slider(name: str, tip: str, low: int, high: int, page: int) -> QSlider:
    """A horizontal slider."""
    found = _Slider(Qt.Orientation.Horizontal)
    found.setRange(low, high)
    found.setPageStep(page)
    _dress(found, name, tip)
    return found


def choice(name: str, tip: str, entries: Sequence[str], chosen: str = "", *, editable: bool = False) -> QComboBox:
    """A list to choose from; `editable` lets the user type something else."""
    combo = _Choice()
    combo.addItems(list(entries))
    combo.setEditable(editable)
    combo.setInsertPolicy(QComboBox.InsertPolicy.NoInsert)
    combo.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
    combo.setMinimumContentsLength(10)
    if chosen:
        combo.setCurrentText(chosen)
    line = combo.lineEdit()
    if line is not None:  # a long text is read from its beginning
        line.home(False)
        combo.activated.connect(lambda: line.home(False))
        line.editingFinished.connect(lambda: line.home(False))
    _dress(combo, name, tip)
    return combo


def _named(spin: _Spin, name: str, tip: str) -> _Spin:
    spin.setLocale(QLocale.c())
    spin.setKeyboardTracking(False)
    _dress(spin, name, tip)
    return spin


def _dress(field: QWidget, name: str, tip: str) -> None:
    field.setObjectName(name)
    field.setToolTip(tip)
    field.setAccessibleName(tip)
    field.setFocusPolicy(Qt.FocusPolicy.StrongFocus)

"""A list of curves to choose from: a line in the curve's colour, a check box, perhaps a number, and a value."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from PySide6.QtCore import QEvent, QObject, QSignalBlocker, QSize, Qt, Signal
from PySide6.QtGui import QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QCheckBox, QGridLayout, QLabel, QWidget

from app.labs.parts import caption, heading
from app.labs.series_plot import series_pen
from app.theme import tabular, theme_of
from app.views.rate_spin import RateSpin


class SeriesList(QWidget):
    """Rows named `<prefix><Name>Check`, with `rates` also `…Rate`; each has the colour of its place in `names`."""

    toggled = Signal()  # by the user
    rateChanged = Signal()  # by the user

    def __init__(
        self, prefix: str, names: Sequence[str], rates: Mapping[str, float] | None = None,
        tips: Mapping[str, str] | None = None, parent: QWidget | None = None,
    ) -> None:  # fmt: skip
        super().__init__(parent)
        self._checks: dict[str, QCheckBox] = {}
        self._rates: dict[str, RateSpin] = {}
        self._values: dict[str, QLabel] = {}
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setHorizontalSpacing(6)
        self._grid.setVerticalSpacing(2)
        self._grid.setColumnStretch(3, 1)
        for place, name in enumerate(names, 1):  # row 0 is the heading's
            self._add(prefix, place, name, (tips or {}).get(name, ""))
            if rates is not None:
                self._add_rate(prefix, place, name, rates[name])

    def _add(self, prefix: str, place: int, name: str, tip: str) -> None:
        check, value = QCheckBox(name), QLabel()
        check.setObjectName(f"{prefix}{_camel(name)}Check")
        check.setToolTip(tip)
        check.setMinimumHeight(24)
        check.toggled.connect(lambda on: self._dim(name, on))
        check.clicked.connect(self.toggled)
        value.setFont(tabular(value.font(), 12))
        value.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        value.setObjectName(f"{prefix}{_camel(name)}Value")
        self._checks[name], self._values[name] = check, value
        for column, widget in ((0, _Swatch(place - 1)), (1, check), (3, value)):
            self._grid.addWidget(widget, place, column)

    def _add_rate(self, prefix: str, place: int, name: str, rate: float) -> None:
        spin = RateSpin(1e-9, 1000.0)
        spin.setObjectName(f"{prefix}{_camel(name)}Rate")
        spin.setAccessibleName(f"Learning rate of {name}")
        spin.setToolTip(f"Learning rate of {name}; to begin with {rate:g}")
        spin.setValue(rate)
        spin.setFixedWidth(84)
        spin.setEnabled(False)
        spin.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        spin.installEventFilter(self)
        spin.valueChanged.connect(self.rateChanged)
        self._rates[name] = spin
        self._grid.addWidget(spin, place, 2)

    def _dim(self, name: str, on: bool) -> None:
        if name in self._rates:
            self._rates[name].setEnabled(on)
        if not on:
            self._values[name].clear()

    def setHeading(self, words: str, about: str = "") -> None:
        """Head the list, and say over the numbers, or else over the values, what these are."""
        column = caption(about)
        column.setWordWrap(False)
        self._grid.addWidget(heading(words), 0, 0, 1, 2)
        side = Qt.AlignmentFlag.AlignLeft if self._rates else Qt.AlignmentFlag.AlignRight
        self._grid.addWidget(column, 0, 2 if self._rates else 3, side)

    def chosen(self) -> list[str]:
        """What is ticked, in the order of the list."""
        return [name for name, check in self._checks.items() if check.isChecked()]

    def setChosen(self, names: Sequence[str]) -> None:
        """Tick these and no others, without a signal."""
        for name, check in self._checks.items():
            with QSignalBlocker(check):
                check.setChecked(name in names)
            self._dim(name, name in names)

    def place(self, name: str) -> int:
        """Which colour a name has."""
        return list(self._checks).index(name)

    def rate(self, name: str) -> float:
        """The number beside a name."""
        return self._rates[name].value()

    def setRates(self, rates: Mapping[str, float]) -> None:
        """Show other numbers, without a signal."""
        for name, rate in rates.items():
            with QSignalBlocker(self._rates[name]):
                self._rates[name].setValue(rate)

    def setValue(self, name: str, text: str) -> None:
        """Write something at the end of a row."""
        self._values[name].setText(text)

    def clearValues(self) -> None:
        """Write nothing at the ends."""
        for label in self._values.values():
            label.clear()

    def setLocked(self, locked: bool) -> None:
        """Let nothing be changed for a while."""
        for name, check in self._checks.items():
            check.setEnabled(not locked)
            if name in self._rates:
                self._rates[name].setEnabled(not locked and check.isChecked())

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Leave the wheel to the page: it must not turn the numbers that it passes."""
        if event.type() == QEvent.Type.Wheel and isinstance(watched, RateSpin) and not watched.hasFocus():
            event.ignore()
            return True
        return super().eventFilter(watched, event)


class _Swatch(QWidget):
    """A short line as the curve is drawn."""

    def __init__(self, place: int) -> None:
        super().__init__()
        self._place = place
        self.setFixedSize(QSize(22, 16))

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        pen = QPen(series_pen(theme_of(self.palette()), self._place))
        pen.setWidth(3)
        painter.setPen(pen)
        middle = self.height() // 2
        painter.drawLine(1, middle, self.width() - 1, middle)
        painter.end()


def _camel(name: str) -> str:
    """`leaky ReLU` as `LeakyReLU`, for object names."""
    return "".join(word[:1].upper() + word[1:] for word in name.replace("-", " ").split())

"""A kernel to choose or to write: the classic ones by name, and every weight of it."""

from __future__ import annotations

import numpy as np
from PySide6.QtCore import QSignalBlocker, Signal
from PySide6.QtWidgets import QComboBox, QLabel, QVBoxLayout, QWidget

from app.labs.cell_grid import CellGrid
from app.labs.fields import whole_spin
from app.labs.parts import caption
from app.theme import Theme
from app.views.wording import number
from nn_core.labs.classic_kernels import CLASSIC_KERNELS, KERNELS_BY_NAME

_OWN, _RANDOM = "your own", "random"
_ABOUT = {
    _OWN: "Type weights, also as fractions such as 1/9.",
    _RANDOM: "Normal numbers: choose “random” again for others.",
}
_WIDTH = 190  # logical pixels
_CELL = 40
_LIST = 28  # logical pixels of height
_GAP = 6


class KernelPicker(QWidget):
    """A list of kernels, the chosen one as editable cells, its size and the sum of its weights.

    With `rng` the list also has a random one, which is drawn anew whenever it is chosen; it begins with that.
    """

    chosen = Signal(object)  # the kernel (k, k)

    def __init__(self, prefix: str, rng: np.random.Generator | None = None, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._rng = rng
        tip = "Rows and columns of the kernel: 1 to 7; what is added is 0"
        self._names, self._size = QComboBox(), whole_spin(f"{prefix}SizeSpin", tip, 1, 7, 1, 3)
        self._grid = CellGrid(f"{prefix}KernelGrid", "Kernel", editable=True)
        self._sum, self._about = QLabel(), caption()
        self._kernel = CLASSIC_KERNELS[0].values
        if rng is not None:
            self._names.addItem(_RANDOM)
            self._names.insertSeparator(1)
        family = ""
        for kernel in CLASSIC_KERNELS:
            if family not in ("", kernel.family):
                self._names.insertSeparator(self._names.count())
            family = kernel.family
            self._names.addItem(kernel.name)
        self._names.insertSeparator(self._names.count())
        self._names.addItem(_OWN)
        self._names.setObjectName(f"{prefix}KernelCombo")
        self._names.setAccessibleName("Kernel")
        self._names.setFixedHeight(_LIST)
        self._size.setPrefix("size ")
        self._sum.setObjectName(f"{prefix}KernelSum")
        self._about.setObjectName(f"{prefix}KernelAbout")
        self.setFixedWidth(_WIDTH)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(_GAP)
        for part in (self._names, self._grid, self._sum, self._size, self._about):
            column.addWidget(part)
        column.addStretch(1)
        self._names.textActivated.connect(self._take_name)
        self._size.valueChanged.connect(self._resize)
        self._grid.edited.connect(self._edit)
        self._choose(CLASSIC_KERNELS[0].name if rng is None else _RANDOM)

    def kernel(self) -> np.ndarray:
        """The kernel (k, k), float64."""
        return self._kernel

    def setTheme(self, theme: Theme) -> None:
        """Take the colours of a theme."""
        self._grid.setTheme(theme)

    def above(self) -> int:
        """How far below the upper edge the cells begin, in logical pixels."""
        return _LIST + _GAP

    def cell(self) -> int:
        """The side of a cell, in logical pixels."""
        return min(_CELL, (_WIDTH - 4) // len(self._kernel))

    def _take_name(self, name: str) -> None:
        self._choose(name)
        self.chosen.emit(self._kernel)

    def _choose(self, name: str) -> None:
        if name in KERNELS_BY_NAME:
            self._kernel = KERNELS_BY_NAME[name].values
        elif name == _RANDOM and self._rng is not None:
            self._kernel = self._rng.normal(size=self._kernel.shape)
        self._show(name)

    def _edit(self, row: int, column: int, value: float) -> None:
        self._kernel = self._kernel.copy()
        self._kernel[row, column] = value
        self._take_name(_OWN)

    def _resize(self, side: int) -> None:
        """Keep the middle where it is; what is added is 0. A random kernel is drawn anew."""
        if self._names.currentText() == _RANDOM:
            self._kernel = np.zeros((side, side))
            self._take_name(_RANDOM)
            return
        old, new = self._kernel, np.zeros((side, side))
        shift = (side - len(old)) // 2
        rows = range(max(0, -shift), min(len(old), side - shift))
        for row in rows:
            for column in rows:
                new[row + shift, column + shift] = old[row, column]
        self._kernel = new
        self._take_name(_OWN)

    def _show(self, name: str) -> None:
        known = KERNELS_BY_NAME.get(name)
        with QSignalBlocker(self._size):
            self._size.setValue(len(self._kernel))
        self._names.setCurrentText(name)
        self._grid.setCell(self.cell())
        self._grid.setValues(self._kernel)
        total = round(float(self._kernel.sum()), 9)
        meaning = ": even areas become 0" if total == 0 else ": brightness is kept" if total == 1 else ""
        self._sum.setText(f"Σ = {number(total)}{meaning}")
        self._about.setText(known.about if known is not None else _ABOUT[name])

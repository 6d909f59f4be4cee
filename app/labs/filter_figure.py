"""A picture, the kernel, its answer, and the answer pooled, side by side."""

from __future__ import annotations

import numpy as np
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QWidget

from app.labs.flow import FlowLayout
from app.labs.kernel_picker import KernelPicker
from app.labs.labelled import titled
from app.labs.map_view import Look, MapView
from app.labs.parts import caption
from app.theme import Theme
from nn_core.labs.picture_filtering import Filtered, Filtering

_GAP = 20
_WIDTHS = (150, 300)  # logical pixels: the least and the largest width of a map
_IN_TWO_ROWS = 204  # logical pixels: so wide, two rows of maps are seen at once in a window of usual height
_BESIDE = 210  # logical pixels of the kernel
_THREE = 0.62  # of that width have the maps of three channels beside each other
_PARTS = {
    "Picture": "Picture",
    "Answer": "Under the kernel",
    "MaxPool": "After max pooling",
    "AvgPool": "After average pooling",
}


class FilterFigure(QWidget):
    """Four maps with their sizes and values, and between the first two the kernel that can be changed."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.picker = KernelPicker("filter")
        self._views = {key: MapView(f"filter{key}", words) for key, words in _PARTS.items()}
        self._facts = {key: caption() for key in _PARTS}
        flow = FlowLayout(self, gap=_GAP, row_gap=16)
        for key, words in _PARTS.items():
            flow.addWidget(self._part(key, words))
            if key == "Picture":
                flow.addWidget(titled("Kernel", self.picker))

    def _part(self, key: str, words: str) -> QWidget:
        view, facts = self._views[key], self._facts[key]
        facts.setObjectName(f"filter{key}Facts")
        facts.setWordWrap(False)
        view.hovered.connect(lambda at: facts.setText(at or view.facts()))
        return titled(words, view, facts)

    def showResult(self, picture: np.ndarray, result: Filtered, filtering: Filtering, look: Look, top: float) -> None:
        """Show a picture (C, H, W) and what was made of it, in these colours, grey ones from 0 to `top`."""
        self._views["Picture"].setMaps(picture, Look.COLOR if len(picture) == 3 else Look.GRAY)
        shown = look if look is not Look.COLOR or len(result.maps) == 3 else Look.GRAY
        for key, maps in (("Answer", result.maps), ("MaxPool", result.largest), ("AvgPool", result.means)):
            self._views[key].setMaps(maps, shown, top)
        for key, view in self._views.items():
            self._facts[key].setText(view.facts())
        self._views["Answer"].setToolTip(_size_words(picture.shape[1:], filtering))
        for key in ("MaxPool", "AvgPool"):
            self._views[key].setToolTip(_pool_words(result.maps.shape[1:], filtering))
        self._fit()

    def setTheme(self, theme: Theme) -> None:
        """Take the colours of a theme."""
        self.picker.setTheme(theme)
        for view in self._views.values():
            view.setTheme(theme)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Take maps as large as there is room for."""
        super().resizeEvent(event)
        self._fit()

    def _fit(self) -> None:
        """All in one row where that leaves them large enough; else two of them beside the kernel; else two a row."""
        room = self.width()
        least, largest = _WIDTHS
        in_one_row = (room - _BESIDE - 4 * _GAP) // 4
        beside = (room - _BESIDE - 2 * _GAP) // 2
        if in_one_row >= _IN_TWO_ROWS:
            width = min(in_one_row, largest)
        elif beside >= _IN_TWO_ROWS:
            width = _IN_TWO_ROWS
        else:
            width = max((room - _GAP) // 2, least)
        for view in self._views.values():
            maps = view.maps()
            three = maps is not None and len(maps) == 3 and view.look() is not Look.COLOR
            view.setWidth(round(width * _THREE) if three else width)
        self.updateGeometry()


def _size_words(shape: tuple[int, ...], filtering: Filtering) -> str:
    k, p = len(filtering.kernel), filtering.padding
    sizes = (
        f"{name} ⌊({n} + 2·{p} − {k}) / 1⌋ + 1 = {n + 2 * p - k + 1}" for name, n in zip(_SIDES, shape, strict=True)
    )
    return "\n".join(sizes)


def _pool_words(shape: tuple[int, ...], filtering: Filtering) -> str:
    size, stride = filtering.pool_size, filtering.pool_stride
    sizes = (
        f"{name} ⌊({n} − {size}) / {stride}⌋ + 1 = {(n - size) // stride + 1}"
        for name, n in zip(_SIDES, shape, strict=True)
    )
    return "\n".join(sizes)


_SIDES = ("height", "width")

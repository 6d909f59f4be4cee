"""Maps of how the answer changes when the drawing is moved, turned, scaled, or drawn with another pen."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial

import numpy as np
from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QLabel, QSizePolicy, QVBoxLayout, QWidget

from app.views.digit_thumb import DigitThumb
from app.views.heat_map import HeatMap
from app.views.mini_answer import MiniAnswer
from app.views.wording import MINUS
from nn_core.explaining.variations import MAPS, REACH, Change

_SIDE = 84
_SIZES = {"shift": (109, 109), "turn": (130, 16), "scale": (130, 16), "pen": (130, 16)}
_TITLES = {
    "shift": f"moved, ±{REACH} pixels",
    "turn": f"turned, {MINUS}30° to 30°",
    "scale": "scaled, 0.7 to 1.3",
    "pen": "pen, 1.2 to 4 pixels",
}
_EMPTY = "Draw a digit to see what small changes do to the answer."
_ABOUT = "Blue: read as now. Orange: read otherwise. Fainter: less sure."


class ChangeMaps(QWidget):
    """Four maps, and the changed image under the cell that was clicked with its answer."""

    chosen = Signal(str, int)  # the map, and the cell in it

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("changeMaps")
        self.maps = {name: HeatMap(f"{name}Map", _TITLES[name], _SIZES[name]) for name in MAPS}
        self.image, self.answer = DigitThumb(_SIDE, "the changed drawing"), MiniAnswer(_SIDE)
        self.words = QLabel(_ABOUT)
        self.words.setObjectName("changeWords")
        self.words.setProperty("role", "caption")
        self.words.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        self._images: Mapping[str, np.ndarray] = {}
        self._place: tuple[str, int] | None = None
        for name, changes in MAPS.items():
            one = self.maps[name]
            columns = 2 * REACH + 1 if name == "shift" else len(changes)
            one.setCells(columns, [_named(name, change) for change in changes], changes.index(Change()))
            one.hovered.connect(self._tell)
            one.chosen.connect(partial(self._choose, name))
        self._lay_out()

    def showMaps(self, images: Mapping[str, np.ndarray], answers: Mapping[str, np.ndarray], digit: int) -> None:
        """Show images (cells, 28, 28) and probabilities (cells, 10) of each map that there is; `digit` is read now."""
        self._images = images
        for name, one in self.maps.items():
            one.showProbabilities(answers.get(name), digit)
        if self._place is None or self._place[0] not in images:
            self._place = ("shift", MAPS["shift"].index(Change()))
        self._tell("")
        self._show_place()

    def _tell(self, words: str) -> None:
        self.words.setText(words or (_ABOUT if self._images or self._place is None else _EMPTY))

    def _choose(self, name: str, cell: int) -> None:
        self._place = (name, cell)
        self._show_place()
        self.chosen.emit(name, cell)

    def _show_place(self) -> None:
        name, cell = self._place or ("", -1)
        for each, one in self.maps.items():
            one.choose(cell if each == name else -1)
        values = self.maps[name].probabilities() if name in self._images else None
        self.image.showImage(None if values is None else self._images[name][cell])
        self.answer.showProbabilities(None if values is None else values[cell])

    def _lay_out(self) -> None:
        left, strips, right = QVBoxLayout(), QVBoxLayout(), QVBoxLayout()
        for name, one in self.maps.items():
            column = left if name == "shift" else strips
            title = QLabel(_TITLES[name])
            title.setProperty("role", "caption")
            title.setBuddy(one)
            column.addWidget(title)
            column.addWidget(one)
        title = QLabel("looked at")
        title.setProperty("role", "caption")
        for part in (title, self.image, self.answer):
            right.addWidget(part)
        row = QHBoxLayout()
        row.setSpacing(10)
        for column in (left, strips, right):
            column.setSpacing(2)
            column.addStretch(1)
            row.addLayout(column)
        row.addStretch(1)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 2, 0, 0)
        whole.setSpacing(2)
        whole.addLayout(row)
        whole.addWidget(self.words, 0, Qt.AlignmentFlag.AlignBottom)


def _named(name: str, change: Change) -> str:
    """A change in words."""
    if change == Change():
        return "as it is read"
    match name:
        case "shift":
            return f"{_way(change.right, 'right', 'left')}{_way(change.down, 'down', 'up')}".strip()
        case "turn":
            return f"turned {abs(change.turn):g}° {'clockwise' if change.turn > 0 else 'back'}"
        case "scale":
            return f"scaled by {change.scale:g}"
        case _:
            return f"pen of {change.pen:g} pixels"


def _way(pixels: float, more: str, less: str) -> str:
    return f"{abs(pixels):g} {more if pixels > 0 else less} " if pixels else ""

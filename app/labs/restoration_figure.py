"""Digits as they came, damaged, and restored, and the filters that do it."""

from __future__ import annotations

import numpy as np
from PySide6.QtWidgets import QVBoxLayout, QWidget

from app.labs.map_view import Look, MapView
from app.labs.parts import caption, heading
from app.labs.tiles import tiled
from app.theme import Theme
from nn_core.labs.pretraining import Restoration

_WIDTH = 336  # logical pixels
_COLUMNS = 10


class RestorationFigure(QWidget):
    """Three rows of digits, and the first filters of the first layer."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._digits = MapView("pretrainingDigits", "Digits as they came, damaged, and restored")
        self._filters = MapView("pretrainingFilters", "Weights of the first layer's units")
        self._words = caption()
        self._words.setObjectName("pretrainingFigureWords")
        self._heading = heading("Weights into the first units")
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(heading("As they came · damaged · restored"))
        for part in (self._words, self._digits, self._heading, self._filters):
            column.addWidget(part)
        self.clear()

    def clear(self) -> None:
        """Show nothing."""
        self._words.setText("Ten digits appear here, and get better from epoch to epoch.")
        for part in (self._digits, self._heading, self._filters):
            part.hide()

    def showRestoration(self, found: Restoration) -> None:
        """Show how far a layer is."""
        self._words.setText(f"Layer {found.layer}, epoch {found.epoch}: loss {found.loss:.4f} a value")
        rows = np.concatenate([found.clean, found.damaged, found.restored])
        self._digits.setMaps(tiled(rows, _COLUMNS, 0.35), Look.GRAY)
        self._filters.setMaps(tiled(found.filters, _COLUMNS, 0.0), Look.SIGNED)
        for part in (self._digits, self._heading, self._filters):
            part.show()
        for view in (self._digits, self._filters):
            view.setWidth(_WIDTH)

    def setTheme(self, theme: Theme) -> None:
        """Take the colours of a theme."""
        self._digits.setTheme(theme)
        self._filters.setTheme(theme)

"""Histograms of a stack's layers beside each other, as one picture."""

from __future__ import annotations

import numpy as np
import pyqtgraph as pg
from PySide6.QtCore import QRectF
from PySide6.QtWidgets import QWidget

from app.colors import ink_table
from app.labs.plot import LabPlot
from app.theme import Theme
from nn_core.labs.spread import REACH


class LayerHistogram(LabPlot):
    """A column a layer: the darker (in the dark theme the brighter), the more of its values lie there."""

    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        self._image = pg.ImageItem()
        super().__init__(name, "activation", "layer", parent)
        self.setAccessibleName("How often activations have which value, layer by layer")
        self.setToolTip("Of each layer, where its activations lie; every column has its own scale")
        self.setFixedHeight(220)
        item = self.getPlotItem()
        item.setMouseEnabled(x=False, y=False)
        item.disableAutoRange()
        item.showGrid(x=False, y=False)
        self.addItem(self._image)
        self.setTheme(self._theme)

    def showLayers(self, counts: np.ndarray) -> None:
        """Show counts (bins, layers), the lowest values first."""
        shares = counts / np.maximum(counts.max(axis=0), 1)
        # A root lets what is rare be seen beside a spike.
        self._image.setImage(np.sqrt(shares), levels=(0.0, 1.0), autoLevels=False)
        layers = counts.shape[1]
        self._image.setRect(QRectF(0.5, -REACH, layers, 2 * REACH))
        self.setXRange(0.5, layers + 0.5, padding=0)
        self.setYRange(-REACH, REACH, padding=0.03)

    def setTheme(self, theme: Theme) -> None:
        """Take the colours of a theme."""
        super().setTheme(theme)
        self._image.setLookupTable(ink_table(theme.dark))

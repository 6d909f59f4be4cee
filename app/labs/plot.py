"""A plot for the pages: curves by name, in the colours of the theme."""

from __future__ import annotations

import numpy as np
import pyqtgraph as pg
from numpy.typing import NDArray
from PySide6.QtCore import QSize, Qt
from PySide6.QtWidgets import QWidget

from app.theme import Theme, blend, tabular, theme_of
from app.views.plot_axis import PlotAxis

Floats = NDArray[np.floating]
_TOP, _END = 8, 14  # logical pixels that the last label of an axis may stand over


class LabPlot(pg.PlotWidget):
    """Curves by name over one axis, with a legend; colours are the theme's."""

    def __init__(self, name: str, left: str, bottom: str, parent: QWidget | None = None) -> None:
        axes = {side: PlotAxis(side) for side in ("left", "bottom")}
        super().__init__(parent, enableMenu=False, axisItems=axes)  # its menu leads to dialogs that crash
        self.setObjectName(name)
        self.setMinimumSize(220, 180)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)  # it has no keys
        self._curves: dict[str, pg.PlotDataItem] = {}
        item = self.getPlotItem()
        item.hideButtons()
        item.layout.setContentsMargins(1, _TOP, _END, 1)
        item.ctrlMenu.setParent(self, item.ctrlMenu.windowFlags())  # else nobody owns it, and it outlives the plot
        item.setLabel("left", left)
        item.setLabel("bottom", bottom)
        item.showGrid(x=True, y=True, alpha=0.2)
        self._legend = item.addLegend(offset=(-8, 8))
        self._theme = theme_of(self.palette())
        self.setTheme(self._theme)

    def sizeHint(self) -> QSize:
        """Ask for less than pyqtgraph does."""
        return QSize(320, 220)

    def setCurve(self, name: str, x: Floats, y: Floats, *, dots: bool = False) -> None:
        """Draw a curve in place of the one of this name; `dots` draws its points alone."""
        if name not in self._curves:
            self._curves[name] = self.plot(name=name)
            self._color()
        curve = self._curves[name]
        curve.setData(x, y, connect="finite", symbol="o" if dots else None)
        if dots:
            curve.setPen(None)

    def setLogarithmic(self) -> None:
        """Give the values a logarithmic axis."""
        self.getPlotItem().setLogMode(y=True)

    def clearCurves(self) -> None:
        """Take all curves off."""
        for curve in self._curves.values():
            self.removeItem(curve)
        self._curves.clear()

    def setTheme(self, theme: Theme) -> None:
        """Take the colours of a theme."""
        self._theme = theme
        self.setBackground(theme.panel)
        for side in ("left", "bottom"):
            axis = self.getPlotItem().getAxis(side)
            axis.setPen(theme.line)
            axis.setTextPen(theme.muted)
            axis.setTickFont(tabular(self.font(), 11))
        self._legend.setLabelTextColor(theme.text)
        for _, label in self._legend.items:
            label.setText(label.text)  # else it is written in the new colour only when it changes
        self._color()

    def _color(self) -> None:
        for place, curve in enumerate(self._curves.values()):
            color = series_color(self._theme, place)
            curve.setPen(pg.mkPen(color, width=1))
            curve.setSymbolBrush(color)
            curve.setSymbolPen(None)
            curve.setSymbolSize(7)


def series_color(theme: Theme, place: int) -> str:
    """The colour of the curve number `place`, from 0; after eight they begin again."""
    hues = ("#2563c9", "#c65d07", "#19744a", "#8b3fc0", "#c2362b", "#0b7f8c", "#8a6d00", "#b5367f")
    color = hues[place % len(hues)]
    return blend(color, "#ffffff", 0.45) if theme.dark else color

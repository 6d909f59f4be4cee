"""Analytic gradients against numeric ones: where both are right, every point lies on the diagonal."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pyqtgraph as pg
from PySide6.QtWidgets import QWidget

from app.labs.plot import LabPlot
from app.theme import Theme
from nn_core.gradcheck import TOLERANCE, Entry

_REACH = 1.12  # of the axes, which end where the largest value of an array does


class AgreementPlot(LabPlot):
    """A point a value; each array's values are divided by the largest of them, so that all layers can be seen."""

    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        super().__init__(name, "analytic ÷ largest", "numeric ÷ largest", parent)
        item = self.getPlotItem()
        item.setMouseEnabled(x=False, y=False)
        item.setRange(xRange=(-_REACH, _REACH), yRange=(-_REACH, _REACH), padding=0)
        self._legend.setOffset((8, 8))  # on the side that the diagonal leaves free
        self._diagonal = pg.PlotCurveItem([-_REACH, _REACH], [-_REACH, _REACH])
        item.addItem(self._diagonal)
        self._points = {
            "agree": pg.ScatterPlotItem(size=6, pen=None, name="agree"),
            "differ": pg.ScatterPlotItem(size=9, pen=None, name="differ", symbol="d"),
        }
        for points in self._points.values():
            item.addItem(points)
        self.setAccessibleName("Analytic gradients against numeric ones")
        self.setTheme(self._theme)

    def showEntries(self, entries: Sequence[Entry]) -> None:
        """Show what has been compared so far."""
        numeric, analytic = _scaled(entries)
        wrong = np.array([entry.error >= TOLERANCE for entry in entries], bool)
        self._points["agree"].setData(numeric[~wrong], analytic[~wrong])
        self._points["differ"].setData(numeric[wrong], analytic[wrong])

    def shown(self, kind: str) -> int:
        """How many points "agree", or "differ"."""
        return len(self._points[kind].getData()[0])

    def setTheme(self, theme: Theme) -> None:
        """Take the colours of a theme."""
        super().setTheme(theme)
        if hasattr(self, "_points"):
            self._diagonal.setPen(pg.mkPen(theme.muted, width=1))
            self._points["agree"].setBrush(theme.train)
            self._points["differ"].setBrush(theme.bad)


def _scaled(entries: Sequence[Entry]) -> tuple[np.ndarray, np.ndarray]:
    """Numeric and analytic values (n,), each divided by the largest of its array."""
    values = np.array([(entry.numeric, entry.analytic) for entry in entries]).reshape(-1, 2)
    largest: dict[tuple[int, str], float] = {}
    for entry, pair in zip(entries, np.abs(values).max(axis=1, initial=0.0), strict=True):
        key = entry.layer, entry.name
        largest[key] = max(largest.get(key, 0.0), float(pair))
    scales = np.array([largest[entry.layer, entry.name] or 1.0 for entry in entries])
    return values[:, 0] / scales, values[:, 1] / scales

"""The four inputs of a gate in the plane, and the line that a neuron draws between them."""

from __future__ import annotations

import numpy as np
import pyqtgraph as pg
from PySide6.QtWidgets import QWidget

from app.labs.plot import LabPlot
from app.theme import Theme, blend, theme_of
from nn_core.labs.perceptron import INPUTS

_LOW, _HIGH = -0.5, 1.5
_GROUND = np.linspace(-1.0, 2.0, 121)  # beyond what is seen


class GatePlot(LabPlot):
    """Full dots are wanted ones, rings wanted zeros; the ground is tinted where the neuron answers 1."""

    def __init__(self, parent: QWidget | None = None) -> None:
        self._ground = pg.ImageItem()
        self._line = pg.InfiniteLine(movable=False)
        self._dots = pg.ScatterPlotItem(size=13)
        self._shown: tuple[np.ndarray, float, np.ndarray, int] | None = None
        super().__init__("perceptronPlot", "x₂", "x₁", parent)
        self.setFixedSize(200, 200)
        self.setAccessibleName("The four inputs, and the line between output 0 and output 1")
        self.addItem(self._ground)
        self.addItem(self._line)
        self.addItem(self._dots)
        item = self.getPlotItem()
        item.showGrid(x=False, y=False)
        item.setMouseEnabled(x=False, y=False)
        item.vb.setAspectLocked(True)
        item.vb.setRange(xRange=(_LOW, _HIGH), yRange=(_LOW, _HIGH), padding=0)
        for side in ("left", "bottom"):
            item.getAxis(side).setTicks([[(0, "0"), (1, "1")]])

    def setTheme(self, theme: Theme) -> None:
        """Take the colours of a theme."""
        super().setTheme(theme)
        if self._shown is not None:
            self.show_line(*self._shown)

    def show_line(self, weights: np.ndarray, bias: float, targets: np.ndarray, chosen: int) -> None:
        """Show where w·x + b > 0, the wanted answers (4,), and which of the four inputs is chosen."""
        self._shown = (weights.copy(), bias, targets, chosen)
        theme = theme_of(self.palette())
        fires = weights[0] * _GROUND[None, :] + weights[1] * _GROUND[:, None] + bias > 0
        colors = [pg.mkColor(theme.panel).getRgb(), pg.mkColor(blend(theme.panel, theme.good, 0.22)).getRgb()]
        self._ground.setImage(np.array(colors, np.uint8)[fires.astype(int)], levels=(0, 255))
        cell = _GROUND[1] - _GROUND[0]
        self._ground.setRect(_GROUND[0] - cell / 2, _GROUND[0] - cell / 2, cell * len(_GROUND), cell * len(_GROUND))
        self._draw_line(weights, bias, theme)
        fill = [theme.good if wanted else theme.panel for wanted in targets]
        rings = [pg.mkPen(theme.accent if row == chosen else theme.text, width=2) for row in range(4)]
        self._dots.setData(INPUTS[:, 0], INPUTS[:, 1], brush=[pg.mkBrush(each) for each in fill], pen=rings)

    def _draw_line(self, weights: np.ndarray, bias: float, theme: Theme) -> None:
        """The line w·x + b = 0, if there is one."""
        square = float(weights @ weights)
        self._line.setVisible(square > 0)
        if square > 0:
            self._line.setPos((-bias * weights / square).tolist())
            self._line.setAngle(float(np.degrees(np.arctan2(-weights[0], weights[1]))))
            self._line.setPen(pg.mkPen(theme.good, width=2))

"""The unknown kernel beside the learned one and their difference, the images, and the way of the loss."""

from __future__ import annotations

import numpy as np
from PySide6.QtCore import QSize
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QWidget

from app.labs.cell_grid import CellGrid
from app.labs.flow import FlowLayout
from app.labs.kernel_picker import KernelPicker
from app.labs.labelled import titled
from app.labs.map_view import Look, MapView
from app.labs.plot import LabPlot
from app.theme import Theme
from nn_core.labs.kernel_recovery import KernelRecovery

_MAP = 140  # logical pixels
_PLOT = QSize(240, 220)
_POINTS = 500  # of a curve: as many as there are pixels


class _WayDown(LabPlot):
    """Curves over the steps on a logarithmic scale, with labels at the powers of ten."""

    def __init__(self, name: str, left: str, bottom: str) -> None:
        super().__init__(name, left, bottom)
        self.setLogarithmic()
        self.getPlotItem().getAxis("left").setStyle(maxTextLevel=0)
        self.getPlotItem().legend.anchor((0, 1), (0, 1), offset=(8, -8))  # where curves that fall leave room
        self.setFixedHeight(_PLOT.height())
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def sizeHint(self) -> QSize:
        """Small enough to stand beside the images."""
        return _PLOT


class RecoveryFigure(QWidget):
    """What is known, what is looked for, and how near it is."""

    def __init__(self, rng: np.random.Generator, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.picker = KernelPicker("recovery", rng)
        self._learned = CellGrid("recoveryLearnedGrid", "Learned kernel")
        self._difference = CellGrid("recoveryDifferenceGrid", "Learned minus unknown kernel")
        self._image = MapView("recoveryImage", "Image")
        self._target = MapView("recoveryTarget", "Answer of the unknown kernel")
        self._answer = MapView("recoveryAnswer", "Answer of the learned kernel")
        self._plot = _WayDown("recoveryPlot", "", "steps")
        kernels = _row(
            titled("Unknown kernel", self.picker),
            titled("Learned kernel", self._learned, above=self.picker.above()),
            titled("Difference", self._difference, above=self.picker.above()),
        )
        images = _row(
            titled("Image", self._image),
            titled("Answer, unknown", self._target),
            titled("Answer, learned", self._answer),
        )
        for view in (self._image, self._target, self._answer):
            view.setWidth(_MAP)
        flow = FlowLayout(self, gap=20, row_gap=16, grow=True)
        for part in (kernels, self._plot, images):
            flow.addWidget(part)

    def showRecovery(self, recovery: KernelRecovery) -> None:
        """Show how far a recovery is."""
        learned, reach = recovery.learned, float(np.abs(recovery.unknown).max()) or 1.0
        for grid, values in ((self._learned, learned), (self._difference, learned - recovery.unknown)):
            grid.setCell(self.picker.cell())
            grid.setValues(values, reach=reach)
        self._image.setMaps(recovery.image[None], Look.GRAY)
        self._target.setMaps(recovery.target[None], Look.SIGNED)
        self._answer.setMaps(recovery.answer()[None], Look.SIGNED)
        self._show_curves(recovery)

    def _show_curves(self, recovery: KernelRecovery) -> None:
        count = len(recovery.losses)
        places = np.unique(np.linspace(0, count - 1, min(count, _POINTS)).astype(int)) if count else np.zeros(0, int)
        for name, values in (("loss", recovery.losses), ("largest difference", recovery.errors)):
            curve = np.array([values[place] for place in places])
            self._plot.setCurve(name, places.astype(float), np.where(curve > 0, curve, np.nan))

    def setTheme(self, theme: Theme) -> None:
        """Take the colours of a theme."""
        for part in (self.picker, self._learned, self._difference, self._plot):
            part.setTheme(theme)
        for view in (self._image, self._target, self._answer):
            view.setTheme(theme)


def _row(*parts: QWidget) -> QWidget:
    box = QWidget()
    row = QHBoxLayout(box)
    row.setContentsMargins(0, 0, 0, 0)
    row.setSpacing(20)
    for part in parts:
        row.addWidget(part)
    box.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
    return box

"""Parallel coordinates: an upright axis for every setting that varies and for the accuracy, a line for every trial."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
import pyqtgraph as pg
from PySide6.QtCore import QEvent, QPointF, Signal
from PySide6.QtWidgets import QWidget

from app.labs.plot import LabPlot
from app.theme import Theme, blend, tabular
from nn_core.search.space import Axis, Value
from nn_core.search.trials import Trial

_NEAR = 12  # pixels from the mouse to a line
_LEFT, _RIGHT = 62, 40  # pixels beside the first and the last axis
_LOW, _HIGH = -0.06, 1.22  # of the axes' length, with room for words


class ParallelPlot(LabPlot):
    """Lines are coloured by accuracy, faint to strong; the one under the mouse, or chosen, stands out."""

    hovered = Signal(object)  # the number of the trial under the mouse (int), or None

    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        self._axes: tuple[Axis, ...] = ()
        self._trials: tuple[Trial, ...] = ()
        self._marked: int | None = None
        self._reach = (0.0, 1.0)  # of the accuracies
        self._items: list[pg.GraphicsObject] = []
        self._lines: dict[int, pg.PlotCurveItem] = {}
        super().__init__(name, "", "", parent)
        item = self.getPlotItem()
        item.hideAxis("left")
        item.hideAxis("bottom")
        item.showGrid(x=False, y=False)
        item.setMouseEnabled(x=False, y=False)
        item.disableAutoRange()
        self.setYRange(_LOW, _HIGH, padding=0)
        self.setAccessibleName("The trials as lines over the settings and the accuracy")
        item.vb.sigResized.connect(self._fit)
        self.scene().sigMouseMoved.connect(self._mouse_moved)

    def showTrials(self, axes: tuple[Axis, ...], trials: Sequence[Trial]) -> None:
        """Draw these trials, those that have an accuracy."""
        self._axes = axes
        self._trials = tuple(trial for trial in trials if trial.accuracy is not None)
        found = [trial.accuracy or 0.0 for trial in self._trials]
        low, high = (min(found), max(found)) if found else (0.0, 1.0)
        self._reach = (low, high) if high > low else (max(0.0, low - 0.01), low + 0.01)
        self._draw()

    def mark(self, number: int | None) -> None:
        """Let the line of this trial stand out."""
        if number != self._marked:
            before, self._marked = self._marked, number
            for each in (before, number):
                self._dress(each)

    def setTheme(self, theme: Theme) -> None:
        """Take the colours of a theme."""
        super().setTheme(theme)
        self._draw()

    def leaveEvent(self, event: QEvent) -> None:
        """Nothing is under the mouse any more."""
        super().leaveEvent(event)
        self.hovered.emit(None)

    def _draw(self) -> None:
        for item in self._items:
            self.removeItem(item)
        self._items, self._lines = [], {}
        places = len(self._axes)
        self._fit()
        if not self._axes:
            return
        for trial in sorted(self._trials, key=lambda trial: trial.accuracy or 0.0):
            line = pg.PlotCurveItem(np.arange(places + 1), self._heights(trial), antialias=True)
            self._lines[trial.number] = line
            self._add(line)
            self._dress(trial.number)
        for x, axis in enumerate(self._axes):
            self._draw_axis(x, axis.name.replace("_", "\n") + (" (log)" if axis.log else ""), _marks(axis))
        low, high = self._reach
        marks = [(share, f"{100 * (low + share * (high - low)):.1f}") for share in (0.0, 0.5, 1.0)]
        self._draw_axis(places, "accuracy\n%", marks)

    def _fit(self) -> None:
        """Leave room for the words of the first axis on its left, and for half a name on the right."""
        width, places = max(1.0, self.getPlotItem().vb.width()), max(1, len(self._axes))
        pixel = places / max(1.0, width - _LEFT - _RIGHT)
        self.setXRange(-_LEFT * pixel, places + _RIGHT * pixel, padding=0)

    def _draw_axis(self, x: int, name: str, marks: Sequence[tuple[float, str]]) -> None:
        self._add(pg.PlotCurveItem([x, x], [0, 1], pen=pg.mkPen(self._theme.muted, width=1)))
        self._add_words(name, x, 1.05, self._theme.text, (0.5, 1.0))
        for y, words in marks:
            self._add(pg.PlotCurveItem([x - 0.015, x + 0.015], [y, y], pen=pg.mkPen(self._theme.muted, width=1)))
            self._add_words(words, x - 0.02, y, self._theme.muted, (1.0, 0.5))

    def _add_words(self, words: str, x: float, y: float, color: str, anchor: tuple[float, float]) -> None:
        text = pg.TextItem(words, color=color, anchor=anchor, fill=pg.mkBrush(self._theme.panel + "b0"))
        text.setFont(tabular(self.font(), 11))
        text.setZValue(5)
        text.setPos(x, y)
        self._add(text)

    def _add(self, item: pg.GraphicsObject) -> None:
        self._items.append(item)
        self.addItem(item, ignoreBounds=True)

    def _heights(self, trial: Trial) -> np.ndarray:
        low, high = self._reach
        heights = [_height(axis, trial.values[axis.name]) for axis in self._axes]
        return np.array([*heights, ((trial.accuracy or 0.0) - low) / (high - low)])

    def _dress(self, number: int | None) -> None:
        """Colour a line; the later ones, which are better, lie on top of the others, and the marked one of all."""
        trial = next((trial for trial in self._trials if trial.number == number), None)
        if trial is None or number not in self._lines:
            return
        low, high = self._reach
        share = ((trial.accuracy or 0.0) - low) / (high - low)
        marked = number == self._marked
        color = (
            self._theme.test
            if marked
            else blend(blend(self._theme.panel, self._theme.muted, 0.35), self._theme.accent, share)
        )
        self._lines[number].setPen(pg.mkPen(color, width=3 if marked else 1))
        self._lines[number].setZValue(4 if marked else share)

    def _mouse_moved(self, place: QPointF) -> None:
        view = self.getPlotItem().vb
        if not self._trials or not self._axes or not view.sceneBoundingRect().contains(place):
            self.hovered.emit(None)
            return
        at = view.mapSceneToView(place)
        pixel = (_HIGH - _LOW) / max(1.0, view.height())
        knots = np.arange(len(self._axes) + 1)
        away = {
            trial.number: abs(float(np.interp(at.x(), knots, self._heights(trial))) - at.y()) for trial in self._trials
        }
        nearest = min(away, key=lambda number: away[number])
        self.hovered.emit(nearest if away[nearest] <= _NEAR * pixel else None)


def _height(axis: Axis, value: Value) -> float:
    """Where a value lies on its axis, 0 to 1."""
    if axis.values:
        return (axis.values.index(value) + 0.5) / len(axis.values)
    low, high, at = (math.log(x) if axis.log else x for x in (axis.low, axis.high, float(value)))
    return (at - low) / (high - low)


def _marks(axis: Axis) -> list[tuple[float, str]]:
    """What is written along an axis."""
    if axis.values:
        return [
            (_height(axis, value), f"{value:g}" if isinstance(value, float) else str(value)) for value in axis.values
        ]
    return [(_height(axis, point), f"{point:g}") for point in axis.points()]

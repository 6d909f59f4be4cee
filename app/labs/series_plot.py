"""A plot of several curves that are compared: each has its colour for good, and its name at its end."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pyqtgraph as pg
from numpy.typing import NDArray
from PySide6.QtCore import QEvent, QPointF, Qt, Signal
from PySide6.QtGui import QFontMetrics
from PySide6.QtWidgets import QWidget

from app.labs.plot import LabPlot, series_color
from app.theme import Theme, tabular

Floats = NDArray[np.floating]
COLORS = 8  # curves from here on have the same colours again, and are dashed
_MOST_POINTS = 400  # of a curve that is drawn
_GAP = 13  # pixels between two names, at least
_PAD = 6


@dataclass(frozen=True, slots=True, eq=False)
class Series:
    """One curve: x ascending, both `(n,)`; what is not finite in y is left out. `place` decides its colour."""

    name: str
    place: int
    x: Floats
    y: Floats
    dashed: bool = False
    named: bool = True  # at its end


class SeriesPlot(LabPlot):
    """Curves with fixed colours; axes fit the curves, and the mouse wheel is left to the page.

    `probe` gives it an upright line that the mouse drags; otherwise a thin one follows the mouse.
    """

    hovered = Signal(object)  # x under the mouse (float), None when it leaves
    probeMoved = Signal(float)  # by the user

    def __init__(
        self, name: str, left: str, bottom: str, *, log_x: bool = False, log_y: bool = False, probe: bool = False,
        parent: QWidget | None = None,
    ) -> None:  # fmt: skip
        self._series: tuple[Series, ...] = ()
        self._logs = (log_x, log_y)
        self._reach: tuple[float, float] | None = None
        self._curve_items: list[pg.PlotCurveItem] = []
        self._names: list[pg.TextItem] = []
        super().__init__(name, left, bottom, parent)
        self._dots = pg.ScatterPlotItem(size=8, pen=None)
        self._single = pg.ScatterPlotItem(size=5, pen=None)  # curves that are still a point
        self._line = pg.InfiniteLine(angle=90, movable=probe)
        self._probe = probe
        item = self.getPlotItem()
        item.setMouseEnabled(x=False, y=False)
        item.disableAutoRange()
        for side, words, log in (("left", left, log_y), ("bottom", bottom, log_x)):
            axis = item.getAxis(side)
            axis.setLogMode(log, log)
            axis.setLabel(words)
            axis.setGrid(50)
        self.setXRange(0, 3 if log_x else 1, padding=0.04)
        self.setYRange(-1, 1, padding=0.04)
        for each in (self._line, self._dots, self._single):
            self.addItem(each, ignoreBounds=True)
        self._line.setVisible(probe)
        self._line.sigDragged.connect(lambda line: self.probeMoved.emit(float(line.value())))
        item.vb.sigResized.connect(self._fit)
        self.scene().sigMouseMoved.connect(self._mouse_moved)
        self.setTheme(self._theme)

    def setReach(self, low: float | None, high: float | None) -> None:
        """Let the y axis reach from `low` to `high`, whatever the curves do; None lets it fit them."""
        self._reach = None if low is None or high is None else (low, high)
        self._fit()

    def showSeries(self, series: Sequence[Series]) -> None:
        """Draw these curves and no others."""
        self._series = tuple(one for one in series if len(one.x))
        for item in [*self._curve_items, *self._names]:
            self.removeItem(item)
        self._curve_items = [pg.PlotCurveItem(antialias=True) for _ in self._series]
        self._names = [pg.TextItem(one.name, anchor=(0, 0.5)) for one in self._series if one.named]
        for item in [*self._curve_items, *self._names]:
            self.addItem(item, ignoreBounds=True)
        for one, item in zip(self._series, self._curve_items, strict=True):
            item.setData(*self._drawn(one), connect="finite")
        self._dress()
        self._fit()

    def setProbe(self, x: float, dots: Sequence[tuple[int, float]] = ()) -> None:
        """Put the probe at `x`, with a dot in the colour of each (place, y)."""
        self._line.setValue(x)
        brushes = [pg.mkBrush(series_color(self._theme, place % COLORS)) for place, _ in dots]
        self._dots.setData([x] * len(dots), [y for _, y in dots], brush=brushes)

    def setTheme(self, theme: Theme) -> None:
        """Take the colours of a theme."""
        super().setTheme(theme)
        if hasattr(self, "_line"):
            self._line.setPen(pg.mkPen(theme.accent if self._probe else theme.muted, width=1))
            self._line.setHoverPen(pg.mkPen(theme.accent, width=3))
            self._dress()

    def leaveEvent(self, event: QEvent) -> None:
        """Take the line under the mouse away."""
        super().leaveEvent(event)
        self._hover(None)

    def _drawn(self, one: Series) -> tuple[Floats, Floats]:
        """The points on the screen's axes, no more than a screen has."""
        every = -(-len(one.x) // _MOST_POINTS)
        keep = np.unique(np.append(np.arange(0, len(one.x), every), len(one.x) - 1))
        with np.errstate(divide="ignore", invalid="ignore"):
            x, y = (
                np.log10(values[keep]) if log else np.asarray(values[keep], np.float64)
                for values, log in zip((one.x, one.y), self._logs, strict=True)
            )
        y[~np.isfinite(y)] = np.nan
        shown = np.isfinite(x)
        return x[shown], y[shown]

    def _dress(self) -> None:
        for one, item in zip(self._series, self._curve_items, strict=True):
            item.setPen(series_pen(self._theme, one.place, one.dashed))
        points = [(one.place, *each) for one in self._series for each in zip(*self._drawn(one), strict=True)
                  if len(one.x) == 1]  # fmt: skip
        brushes = [pg.mkBrush(series_color(self._theme, place % COLORS)) for place, _, _ in points]
        self._single.setData([x for _, x, _ in points], [y for _, _, y in points], brush=brushes)
        named = [one for one in self._series if one.named]
        for one, text in zip(named, self._names, strict=True):
            text.setColor(series_color(self._theme, one.place % COLORS))
            text.setFont(tabular(self.font(), 11))

    def _fit(self) -> None:
        """Fit the axes to the curves, with room on the right for their names, and put the names there."""
        drawn = [self._drawn(one) for one in self._series]
        xs = np.concatenate([x for x, _ in drawn] or [np.zeros(0)])
        ys = np.concatenate([y[np.isfinite(y)] for _, y in drawn] or [np.zeros(0)])
        if not xs.size or not ys.size:
            if self._reach is not None:
                self.setYRange(*self._reach, padding=0)
            return
        left, right = float(xs.min()), float(xs.max())
        low, high = self._reach or (float(ys.min()), float(ys.max()))
        spread = high - low or abs(high) or 1.0
        if self._reach is None:
            low, high = low - 0.05 * spread, high + 0.05 * spread
        metrics = QFontMetrics(tabular(self.font(), 11))
        room = max((metrics.horizontalAdvance(one.name) + 12 for one in self._series if one.named), default=0)
        width = max(1.0, self.getPlotItem().vb.width() - room)
        length = right - left or 1.0
        self.setXRange(left, left + length * (1 + room / width), padding=0)
        self.setYRange(low, high, padding=0)
        self._spread_names(drawn, length * 2 / width, low, high)

    def _spread_names(self, drawn: list[tuple[Floats, Floats]], apart: float, low: float, high: float) -> None:
        """Put names beside the ends of their curves, from the top down, no two on one place."""
        pixel = (high - low) / max(1.0, self.getPlotItem().vb.height())
        ends, across = [], []
        for one, (x, y) in zip(self._series, drawn, strict=True):
            finite = np.isfinite(y)
            if one.named:
                ends.append(float(y[finite][-1]) if finite.any() else low)
                across.append(float(x[finite][-1]) + apart if finite.any() else apart)
        order = sorted(range(len(ends)), key=lambda i: -ends[i])
        places = [min(high - _PAD * pixel, max(low + _PAD * pixel, ends[i])) for i in order]
        for i in range(1, len(places)):
            places[i] = min(places[i], places[i - 1] - _GAP * pixel)
        floor = low + _PAD * pixel
        for i in range(len(places) - 1, -1, -1):  # what has been pushed out below pushes the others up
            places[i] = max(places[i], floor)
            floor = places[i] + _GAP * pixel
        for i, y in zip(order, places, strict=True):
            self._names[i].setPos(across[i], y)

    def _mouse_moved(self, place: QPointF) -> None:
        view = self.getPlotItem().vb
        inside = view.sceneBoundingRect().contains(place)
        self._hover(float(view.mapSceneToView(place).x()) if inside else None)

    def _hover(self, x: float | None) -> None:
        if not self._probe:
            self._line.setVisible(x is not None and bool(self._series))
            if x is not None:
                self._line.setValue(x)
        self.hovered.emit(None if x is None else 10.0**x if self._logs[0] else x)


def series_pen(theme: Theme, place: int, dashed: bool = False) -> object:
    """The pen of the curve number `place`."""
    again = place // COLORS % 2 == 1
    style = Qt.PenStyle.DashLine if dashed else Qt.PenStyle.DashDotLine if again else Qt.PenStyle.SolidLine
    return pg.mkPen(series_color(theme, place % COLORS), width=1, style=style)


def at_or_before(x: Floats, y: Floats, where: float | None) -> float | None:
    """The value of a curve at or before `where`, None: its last one; None where there is none."""
    last = len(x) - 1 if where is None else int(np.searchsorted(x, where, "right")) - 1
    return float(y[last]) if len(x) and last >= 0 else None

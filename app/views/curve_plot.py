"""One plot over the epochs of a run, drawn with as many points as there are pixels."""

from __future__ import annotations

from math import ceil, floor, log10

import numpy as np
import pyqtgraph as pg
from PySide6.QtCore import QEvent, QPointF, QRect, Qt, Signal
from PySide6.QtGui import QMouseEvent
from PySide6.QtWidgets import QWidget

from app.theme import Theme, blend, tabular
from app.views.plot_axis import PlotAxis
from app.views.thinning import Thinning

TRAIN, SMOOTH, TEST = "train", "smooth", "test"
KEPT_TRAIN, KEPT_TEST = "kept train", "kept test"  # of an earlier run, to compare with
HELD_OUT = "held out"
SHARE, TEST_SHARE, KEPT_SHARE = "share", "test share", "kept share"  # accuracies among losses, dashed
_NAMES = (TRAIN, SMOOTH, TEST, HELD_OUT, KEPT_TRAIN, KEPT_TEST, SHARE, TEST_SHARE, KEPT_SHARE)
_DOTS = 120  # so many test results have a dot each; more are a line
_SMALLEST = 1e-6  # of a logarithmic axis
_STEPS = (1.0, 1.25, 1.6, 2.0, 2.5, 3.2, 4.0, 5.0, 6.3, 8.0, 10.0)


class CurvePlot(pg.PlotWidget):
    """Training, training smoothed, and test; the axes fit themselves in calm steps.

    Wheel and drag zoom and move along the epochs, a double click shows everything again, a click picks an epoch.
    """

    hovered = Signal(object)  # the epoch under the mouse (float), None when it leaves
    picked = Signal(float)
    zoomed = Signal()  # the user has changed the range
    wholeWanted = Signal()  # a double click
    moved = Signal()  # what `inside` says is another place

    def __init__(self, name: str, ceiling: float | None = None, parent: QWidget | None = None) -> None:
        axes = {"left": PlotAxis("left"), "bottom": PlotAxis("bottom")}
        super().__init__(parent, enableMenu=False, axisItems=axes)  # its menu leads to dialogs that crash
        self.setObjectName(name)
        self.setMenuEnabled(False)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)  # it has no keys
        self.setMinimumSize(160, 96)
        self._ceiling = ceiling  # of the values, None if they have none
        self._log = False
        self._thinnings = {name: Thinning() for name in _NAMES}
        self._curves = {name: pg.PlotCurveItem(antialias=False, skipFiniteCheck=False) for name in _NAMES}
        self._dots = pg.ScatterPlotItem(size=5, antialias=False, pen=None)
        self._first = pg.ScatterPlotItem(size=5, antialias=False, pen=None)  # a batch alone, which makes no line
        self._marker = pg.InfiniteLine(angle=90, movable=False)
        self._cursor = pg.InfiniteLine(angle=90, movable=False)
        self._where = pg.TextItem()
        self._put_together()

    def _put_together(self) -> None:
        item = self.getPlotItem()
        item.hideButtons()
        item.ctrlMenu.setParent(self, item.ctrlMenu.windowFlags())  # else nobody owns it, and it outlives the plot
        item.setMouseEnabled(x=True, y=False)
        item.disableAutoRange()
        item.setLimits(xMin=0)
        item.showGrid(x=False, y=True, alpha=0.25)
        item.layout.setContentsMargins(1, 8, 16, 1)
        item.getAxis("bottom").setLabel("epochs", **{"font-size": "11px"})
        item.getAxis("bottom").setHeight(34)
        item.getAxis("left").setWidth(44)
        for each in (*self._curves.values(), self._dots, self._first, self._marker, self._cursor, self._where):
            self.addItem(each, ignoreBounds=True)
        for each in (self._marker, self._cursor, self._where):
            each.hide()
        self.setXRange(0, 1, padding=0)
        self.setYRange(0, self._ceiling or 1, padding=0)
        item.vb.sigRangeChangedManually.connect(self.zoomed)
        item.vb.sigResized.connect(self.refresh)
        item.vb.sigResized.connect(self.moved)
        self.scene().sigMouseMoved.connect(self._mouse_moved)
        self.scene().sigMouseClicked.connect(self._mouse_clicked)

    def setTheme(self, theme: Theme) -> None:
        """Take the colours of a theme."""
        self.setBackground(theme.panel)
        for name, color in ((TRAIN, pale(theme)), (SMOOTH, theme.train), (TEST, theme.test), (HELD_OUT, theme.good)):
            self._curves[name].setPen(pg.mkPen(color, width=1))
        for name, style in ((KEPT_TRAIN, Qt.PenStyle.DotLine), (KEPT_TEST, Qt.PenStyle.SolidLine)):
            self._curves[name].setPen(pg.mkPen(theme.muted, width=1, style=style))
        for name, color in ((SHARE, theme.train), (TEST_SHARE, theme.test), (KEPT_SHARE, theme.muted)):
            self._curves[name].setPen(pg.mkPen(color, width=1, style=Qt.PenStyle.DashLine))
        self._dots.setBrush(pg.mkBrush(theme.test))
        self._first.setBrush(pg.mkBrush(theme.train))
        self._marker.setPen(pg.mkPen(theme.accent, width=1, style=Qt.PenStyle.DashLine))
        self._cursor.setPen(pg.mkPen(theme.muted, width=1))
        self._where.setColor(theme.text)
        self._where.fill = pg.mkBrush(theme.panel)
        self._where.setFont(tabular(self.font(), 11))
        for side in ("left", "bottom"):
            axis = self.getPlotItem().getAxis(side)
            axis.setPen(theme.line)
            axis.setTextPen(theme.muted)
            axis.setTickFont(tabular(self.font(), 11))

    def setLogarithmic(self, on: bool) -> None:
        """Let the values have a logarithmic axis."""
        self._log = on
        self.getPlotItem().getAxis("left").setLogMode(y=on)
        self.refresh()

    def setMarker(self, epoch: float | None) -> None:
        """Mark the moment that all views show; None is the present."""
        self._marker.setVisible(epoch is not None)
        if epoch is not None:
            self._marker.setValue(epoch)

    def setCursorEpoch(self, epoch: float | None, words: str) -> None:
        """Show the line under the mouse, in both plots wherever the mouse is, and in words where it is."""
        for each in (self._cursor, self._where):
            each.setVisible(epoch is not None)
        if epoch is not None:
            (left, right), (bottom, top) = self.getPlotItem().vb.viewRange()
            self._cursor.setValue(epoch)
            self._where.setText(words)
            side, height = (0, 1)[epoch > (left + right) / 2], 0 if self._ceiling is None else 1
            self._where.setAnchor((side, height))
            self._where.setPos(epoch, bottom if height else top)

    def setSeries(self, name: str, x: np.ndarray, y: np.ndarray) -> None:
        """Take one curve as a whole; `refresh` draws it."""
        self._thinnings[name].take(x, y)

    def showWhole(self, end: float) -> None:
        """Show everything up to the epoch `end`."""
        self.setXRange(0, _round_up(max(end, 1e-3)), padding=0)

    def inside(self) -> QRect:
        """Where the curves are drawn, between the axes."""
        return self.mapFromScene(self.getPlotItem().vb.sceneBoundingRect()).boundingRect()

    def refresh(self) -> None:
        """Draw what lies in the range shown."""
        view = self.getPlotItem().vb
        factor = 1.0 if self._ceiling is None else self._ceiling
        (left, right), _ = view.viewRange()
        pixels = max(16, int(view.width()))
        seen = {}
        for name, thinning in self._thinnings.items():
            x, y = thinning.between(left, right, pixels)
            y = np.log10(np.maximum(y, _SMALLEST)) if self._log else y * factor
            seen[name] = y[np.isfinite(y)]
            self._curves[name].setData(x, y, connect="finite")
            if name == TEST:
                self._dots.setData(x, y) if len(x) <= _DOTS else self._dots.clear()
            elif name == TRAIN:
                self._first.setData(x, y) if len(x) == 1 else self._first.clear()
        self._fit(seen)

    def _fit(self, seen: dict[str, np.ndarray]) -> None:
        """Give the axis of values a range that changes in steps; single batches may stick out, the curves may not."""
        firm = np.concatenate([seen[name] for name in _NAMES if name != TRAIN])
        values = np.concatenate([firm, _most(seen[TRAIN])])
        if not values.size:
            return
        low, high = float(values.min()), float(values.max())
        if self._log:
            self.setYRange(floor(low * 2) / 2, ceil(high * 2 + 0.05) / 2, padding=0)
        elif self._ceiling is None:
            self.setYRange(0, _round_up(high * 1.02), padding=0)
        else:
            self.setYRange(self._ceiling - _round_up((self._ceiling - low) * 1.05, 0.2), self._ceiling, padding=0.02)

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        self.wholeWanted.emit()
        event.accept()

    def leaveEvent(self, event: QEvent) -> None:
        super().leaveEvent(event)
        self.hovered.emit(None)

    def _mouse_moved(self, place: QPointF) -> None:
        view = self.getPlotItem().vb
        inside = view.sceneBoundingRect().contains(place)
        self.hovered.emit(float(view.mapSceneToView(place).x()) if inside else None)

    def _mouse_clicked(self, event: object) -> None:
        view = self.getPlotItem().vb
        place, button = event.scenePos(), event.button()  # type: ignore[attr-defined]  # pyqtgraph has no types
        if button == Qt.MouseButton.LeftButton and view.sceneBoundingRect().contains(place):
            self.picked.emit(max(0.0, float(view.mapSceneToView(place).x())))


def pale(theme: Theme) -> str:
    """The colour of single batches: opaque, because a see-through line costs three times as much to draw."""
    return blend(theme.panel, theme.train, 0.42)


def _most(values: np.ndarray) -> np.ndarray:
    """The middle 96 % of some values; np.quantile would find their ends, but imports np.ma first while one draws."""
    outside = len(values) * 2 // 100
    return np.sort(values)[outside : len(values) - outside]


def _round_up(value: float, least: float = 1e-6) -> float:
    """The next of ten steps a decade."""
    value = max(value, least)
    decade = 10.0 ** floor(log10(value))
    return next((step * decade for step in _STEPS if step * decade >= value * (1 - 1e-9)), 10 * decade)

"""An axis of a plot, linear or logarithmic."""

from __future__ import annotations

from math import ceil, floor, log10

import pyqtgraph as pg
from PySide6.QtCore import QRectF
from PySide6.QtWidgets import QGraphicsItem

from app.views.wording import MINUS, number

_UPRIGHT, _ACROSS = 18, 44  # pixels that a label needs on an upright axis and on a level one


class PlotAxis(pg.AxisItem):
    """An axis that keeps the labels at its ends and is painted once for every range, not for every curve."""

    def __init__(self, side: str) -> None:
        super().__init__(side)
        self.setStyle(tickLength=-4)
        self.enableAutoSIPrefix(False)
        self.setCacheMode(QGraphicsItem.CacheMode.DeviceCoordinateCache)

    def boundingRect(self) -> QRectF:
        return super().boundingRect().adjusted(-16, -8, 16, 8)

    def tickValues(self, low: float, high: float, size: float) -> list[tuple[float, list[float]]]:
        """Where labels stand; on a logarithmic axis at 1, 2 and 5, over many decades at 1 alone, or fewer."""
        if not self.logMode:
            return super().tickValues(low, high, size)
        digits = (1, 2, 5) if high - low < 2.5 and size > 100 else (1,)
        room = _UPRIGHT if self.orientation in ("left", "right") else _ACROSS
        every = max(1, ceil((high - low) * room / max(size, 1)))
        first, last = floor(low), ceil(high)
        decades = range(first - first % every, last + 1, every)
        return [(1.0, [v for decade in decades for d in digits if low <= (v := decade + log10(d)) <= high])]

    def tickStrings(self, values: list[float], scale: float, spacing: float) -> list[str]:
        if not self.logMode:
            return [words.replace("-", MINUS) for words in super().tickStrings(values, scale, spacing)]
        return [number(10.0**value) for value in values]

"""The kernels of every convolution, as the left column of the network."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from PySide6.QtCore import QEvent, QPointF, QRectF, Qt, Signal
from PySide6.QtGui import QColor, QMouseEvent, QPainter
from PySide6.QtWidgets import QWidget

from app.views import lock
from app.views.layer_column import ABOVE, HEADER, SIDE, LayerColumn
from app.views.layer_row import LayerRow
from app.views.mosaic import Place, Room
from nn_core.description import LayerInfo

_TALL = 150
_FROZEN = "Frozen: training leaves this layer as it is. Click to let it learn (L)"
_LEARNS = "Click to freeze this layer: training leaves it as it is (L)"


class KernelView(LayerColumn):
    """A mosaic a convolution: an output channel a column, an input channel a line, signed colours.

    Every layer that learns has a lock: closed, always seen; open, where the mouse or the selection is.
    """

    freezeToggled = Signal(int)  # the layer whose lock was clicked
    reserved = lock.SIZE + 4

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("kernelView", "Kernels", parent)
        self._frozen: frozenset[int] = frozenset()
        self._hovered = -1

    def setFrozen(self, layers: frozenset[int]) -> None:
        """Close the locks of these layers, open all others."""
        self._frozen = layers
        self.setSelection(*self._chosen)

    def setSelection(self, layer: int, channel: int) -> None:
        super().setSelection(layer, channel)
        if layer in self._frozen:
            self.setAccessibleDescription(f"{self.accessibleDescription()}, frozen")

    def lockRect(self, layer: int) -> QRectF:
        """Where the lock of a layer is, empty if it has none."""
        row = self._rows.get(layer)
        if row is None or not row.info.parameters:
            return QRectF()
        top = row.top + ABOVE + (HEADER - 6 - lock.SIZE) / 2
        return QRectF(self.width() - SIDE - lock.SIZE, top, lock.SIZE, lock.SIZE)

    def showKernels(self, kernels: Mapping[int, np.ndarray]) -> bool:
        """Take the kernels (O, I, kh, kw) of the layers that have some; True if heights may have changed."""
        return self.setValues(kernels)

    def makeRow(self, info: LayerInfo, before: LayerRow | None) -> LayerRow:
        return LayerRow(info, signed=True, shape=None)

    def room(self, row: LayerRow, width: int) -> Room:
        return Room(width, _TALL, smallest=2, largest=8, single=5)

    def header(self, info: LayerInfo) -> tuple[str, str]:
        return info.title, info.arithmetic

    def paintHeaderEnd(self, painter: QPainter, row: LayerRow) -> None:
        place, layer = self.lockRect(row.info.index), row.info.index
        closed = layer in self._frozen
        if place.isEmpty() or not (closed or layer in (self._hovered, self._chosen[0])):
            return
        painter.fillRect(place, self._panel)
        lock.paint_lock(painter, place.topLeft(), closed, QColor(self._theme.accent if closed else self._theme.muted))

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        row = self.rowAt(event.position().y())
        self._hover(-1 if row is None else row.info.index)
        super().mouseMoveEvent(event)
        layer = self._lock_at(event.position())
        self.setCursor(Qt.CursorShape.ArrowCursor if layer < 0 else Qt.CursorShape.PointingHandCursor)
        if layer >= 0:
            self.setToolTip(_FROZEN if layer in self._frozen else _LEARNS)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        layer = self._lock_at(event.position())
        if layer >= 0 and event.button() == Qt.MouseButton.LeftButton:
            self.freezeToggled.emit(layer)
        else:
            super().mousePressEvent(event)

    def leaveEvent(self, event: QEvent) -> None:
        self._hover(-1)
        super().leaveEvent(event)

    def _hover(self, layer: int) -> None:
        if layer != self._hovered:
            self._hovered = layer
            self.update()

    def _lock_at(self, point: QPointF) -> int:
        return next((layer for layer in self._rows if self.lockRect(layer).contains(point)), -1)

    def words(self, row: LayerRow, place: Place) -> str:
        fed = f", input {place.picture}" if row.shape is not None and row.shape[1] > 1 else ""
        down, across, at = place.row, place.column, ""
        if row.info.kind == "LocallyConnected2d" and row.shape is not None:  # a picture of the kernels of all places
            _, rows, columns = row.info.output_shape
            place_down, down = divmod(down, row.shape[2] // rows)
            place_across, across = divmod(across, row.shape[3] // columns)
            at = f" at place {place_down}, {place_across}"
        return f"kernel {place.unit}{fed}{at}, row {down}, column {across}"

    def note(self, row: LayerRow) -> str:
        if row.missing():
            return f"{row.missing()} values are not numbers"
        if row.shape is None or row.mosaic is None:
            return ""
        units, stack, _, _ = row.shape
        if row.mosaic.units < units:
            return f"{row.mosaic.units} of {units} kernels"
        return f"{row.mosaic.stack} of {stack} inputs" if row.mosaic.stack < stack else ""

"""The kernels of every convolution, as the left column of the network."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from PySide6.QtWidgets import QWidget

from app.views.layer_column import LayerColumn
from app.views.layer_row import LayerRow
from app.views.mosaic import Place, Room
from nn_core.description import LayerInfo

_TALL = 150


class KernelView(LayerColumn):
    """A mosaic a convolution: an output channel a column, an input channel a line, signed colours."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("kernelView", "Kernels", parent)

    def showKernels(self, kernels: Mapping[int, np.ndarray]) -> bool:
        """Take the kernels (O, I, kh, kw) of the layers that have some; True if heights may have changed."""
        return self.setValues(kernels)

    def makeRow(self, info: LayerInfo, before: LayerRow | None) -> LayerRow:
        return LayerRow(info, signed=True, shape=None)

    def room(self, row: LayerRow, width: int) -> Room:
        return Room(width, _TALL, smallest=2, largest=8, single=3)

    def header(self, info: LayerInfo) -> tuple[str, str]:
        return info.title, info.arithmetic

    def words(self, row: LayerRow, place: Place) -> str:
        fed = f", input {place.picture}" if row.shape is not None and row.shape[1] > 1 else ""
        return f"kernel {place.unit}{fed}, row {place.row}, column {place.column}"

    def note(self, row: LayerRow) -> str:
        if row.missing():
            return f"{row.missing()} values are not numbers"
        if row.shape is None or row.mosaic is None:
            return ""
        units, stack, _, _ = row.shape
        if row.mosaic.units < units:
            return f"first {row.mosaic.units} of {units} kernels"
        return f"first {row.mosaic.stack} of {stack} inputs" if row.mosaic.stack < stack else ""

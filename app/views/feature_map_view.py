"""The feature maps of every layer, as the right column of the network."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QColor, QPainter
from PySide6.QtWidgets import QWidget

from app.theme import tabular
from app.views import wording
from app.views.layer_column import SMALL, LayerColumn
from app.views.layer_row import LayerRow, Shape
from app.views.mosaic import Place, Room
from nn_core.description import LayerInfo

_DIGITS = 10
_NEVER_NEGATIVE = {"ReLU", "Sigmoid", "Softmax"}
_AS_BEFORE = {"MaxPool2d", "AvgPool2d", "Flatten", "Dropout"}


class FeatureMapView(LayerColumn):
    """A mosaic of the maps (C, H, W), or a strip of the outputs (F,), for what is on the canvas."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("featureMapView", "Feature maps", parent)

    def showMaps(self, maps: Mapping[int, np.ndarray] | None) -> bool:
        """Take what every layer puts out, (C, H, W) or (F,), or None when nothing is drawn."""
        return self.setValues({index: values.reshape(_shape(values.shape)) for index, values in (maps or {}).items()})

    def makeRow(self, info: LayerInfo, before: LayerRow | None) -> LayerRow:
        signed = before.signed if info.kind in _AS_BEFORE and before else info.kind not in _NEVER_NEGATIVE
        return LayerRow(info, signed, _shape(info.output_shape))

    def room(self, row: LayerRow, width: int) -> Room:
        if _vector(row):
            return Room(width, 96, smallest=3, largest=24)
        return Room(width, 112, smallest=1, largest=10)

    def header(self, info: LayerInfo) -> tuple[str, str]:
        sizes = wording.shape(info.output_shape)
        return "", sizes if len(info.output_shape) == 3 else f"{sizes} units"

    def words(self, row: LayerRow, place: Place) -> str:
        if _vector(row):
            return f"{'digit' if _digits(row) else 'unit'} {place.unit}"
        return f"map {place.unit}, row {place.row}, column {place.column}"

    def note(self, row: LayerRow) -> str:
        if row.missing():
            return f"{row.missing()} values are not numbers"
        if row.shape is None or row.mosaic is None or row.mosaic.units == row.shape[0]:
            return ""
        return f"{row.mosaic.units} of {row.shape[0]} {'units' if _vector(row) else 'maps'}"

    def underline(self, row: LayerRow) -> int:
        return 16 if _digits(row) else 0

    def paintOver(self, painter: QPainter, row: LayerRow) -> None:
        if not _digits(row):
            return
        painter.setFont(tabular(self.font(), SMALL))
        painter.setPen(QColor(self._theme.muted))
        for digit in range(_DIGITS):
            cell = row.rect(digit)
            if cell is not None:
                below = QRectF(cell.x(), cell.bottom() + 2, cell.width(), 14)
                painter.drawText(below, Qt.AlignmentFlag.AlignCenter, str(digit))


def _shape(sizes: tuple[int, ...]) -> Shape:
    channels, height, width = sizes if len(sizes) == 3 else (sizes[0], 1, 1)
    return channels, 1, height, width


def _vector(row: LayerRow) -> bool:
    return len(row.info.output_shape) == 1


def _digits(row: LayerRow) -> bool:
    """Whether the row stands for the ten digits, in one line that can be labelled."""
    return row.info.output_shape == (_DIGITS,) and row.mosaic is not None and row.mosaic.bands == 1

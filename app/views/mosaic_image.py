"""A mosaic in colours: one look-up for the colours of the values, one for the values of the pixels."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from PySide6.QtGui import QColor, QImage

from app.colors import to_pixels
from app.views.mosaic import Mosaic


@dataclass(frozen=True, slots=True)
class Around:
    """The colours of a mosaic where there is no picture."""

    gap: QColor  # between pictures
    outside: QColor  # beyond all of them


class MosaicImage:
    """Paints values into one image, which it keeps and paints over the next time."""

    def __init__(self, mosaic: Mosaic) -> None:
        self._mosaic = mosaic
        self._gather = mosaic.gather()
        self._image = QImage(*mosaic.size, QImage.Format.Format_RGB32)
        self._image.setDevicePixelRatio(mosaic.ratio)

    def paint(self, values: np.ndarray, ends: tuple[float, float], table: np.ndarray, around: Around) -> QImage:
        """The mosaic of `values` (units, stack, height, width), of which it takes as many as it shows.

        `ends` of the colour scale get the first and the last colour of `table`.
        """
        shown = values[: self._mosaic.units, : self._mosaic.stack]
        return self._spread(to_pixels(shown, *ends, table).ravel(), around)

    def blank(self, color: QColor, around: Around) -> QImage:
        """The mosaic with every picture in one colour: the places of feature maps that are not there yet."""
        mosaic = self._mosaic
        size = mosaic.units * mosaic.stack * mosaic.height * mosaic.width
        return self._spread(np.full(size, color.rgb(), np.uint32), around)

    def _spread(self, pixels: np.ndarray, around: Around) -> QImage:
        colors = np.append(pixels, np.array([around.gap.rgb(), around.outside.rgb()], np.uint32))
        target = np.frombuffer(self._image.bits(), np.uint32).reshape(self._gather.shape)
        colors.take(self._gather, out=target, mode="clip")  # no index is out of range: "raise" would copy the result
        return self._image

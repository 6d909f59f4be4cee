"""One layer in one column of the network: its newest values, their arrangement, and the image made of them."""

from __future__ import annotations

import numpy as np
from PySide6.QtCore import QRectF
from PySide6.QtGui import QColor, QImage

from app.views.mosaic import Mosaic, Place, Room, Scope, arrange, each_by_itself, limits, scale
from app.views.mosaic_image import Around, MosaicImage
from nn_core.description import LayerInfo

Shape = tuple[int, int, int, int]  # units, stack, height, width


class LayerRow:
    """Keeps what was handed in and makes the image only when somebody asks for it: a row nobody sees costs nothing."""

    def __init__(self, info: LayerInfo, signed: bool, shape: Shape | None) -> None:
        self.info = info
        self.signed = signed
        self.shape = shape  # None until the first kernels say it
        self.mosaic: Mosaic | None = None
        self.top = 0  # of the row, logical pixels
        self.height = 0
        self._values: np.ndarray | None = None
        self._limits: tuple[float, float] | None = None
        self._missing: int | None = None
        self._painting: MosaicImage | None = None
        self._image: QImage | None = None  # None when it is out of date
        self._made_for: object = None

    @property
    def values(self) -> np.ndarray | None:
        """The newest values (units, stack, height, width), None while there are none."""
        return self._values

    def setValues(self, values: np.ndarray | None) -> bool:
        """Take the newest values; True if their shape is new, so that the row must be arranged again.

        Raises:
            ValueError: the values are not of the shape that the layer has.
        """
        self._limits = self._missing = self._image = None
        self._values = values
        if values is None or values.shape == self.shape:
            return False
        if self.shape is not None:
            raise ValueError(f"values of layer {self.info.name} (={values.shape}) must have the shape {self.shape}")
        self.shape = values.shape
        return True

    def arrange(self, room: Room) -> int:
        """Lay the pictures out in the given room; returns the height of the mosaic in logical pixels."""
        mosaic = arrange(self.shape, room) if self.shape is not None and min(self.shape) > 0 else None
        if mosaic != self.mosaic:
            self.mosaic, self._painting, self._image = mosaic, None, None
        return 0 if mosaic is None else -int(-mosaic.size[1] // mosaic.ratio)

    def limits(self, unit: int = -1) -> tuple[float, float] | None:
        """The smallest and largest value of the layer, or of one of its units; None while there are none."""
        if self._values is None:
            return None
        if 0 <= unit < len(self._values):
            return limits(self._values[unit])
        if self._limits is None:
            self._limits = limits(self._values)
        return self._limits

    def missing(self) -> int:
        """How many of the values are not finite numbers."""
        if self._missing is None:
            values = self._values
            self._missing = 0 if values is None else values.size - int(np.count_nonzero(np.isfinite(values)))
        return self._missing

    def picture(self, scope: Scope, reach: float, table: np.ndarray, around: Around) -> QImage | None:
        """The mosaic in colours, None while there are no values; `reach` is the largest magnitude of all layers."""
        low_high = self.limits()
        if self._values is None or low_high is None or self.mosaic is None:
            return None
        ends = scale(*((0.0, reach) if scope is Scope.NETWORK else low_high), self.signed)
        made_for = (scope, ends, id(table))
        if self._image is None or made_for != self._made_for:
            values = self._values
            if scope is Scope.UNIT:
                values, ends = each_by_itself(values), scale(0.0, 1.0, self.signed)
            self._image = self._paint().paint(values, ends, table, around)
            self._made_for = made_for
        return self._image

    def blank(self, color: QColor, around: Around) -> QImage | None:
        """The mosaic's places alone, in one colour."""
        if self.mosaic is None:
            return None
        made_for = ("blank", color.rgb())
        if self._image is None or made_for != self._made_for:
            self._image, self._made_for = self._paint().blank(color, around), made_for
        return self._image

    def rect(self, unit: int) -> QRectF | None:
        """Where a unit lies in the mosaic, in logical pixels; None if it is not among those shown."""
        if self.mosaic is None or not 0 <= unit < self.mosaic.units:
            return None
        place, ratio = self.mosaic.rect(unit), self.mosaic.ratio
        return QRectF(place.x() / ratio, place.y() / ratio, place.width() / ratio, place.height() / ratio)

    def at(self, x: float, y: float) -> Place | None:
        """What lies at a point of the mosaic given in logical pixels."""
        if self.mosaic is None:
            return None
        return self.mosaic.at(int(x * self.mosaic.ratio), int(y * self.mosaic.ratio))

    def _paint(self) -> MosaicImage:
        if self._painting is None:
            assert self.mosaic is not None
            self._painting = MosaicImage(self.mosaic)
        return self._painting

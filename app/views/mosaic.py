"""Many small pictures as one image: where each of them lies, and which colour each of its values has.

A mosaic has units (what a click selects: an output channel), each with a stack of pictures (the input channels of a
kernel; one for a feature map) of height × width cells. Units stand side by side in bands, a stack downwards. Sizes
are in device pixels, so that cells stay sharp at every scale of the screen.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from functools import lru_cache
from math import ceil, sqrt

import numpy as np
from PySide6.QtCore import QRect

_STACKS = (1, 2, 4, 8, 12, 16, 24, 32, 48, 64)  # how many input channels are shown when not all of them fit
_GAP = 1.4  # gaps grow with the square root of what they part: 2 between dots, 4 between kernels


class Scope(Enum):
    """Over which values a colour scale reaches."""

    UNIT = "This map"
    LAYER = "This layer"
    NETWORK = "Whole network"


@dataclass(frozen=True, slots=True)
class Place:
    """One cell of a mosaic."""

    unit: int
    picture: int  # within the stack of the unit
    row: int
    column: int


@dataclass(frozen=True, slots=True)
class Mosaic:
    """The arrangement of `units` stacks of `stack` pictures of `height` × `width` cells; lengths in device pixels."""

    units: int
    stack: int
    height: int
    width: int
    cell: int
    gap: int
    columns: int
    ratio: float  # device pixels a logical pixel

    @property
    def bands(self) -> int:
        return ceil(self.units / self.columns)

    @property
    def pitch(self) -> tuple[int, int]:
        """From one picture to the next: rightwards, downwards."""
        return self.width * self.cell + self.gap, self.height * self.cell + self.gap

    @property
    def band_pitch(self) -> int:
        return self.stack * self.pitch[1] + (4 * self.gap if self.stack > 1 else 0)

    @property
    def size(self) -> tuple[int, int]:
        """Width and height of the whole image, with a gap all around."""
        across, down = self.pitch
        return self.columns * across + self.gap, (self.bands - 1) * self.band_pitch + self.stack * down + self.gap

    def rect(self, unit: int) -> QRect:
        """Where the stack of a unit lies."""
        across, down = self.pitch
        band, column = divmod(unit, self.columns)
        left, top = column * across + self.gap, band * self.band_pitch + self.gap
        return QRect(left, top, across - self.gap, self.stack * down - self.gap)

    def at(self, x: int, y: int) -> Place | None:
        """The cell at a point, None in a gap or outside."""
        x, y = x - self.gap, y - self.gap
        if x < 0 or y < 0:
            return None
        across, down = self.pitch
        band, y = divmod(y, self.band_pitch)
        (picture, y), (column, x) = divmod(y, down), divmod(x, across)
        unit = band * self.columns + column
        row, cell_column = y // self.cell, x // self.cell
        inside = column < self.columns and unit < self.units and picture < self.stack
        if not inside or row >= self.height or cell_column >= self.width:
            return None
        return Place(unit, picture, row, cell_column)

    def gather(self) -> np.ndarray:
        """For every pixel of the image the flat index of its value in `(units, stack, height, width)`.

        Let n be the number of values: n stands for a gap around a picture, n + 1 for what is outside of all of them.
        """
        total = self.units * self.stack * self.height * self.width
        places = np.arange(total).reshape(self.units, self.stack, self.height, self.width)
        places = places.repeat(self.cell, axis=2).repeat(self.cell, axis=3)
        width, height = self.size
        tall, wide = places.shape[2:]
        found = np.full((height, width), total + 1, np.intp)
        for unit in range(self.units):
            stack = self.rect(unit)
            left, top, gap = stack.x(), stack.y(), self.gap
            found[top - gap : top + stack.height() + gap, left - gap : left + wide + gap] = total
            for picture in range(self.stack):
                y = top + picture * self.pitch[1]
                found[y : y + tall, left : left + wide] = places[unit, picture]
        return found


@dataclass(frozen=True, slots=True)
class Room:
    """What a mosaic may take, in logical pixels."""

    width: int
    height: int  # to aim at; it may become more when the smallest cells do not fit
    smallest: int  # side of a cell
    largest: int
    single: int = 0  # one band is better than larger cells in several, from this size of cells on
    ratio: float = 1.0  # device pixels a logical pixel


@lru_cache(maxsize=256)
def arrange(shape: tuple[int, int, int, int], room: Room) -> Mosaic:
    """The mosaic of `(units, stack, height, width)` with the largest cells that fit.

    When even the smallest do not fit, it shows the first pictures of every stack; when one of each is still too
    many, the first units.
    """
    units, stack, height, width = shape
    ratio = room.ratio
    space, tall = int(room.width * ratio), int(room.height * ratio)
    smallest = max(1, round(room.smallest * ratio))

    def mosaic(cell: int, units: int, stack: int) -> Mosaic:
        gap = max(1, round(sqrt(min(height, width) * cell * ratio) / _GAP))
        columns = min(units, max(1, (space - gap) // (width * cell + gap)))
        bands = ceil(units / columns)
        return Mosaic(units, stack, height, width, cell, gap, ceil(units / bands), ratio)

    sizes = range(max(smallest, int(room.largest * ratio)), smallest - 1, -1)
    fitting = [each for cell in sizes if (each := mosaic(cell, units, stack)).size[0] <= space and each.size[1] <= tall]
    single = [each for each in fitting if each.bands == 1 and 0 < room.single * ratio <= each.cell]
    if fitting:
        return (single or fitting)[0]
    for fewer in reversed([count for count in _STACKS if count < stack]):
        if mosaic(smallest, units, fewer).size[1] <= 1.25 * tall:
            return mosaic(smallest, units, fewer)
    widest = mosaic(smallest, units, 1)
    bands = max(1, 2 * tall // widest.band_pitch)
    return mosaic(smallest, min(units, bands * widest.columns), min(stack, 1))


def limits(values: np.ndarray) -> tuple[float, float]:
    """The smallest and the largest finite value, (0, 0) when there is none."""
    low, high = float(values.min()), float(values.max())
    if np.isfinite(low) and np.isfinite(high):
        return low, high
    finite = values[np.isfinite(values)]
    return (float(finite.min()), float(finite.max())) if finite.size else (0.0, 0.0)


def scale(low: float, high: float, signed: bool) -> tuple[float, float]:
    """The ends of the colour scale for values from `low` to `high`: symmetric if signed, else from 0 (or below) up."""
    if signed:
        reach = max(abs(low), abs(high)) or 1.0
        return -reach, reach
    bottom = min(low, 0.0)
    return bottom, high if high > bottom else bottom + 1.0


def each_by_itself(values: np.ndarray) -> np.ndarray:
    """`values` (units, ...) with every unit divided by its largest magnitude, so that -1 to 1 fits them all."""
    axes = tuple(range(1, values.ndim))
    reach = np.abs(values).max(axis=axes, keepdims=True)
    return values / np.where(np.isfinite(reach) & (reach > 0), reach, 1.0)

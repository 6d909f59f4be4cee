"""Small changes of a drawing in the image that a network reads: moved, turned, scaled, drawn with another pen.

They come after fitting and centring, which would take them back. Lines are changed before they are painted, so that the
image stays sharp; of a picture, whose lines nobody knows, the pixels are moved.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from nn_core.fitting import IMAGE_SIDE, PEN, centring, fitted, painted
from nn_core.ink import Marks, Stroke, digit_image, ink_lines
from nn_core.pieces import Pieces

_HALF = IMAGE_SIDE / 2


@dataclass(frozen=True, slots=True)
class Change:
    """Turned and scaled about the middle of the image, then moved; the pen stays as wide as it is told."""

    right: float = 0.0  # pixels
    down: float = 0.0  # pixels
    turn: float = 0.0  # degrees clockwise
    scale: float = 1.0
    pen: float = PEN  # pixels

    def matrix(self) -> NDArray[np.float32]:
        """The linear part (2, 2), for points as columns of x and y."""
        angle = math.radians(self.turn)
        cosine, sine = self.scale * math.cos(angle), self.scale * math.sin(angle)
        return np.array([[cosine, -sine], [sine, cosine]], np.float32)

    def __call__(self, points: NDArray[np.float32]) -> NDArray[np.float32]:
        """Points (P, 2) of the image, changed."""
        moved = (points - _HALF) @ self.matrix().T + (_HALF + self.right, _HALF + self.down)
        return moved.astype(np.float32)


#: The changes of each map, in its order: `SHIFTS` row by row from the upper left.
REACH = 4  # pixels up, down, left and right
SHIFTS = tuple(Change(right=x, down=y) for y in range(-REACH, REACH + 1) for x in range(-REACH, REACH + 1))
TURNS = tuple(Change(turn=degrees) for degrees in range(-30, 31, 5))
SCALES = tuple(Change(scale=round(percent / 100, 2)) for percent in range(70, 131, 5))
PENS = tuple(Change(pen=round(tenth / 10, 1)) for tenth in range(12, 41, 2))
MAPS: dict[str, tuple[Change, ...]] = {"shift": SHIFTS, "turn": TURNS, "scale": SCALES, "pen": PENS}


class Drawing:
    """A drawing that is fitted and centred once, to be changed many times.

    `image` is what the network reads of it, and what no change at all gives; None where there is no ink.
    """

    def __init__(self, marks: Marks) -> None:
        self.image = digit_image(marks)
        strokes = [mark for mark in marks if isinstance(mark, Stroke)]
        self._lines = _centred(ink_lines(strokes)) if self.image is not None and len(strokes) == len(marks) else None

    @property
    def has_lines(self) -> bool:
        """Whether its lines are known, so that another pen can draw them."""
        return self._lines is not None

    def changed(self, change: Change) -> NDArray[np.float32]:
        """Return the image (28, 28) after a change; there must be ink."""
        assert self.image is not None
        if change == Change():
            return self.image
        if self._lines is None:
            return _moved(self.image, change)
        start, end = (change(ends) for ends in (self._lines.start, self._lines.end))
        radius = np.full_like(self._lines.radius, change.pen / 2)
        image: NDArray[np.float32] = painted(Pieces(self._lines.owner, start, end, radius), 1)[0]
        return image

    def maps(self) -> dict[str, tuple[Change, ...]]:
        """The maps that can be drawn of it."""
        return {name: changes for name, changes in MAPS.items() if name != "pen" or self.has_lines}


def _centred(lines: Pieces) -> Pieces:
    """Lines in pixels, where they are in the image that is read."""
    lines = fitted(lines, 1)
    move = centring(painted(lines, 1))[0].astype(np.float32)
    return lines._replace(start=lines.start + move, end=lines.end + move)


def _moved(image: NDArray[np.float32], change: Change) -> NDArray[np.float32]:
    """Pixels of a changed image, each taken between the four where it came from."""
    place = np.arange(IMAGE_SIDE) + 0.5 - _HALF
    x, y = np.meshgrid(place - change.right, place - change.down)
    back = np.linalg.inv(change.matrix().astype(np.float64))
    columns, rows = (back @ np.stack([x.ravel(), y.ravel()])) + _HALF + 0.5  # in `padded`, centres at whole numbers
    padded = np.pad(image, 1)
    left, top = np.floor(columns).astype(np.intp), np.floor(rows).astype(np.intp)
    found = np.zeros(IMAGE_SIDE**2)
    for row, column in ((top, left), (top, left + 1), (top + 1, left), (top + 1, left + 1)):
        share = (1 - np.abs(rows - row)) * (1 - np.abs(columns - column))
        inside = np.clip(row, 0, IMAGE_SIDE + 1), np.clip(column, 0, IMAGE_SIDE + 1)
        found += share * padded[inside]
    return found.reshape(image.shape).astype(np.float32)

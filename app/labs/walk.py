"""A place that goes over the answers of a convolution by itself, and stops under the mouse."""

from __future__ import annotations

from PySide6.QtCore import QObject, Signal

from app.labs.ticker import Ticker

#: Milliseconds from one place to the next: time enough to read a sum of nine.
STEP_MS = 900

Place = tuple[int, int, int]


class Walk(Ticker):
    """Goes row by row over answers of (filters, rows, columns), filter after filter, then begins again."""

    moved = Signal(object)  # Place: filter, row, column

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(STEP_MS, parent)
        self._shape: Place = (1, 1, 1)
        self._place: Place = (0, 0, 0)
        self._held = False

    @property
    def place(self) -> Place:
        """Filter, row and column."""
        return self._place

    def setShape(self, shape: Place) -> None:
        """Go over other answers; the place stays where it is, if it is there."""
        self._shape = shape
        self.go(self._place)

    def hold(self, held: bool) -> None:
        """Stay for as long as the mouse is over the numbers."""
        self._held = held

    def step(self) -> None:
        """Go to the next place."""
        filters, rows, columns = self._shape
        filter_, row, column = self._place
        number = ((filter_ * rows + row) * columns + column + 1) % (filters * rows * columns)
        self.go((number // (rows * columns), number // columns % rows, number % columns))

    def go(self, place: Place) -> None:
        """Go to a place, or to the nearest one there is."""
        limits = zip(place, self._shape, strict=True)
        filter_, row, column = (min(max(value, 0), size - 1) for value, size in limits)
        self._place = (filter_, row, column)
        self.moved.emit(self._place)

    def _tick(self) -> None:
        if not self._held:
            self.step()

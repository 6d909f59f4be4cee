"""Image, kernel, products and answers of a convolution by hand, as grids of numbers."""

from __future__ import annotations

from functools import partial

import numpy as np
from PySide6.QtCore import QRect, Qt, Signal
from PySide6.QtWidgets import QGridLayout, QLabel, QVBoxLayout, QWidget

from app.labs.cell_grid import CellGrid
from app.labs.flow import FlowLayout
from app.labs.parts import caption, heading
from app.labs.walk import Place
from app.theme import Theme, theme_of
from app.views.wording import number
from nn_core.labs.hand_convolution import HandConvolution

_CELLS = (22, 38)  # logical pixels: the least and the largest side of a cell
_SIGNS = 130  # logical pixels of a row that are no cells: signs, sums, gaps
_TALL = 460  # logical pixels that the channels of an image may take together
_IMAGE, _TIMES, _KERNEL, _TURN, _TURNED, _EQUALS, _PRODUCTS = range(7)  # columns


class HandFigure(QWidget):
    """A row for each channel: the image under the window, the kernel, their products and sum; then the answers."""

    imageEdited = Signal(int, int, int, float)  # channel, row, column, value
    kernelEdited = Signal(int, int, int, float)  # the same, of the filter that is shown
    biasEdited = Signal(float)
    answerPointed = Signal(object)  # (filter, row, column) under the mouse or the cursor, None when it leaves
    imagePointed = Signal(object)  # (row, column), padding counted, None when it leaves

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme_of(self.palette())
        self._shape: tuple[int, int] = (0, 0)  # channels, filters
        self._case: HandConvolution | None = None
        self._answer = np.zeros((1, 1, 1))
        self._rows: list[_ChannelRow] = []
        self._answers: list[tuple[QLabel, CellGrid]] = []
        self._bias = CellGrid("handBiasGrid", "Bias of the filter", editable=True)
        self._bias.edited.connect(lambda _row, _column, value: self.biasEdited.emit(value))
        self._bias_label = caption("bias")
        self._channels, self._results = QWidget(), QWidget()
        self._grid = QGridLayout(self._channels)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setHorizontalSpacing(8)
        self._grid.setVerticalSpacing(4)
        self._heads = [heading(words) for words in ("Image", "Kernel", "Kernel turned", "Products")]
        for head, at in zip(self._heads, (_IMAGE, _KERNEL, _TURNED, _PRODUCTS), strict=True):
            self._grid.addWidget(head, 0, at)
        self._result_column = QVBoxLayout(self._results)
        self._result_column.setContentsMargins(0, 0, 0, 0)
        self._result_column.setSpacing(4)
        flow = FlowLayout(self, gap=28, row_gap=14)
        flow.addWidget(self._channels)
        flow.addWidget(self._results)

    def setTheme(self, theme: Theme) -> None:
        """Take the colours of a theme."""
        self._theme = theme
        for grid in self.findChildren(CellGrid):
            grid.setTheme(theme)

    def showCase(self, case: HandConvolution, answer: np.ndarray | None) -> None:
        """Show a convolution and its answer (filters, rows, columns); None where the kernel does not fit."""
        self._case = case
        shape = (case.image.shape[0], case.kernels.shape[0])
        if shape != self._shape:
            self._shape = shape
            self._rebuild()
        padded = case.padded()
        for channel, row in enumerate(self._rows):
            row.image.setValues(padded[channel], rim=case.padding, ink=bool(case.image.min() >= 0))
        for head in (self._heads[2], *(part for row in self._rows for part in (row.turned, row.turn))):
            head.setVisible(case.turned)
        for part in (self._results, self._heads[3]):
            part.setVisible(answer is not None)
        if answer is None:
            self._show_misfit(case)
        else:
            self._answer = answer
            for values, (_, grid) in zip(answer, self._answers, strict=True):
                grid.setValues(values)
        self._fit()

    def _show_misfit(self, case: HandConvolution) -> None:
        """Show kernels of a filter without a window."""
        for row, kernel in zip(self._rows, case.kernels[0], strict=True):
            row.show_kernel(kernel)
            row.image.setWindow(None)
            row.mark(None, (0, 0), turned=False)
            row.show_products(None)

    def showPlace(self, place: Place) -> None:
        """Frame the window of one value of the answer, and show what goes into it."""
        case = self._case
        assert case is not None
        filter_, line, column = place
        window = case.window(*place)
        k = case.kernels.shape[2]
        framed = QRect(column * case.stride, line * case.stride, k, k)
        for channel, row in enumerate(self._rows):
            row.image.setWindow(framed)
            row.show_kernel(case.kernels[filter_, channel])
            row.show_products(window.products[channel])
        self._bias.setValues(case.bias[filter_].reshape(1, 1))
        many = len(self._answers) > 1
        self._heads[1].setText(f"Kernel of filter {filter_ + 1}" if many else "Kernel")
        for number_, (_, grid) in enumerate(self._answers):
            grid.setWindow(QRect(column, line, 1, 1) if number_ == filter_ else None)

    def showTerm(self, place: Place, terms: int) -> None:
        """Mark pixel, weight and product of the newest of the first `terms` products of a value; 0 marks none."""
        case = self._case
        assert case is not None
        k = case.kernels.shape[2]
        for channel, row in enumerate(self._rows):
            newest = terms - 1 - channel * k * k
            at = divmod(newest, k) if terms and 0 <= newest < k * k else None
            row.mark(at, (place[1] * case.stride, place[2] * case.stride), case.turned)
            row.show_sum(min(max(newest + 1, 0), k * k) if terms else k * k)

    # Putting together.

    def _rebuild(self) -> None:
        channels, filters = self._shape
        for row in self._rows:
            row.remove(self._grid)
        self._rows = [_ChannelRow(self._grid, channel, channels) for channel in range(channels)]
        for channel, row in enumerate(self._rows):
            row.image.edited.connect(partial(self.imageEdited.emit, channel))
            row.kernel.edited.connect(partial(self.kernelEdited.emit, channel))
            row.image.pointed.connect(self.imagePointed)
        self._grid.addWidget(self._bias_label, channels + 1, _TIMES, Qt.AlignmentFlag.AlignRight)
        self._grid.addWidget(self._bias, channels + 1, _KERNEL)
        self._bias_label.setWordWrap(False)
        for part in (part for pair in self._answers for part in pair):
            part.setParent(None)
            part.deleteLater()
        self._answers = [self._answer_grid(filter_, filters) for filter_ in range(filters)]
        self.setTheme(self._theme)

    def _answer_grid(self, filter_: int, filters: int) -> tuple[QLabel, CellGrid]:
        name = f"Answer of filter {filter_ + 1}" if filters > 1 else "Answer"
        label, grid = heading(name), CellGrid(f"handAnswerGrid{filter_}", name)
        grid.setToolTip("Point at a value, or go to it with the arrow keys, to see where it comes from")
        grid.pointed.connect(lambda cell: self.answerPointed.emit(None if cell is None else (filter_, *cell)))
        self._result_column.addWidget(label)
        self._result_column.addWidget(grid)
        return label, grid

    def resizeEvent(self, event: object) -> None:
        """Take cells as large as there is room for."""
        super().resizeEvent(event)  # type: ignore[arg-type]
        self._fit()

    def _fit(self) -> None:
        if self._case is None:
            return
        case = self._case
        side, k = case.image.shape[1] + 2 * case.padding, case.kernels.shape[2]
        across = side + (3 if case.turned else 2) * k + max(case.side, 0)
        cell = min((self.width() - _SIGNS) // across, _TALL // (side * len(self._rows)), _CELLS[1])
        for grid in self.findChildren(CellGrid):
            grid.setCell(max(cell, _CELLS[0]))
        self._grid.activate()
        self.updateGeometry()


class _ChannelRow:
    """The grids of one channel, in a row of a layout."""

    def __init__(self, layout: QGridLayout, channel: int, channels: int) -> None:
        of = f", channel {channel + 1}" if channels > 1 else ""
        self.image = CellGrid(f"handImageGrid{channel}", f"Image{of}", editable=True)
        self.kernel = CellGrid(f"handKernelGrid{channel}", f"Kernel{of}", editable=True)
        self.turned = CellGrid(f"handTurnedGrid{channel}", f"Kernel turned{of}")
        self.products = CellGrid(f"handProductGrid{channel}", f"Products{of}")
        self.turn, self.equals, self.sum = QLabel("↻"), QLabel("="), QLabel()
        self.sum.setObjectName(f"handSum{channel}")
        self.turn.setToolTip("turned by 180°")
        self._right = QWidget()
        column = QVBoxLayout(self._right)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(4)
        column.addSpacing(self.sum.sizeHint().height() + column.spacing())  # so that it is level with the kernel
        column.addWidget(self.products)
        column.addWidget(self.sum)
        self._parts: list[QWidget] = [
            self.image, QLabel("×"), self.kernel, self.turn, self.turned, self.equals, self._right,
        ]  # fmt: skip
        middle = Qt.AlignmentFlag.AlignVCenter
        for at, part in enumerate(self._parts):
            layout.addWidget(part, channel + 1, at, middle)

    def show_kernel(self, kernel: np.ndarray) -> None:
        """Show the kernel (k, k), as it is and turned."""
        self.kernel.setValues(kernel)
        self.turned.setValues(kernel[::-1, ::-1])

    def show_products(self, products: np.ndarray | None) -> None:
        """Show products (k, k) and their sum; None hides them."""
        for part in (self.equals, self._right):
            part.setVisible(products is not None)
        if products is not None:
            self.products.setValues(products)
            self.show_sum(products.size)

    def show_sum(self, terms: int) -> None:
        """Show the sum of the first so many products."""
        products = self.products.values().ravel()
        so_far = " so far" if terms < products.size else ""
        self.sum.setText(f"Σ = {number(float(products[:terms].sum()), 4)}{so_far}")

    def mark(self, at: tuple[int, int] | None, corner: tuple[int, int], turned: bool) -> None:
        """Mark the product at a place of the window, whose upper left cell is `corner`, and its two factors."""
        self.image.setSpot(None if at is None else (corner[0] + at[0], corner[1] + at[1]))
        self.products.setSpot(at)
        self.kernel.setSpot(None if turned else at)
        self.turned.setSpot(at if turned else None)

    def remove(self, layout: QGridLayout) -> None:
        """Take everything out of the layout."""
        for part in self._parts:
            layout.removeWidget(part)
            part.setParent(None)
            part.deleteLater()

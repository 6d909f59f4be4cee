"""Convolution by hand: a window walks over an image, and every sum is written out."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from PySide6.QtWidgets import QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from app.labs.hand_controls import HandControls
from app.labs.hand_figure import HandFigure
from app.labs.hand_words import parameter_words, size_words, sum_words, term_words, unread_words
from app.labs.page import LabPage
from app.labs.parts import TransportRow, caption, formula
from app.labs.walk import Place, Walk
from app.theme import Theme
from nn_core.errors import SettingsError
from nn_core.labs.hand_convolution import HandConvolution, resized
from nn_core.labs.hand_examples import EXAMPLES

_ABOUT = (
    "Press Run and watch the window walk, or point at an answer to see where it comes from. Double-click a number of"
    " the image or the kernel to change it."
)
_TURNING = (
    "Networks lay a kernel on the image as it is written, which mathematics calls a cross-correlation. A convolution "
    "turns it by 180° first. A network that learns its kernels has no need to: it would learn them turned."
)


class ConvolutionByHandPage(LabPage):
    """An image, kernels, and their answer, all of them small enough to follow."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._case = next(iter(EXAMPLES.values()))()
        self._answer: np.ndarray | None = None
        self._rng = np.random.default_rng(0)
        self._controls, self._figure, self._walk = HandControls(), HandFigure(), Walk(self)
        self._transport = TransportRow("hand")
        self._transport.setTips(
            "Move the window to the next place", "Let the window walk; it waits while the mouse is over the numbers",
            "Go back to the numbers of the example",
        )  # fmt: skip
        self._next = QPushButton("Next product")
        self._next.setObjectName("handTermButton")
        self._next.setToolTip("Step through the sum: product after product, then the bias, then the next place")
        self._terms = 0  # of the sum that have been stepped through
        self._error, self._sum, self._unread = QLabel(), formula(), caption()
        self._size, self._parameters = formula(), formula()
        self._example = next(iter(EXAMPLES))
        self._lay_out()
        self._connect()
        self._show(self._example)

    def _lay_out(self) -> None:
        self._error.setProperty("role", "error")
        self._error.setWordWrap(True)
        for name, label in (
            ("Error", self._error),
            ("SumWords", self._sum),
            ("Unread", self._unread),
            ("SizeWords", self._size),
            ("ParameterWords", self._parameters),
        ):
            label.setObjectName(f"hand{name}")
        column, steps, buttons = QVBoxLayout(self), QWidget(), QHBoxLayout()
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(10)
        buttons.setContentsMargins(0, 0, 0, 0)
        buttons.addWidget(self._transport)
        buttons.addWidget(self._next)
        buttons.addStretch(1)
        steps.setLayout(buttons)
        for part in (
            caption(_ABOUT), self._controls, steps, self._figure, self._error, self._sum, self._size,
            self._unread, self._parameters, caption(_TURNING),
        ):  # fmt: skip
            column.addWidget(part)
        column.addStretch(1)

    def _connect(self) -> None:
        controls, figure, walk, transport = self._controls, self._figure, self._walk, self._transport
        controls.exampleChosen.connect(self._choose)
        controls.randomWanted.connect(self._draw_numbers)
        controls.sizesChanged.connect(self._resize)
        controls.optionsChanged.connect(lambda: self._take(controls.changed(self._case)))
        figure.imageEdited.connect(self._edit_image)
        figure.kernelEdited.connect(self._edit_kernel)
        figure.biasEdited.connect(self._edit_bias)
        figure.answerPointed.connect(self._point_at_answer)
        figure.imagePointed.connect(self._point_at_image)
        walk.moved.connect(self._show_place)
        walk.runningChanged.connect(transport.setRunning)
        walk.runningChanged.connect(lambda running: self._next.setEnabled(not running))
        self._next.clicked.connect(self._add_term)
        transport.stepPressed.connect(walk.step)
        transport.runPressed.connect(walk.start)
        transport.stopPressed.connect(walk.stop)
        transport.resetPressed.connect(lambda: self._choose(self._example))

    # What the user does.

    def _choose(self, example: str) -> None:
        if example in EXAMPLES:
            self._example = example
            self._case = EXAMPLES[example]()
            self._walk.go((0, 0, 0))
            self._show(example)

    def _take(self, case: HandConvolution) -> None:
        self._case = case
        self._show("")

    def _resize(self) -> None:
        self._take(resized(self._case, **self._controls.sizes(), rng=self._rng))

    def _draw_numbers(self) -> None:
        image = self._rng.integers(0, 3, self._case.image.shape).astype(np.float64)
        kernels = self._rng.integers(-1, 2, self._case.kernels.shape).astype(np.float64)
        self._take(replace(self._case, image=image, kernels=kernels))

    def _edit_image(self, channel: int, row: int, column: int, value: float) -> None:
        image = self._case.image.copy()
        image[channel, row, column] = value
        self._take(replace(self._case, image=image))

    def _edit_kernel(self, channel: int, row: int, column: int, value: float) -> None:
        kernels = self._case.kernels.copy()
        kernels[self._walk.place[0], channel, row, column] = value
        self._take(replace(self._case, kernels=kernels))

    def _edit_bias(self, value: float) -> None:
        bias = self._case.bias.copy()
        bias[self._walk.place[0]] = value
        self._take(replace(self._case, bias=bias))

    def _point_at_answer(self, place: Place | None) -> None:
        self._walk.hold(place is not None)
        if place is not None:
            self._walk.go(place)

    def _point_at_image(self, cell: tuple[int, int] | None) -> None:
        """Move the window so that its middle is over a cell of the image, or as near as it can be."""
        self._walk.hold(cell is not None)
        if cell is not None and self._answer is not None:
            middle = self._case.kernels.shape[2] // 2
            row, column = (round((at - middle) / self._case.stride) for at in cell)
            self._walk.go((self._walk.place[0], row, column))

    def _add_term(self) -> None:
        """Add one product to the sum; after the last one the bias; after that go on to the next place."""
        products = self._case.kernels[0].size
        if self._terms > products:
            self._walk.step()
        self._terms += 1
        self._show_sum()

    # What is shown.

    def _show(self, example: str) -> None:
        self._controls.show_case(self._case, example)
        try:
            self._answer = self._case.answer()
            problem = ""
        except SettingsError as why:
            self._answer, problem = None, str(why)
            self._walk.stop()
            self._walk.go((0, 0, 0))  # the figure shows the first filter then
        self._figure.showCase(self._case, self._answer)
        self._error.setText(problem)
        self._error.setVisible(bool(problem))
        for part in (self._sum, self._size, self._parameters):
            part.setVisible(not problem)
        self._transport.run.setEnabled(not problem)
        for button in (self._transport.step, self._next):
            button.setEnabled(not problem and not self._walk.running)
        unread = unread_words(self._case) if not problem else ""
        self._unread.setText(unread)
        self._unread.setVisible(bool(unread))
        if self._answer is not None:
            self._size.setText(size_words(self._case))
            self._parameters.setText(parameter_words(self._case))
            filters, rows, columns = self._answer.shape
            self._walk.setShape((filters, rows, columns))

    def _show_place(self, place: Place) -> None:
        self._terms = 0
        if self._answer is not None:
            self._figure.showPlace(place)
            self._show_sum()

    def _show_sum(self) -> None:
        """Write the sum out: the whole of it, or as far as it has been stepped through."""
        place = self._walk.place
        window = self._case.window(*place)
        half_way = self._terms if self._terms <= window.products.size else 0
        self._figure.showTerm(place, half_way)
        if half_way:
            self._sum.setText(term_words(window, place[1], place[2], half_way))
        else:
            self._sum.setText(sum_words(window, place[1], place[2]))

    def setTheme(self, theme: Theme) -> None:
        """Take the colours of a theme."""
        super().setTheme(theme)
        self._figure.setTheme(theme)
        self._transport.setTheme(theme)

    def leave(self) -> None:
        """Be hidden: the window stops where it is."""
        self._walk.stop()
        super().leave()

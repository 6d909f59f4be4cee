"""Augmentation: what each way of varying an image does to a digit."""

from __future__ import annotations

import time
from collections.abc import Generator
from functools import partial
from pathlib import Path

import numpy as np
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from app.background import Background
from app.labs.augmentation_controls import AugmentationControls
from app.labs.color_jitter_part import ColorJitterPart
from app.labs.fields import whole_spin
from app.labs.labelled import labelled, titled
from app.labs.map_view import Look, MapView
from app.labs.page import LabPage
from app.labs.parts import caption, formula, heading
from app.labs.side_by_side import SideBySide
from app.labs.tiles import tiled
from app.theme import Theme
from app.views.wording import thousands
from nn_core.augment_text import FLIP_WARNING, USUAL, augmentation_text
from nn_core.data import data_folder
from nn_core.errors import DataError
from nn_core.labs.real_digits import digits_for
from nn_core.pen import pen_digits

_ROWS, _COLUMNS = 4, 6
_DRAWN = 256  # variants that are drawn at once: for the mean, and to see how long they take
_DIGITS = 40  # of the dataset, to go through
_GRID, _SMALL = 336, 120  # logical pixels
_FRAME = 0.35  # the grey between variants
_LOADING = "The digits are being loaded …"


class AugmentationPage(LabPage):
    """A digit, sliders, and variants of it drawn anew."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._drawing: np.ndarray | None = None
        self._digits: np.ndarray = np.zeros((0, 28, 28), np.float32)  # of the dataset
        self._place, self._folder, self._loaded = 0, data_folder(), False
        self._controls = AugmentationControls()
        self._original = MapView("augmentationOriginal", "The image as it is")
        self._mean = MapView("augmentationMean", f"Mean of {_DRAWN} variants")
        self._variants = MapView("augmentationVariants", f"{_ROWS * _COLUMNS} variants")
        self._again, self._another = QPushButton("Draw again"), QPushButton("Another digit")
        self._seed = whole_spin("augmentationSeedSpin", "Seed of what is drawn", 0, 2**31 - 1, 1, 0)
        self._warning, self._words, self._speed = caption(FLIP_WARNING), formula(), caption()
        self._color = ColorJitterPart()
        self._loader = Background(self)
        self._lay_out()
        self._connect()
        self._show()

    def _lay_out(self) -> None:
        self._warning.setObjectName("augmentationWarning")
        self._warning.setProperty("role", "error")
        self._words.setObjectName("augmentationWords")
        self._speed.setObjectName("augmentationSpeed")
        self._seed.setFixedWidth(72)
        for name, button, tip in (
            ("Again", self._again, "Draw other variants: the next seed"),
            ("Another", self._another, "Take the next digit of the dataset"),
        ):
            button.setObjectName(f"augmentation{name}Button")
            button.setToolTip(tip)
        for view in (self._original, self._mean):
            view.setWidth(_SMALL)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(12)
        column.addWidget(SideBySide(self._controls, self._pictures()))
        column.addWidget(self._color)
        column.addStretch(1)

    def _pictures(self) -> QWidget:
        row, images, part = QHBoxLayout(), QHBoxLayout(), QWidget()
        for each in (self._again, labelled("Seed", self._seed), self._another):
            row.addWidget(each)
        row.addStretch(1)
        images.setSpacing(20)
        images.addWidget(titled("As it is", self._original))
        images.addWidget(titled(f"Mean of {_DRAWN} variants", self._mean))
        images.addStretch(1)
        column = QVBoxLayout(part)
        column.setContentsMargins(0, 0, 0, 0)
        column.addLayout(row)
        column.addLayout(images)
        column.addWidget(heading("Variants"))
        column.addWidget(self._variants)
        for words in (self._warning, self._words, self._speed):
            column.addWidget(words)
        column.addStretch(1)
        return part

    def _connect(self) -> None:
        self._controls.changed.connect(self._show)
        self._seed.valueChanged.connect(self._show)
        self._again.clicked.connect(lambda: self._seed.setValue(self._seed.value() + 1))
        self._another.clicked.connect(self._next)
        self._loader.said.connect(self._take)

    # What the frame says.

    def setTheme(self, theme: Theme) -> None:
        super().setTheme(theme)
        for part in (self._original, self._mean, self._variants, self._color):
            part.setTheme(theme)

    def setImage(self, image: np.ndarray | None) -> None:
        self._drawing = image
        self._another.setEnabled(image is None)
        self._another.setToolTip("Take the next digit of the dataset" if image is None else "Clear the canvas first")
        self._show()

    def setDataFolder(self, folder: Path) -> None:
        self._loaded = self._loaded and folder == self._folder
        self._folder = folder

    def enter(self) -> None:
        super().enter()
        if not self._loaded and not self._loader.alive:
            self._loaded = True
            self._loader.start(partial(_first, self._folder))

    # What is shown.

    def _take(self, found: object) -> None:
        if isinstance(found, np.ndarray):
            self._digits = found / np.float32(255)
            self._show()

    def _next(self) -> None:
        self._place += 1
        self._show()

    def _image(self) -> np.ndarray:
        """The drawing, else a digit, else nothing but black while the digits are loaded."""
        if self._drawing is not None:
            return self._drawing
        count = len(self._digits)
        return self._digits[self._place % count] if count else np.zeros((28, 28), np.float32)

    def _show(self) -> None:
        """Draw variants of the present image by the present amounts."""
        image = self._image()
        augmentation = self._controls.augmentation()
        batch = np.repeat(image[None].astype(np.float32), _DRAWN, axis=0)
        started = time.perf_counter()
        variants = augmentation(batch, rng=np.random.default_rng(self._seed.value()))
        seconds = time.perf_counter() - started
        self._original.setMaps(image[None], Look.GRAY)
        self._mean.setMaps(variants.mean(axis=0)[None], Look.GRAY)
        self._variants.setMaps(tiled(variants[: _ROWS * _COLUMNS], _COLUMNS, _FRAME), Look.GRAY)
        self._variants.setWidth(_GRID)
        self._warning.setVisible(augmentation.flips)
        self._words.setText(_setting(augmentation_text(augmentation)))
        if self._drawing is None and not len(self._digits):
            self._words.setText(_LOADING)
        self._speed.setText(
            f"{thousands(round(_DRAWN / seconds))} images a second on one thread, measured just now. Every image has a"
            " strength of its own, from none to all of these amounts, so that some stay nearly as they are."
        )


def _first(folder: Path) -> Generator[object, None, None]:
    """A job: the first training digits of the data folder, or drawn ones where its files are damaged."""
    try:
        digits = (yield from digits_for(folder, _DIGITS)).train.images
    except DataError:
        digits = pen_digits(_DIGITS, rng=np.random.default_rng(0)).images
    yield digits


def _setting(text: str) -> str:
    """How a run is told to vary its images so."""
    if not text:
        return "Nothing is varied: every image is shown as it is."
    if text == USUAL:
        return "This is what training does with <b>Vary the images</b>, or <b>--augment</b>."
    return f"Train → More → Vary by, or <b>--augment</b>:<br>{text}"

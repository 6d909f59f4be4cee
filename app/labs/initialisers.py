"""Initialisers: what each does to activations and gradients, layer by layer."""

from __future__ import annotations

from collections.abc import Generator
from functools import partial
from pathlib import Path

import numpy as np
from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QFormLayout, QHBoxLayout, QWidget

from app.background import Background
from app.labs.fields import choice, whole_spin
from app.labs.layer_histogram import LayerHistogram
from app.labs.page import LabPage
from app.labs.parts import caption, formula, heading
from app.labs.series_list import SeriesList
from app.labs.series_plot import Series, SeriesPlot
from app.labs.side_by_side import SideBySide, bare_column, plot_column
from app.labs.spread_words import ABOUT, tale
from app.theme import Theme
from app.views.wording import number
from nn_core.data import data_folder
from nn_core.events import Working
from nn_core.initializers import INITIALIZERS
from nn_core.labs.real_digits import digits_for
from nn_core.labs.spread import Spread, Stack, digits, fate, measure, noise

_ACTIVATIONS = ("relu", "leaky-relu", "tanh", "sigmoid", "softplus", "identity")
_DIGITS, _NOISE = "real digits", "normal noise"
_BATCH = 256
_FIRST = ("normal", "xavier-normal", "he-normal", "constant")
_WAIT_MS = 250  # after the last change, before it is measured


class InitialisersPage(LabPage):
    """Spread by layer, forwards and backwards, of a stack with any of the initialisers."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._folder: Path | None = None
        self._found: dict[str, Spread] = {}
        self._stale = True
        self._list = SeriesList("initialisers", list(INITIALIZERS), tips=ABOUT)
        self._list.setChosen(_FIRST)
        self._depth = whole_spin("initialisersDepthSpin", "How many hidden layers", 2, 50, 1, 20)
        self._width = whole_spin("initialisersWidthSpin", "How many units each of them has", 2, 400, 10, 100)
        self._activation = choice("initialisersActivationCombo", "Activation of the hidden layers", _ACTIVATIONS)
        self._input = choice("initialisersInputCombo", "What goes in", [_DIGITS, _NOISE])
        self._seed = whole_spin("initialisersSeedSpin", "Where the chance begins", 0, 2**31 - 1, 1, 0)
        self._forward = SeriesPlot("initialisersForwardPlot", "activations: deviation", "layer", log_y=True)
        self._backward = SeriesPlot("initialisersBackwardPlot", "gradients: size", "layer", log_y=True)
        self._closer = choice("initialisersCloserCombo", "Which initialiser to look at", _FIRST, "he-normal")
        self._histogram = LayerHistogram("initialisersHistogram")
        self._words, self._progress = formula(), caption()
        self._words.setObjectName("initialisersWords")
        self._progress.setObjectName("initialisersProgress")
        self._job = Background(self)
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(_WAIT_MS)
        self._lay_out()
        self._connect()
        self._look_closer()

    def _lay_out(self) -> None:
        form = QFormLayout()
        form.addRow("Hidden layers", self._depth)
        form.addRow("Units each", self._width)
        form.addRow("Activation", self._activation)
        form.addRow("Input", self._input)
        form.addRow("Seed", self._seed)
        side = QWidget()
        left = bare_column(side)
        left.addLayout(form)
        left.addSpacing(6)
        self._list.setHeading("Initialisers", "a layer on · back")
        left.addWidget(self._list)
        left.addWidget(self._progress)
        left.addStretch(1)
        plots = plot_column(((_FORWARD, self._forward), (_BACKWARD, self._backward)))
        line = QHBoxLayout()
        line.addWidget(heading("A closer look at"))
        line.addWidget(self._closer)
        line.addStretch(1)
        column = bare_column(self)
        column.setSpacing(10)
        column.addWidget(SideBySide(side, plots))
        column.addLayout(line)
        column.addWidget(self._words)
        column.addWidget(self._histogram)
        column.addStretch(1)

    def _connect(self) -> None:
        for spin in (self._depth, self._width, self._seed):
            spin.valueChanged.connect(self._changed)
        for combo in (self._activation, self._input):
            combo.activated.connect(self._changed)
        self._list.toggled.connect(self._changed)
        self._closer.activated.connect(self._look_closer)
        self._timer.timeout.connect(self._measure)
        self._job.said.connect(self._take)
        self._job.troubled.connect(self._progress.setText)
        self._job.ended.connect(self._done)

    # What the frame says.

    def setTheme(self, theme: Theme) -> None:
        super().setTheme(theme)
        for plot in (self._forward, self._backward, self._histogram):
            plot.setTheme(theme)

    def setDataFolder(self, folder: Path) -> None:
        self._stale = self._stale or folder != self._folder
        self._folder = folder

    def enter(self) -> None:
        super().enter()
        if self._stale:
            self._changed()

    def leave(self) -> None:
        super().leave()
        self._stale = self._stale or self._timer.isActive()
        self._timer.stop()

    # The measurement.

    def _changed(self) -> None:
        self._job.stop()
        self._stale = True
        self._progress.setText("Measuring …")
        self._timer.start()

    def _measure(self) -> None:
        self._stale = False
        self._found.clear()
        seed = self._seed.value()
        stack = Stack(self._depth.value(), self._width.value(), self._activation.currentText(), seed)
        folder = (self._folder or data_folder()) if self._input.currentText() == _DIGITS else None
        self._job.start(partial(_measured, stack, self._list.chosen(), folder))

    def _take(self, found: object) -> None:
        if isinstance(found, Working):
            self._progress.setText(f"{found.what} …")
        if isinstance(found, Spread):
            self._found[found.init] = found
            on, back = fate(found.forward)[1], fate(found.backward[::-1])[1]
            self._list.setValue(found.init, f"× {number(on, 2)} · × {number(back, 2)}")

    def _done(self) -> None:
        self._progress.setText("" if self._found else "Tick an initialiser to see what it does.")
        self._forward.showSeries([self._series(one.init, one.forward) for one in self._found.values()])
        self._backward.showSeries([self._series(one.init, one.backward) for one in self._found.values()])
        chosen = self._closer.currentText()
        self._closer.clear()
        self._closer.addItems(list(self._found))
        self._closer.setCurrentText(chosen)
        self._look_closer()

    def _series(self, init: str, values: np.ndarray) -> Series:
        layers = np.arange(1.0, len(values) + 1)
        return Series(init, self._list.place(init), layers, np.where(values > 0, values, np.nan))

    def _look_closer(self) -> None:
        spread = self._found.get(self._closer.currentText())
        self._words.setVisible(spread is not None)
        self._histogram.setVisible(spread is not None)
        if spread is not None:
            self._words.setText(tale(spread))
            self._histogram.showLayers(np.stack([layer.counts for layer in spread.layers], axis=1))


_FORWARD = "Forwards: how far the activations of a layer spread"
_BACKWARD = "Backwards: how large the loss's gradient is there"


def _measured(stack: Stack, names: list[str], folder: Path | None) -> Generator[object, None, None]:
    """Measure the stack with each initialiser; without a folder on noise."""
    if folder is None:
        batch = noise(_BATCH, rng=np.random.default_rng(stack.seed))
    else:
        dataset = yield from digits_for(folder, _BATCH)
        batch = digits(dataset.train, _BATCH)
    for place, name in enumerate(names):
        yield Working(f"Measuring {name}", place, len(names))
        yield measure(stack, name, batch)

"""Batch size: the gradient's noise, the time that a step takes, and what it brings."""

from __future__ import annotations

import math
from collections.abc import Generator
from functools import partial
from pathlib import Path

import numpy as np
from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QFormLayout, QWidget

from app.background import Background
from app.labs.facts_table import FactsTable
from app.labs.fields import choice, decimal_spin, whole_spin
from app.labs.page import LabPage
from app.labs.parts import caption
from app.labs.run_panel import RunPanel
from app.labs.series_list import SeriesList
from app.labs.series_plot import Series, SeriesPlot
from app.labs.side_by_side import SideBySide, bare_column, plot_column
from app.theme import Theme
from app.views.wording import number, thousands
from nn_core.data import data_folder
from nn_core.events import Working
from nn_core.labs.batch_size import RULES, Comparison, Examined, Noise, compare, loss_at, noises
from nn_core.labs.real_digits import KeptDigits
from nn_core.settings import TrainSettings

_WHOLE = "whole set"
_SIZES = ("1", "4", "16", "64", "256", "1024", _WHOLE)
_FIRST = ("1", "16", "64", "256", _WHOLE)
_NETWORKS = ("blog-cnn", "mlp-300", "lenet5", "flatten → linear 100 → relu → linear 10")
_SETS = {f"{thousands(count)} images": count for count in (1_000, 4_000, 10_000)}
_HEADINGS = (
    "batch\nsize", "noise", "cosine", "µs an\nimage", "s an\nepoch", "loss by\nimages", "loss by\ntime",
)  # fmt: skip
_DRAW_MS = 150
_ROUNDING = 1e-5  # noise below this is that of float32


class BatchSizePage(LabPage):
    """Sizes to compare, three plots that grow, and a table of what was measured."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._folder: Path | None = None
        self._digits = KeptDigits()
        self._found = _Found((), 0)
        self._list = SeriesList("batch", _SIZES)
        self._list.setChosen(_FIRST)
        tip = "Network by name, or a chain such as flatten → linear 30 → tanh → linear 10"
        self._network = choice("batchNetworkCombo", tip, _NETWORKS, _NETWORKS[0], editable=True)
        self._set = choice("batchSetCombo", "How many training images the whole set has", list(_SETS), list(_SETS)[1])
        self._rate = decimal_spin("batchRateSpin", "Learning rate of a batch of 64", 0.001, 10, 0.05, 0.1, 3)
        self._rule = choice("batchRuleCombo", "How the learning rate grows with the batch size", RULES, "square root")
        self._seconds = whole_spin("batchSecondsSpin", "Seconds of training for each size", 1, 120, 1, 4)
        self._run = RunPanel("batch", "How far the measurement is")
        self._transport, self._progress, self._words = self._run.transport, self._run.progress, self._run.words
        self._transport.step.hide()
        self._transport.setTips("", "Measure noise, then train with every size", "Forget what was measured")
        self._noise = SeriesPlot("batchNoisePlot", "noise", "images a batch", log_x=True, log_y=True)
        self._by_images = SeriesPlot("batchImagesPlot", "loss", "images seen", log_x=True, log_y=True)
        self._by_seconds = SeriesPlot("batchSecondsPlot", "loss", "seconds of training", log_y=True)
        self._table = FactsTable("batchTable", "What was measured of every batch size", _HEADINGS)
        self._table.setToolTip(_TABLE)
        self._job = Background(self)
        self._redraw = QTimer(self)
        self._redraw.setSingleShot(True)
        self._redraw.setInterval(_DRAW_MS)
        self._lay_out()
        self._connect()
        self._show_idle()
        self._draw()

    def _lay_out(self) -> None:
        form = QFormLayout()
        form.addRow("Network", self._network)
        form.addRow("Whole set", self._set)
        form.addRow("Learning rate", self._rate)
        form.addRow("Rate rule", self._rule)
        form.addRow("Seconds each", self._seconds)
        side = QWidget()
        left = bare_column(side)
        left.addLayout(form)
        left.addWidget(self._run)
        self._list.setHeading("Batch sizes")
        left.addWidget(self._list)
        left.addWidget(caption(_EXPLAINED))
        left.addStretch(1)
        plots = plot_column(((_NOISE, self._noise), (_IMAGES, self._by_images), (_SECONDS, self._by_seconds)))
        column = bare_column(self)
        column.setSpacing(10)
        column.addWidget(SideBySide(side, plots))
        column.addWidget(self._table)
        column.addStretch(1)

    def _connect(self) -> None:
        self._transport.runPressed.connect(self._go)
        self._transport.stopPressed.connect(self._job.pause)
        self._transport.resetPressed.connect(self._reset)
        self._list.toggled.connect(self._show_idle)
        self._job.runningChanged.connect(self._transport.setRunning)
        self._job.said.connect(self._take)
        self._job.troubled.connect(self._words.setText)
        self._job.ended.connect(self._ended)
        self._redraw.timeout.connect(self._draw)

    # What the frame says.

    def setTheme(self, theme: Theme) -> None:
        super().setTheme(theme)
        for part in (self._noise, self._by_images, self._by_seconds, self._transport):
            part.setTheme(theme)

    def setDataFolder(self, folder: Path) -> None:
        self._folder = folder

    def enter(self) -> None:
        super().enter()
        self._draw()

    def leave(self) -> None:
        super().leave()
        self._redraw.stop()

    # The measurement.

    def _go(self) -> None:
        if self._job.alive:
            self._job.resume()
            return
        images = _SETS[self._set.currentText()]
        sizes = tuple(images if name == _WHOLE else int(name) for name in self._list.chosen())
        comparison = Comparison(
            self._network.currentText().strip(), sizes, self._rate.value(), self._rule.currentText(),
            float(self._seconds.value()),
        )  # fmt: skip
        self._found = _Found(tuple(self._list.chosen()), comparison.seconds)
        folder = self._folder or data_folder()
        self._job.start(partial(_measured, comparison, self._digits, folder, images))
        self._lock(True)
        self._draw()

    def _take(self, found: object) -> None:
        if isinstance(found, Working):
            self._words.setText(f"{found.what} …")
            self._progress.setRange(0, max(1, found.total))
            self._progress.setValue(found.done)
            return
        self._found.take(found)
        if not self._redraw.isActive():
            self._redraw.start()

    def _ended(self) -> None:
        self._lock(False)
        self._draw()
        if self._found.looks:
            self._words.setText("Finished. Times are this machine's, and what else it did counts in.")

    def _reset(self) -> None:
        self._job.stop()
        self._found = _Found((), 0)
        self._progress.setValue(0)
        self._lock(False)
        self._draw()
        self._show_idle()

    def _lock(self, locked: bool) -> None:
        self._list.setLocked(locked)
        for field in (self._network, self._set, self._rate, self._rule, self._seconds):
            field.setEnabled(not locked)

    # What is shown.

    def _show_idle(self) -> None:
        ready = bool(self._list.chosen())
        self._transport.run.setEnabled(ready)
        if not self._found.names:
            self._words.setText("Press Run: noise first, then a short training." if ready else "Tick a batch size.")

    def _draw(self) -> None:
        found = self._found
        self._noise.showSeries(_noise_series(found))
        by_images, by_seconds = [], []
        for name, looks in found.by_name():
            place, loss = self._list.place(name), np.array([look.loss for look in looks])
            by_images.append(Series(name, place, np.array([float(look.images) for look in looks]), loss))
            by_seconds.append(Series(name, place, np.array([look.seconds for look in looks]), loss))
        self._by_images.showSeries(by_images)
        self._by_seconds.showSeries(by_seconds)
        self._table.setVisible(bool(found.noises))
        self._table.showRows(found.rows())


class _Found:
    """What has been measured so far, by the names of the sizes in the list."""

    def __init__(self, names: tuple[str, ...], seconds: float) -> None:
        self.names, self._seconds = names, seconds
        self.noises: list[Noise] = []
        self.looks: dict[int, list[Examined]] = {}  # by size, in the order of the names
        self.whole = 0

    def take(self, event: object) -> None:
        """Note one result."""
        if isinstance(event, Noise):
            self.noises.append(event)
        elif isinstance(event, Examined):
            self.looks.setdefault(event.batch_size, []).append(event)
        elif isinstance(event, int):
            self.whole = event

    def by_name(self) -> list[tuple[str, list[Examined]]]:
        """Every size that has been examined; the looks come in the order of the names."""
        return list(zip(self.names, self.looks.values(), strict=False))

    def rows(self) -> list[list[str]]:
        """The table: a row a size."""
        looks = dict(self.by_name())
        last = [found[-1] for found in looks.values()]
        images = min((look.images for look in last), default=0)
        seconds = min((look.seconds for look in last), default=0.0)
        rows = []
        for name, noise in zip(self.names, self.noises, strict=False):
            relative = noise.relative if noise.relative > _ROUNDING else 0.0
            row = [thousands(noise.batch_size), number(relative, 2), number(noise.cosine, 2)]
            row += self._trained(looks[name], images, seconds) if name in looks else ["–"] * 4
            rows.append(row)
        return rows

    def _trained(self, looks: list[Examined], images: int, seconds: float) -> list[str]:
        last = looks[-1]
        each = last.seconds / last.images if last.images else math.nan
        numbers = (1e6 * each, each * self.whole, loss_at(looks, images=images), loss_at(looks, seconds=seconds))
        return ["–" if math.isnan(value) else number(value) for value in numbers]


def _noise_series(found: _Found) -> list[Series]:
    """The noise that was measured, and what the law of large numbers says from the smallest batch on."""
    noisy = [one for one in found.noises if one.relative > _ROUNDING]
    if not noisy:
        return []
    sizes, values = (np.array([float(getattr(one, part)) for one in noisy]) for part in ("batch_size", "relative"))
    law = values[0] * np.sqrt(sizes[0] / sizes)
    return [Series("measured", 0, sizes, values), Series("1/√size", 1, sizes, law, dashed=True)]


_NOISE = "Noise: how far a batch's gradient is off the whole set's"
_IMAGES = "Loss on held-out images, after so many images"
_SECONDS = "Loss on held-out images, after so much time"
_TABLE = (
    "Noise of the gradient, and its cosine to that of the whole set; then the loss on held-out images, where all have"
    " seen as many images, and where all have trained as long"
)
_EXPLAINED = (
    "Noise 1 means that the error of a batch's gradient is as long as the true gradient. It falls with the square root"
    " of the size, while a step costs in proportion to it."
)


def _measured(comparison: Comparison, digits: KeptDigits, folder: Path, images: int) -> Generator[object, None, None]:
    """Load the digits if need be; the number of training images, then noises, then looks at the training."""
    dataset = yield from digits.get(folder, images)
    yield len(dataset.train)
    yield from noises(comparison, dataset.train)
    yield from compare(comparison, dataset, TrainSettings().threads)

"""The optimiser race: any of the optimisers on one network, in one plot."""

from __future__ import annotations

from collections.abc import Generator
from functools import partial
from pathlib import Path

import numpy as np
from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QFormLayout, QPushButton, QWidget

from app.background import Background
from app.labs.fields import choice, rate_spin, whole_spin
from app.labs.page import LabPage
from app.labs.run_panel import RunPanel
from app.labs.series_list import SeriesList
from app.labs.series_plot import Series, SeriesPlot, at_or_before
from app.labs.side_by_side import SideBySide, bare_column, plot_column
from app.theme import Theme
from app.views.wording import number, thousands
from nn_core.data import data_folder
from nn_core.events import Working
from nn_core.labs.race import (
    EXAMINED,
    MOST_PENALTY,
    Course,
    Dropped,
    Examined,
    Runner,
    Stride,
    race,
    rounds,
    standings,
)
from nn_core.labs.real_digits import KeptDigits
from nn_core.optimizers import OPTIMIZERS
from nn_core.settings import TrainSettings

NETWORKS = ("blog-cnn", "mlp-300", "lenet5", "flatten → linear 100 → relu → linear 10")
_FIRST = ("sgd", "momentum", "adam", "rmsprop")
_IMAGES = 10_000  # of the training split
_LOOKS = 20  # at the test images in a whole race
_DRAW_MS = 120


class OptimiserRacePage(LabPage):
    """A list of runners with their learning rates, and two plots that grow while they run."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._folder: Path | None = None
        self._digits = KeptDigits()
        self._field = _Field([])
        self._at: float | None = None  # the batch under the mouse
        rates = {name: kind.default_lr for name, kind in OPTIMIZERS.items()}
        about = {name: (kind.__doc__ or "").strip().splitlines()[0] for name, kind in OPTIMIZERS.items()}
        self._list = SeriesList("race", list(OPTIMIZERS), rates, about)
        self._list.setChosen(_FIRST)
        tip = "Network by name, or a chain such as flatten → linear 30 → tanh → linear 10"
        self._network = choice("raceNetworkCombo", tip, NETWORKS, NETWORKS[0], editable=True)
        self._steps = whole_spin("raceStepsSpin", "How many batches the race lasts", 1, 5000, 50, 300)
        self._batch = whole_spin("raceBatchSpin", "Images a batch", 1, 1024, 16, 64)
        self._seed = whole_spin("raceSeedSpin", "Start and batches follow from it", 0, 2**31 - 1, 1, 0)
        tip = "Draws all weights to zero: λ of λ/2 · Σ w²"
        self._decay = rate_spin("raceDecaySpin", tip, 0.0, MOST_PENALTY, 0.0)
        tip = "Weight of Σ |w|; proximal steps and AdagradDA make exact zeros by it, try 0.005, FTRL from 0.3 on"
        self._l1 = rate_spin("raceL1Spin", tip, 0.0, MOST_PENALTY, 0.0)
        self._usual = QPushButton("Usual rates")
        self._usual.setObjectName("raceUsualButton")
        self._usual.setToolTip("Put every learning rate back to where it was at first")
        self._run = RunPanel("race", "How far the race is")
        self._transport, self._progress, self._words = self._run.transport, self._run.progress, self._run.words
        self._transport.setTips("Let every runner take one batch", "Start the race", "End the race and clear the plots")
        self._loss = SeriesPlot("raceLossPlot", "loss", "batches", log_y=True)
        self._accuracy = SeriesPlot("raceAccuracyPlot", "%", "batches")
        self._accuracy.setYRange(0, 100, padding=0)
        self._job = Background(self)
        self._redraw = QTimer(self)
        self._redraw.setSingleShot(True)
        self._redraw.setInterval(_DRAW_MS)
        self._lay_out()
        self._connect()
        self._show_idle()

    def _lay_out(self) -> None:
        form = QFormLayout()
        form.addRow("Network", self._network)
        form.addRow("Batches", self._steps)
        form.addRow("Batch size", self._batch)
        form.addRow("Seed", self._seed)
        form.addRow("L2 penalty", self._decay)
        form.addRow("L1 penalty", self._l1)
        side = QWidget()
        left = bare_column(side)
        left.addLayout(form)
        left.addWidget(self._run)
        self._list.setHeading("Runners", "learning rate")
        left.addWidget(self._list)
        left.addWidget(self._usual)
        left.addStretch(1)
        plots = plot_column(((_LOSS, self._loss), (_ACCURACY, self._accuracy)))
        bare_column(self).addWidget(SideBySide(side, plots), 1)

    def _connect(self) -> None:
        self._transport.runPressed.connect(lambda: self._go(one_step=False))
        self._transport.stepPressed.connect(lambda: self._go(one_step=True))
        self._transport.stopPressed.connect(self._job.pause)
        self._transport.resetPressed.connect(self._reset)
        self._usual.clicked.connect(self._put_rates_back)
        self._list.toggled.connect(self._show_idle)
        self._job.runningChanged.connect(self._transport.setRunning)
        self._job.said.connect(self._take)
        self._job.troubled.connect(self._words.setText)
        self._job.ended.connect(self._ended)
        self._redraw.timeout.connect(self._draw)
        for plot in (self._loss, self._accuracy):
            plot.hovered.connect(self._hover)

    # What the frame says.

    def setTheme(self, theme: Theme) -> None:
        super().setTheme(theme)
        for part in (self._loss, self._accuracy, self._transport):
            part.setTheme(theme)

    def setDataFolder(self, folder: Path) -> None:
        self._folder = folder

    def leave(self) -> None:
        super().leave()
        self._redraw.stop()

    def enter(self) -> None:
        super().enter()
        self._draw()

    # The race.

    def _go(self, one_step: bool) -> None:
        if self._job.alive:
            self._job.step() if one_step else self._job.resume()
            return
        names = self._list.chosen()
        if not names:
            return
        steps = self._steps.value()
        course = Course(
            self._network.currentText().strip(), self._batch.value(), steps, self._seed.value(),
            max(1, steps // _LOOKS), self._decay.value(), self._l1.value(),
        )  # fmt: skip
        runners = tuple(Runner(name, self._list.rate(name)) for name in names)
        self._field = _Field(names)
        self._list.clearValues()
        self._words.setText("")
        self._progress.setRange(0, steps)
        self._progress.setValue(0)
        folder = self._folder or data_folder()
        self._job.start(partial(_racing, course, runners, self._digits, folder), one_step=one_step)
        self._lock(True)

    def _take(self, found: object) -> None:
        if isinstance(found, Working):
            racing = found.what == "Racing"
            self._words.setText(f"Batch {found.done} of {found.total}" if racing else f"{found.what} …")
            if racing:
                self._progress.setValue(found.done)
        elif isinstance(found, list):
            for event in found:
                self._field.take(event)
            if not self._redraw.isActive():
                self._redraw.start()

    def _ended(self) -> None:
        self._lock(False)
        self._draw()
        ranked = self._field.ranked()
        if ranked:
            best = "  ".join(
                f"{place}. {name} {100 * share:.1f} %" for place, (name, share) in enumerate(ranked[:3], 1)
            )
            words = f"Finished, by accuracy on {thousands(EXAMINED)} test images:\n{best}"
            if self._l1.value():
                zeros = ", ".join(f"{name} {100 * share:.0f} %" for name, share in self._field.zeros())
                words += f"\nWeights that are exactly 0: {zeros}"
            self._words.setText(words)

    def _reset(self) -> None:
        self._job.stop()
        self._field = _Field([])
        self._progress.setValue(0)
        self._list.clearValues()
        self._lock(False)
        self._draw()
        self._show_idle()

    def _lock(self, locked: bool) -> None:
        self._list.setLocked(locked)
        for field in (self._network, self._steps, self._batch, self._seed, self._decay, self._l1, self._usual):
            field.setEnabled(not locked)

    def _put_rates_back(self) -> None:
        self._list.setRates({name: kind.default_lr for name, kind in OPTIMIZERS.items()})

    # What is shown.

    def _show_idle(self) -> None:
        ready = bool(self._list.chosen())
        self._transport.run.setEnabled(ready)
        self._transport.step.setEnabled(ready)
        if not self._field.names:
            self._words.setText("Press Run: the curves grow side by side." if ready else "Tick at least one runner.")

    def _draw(self) -> None:
        names = self._field.names
        places = [self._list.place(name) for name in names]
        self._loss.showSeries(
            [Series(*both, *self._field.losses(i)) for i, both in enumerate(zip(names, places, strict=True))]
        )
        self._accuracy.showSeries(
            [Series(*both, *self._field.accuracies(i)) for i, both in enumerate(zip(names, places, strict=True))]
        )
        self._tell()

    def _hover(self, batch: float | None) -> None:
        self._at = batch
        self._tell()

    def _tell(self) -> None:
        """Write the newest accuracies into the list, or what both plots have under the mouse."""
        for i, name in enumerate(self._field.names):
            share = at_or_before(*self._field.accuracies(i), self._at)
            loss = at_or_before(*self._field.losses(i), self._at)
            text = "–" if share is None else f"{share:.1f} %"
            if self._at is not None and loss is not None:
                text = number(loss)
            self._list.setValue(name, "diverged" if i in self._field.dropped and self._at is None else text)


class _Field:
    """The curves of all runners so far."""

    def __init__(self, names: list[str]) -> None:
        self.names = names
        self.dropped: set[int] = set()
        self._losses: list[list[tuple[int, float]]] = [[] for _ in names]
        self._accuracies: list[list[tuple[int, float]]] = [[] for _ in names]
        self._zeros = [0.0 for _ in names]

    def take(self, event: object) -> None:
        """Note one event of the race."""
        match event:
            case Stride():
                self._losses[event.runner].append((event.step, event.smooth))
            case Examined():
                self._accuracies[event.runner].append((event.step, 100 * event.accuracy))
                self._zeros[event.runner] = event.zeros
            case Dropped():
                self.dropped.add(event.runner)

    def losses(self, i: int) -> tuple[np.ndarray, np.ndarray]:
        """Batches and the smoothed loss there."""
        return _columns(self._losses[i])

    def accuracies(self, i: int) -> tuple[np.ndarray, np.ndarray]:
        """Batches and per cent of the test images."""
        return _columns(self._accuracies[i])

    def zeros(self) -> list[tuple[str, float]]:
        """Names, and the share of the weights that are exactly 0."""
        return list(zip(self.names, self._zeros, strict=True))

    def ranked(self) -> list[tuple[str, float]]:
        """Names and last accuracies (0 to 1), the best first, without those that have dropped out."""
        last = {i: points[-1][1] / 100 for i, points in enumerate(self._accuracies) if points and i not in self.dropped}
        return [(self.names[i], last[i]) for i in standings(last)]


_LOSS = "Training loss, smoothed over some twenty batches"
_ACCURACY = f"Accuracy on {thousands(EXAMINED)} test images"


def _columns(points: list[tuple[int, float]]) -> tuple[np.ndarray, np.ndarray]:
    table = np.array(points, np.float64).reshape(-1, 2)
    return table[:, 0], table[:, 1]


def _racing(
    course: Course, runners: tuple[Runner, ...], digits: KeptDigits, folder: Path
) -> Generator[object, None, None]:
    """Load the digits if need be, and race; a value is one batch for every runner."""
    dataset = yield from digits.get(folder, _IMAGES)
    yield from rounds(race(course, runners, dataset, TrainSettings().threads), course.steps)

"""The network of objects: nodes and connections, each with its own numbers, stepped by hand or trained."""

from __future__ import annotations

from collections.abc import Generator
from functools import partial

import numpy as np
from PySide6.QtCore import Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from app.background import Background
from app.labs.flow import FlowLayout
from app.labs.node_drawing import NodeDrawing
from app.labs.object_controls import ObjectControls
from app.labs.object_words import CHOOSE, connection_words, epoch_words, node_words, speed_words
from app.labs.page import LabPage
from app.labs.parts import caption, formula, heading
from app.labs.plot import LabPlot
from app.labs.sample_table import SampleTable
from app.mailbox import Latest
from app.theme import Theme
from nn_core.labs.object_network import Connection, Node, ObjectNetwork
from nn_core.labs.object_training import Pace, Speeds, Trained, measure_speeds, train
from nn_core.labs.small_problems import Problem

_POINTS = 1000  # of the curve, at most
_DETAILS = 64  # logical pixels: three lines, so that what stands below does not jump
_NARROW = 720  # logical pixels, below which table and curve stand one above the other
_LARGE = (784, 300, 10)
_STEPS_SAID = (
    "Forwards: every node has asked those below it for their outputs.",
    "Backwards: every node has its error term, every connection its gradient.",
    "Updated: every weight has taken one step. Forwards takes the next sample.",
)


class ObjectNetworkPage(LabPage):
    """One network, which the three steps change on this thread and training in the background."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._controls = ObjectControls(self)
        self._drawing = NodeDrawing("objectDrawing")
        self._about, self._said, self._details = caption(), QLabel(), formula(CHOOSE)
        self._samples, self._progress = SampleTable(), caption()
        self._plot = LabPlot("objectErrorPlot", "mean error E", "epoch")
        self._measure, self._speeds = QPushButton("Measure both forms"), formula()
        self._training, self._measuring = Background(self), Background(self)
        self._problem = self._controls.problem()
        self._network = self._twin = self._problem.network(0)
        self._pace = Pace(self._controls.rate(), self._controls.pace())
        self._sample, self._phase, self._epoch = 0, 0, 0
        self._errors: list[float] = []
        self._own: Speeds | None = None
        self._lay_out()
        self._connect()
        self._begin()

    def _lay_out(self) -> None:
        for name, label in (
            ("Said", self._said), ("Details", self._details), ("Progress", self._progress), ("Speeds", self._speeds),
        ):  # fmt: skip
            label.setObjectName(f"object{name}")
        self._said.setWordWrap(True)
        self._measure.setObjectName("objectMeasureButton")
        self._measure.setToolTip("Time one sample in the network of objects and in the same network made of vectors")
        self._plot.setMinimumSize(260, 200)
        self._plot.setMaximumHeight(260)
        self._plot.getPlotItem().getAxis("left").enableAutoSIPrefix(False)
        self._details.setMinimumHeight(_DETAILS)
        self._details.setAlignment(Qt.AlignmentFlag.AlignTop)
        left = QVBoxLayout()
        left.addWidget(heading("Samples"))
        left.addWidget(self._samples)
        left.addStretch(1)
        right = QVBoxLayout()
        right.addWidget(heading("Error"))
        right.addWidget(self._progress)
        right.addWidget(self._plot)
        self._below = QBoxLayout(QBoxLayout.Direction.LeftToRight)
        self._below.setSpacing(16)
        self._below.addLayout(left)
        self._below.addLayout(right, 1)
        measure = FlowLayout(middle=True)
        measure.addWidget(self._measure)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(10)
        for part in (self._controls, self._about, self._drawing, self._said, self._details):
            column.addWidget(part)
        column.addLayout(self._below)
        column.addWidget(heading("Objects beside vectors"))
        column.addWidget(caption(_FORMS))
        column.addLayout(measure)
        column.addWidget(self._speeds)
        self._speeds.hide()  # until there is something in it
        column.addStretch(1)

    def _connect(self) -> None:
        controls, transport = self._controls, self._controls.transport
        controls.problemChosen.connect(self._begin)
        controls.rateChanged.connect(self._take_rate)
        controls.paceChanged.connect(lambda pace: setattr(self._pace, "epochs_per_second", pace))
        controls.stepPressed.connect(self._step)
        transport.runPressed.connect(self._run)
        transport.stopPressed.connect(self._training.stop)
        transport.stepPressed.connect(self._one_epoch)
        transport.resetPressed.connect(self._begin)
        self._samples.sampleChosen.connect(self._choose_sample)
        self._drawing.chosen.connect(lambda _: self._describe())
        self._training.said.connect(self._take)
        self._training.runningChanged.connect(self._running_changed)
        self._measure.clicked.connect(self._measure_speeds)
        self._measuring.said.connect(self._take_speeds)
        self._measuring.runningChanged.connect(lambda running: self._measure.setEnabled(not running))

    # What the user does.

    def _begin(self) -> None:
        """Begin anew with the problem and the seed that are chosen."""
        self._training.stop()
        self._problem = self._controls.problem()
        self._network, self._twin = (self._problem.network(self._controls.seed()) for _ in range(2))
        self._drawing.setNetwork(self._network)
        self._about.setText(self._problem.about)
        self._said.setText("Nothing has happened yet. Press Forwards, or Run.")
        self._sample, self._phase, self._epoch = 0, 0, 0
        self._errors.clear()
        self._plot.clearCurves()
        self._refresh()

    def _choose_sample(self, sample: int) -> None:
        if sample != self._sample:
            self._sample = sample
            if self._training.running:
                self._look()
            else:
                self._phase = 0
            self._refresh()

    def _take_rate(self, rate: float) -> None:
        self._pace.rate = rate
        self._describe()

    def _step(self, which: int) -> None:
        """Take one of the three steps by hand."""
        if which == 0:
            if self._phase == 3:
                self._sample = (self._sample + 1) % len(self._problem.samples)
            self._network.forward(self._problem.samples[self._sample])
        elif which == 1:
            self._network.backward(self._problem.targets[self._sample])
        else:
            self._network.update(self._controls.rate())
        self._phase = which + 1
        self._said.setText(f"Sample {self._sample + 1}. {_STEPS_SAID[which]}")
        self._refresh()

    def _one_epoch(self) -> None:
        self._errors.append(self._problem.epoch(self._network, self._controls.rate()))
        self._epoch += 1
        self._trained()

    def _run(self) -> None:
        self._said.setText("Training, one sample at a time. The numbers are those of the chosen sample.")
        self._training.start(partial(train, self._problem, self._network.weights(), self._epoch, self._pace))

    # What the job says.

    def _running_changed(self, running: bool) -> None:
        if not running:
            self._said.setText("Stopped. Go on by hand from here, or press Run.")
        self._allow()

    def _take(self, trained: Trained) -> None:
        if trained.errors:
            self._network.load(trained.weights)
            self._errors += trained.errors
            self._epoch = trained.epoch
            self._trained()

    def _trained(self) -> None:
        every = max(1, len(self._errors) // _POINTS)
        epochs = np.arange(1.0, len(self._errors) + 1)
        self._plot.setCurve("mean error", epochs[::every], np.array(self._errors)[::every])
        self._look()
        self._refresh()

    def _look(self) -> None:
        """Send the chosen sample forwards and backwards, for its numbers to be seen."""
        self._network.forward(self._problem.samples[self._sample])
        self._network.backward(self._problem.targets[self._sample])
        self._phase = 2

    def _refresh(self) -> None:
        """Show the network as it is; a twin answers to all samples, so that what is seen stays what the steps made."""
        self._twin.load(self._network.weights())
        self._samples.show_answers(self._problem, self._twin, self._sample)
        solved = self._problem.solved(self._twin)
        self._progress.setText(epoch_words(self._epoch, self._errors[-1] if self._errors else None, solved))
        targets = self._problem.targets[self._sample]
        self._drawing.showNumbers(targets, fired=self._phase > 0, blamed=self._phase > 1)
        self._allow()
        self._describe()

    def _allow(self) -> None:
        self._controls.allow(running=self._training.running, fired=self._phase in (1, 2), blamed=self._phase == 2)

    def _describe(self) -> None:
        chosen, fired, blamed = self._drawing.selected(), self._phase > 0, self._phase > 1
        if isinstance(chosen, Connection):
            words = connection_words(chosen, self._controls.rate(), blamed=blamed, updated=self._phase == 3)
        elif isinstance(chosen, Node):
            last = self._network.layers[-1].nodes
            targets = self._problem.targets[self._sample]
            target = targets[last.index(chosen)] if chosen in last else None
            words = node_words(chosen, target, fired=fired, blamed=blamed, updated=self._phase == 3)
        else:
            words = CHOOSE
        self._details.setText(words)

    # Both forms.

    def _measure_speeds(self) -> None:
        self._training.stop()  # which would take time from both
        self._speeds.setText("measuring …")
        self._speeds.show()
        self._own = None
        self._measuring.start(partial(_both_sizes, self._problem, self._network.weights(), self._controls.rate()))

    def _take_speeds(self, speeds: Speeds | None) -> None:
        if speeds is None:
            return
        if speeds.sizes == _LARGE and self._own is not None:
            self._speeds.setText(speed_words(self._own, speeds))
        else:
            self._own = speeds
            self._speeds.setText(speed_words(speeds, None))

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Put the curve below the table where there is no room beside it."""
        super().resizeEvent(event)
        way = QBoxLayout.Direction
        self._below.setDirection(way.TopToBottom if self.width() < _NARROW else way.LeftToRight)

    def setTheme(self, theme: Theme) -> None:
        """Take the colours of a theme."""
        super().setTheme(theme)
        self._controls.setTheme(theme)
        self._plot.setTheme(theme)


def _both_sizes(problem: Problem, weights: list[float], rate: float) -> Generator[object, None, None]:
    """Measure the small network, then 784-300-10 on noise; each yield is a moment at which the job can be stopped."""
    small = problem.network(0)
    small.load(weights)
    yield (yield from _quietly(measure_speeds(small, problem.samples, problem.targets, rate)))
    rng = np.random.default_rng(0)
    large = ObjectNetwork(_LARGE, rng=rng, spread=0.1)
    samples = rng.random((3, _LARGE[0])).tolist()
    targets = np.where(np.eye(3, _LARGE[-1]) > 0, 0.9, 0.1).tolist()
    yield (yield from _quietly(measure_speeds(large, samples, targets, 0.3)))


def _quietly(steps: Generator[None, None, Speeds]) -> Generator[Latest, None, Speeds]:
    while True:
        try:
            next(steps)
        except StopIteration as end:
            speeds: Speeds = end.value
            return speeds
        yield Latest(None)


_FORMS = (
    "The same network, sample and rate, once as objects that call each other and once as matrices: the numbers agree "
    "to 12 decimals. What differs is the time."
)

"""A race of optimisers: one network, one start, the same batches, a step each in turn."""

from __future__ import annotations

import math
from collections.abc import Generator, Iterable
from contextlib import ExitStack
from dataclasses import dataclass

import numpy as np

from nn_core.batches import Batches
from nn_core.data.dataset import Dataset, Split
from nn_core.errors import SettingsError
from nn_core.evaluation import Evaluator, finish
from nn_core.events import Working
from nn_core.labs.limits import check_together
from nn_core.losses import CrossEntropyLoss
from nn_core.model import Model
from nn_core.optimizers import OPTIMIZERS, make_optimizer
from nn_core.presets import make_model
from nn_core.training_step import TrainingStep
from nn_core.workers import Workers

#: Test images that every look at a runner takes; the first ones of the split, the same for all.
EXAMINED = 1000
#: Share of a new batch in the smoothed loss, as in the window's curves.
SMOOTHING = 0.05
MOST_STEPS = 100_000
MOST_PENALTY = 10.0


@dataclass(frozen=True, slots=True)
class Course:
    """What all runners share. `preset` is the name of a network, or a chain.

    With penalties (see `Optimizer`) the proximal optimisers, FTRL and AdagradDA show what they are for: zeros.

    Raises:
        SettingsError: a number is out of its range.
    """

    preset: str = "blog-cnn"
    batch_size: int = 64
    steps: int = 400
    seed: int = 0
    examine_every: int = 25
    weight_decay: float = 0.0
    l1: float = 0.0

    def __post_init__(self) -> None:
        limits = {"batch_size": 60_000, "steps": MOST_STEPS, "examine_every": MOST_STEPS}
        for name, most in limits.items():
            if not 1 <= getattr(self, name) <= most:
                raise SettingsError(f"{name} (={getattr(self, name)}) must lie between 1 and {most}")
        for name in ("weight_decay", "l1"):
            if not 0 <= getattr(self, name) <= MOST_PENALTY:
                raise SettingsError(f"{name} (={getattr(self, name)}) must lie between 0 and {MOST_PENALTY:g}")


@dataclass(frozen=True, slots=True)
class Runner:
    """An optimiser that takes part, with its learning rate.

    Raises:
        SettingsError: there is no such optimiser, or the rate is out of its range.
    """

    optimizer: str
    learning_rate: float

    def __post_init__(self) -> None:
        if self.optimizer not in OPTIMIZERS:
            raise SettingsError(f"optimizer (={self.optimizer!r}) must be one of {', '.join(OPTIMIZERS)}")
        if not 0 < self.learning_rate <= 1e3:
            raise SettingsError(f"the learning rate of {self.optimizer} (={self.learning_rate}) must lie in (0, 1000]")

    @classmethod
    def usual(cls, optimizer: str) -> Runner:
        """The optimiser with a rate that suits it."""
        return cls(optimizer, OPTIMIZERS[optimizer].default_lr)


@dataclass(frozen=True, slots=True)
class Stride:
    """What one runner's step came to: the loss of the batch before it, and smoothed over the batches so far."""

    runner: int
    step: int  # 1 after the first
    loss: float
    smooth: float


@dataclass(frozen=True, slots=True)
class Examined:
    """Loss and accuracy (0 to 1) of one runner on test images, after a step; 0 is the start.

    `zeros` is the share of what it has learnt, weights and biases, that is 0 exactly.
    """

    runner: int
    step: int
    loss: float
    accuracy: float
    zeros: float = 0.0


@dataclass(frozen=True, slots=True)
class Dropped:
    """A runner whose loss is no longer a finite number is out."""

    runner: int
    step: int


RaceEvent = Stride | Examined | Dropped


def race(course: Course, runners: tuple[Runner, ...], dataset: Dataset, threads: int) -> Generator[RaceEvent]:
    """Run the race; it ends after the last step, or when all have dropped out.

    The same course, runners and data give the same numbers, whatever the number of threads and whoever else runs.

    Raises:
        SettingsError: there is no such network, or there are too many for the memory.
    """
    check_together(course.preset, len(runners))
    with ExitStack() as stack:
        workers = stack.enter_context(Workers(threads))
        tracks = [_Track(i, runner, course, dataset, workers) for i, runner in enumerate(runners)]
        for track in tracks:
            yield track.examine(0)
        for step in range(course.steps):
            for track in tracks:
                yield (stride := track.run(step))
                if isinstance(stride, Dropped):
                    continue
                if (step + 1) % course.examine_every == 0 or step + 1 == course.steps:
                    yield track.examine(step + 1)
            tracks = [track for track in tracks if not track.dropped]


def rounds(events: Iterable[RaceEvent], steps: int) -> Generator[Working | list[RaceEvent]]:
    """The events of a race, gathered by their steps, the start with the first; in between, how far the race is."""
    found: list[RaceEvent] = []
    for event in events:
        if found and event.step > max(1, found[-1].step):
            yield found
            found = []
        found.append(event)
        yield Working("Racing", event.step, steps)
    if found:
        yield found


class _Track:
    """One runner under way."""

    def __init__(self, place: int, runner: Runner, course: Course, dataset: Dataset, workers: Workers) -> None:
        model: Model = make_model(course.preset, course.seed)
        batches = Batches(dataset.train, course.batch_size, course.seed)
        optimizer = make_optimizer(runner.optimizer, runner.learning_rate, course.weight_decay, course.l1)
        loss = CrossEntropyLoss()
        self._training = TrainingStep(model.network, batches, loss, optimizer, model.normalization, workers)
        self._evaluator = Evaluator(model.network, model.normalization, workers, loss)
        self._some = Split(dataset.test.images[:EXAMINED], dataset.test.labels[:EXAMINED])
        self._network = model.network
        self._place, self._smooth, self.dropped = place, 0.0, False

    def run(self, step: int) -> Stride | Dropped:
        loss, _, _ = self._training.run(step)
        if not math.isfinite(loss):
            self.dropped = True
            return Dropped(self._place, step + 1)
        self._smooth += max(SMOOTHING, 1 / (step + 1)) * (loss - self._smooth)
        return Stride(self._place, step + 1, loss, self._smooth)

    def examine(self, step: int) -> Examined:
        found = finish(self._evaluator.evaluate(self._some))
        learnt = self._network.vector[: self._network.layout.learnt]
        zeros = 1 - int(np.count_nonzero(learnt)) / learnt.size
        return Examined(self._place, step, found.loss, found.accuracy, zeros)


def standings(accuracies: dict[int, float]) -> list[int]:
    """The runners, best accuracy first; who has none comes last."""
    return sorted(accuracies, key=lambda place: -accuracies[place] if math.isfinite(accuracies[place]) else math.inf)

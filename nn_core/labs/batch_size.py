"""What the size of a batch does: how noisy its gradient is, and what a step costs and brings."""

from __future__ import annotations

import math
import time
from collections.abc import Generator
from dataclasses import dataclass

import numpy as np

from nn_core.batches import Batches, as_pixels
from nn_core.data.dataset import Dataset, Split
from nn_core.errors import SettingsError
from nn_core.evaluation import Evaluator, finish
from nn_core.events import Working
from nn_core.labs.limits import check_together
from nn_core.layers import Array
from nn_core.losses import CrossEntropyLoss
from nn_core.model import Model
from nn_core.network import Pass
from nn_core.optimizers import make_optimizer
from nn_core.presets import make_model
from nn_core.training_step import TrainingStep
from nn_core.workers import CHUNK, Workers

#: Held-out images on which every size is examined; the first ones of the test split.
EXAMINED = 500
#: At least this many batches of a size are drawn to see how much their gradients differ, and at most `MOST_DRAWS`.
LEAST_DRAWS, MOST_DRAWS = 4, 40
#: Seconds of training between two changes of turn, and how much longer one trains from one look to the next.
TURN, LATER = 0.05, 1.25
#: The batch size at which the learning rate is as given.
REFERENCE = 64
RULES = ("constant", "square root", "linear")


@dataclass(frozen=True, slots=True)
class Noise:
    """How far gradients of batches of one size lie from the gradient of the whole set."""

    batch_size: int
    draws: int
    relative: float  # root mean square of ‖g_batch − g‖ / ‖g‖
    cosine: float  # mean cosine of the angle between g_batch and g


@dataclass(frozen=True, slots=True)
class Comparison:
    """What batch sizes are compared on: plain gradient descent, `seconds` of training for each of them.

    `rule` says how the rate, given for a batch of `REFERENCE`, follows the size: not at all, as its square root, or in
    proportion (Goyal et al. 2017, section 2.1).

    Raises:
        SettingsError: a value is out of its range, or there is no such rule.
    """

    preset: str = "blog-cnn"
    sizes: tuple[int, ...] = (1, 8, 64, 512)
    learning_rate: float = 0.1
    rule: str = "square root"
    seconds: float = 5.0
    seed: int = 0

    def __post_init__(self) -> None:
        if not self.sizes or not all(1 <= size <= 60_000 for size in self.sizes):
            raise SettingsError(f"batch sizes (={self.sizes}) must lie between 1 and 60,000")
        if self.rule not in RULES:
            raise SettingsError(f"rule (={self.rule!r}) must be one of {', '.join(RULES)}")
        if not 0 < self.learning_rate <= 1e3 or not 0 < self.seconds <= 3600:
            found = f"learning rate (={self.learning_rate}) and seconds (={self.seconds})"
            raise SettingsError(f"{found} must be above 0, and at most 1000 and 3600")

    def rate(self, size: int) -> float:
        """The learning rate for batches of this size."""
        return self.learning_rate * math.pow(size / REFERENCE, RULES.index(self.rule) / 2)


@dataclass(frozen=True, slots=True)
class Examined:
    """How good the network is that batches of one size have made, after so many images and seconds of training."""

    batch_size: int
    steps: int
    images: int
    seconds: float  # of training alone
    loss: float
    accuracy: float


def gradient(model: Model, images: Array, labels: Array, memory: Pass) -> Array:
    """The gradient of the mean cross-entropy over images uint8 `(N, 28, 28)`, as a step of training finds it."""
    outputs = model.network.forward(
        model.normalization(as_pixels(images)), memory, training=True, rng=np.random.default_rng(0)
    )
    _, dy = CrossEntropyLoss()(outputs, labels)
    model.network.backward(dy, memory)
    return memory.gradient


def whole_gradient(
    model: Model, split: Split, memory: Pass, what: str = "The gradient of the whole set"
) -> Generator[Working, None, Array]:
    """The gradient over a whole split in float64; yields how far it is."""
    total = np.zeros(model.network.layout.learnt)
    for start in range(0, len(split), CHUNK):
        part = slice(start, start + CHUNK)
        images, labels = split.images[part], split.labels[part]
        total += gradient(model, images, labels, memory) * (len(labels) / len(split))
        yield Working(what, start + len(labels), len(split))
    return total


def noises(comparison: Comparison, split: Split) -> Generator[Working | Noise]:
    """For each batch size, how noisy the gradient is at the network's start.

    Batches are drawn as training draws them, without repetition; where b of n images are drawn, the mean of
    ‖g_b − g‖² is the gradients' variance over b, times (n − b) / (n − 1).
    """
    model = make_model(comparison.preset, comparison.seed)
    memory, rng = Pass(model.network), np.random.default_rng(comparison.seed)
    whole = yield from whole_gradient(model, split, memory)
    length = float(np.linalg.norm(whole)) or 1.0
    for size in comparison.sizes:
        size = min(size, len(split))
        draws = 1 if size == len(split) else max(LEAST_DRAWS, min(MOST_DRAWS, 2048 // size))
        squares, cosines = [], []
        for draw in range(draws):
            chosen = rng.choice(len(split), size, replace=False)
            found = whole if size == len(split) else (yield from _batch_gradient(model, split, chosen, memory))
            squares.append(float(np.square(found - whole).sum()))
            cosines.append(float(found @ whole) / ((float(np.linalg.norm(found)) or 1.0) * length))
            yield Working(f"Gradients of batches of {size}", draw + 1, draws)
        yield Noise(size, draws, math.sqrt(sum(squares) / draws) / length, sum(cosines) / draws)


def _batch_gradient(model: Model, split: Split, chosen: Array, memory: Pass) -> Generator[Working, None, Array]:
    part = Split(split.images[chosen], split.labels[chosen])
    if len(part) <= CHUNK:
        return gradient(model, part.images, part.labels, memory).astype(np.float64)
    return (yield from whole_gradient(model, part, memory, f"Gradients of batches of {len(part)}"))


def compare(comparison: Comparison, dataset: Dataset, threads: int) -> Generator[Working | Examined]:
    """Train a network with each batch size for the same time, taking turns, so that all curves grow together.

    A size whose loss is no longer a finite number ends there. Seconds depend on the machine and what else it does;
    steps and losses after so many images do not.

    Raises:
        SettingsError: there is no such network, or there are too many for the memory.
    """
    check_together(comparison.preset, len(comparison.sizes))
    with Workers(threads) as workers:
        runs = [_Run(comparison, size, dataset, workers) for size in comparison.sizes]
        for run in runs:
            yield run.examine()
        while active := [run for run in runs if run.seconds < comparison.seconds and not run.diverged]:
            run = min(active, key=lambda one: one.seconds)
            run.train(min(run.seconds + TURN, run.next_look, comparison.seconds))
            spent = sum(one.seconds for one in runs)
            yield Working("Training", round(100 * spent), round(100 * comparison.seconds * len(runs)))
            if run.is_due or run.seconds >= comparison.seconds or run.diverged:
                yield run.examine()


class _Run:
    """The training with one batch size."""

    def __init__(self, comparison: Comparison, size: int, dataset: Dataset, workers: Workers) -> None:
        model = make_model(comparison.preset, comparison.seed)
        batches = Batches(dataset.train, size, comparison.seed)
        optimizer, loss = make_optimizer("sgd", comparison.rate(size)), CrossEntropyLoss()
        self._training = TrainingStep(model.network, batches, loss, optimizer, model.normalization, workers)
        self._evaluator = Evaluator(model.network, model.normalization, workers, loss)
        self._some = Split(dataset.test.images[:EXAMINED], dataset.test.labels[:EXAMINED])
        self._size, self._steps, self._images = size, 0, 0
        self.seconds, self.next_look, self.diverged = 0.0, 0.0, False

    @property
    def is_due(self) -> bool:
        """Whether it is time for a look; the looks come ever later, so that they cost little."""
        return self.seconds >= self.next_look

    def train(self, until: float) -> None:
        """Take a step, and more until so many seconds have been spent in them."""
        first = self._steps
        while self._steps == first or (self.seconds < until and not self.diverged):
            started = time.perf_counter()
            loss, _, images = self._training.run(self._steps)
            self.seconds += time.perf_counter() - started
            self._steps, self._images = self._steps + 1, self._images + images
            self.diverged = not math.isfinite(loss)

    def examine(self) -> Examined:
        """Look at the held-out images."""
        self.next_look = LATER * self.seconds
        found = finish(self._evaluator.evaluate(self._some))
        return Examined(self._size, self._steps, self._images, self.seconds, found.loss, found.accuracy)


def loss_at(looks: list[Examined], *, images: float | None = None, seconds: float | None = None) -> float:
    """The loss after so many images, or seconds, between two looks along the line; NaN beyond the last look."""
    x = [look.seconds if images is None else float(look.images) for look in looks]
    at = seconds if images is None else images
    if not x or at is None or at > x[-1]:
        return math.nan
    return float(np.interp(at, x, [look.loss for look in looks]))

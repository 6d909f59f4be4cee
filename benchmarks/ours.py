"""Our side, training alone: `python -m benchmarks.ours` prints images a second, of steps or of a whole run."""

from __future__ import annotations

import re
import sys
import time
from collections.abc import Callable
from functools import cache
from pathlib import Path

from benchmarks.common import BenchmarkError, Found, data_dir, parser, run
from nn_core.batches import Batches
from nn_core.data import Split, load_dataset
from nn_core.events import BatchDone
from nn_core.losses import CrossEntropyLoss
from nn_core.network import Sequential
from nn_core.normalization import MNIST_NORMALIZATION
from nn_core.optimizers import Adam
from nn_core.presets import DEFAULT_PRESET, PRESETS, make_model, network_of
from nn_core.randomness import Purpose, generator
from nn_core.settings import TrainSettings
from nn_core.trainer import Trainer
from nn_core.training_step import TrainingStep
from nn_core.workers import Workers

WARM_UP = 1.0  # seconds of a run that do not count for its speed


@cache
def mnist(folder: Path) -> Split:
    """MNIST's training images."""
    return load_dataset(folder, "mnist").train


def network(preset: str, width: float = 1.0) -> Sequential:
    """A preset's network with `width` times its channels and units, the last layer apart."""
    links = PRESETS[preset].chain.split(" → ")
    wider = [re.sub(r"^(conv \d+×\d+×|linear )(\d+)", lambda m: f"{m[1]}{max(1, round(int(m[2]) * width))}", link)
             for link in links[:-1]]  # fmt: skip
    chain = " → ".join([*wider, links[-1]])
    rng = generator(0, Purpose.INITIAL)
    return network_of(chain, init=PRESETS[preset].init, rng=rng, input_shape=(1, 28, 28))


def multiplications(net: Sequential) -> int:
    """Multiplications of one image on its way forwards."""
    return sum(multiplications_of(net, i) for i in range(len(net.layers)))


def multiplications_of(net: Sequential, i: int) -> int:
    """Those of layer i: a weight is used once for each place of its output; 0 where there is no product."""
    weight, shape = net.layers[i].parameters.get("weight"), net.shapes[i]
    if weight is None or weight.ndim < 2:
        return 0
    return int(weight.size) * (shape[1] * shape[2] if len(shape) == 3 else 1)


def training_rate(net: Sequential, images: Split, batch: int, threads: int, seconds: float) -> float:
    """Images a second, gathered by a random index, Adam and cross-entropy: what `main.py bench` measures too."""
    with Workers(threads) as workers:
        batches = Batches(images, batch, seed=0)
        step = TrainingStep(net, batches, CrossEntropyLoss(), Adam(1e-3), MNIST_NORMALIZATION, workers)
        numbers = iter(range(1 << 62))
        return rate(lambda: step.run(next(numbers))[2], seconds)


def rate(work: Callable[[], int], seconds: float) -> float:
    """What `work` counts a second: three calls to warm up, then as many as there is time for."""
    for _ in range(3):
        work()
    count, started = 0, time.perf_counter()
    while time.perf_counter() - started < seconds:
        count += work()
    return count / (time.perf_counter() - started)


def measure(preset: str, batch: int, threads: int, seconds: float, images: Split) -> Found:
    """{"preset", "batch", "threads", "train_images_per_s"}."""
    speed = training_rate(network(preset), images, batch, threads, seconds)
    return {"preset": preset, "batch": batch, "threads": threads, "train_images_per_s": speed}


def run_rate(preset: str, threads: int, seconds: float, folder: Path) -> Found:
    """{"preset", "batch", "threads", "train_images_per_s"} of a run as `main.py train` makes it, in its first epoch.

    By the clock on the wall, between batches: after `WARM_UP` seconds, for `seconds` or until the epoch ends.
    """
    settings = TrainSettings(preset=preset, dataset="mnist", threads=threads)
    trainer = Trainer(make_model(preset, settings.seed), load_dataset(folder, "mnist"), settings)
    pace = Pace()
    for event in trainer:
        if isinstance(event, BatchDone):
            pace.note(event.step, event.epoch)
        if pace.epoch_is_over or pace.seconds >= WARM_UP + seconds:
            break
    speed = pace.steps_per_s() * settings.batch_size
    return {"preset": preset, "batch": settings.batch_size, "threads": threads, "train_images_per_s": speed}


class Pace:
    """Steps, and the moments at which they were heard of, until the first epoch ends: then comes the test."""

    def __init__(self) -> None:
        self._points: list[tuple[float, int]] = []
        self.epoch_is_over = False

    def note(self, step: int, epoch: float) -> None:
        """Take in that so many steps are done."""
        self.epoch_is_over = self.epoch_is_over or epoch >= 1
        if not self.epoch_is_over:
            self._points.append((time.perf_counter(), step))

    @property
    def seconds(self) -> float:
        """From the first step to the last."""
        return self._points[-1][0] - self._points[0][0] if self._points else 0.0

    def steps_per_s(self) -> float:
        """Steps a second after the warm-up.

        Raises:
            BenchmarkError: there were too few.
        """
        warm = [point for point in self._points if point[0] >= self._points[0][0] + WARM_UP]
        if len(warm) < 2:
            raise BenchmarkError("too few steps to know the speed: give it more seconds")
        (began, first), (ended, last) = warm[0], warm[-1]
        return (last - first) / (ended - began)


def main() -> int:
    """Run from the command line."""
    options = parser(__doc__, seconds=2)
    options.add_argument("--preset", choices=PRESETS, default=DEFAULT_PRESET)
    options.add_argument("--batch", type=int, default=128)
    options.add_argument("--run", action="store_true", help="a run as `train` makes it, with the default settings")
    a = options.parse_args()
    if a.run:
        return run(lambda: run_rate(a.preset, a.threads, a.seconds, data_dir(a.data_dir)))
    return run(lambda: measure(a.preset, a.batch, a.threads, a.seconds, mnist(data_dir(a.data_dir))))


if __name__ == "__main__":
    sys.exit(main())

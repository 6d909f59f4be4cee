"""Training a network of objects at a pace that can be watched, and measuring it beside its vector form."""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Generator, Sequence
from dataclasses import dataclass

import numpy as np

from nn_core.labs.object_network import ObjectNetwork
from nn_core.labs.small_problems import Problem
from nn_core.labs.vector_form import VectorForm
from nn_core.workers import one_blas_thread

#: Epochs after which training ends by itself.
MOST_EPOCHS = 20_000
#: Seconds of work at a stretch; of rest when it is ahead of its pace; and of rest in any case, because pure Python that
#: never rests leaves the window no turn.
_SLICE, _NAP, _BREATH = 0.025, 0.02, 0.004


@dataclass(slots=True)
class Pace:
    """How fast to train and with which learning rate; it may be changed meanwhile, from another thread too."""

    rate: float
    epochs_per_second: float = math.inf


@dataclass(frozen=True, slots=True)
class Trained:
    """Where training stands, and the mean errors of the epochs since the last word of it."""

    epoch: int
    errors: tuple[float, ...]
    weights: tuple[float, ...]


def train(
    problem: Problem, weights: Sequence[float], epoch: int, pace: Pace, *, sleep: Callable[[float], None] = time.sleep
) -> Generator[Trained, None, None]:
    """Go on from these weights, after so many epochs, to `MOST_EPOCHS`; tells 30 times a second how far it is."""
    network = problem.network(0)
    network.load(weights)
    due, before = 1.0, time.perf_counter()
    while epoch < MOST_EPOCHS:
        errors: list[float] = []
        now = time.perf_counter()
        due = min(due + min(now - before, _SLICE + _NAP) * pace.epochs_per_second, MOST_EPOCHS)
        before = now
        while due >= 1 and epoch < MOST_EPOCHS and time.perf_counter() - now < _SLICE:
            errors.append(problem.epoch(network, pace.rate))
            epoch, due = epoch + 1, due - 1
        yield Trained(epoch, tuple(errors), tuple(network.weights()))
        sleep(_NAP if due < 1 else _BREATH)


@dataclass(frozen=True, slots=True)
class Speeds:
    """Seconds that one sample takes, forwards, backwards and update, in both forms of a network."""

    sizes: tuple[int, ...]
    objects: float
    vectors: float

    @property
    def ratio(self) -> float:
        """How many times longer the objects take."""
        return self.objects / self.vectors


def measure_speeds(
    network: ObjectNetwork,
    samples: Sequence[Sequence[float]],
    targets: Sequence[Sequence[float]],
    rate: float,
    *,
    seconds: float = 0.5,
) -> Generator[None, None, Speeds]:
    """Let both forms learn the same samples in turn, each for about so many seconds; yields between two samples.

    The medians count. The network of objects learns; whoever needs it unchanged hands in a copy.
    """  # fmt: skip
    one_blas_thread()
    vectors = VectorForm(network)
    rows = [np.array(samples)[i : i + 1] for i in range(len(samples))]
    wanted = [np.array(targets)[i : i + 1] for i in range(len(samples))]
    objects_took: list[float] = []
    vectors_took: list[float] = []
    began = time.perf_counter()
    while not objects_took or time.perf_counter() - began < 2 * seconds:
        for i in range(len(samples)):
            objects_took.append(_timed(network.learn, samples[i], targets[i], rate))
            yield
            vectors_took.append(_timed(vectors.learn, rows[i], wanted[i], rate))
    return Speeds(network.sizes, float(np.median(objects_took)), float(np.median(vectors_took)))


def _timed(learn: Callable[..., float], *arguments: object) -> float:
    began = time.perf_counter()
    learn(*arguments)
    return time.perf_counter() - began

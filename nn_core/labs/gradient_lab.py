"""The gradient check as a job that tells what it finds, whole or with a slip put into the backward pass."""

from __future__ import annotations

import time
from collections.abc import Callable, Generator
from dataclasses import dataclass

import numpy as np

from nn_core.gradcheck import Entry, GradientCheck, random_batch
from nn_core.labs.slips import Slip, broken
from nn_core.losses import make_loss
from nn_core.network import Sequential
from nn_core.workers import one_blas_thread

_TOLD = 0.05  # seconds between two words


@dataclass(frozen=True, slots=True)
class Question:
    """What is to be checked: a layer or all (None), how many values of each array, and how it is broken, if it is."""

    layer: int | None = None
    most: int = 20
    seed: int = 0
    loss: str = "cross-entropy"
    slip: Slip | None = None
    slip_layer: int = 0


@dataclass(frozen=True, slots=True)
class Checked:
    """What has been found since the last word, and how many values of how many have been looked at."""

    entries: tuple[Entry, ...]
    done: int
    total: int


def check_gradients(make: Callable[[], Sequential], question: Question) -> Generator[Checked, None, None]:
    """Make a network and check it in float64 on a batch of noise.

    Raises:
        SettingsError: the question does not fit the network.
    """
    one_blas_thread()
    yield Checked((), 0, 0)
    network = make()
    yield Checked((), 0, 0)
    whole = network.clone(np.float64)
    network = broken(whole, question.slip_layer, question.slip) if question.slip else whole
    rng = np.random.default_rng(question.seed)
    images, targets = random_batch(whole, rng)
    check = GradientCheck(network, images, targets, make_loss(question.loss), seed=question.seed)
    plan = check.plan(None if question.layer is None else [question.layer], most=question.most, rng=rng)
    yield from _told(check, plan)


def _told(check: GradientCheck, plan: list[tuple[int, str, int]]) -> Generator[Checked, None, None]:
    news: list[Entry] = []
    done, last = 0, time.perf_counter()
    for entry in check.steps(plan):
        if entry is not None:
            news.append(entry)
        if time.perf_counter() - last > _TOLD:
            done, last = done + len(news), time.perf_counter()
            yield Checked(tuple(news), done, len(plan))
            news = []
    yield Checked(tuple(news), len(plan), len(plan))

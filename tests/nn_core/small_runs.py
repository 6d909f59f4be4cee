"""Runs that take no time: a small network on a few random images."""

from __future__ import annotations

from collections.abc import Collection
from itertools import islice
from typing import Any

import numpy as np

from nn_core.data import Dataset, Split
from nn_core.events import BatchDone
from nn_core.initializers import he_uniform
from nn_core.model import Model
from nn_core.network import Sequential
from nn_core.presets import network_of
from nn_core.run_state import RunState
from nn_core.settings import TrainSettings
from nn_core.trainer import Trainer

CHAIN = "conv 5×5×3 stride 2 → batch-norm → relu → max-pool 2 → conv 3×3×4 → flatten → relu → linear 10"


def dataset(count: int = 96) -> Dataset:
    rng = np.random.default_rng(5)
    split = Split(rng.integers(0, 256, (count, 28, 28), np.uint8), rng.integers(0, 10, count).astype(np.uint8))
    return Dataset("random", split, split)


def network(chain: str = CHAIN) -> Sequential:
    return network_of(chain, init=he_uniform, rng=np.random.default_rng(0), input_shape=(1, 28, 28))


class Run:
    """A run that is taken some steps at a time."""

    def __init__(
        self, model: Model, *, resume: RunState | None = None, frozen: Collection[int] = (), **settings: Any
    ) -> None:
        given = {"optimizer": "sgd", "learning_rate": 0.1, "batch_size": 16, "epochs": 2, "schedule": "constant"}
        chosen = TrainSettings(**{**given, **settings})
        self.trainer = Trainer(model, dataset(), chosen, resume=resume, frozen=frozen)
        self._events = iter(self.trainer)

    def steps(self, count: int) -> Run:
        """Take so many steps."""
        for _ in islice((event for event in self._events if isinstance(event, BatchDone)), count):
            pass
        return self

    def finish(self) -> Run:
        """Go on to the end."""
        for _ in self._events:
            pass
        return self

    def stop(self) -> None:
        """Go no further."""
        self._events.close()  # type: ignore[attr-defined]

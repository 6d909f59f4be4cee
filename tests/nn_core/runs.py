"""Small runs: data that nobody needs to learn from, a network with everything in it that could disturb the bits."""

from __future__ import annotations

from dataclasses import fields, is_dataclass
from typing import Any

import numpy as np

from nn_core.data import Dataset, Split
from nn_core.events import Event
from nn_core.initializers import he_uniform
from nn_core.model import Model
from nn_core.normalization import MNIST_NORMALIZATION
from nn_core.presets import network_of
from nn_core.settings import TrainSettings

#: Dropout draws, batch normalisation measures, and the last batch is smaller.
CHAIN = "conv 5×5×4 stride 2 → batch-norm → relu → max-pool 2 → flatten → dropout 0.3 → linear 12 → tanh → linear 10"
SETTINGS = TrainSettings(batch_size=7, epochs=2, seed=5, augment=True, threads=1)
CLOCK = {"seconds", "images_per_s"}


def data(count: int, tests: int = 70) -> Dataset:
    """Random images with random labels."""
    rng = np.random.default_rng(count)

    def split(size: int) -> Split:
        images = rng.integers(0, 256, (size, 28, 28), dtype=np.uint8)
        return Split(images, rng.integers(0, 10, size).astype(np.uint8))

    return Dataset("noise", split(count), split(tests))


def model(seed: int = 0) -> Model:
    network = network_of(CHAIN, init=he_uniform, rng=np.random.default_rng(seed), input_shape=(1, 28, 28))
    return Model(network, MNIST_NORMALIZATION)


def essence(event: Event) -> dict[str, Any]:
    """An event without what the clock says, its arrays as bytes: equal for equal runs."""
    assert is_dataclass(event)
    found: dict[str, Any] = {"event": type(event).__name__}
    for field in fields(event):
        if field.name not in CLOCK:
            value = getattr(event, field.name)
            found[field.name] = value.tobytes() if isinstance(value, np.ndarray) else value
    return found

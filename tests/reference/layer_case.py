"""A layer to be compared and checked: how to make it, and what goes through it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from nn_core.layers import Conv2d, Layer, Linear
from nn_core.network import Sequential
from tests.reference.values import spread


@dataclass(frozen=True)
class LayerCase:
    """Layers and the shape `(N, …)` of what goes through them."""

    name: str
    make: Callable[[], tuple[Layer, ...]]
    shape: tuple[int, ...]
    training: bool = True
    scale: float = 2.0  # the input lies between −scale and scale

    def network(self) -> Sequential:
        """The network, its parameters set to values of this case alone; what divides stays above 0."""
        network = Sequential(*self.make(), input_shape=self.shape[1:])
        for number, (key, values) in enumerate(network.state_dict().items()):
            values[...] = spread(values.shape, self.seed + 10 + number)
            if key.endswith("running_var"):
                values[...] = abs(values) + 0.5
        return network

    @property
    def seed(self) -> int:
        return sum(self.name.encode()) % 1000

    def input(self) -> NDArray[np.float32]:
        return spread(self.shape, self.seed, self.scale)

    def output_gradient(self, shape: tuple[int, ...]) -> NDArray[np.float32]:
        return spread(shape, self.seed + 1)


def rng() -> np.random.Generator:
    return np.random.default_rng(0)  # the values drawn are overwritten


def conv(name: str, shape: tuple[int, ...], out: int, kernel: Any, **more: Any) -> LayerCase:
    return LayerCase(f"conv {name}", lambda: (Conv2d(shape[1], out, kernel, rng=rng(), **more),), shape)


def linear(name: str, shape: tuple[int, int], out: int) -> LayerCase:
    return LayerCase(f"linear {name}", lambda: (Linear(shape[1], out, rng=rng()),), shape)


def simple(name: str, shape: tuple[int, ...], make: Callable[[], Layer], **more: Any) -> LayerCase:
    return LayerCase(name, lambda: (make(),), shape, **more)

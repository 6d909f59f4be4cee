"""The network of objects written with vectors: a `Sequential` of linear layers and sigmoids, in float64."""

from __future__ import annotations

import numpy as np

from nn_core.labs.object_network import ObjectNetwork
from nn_core.layers import Array, Layer, Linear, Sigmoid
from nn_core.losses import SquaredErrorLoss
from nn_core.network import Pass, Sequential


class VectorForm:
    """The same network, sample and rate, in the same three steps; it starts with the weights of `twin`."""

    def __init__(self, twin: ObjectNetwork) -> None:
        self.network = sequential_of(twin)
        self._memory = Pass(self.network)
        self._loss = SquaredErrorLoss()
        self._outputs: Array = np.zeros((1, twin.sizes[-1]))

    @property
    def gradient(self) -> Array:
        """The gradient of every parameter, in the order of `network.vector`."""
        return self._memory.gradient

    def forward(self, sample: Array) -> Array:
        """The outputs `(1, K)` for one sample `(1, features)`."""
        self._outputs = self.network.forward(sample, self._memory, training=True)
        return self._outputs

    def backward(self, targets: Array) -> float:
        """The gradient for the targets `(1, K)`, and the error E = ½ Σ (t − y)²."""
        error, gradient = self._loss(self._outputs, targets)
        self.network.backward(gradient, self._memory)
        return error

    def update(self, rate: float) -> None:
        """One step against the gradient."""
        self.network.vector -= rate * self._memory.gradient

    def learn(self, sample: Array, targets: Array, rate: float) -> float:
        """All three steps; the error before the update."""
        self.forward(sample)
        error = self.backward(targets)
        self.update(rate)
        return error


def sequential_of(twin: ObjectNetwork) -> Sequential:
    """`linear → sigmoid → …` in float64, with a copy of the weights of `twin`."""
    rng = np.random.default_rng(0)  # what is drawn is overwritten
    layers: list[Layer] = []
    for below, above in zip(twin.sizes, twin.sizes[1:], strict=False):
        layers += [Linear(below, above, rng=rng), Sigmoid()]
    network = Sequential(*layers, input_shape=twin.sizes[:1]).clone(np.float64)
    network.vector[...] = as_vector(twin, twin.weights())
    return network


def as_vector(twin: ObjectNetwork, values: list[float]) -> Array:
    """Values in the order of the connections of `twin`, in the order of `sequential_of(twin).vector`."""
    vector, start = [], 0
    for below, above in zip(twin.sizes, twin.sizes[1:], strict=False):
        stop = start + (below + 1) * above
        block = np.array(values[start:stop]).reshape(above, below + 1)
        vector += [block[:, :-1].ravel(), block[:, -1]]
        start = stop
    return np.concatenate(vector)

"""A network of objects: every node and every connection is one, and knows only those that it touches.

It learns by stochastic gradient descent, one sample at a time (Mitchell 1997, Machine Learning, table 4.2), in three
steps that can be taken one by one: `forward`, `backward`, `update`. The same numbers as `vector_form` computes.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence

import numpy as np

from nn_core.errors import SettingsError

#: The most connections of one network: each is an object of about 150 bytes.
MOST_CONNECTIONS = 1_000_000


class Connection:
    """One weight w, from `source` to `target`, and its gradient ∂E/∂w = −δ_target · output_source."""

    __slots__ = ("gradient", "source", "target", "weight")

    def __init__(self, source: Node, target: Node, weight: float) -> None:
        self.source, self.target, self.weight, self.gradient = source, target, weight, 0.0
        source.outgoing.append(self)
        target.incoming.append(self)

    def find_gradient(self) -> None:
        """Work the gradient out from the error term of the target."""
        self.gradient = -self.target.delta * self.source.output

    def update(self, rate: float) -> None:
        """w ← w − rate · ∂E/∂w."""
        self.weight -= rate * self.gradient


class Node:
    """A neuron: output = σ(Σ w · output_source), error term δ = −∂E/∂(that sum)."""

    __slots__ = ("delta", "incoming", "name", "outgoing", "output")

    def __init__(self, name: str) -> None:
        self.name, self.output, self.delta = name, 0.0, 0.0
        self.incoming: list[Connection] = []
        self.outgoing: list[Connection] = []

    @property
    def weighted_input(self) -> float:
        """Σ w · output_source over all connections that come in."""
        return sum(each.weight * each.source.output for each in self.incoming)

    def fire(self) -> None:
        """Work the output out from those of the layer below."""
        self.output = sigmoid(self.weighted_input)

    def blame_output(self, target: float) -> None:
        """δ = y · (1 − y) · (t − y), for a node of the last layer and E = ½ Σ (t − y)²."""
        self.delta = self.output * (1 - self.output) * (target - self.output)

    def blame_hidden(self) -> None:
        """δ = y · (1 − y) · Σ w · δ_target over all connections that go out."""
        passed_back = sum(each.weight * each.target.delta for each in self.outgoing)
        self.delta = self.output * (1 - self.output) * passed_back


class ConstantNode(Node):
    """A node whose output is always 1: the weights of what goes out of it are the biases of the layer above."""

    __slots__ = ()

    def __init__(self, name: str) -> None:
        super().__init__(name)
        self.output = 1.0


class Layer:
    """Nodes side by side, and beside them, but for the last layer, the constant one."""

    def __init__(self, number: int, size: int, *, constant: bool) -> None:
        letter = "x" if number == 0 else "h" if constant else "y"
        self.nodes = [Node(f"{letter}{i}") for i in range(1, size + 1)]
        self.constant = ConstantNode("1") if constant else None

    def connect(self, above: Layer, weights: Iterator[float]) -> list[Connection]:
        """Connect every node of this layer, the constant one last, with every node of the one above."""
        sources = [*self.nodes, *([self.constant] if self.constant else [])]
        return [Connection(source, target, next(weights)) for target in above.nodes for source in sources]

    def outputs(self) -> list[float]:
        return [node.output for node in self.nodes]


class ObjectNetwork:
    """Layers of `sizes` nodes, the first for the input; weights are drawn from U(−spread, spread), biases too.

    `connections` come layer by layer, node by node of the upper layer, the bias last of each node's.

    Raises:
        SettingsError: there are fewer than two layers, an empty one, or too many connections.
    """

    def __init__(self, sizes: Sequence[int], *, rng: np.random.Generator, spread: float = 0.5) -> None:
        self.sizes = tuple(sizes)
        if len(self.sizes) < 2 or min(self.sizes) < 1:
            raise SettingsError(f"sizes (={self.sizes}) must be two or more layers of at least one node")
        count = sum((below + 1) * above for below, above in zip(self.sizes, self.sizes[1:], strict=False))
        if count > MOST_CONNECTIONS:
            raise SettingsError(f"sizes (={self.sizes}) make {count:,} connections: at most {MOST_CONNECTIONS:,}")
        last = len(self.sizes) - 1
        self.layers = [Layer(i, size, constant=i < last) for i, size in enumerate(self.sizes)]
        weights = iter(rng.uniform(-spread, spread, count).tolist())
        self.connections: list[Connection] = []
        for below, above in zip(self.layers, self.layers[1:], strict=False):
            self.connections += below.connect(above, weights)

    def forward(self, sample: Sequence[float]) -> list[float]:
        """The outputs for one sample, layer after layer.

        Raises:
            SettingsError: it has another number of values than the first layer has nodes.
        """
        for node, value in zip(self.layers[0].nodes, self._fitting("sample", sample, 0), strict=True):
            node.output = float(value)
        for layer in self.layers[1:]:
            for node in layer.nodes:
                node.fire()
        return self.layers[-1].outputs()

    def error(self, targets: Sequence[float]) -> float:
        """E = ½ Σ (t − y)² for the outputs as they are.

        Raises:
            SettingsError: there are not as many targets as outputs.
        """
        wanted = self._fitting("targets", targets, -1)
        return 0.5 * sum((t - y) ** 2 for t, y in zip(wanted, self.layers[-1].outputs(), strict=True))

    def backward(self, targets: Sequence[float]) -> None:
        """Error terms from the last layer down to the first hidden one, then the gradient of every connection.

        Raises:
            SettingsError: there are not as many targets as outputs.
        """
        for node, target in zip(self.layers[-1].nodes, self._fitting("targets", targets, -1), strict=True):
            node.blame_output(target)
        for layer in self.layers[-2:0:-1]:
            for node in layer.nodes:
                node.blame_hidden()
        for connection in self.connections:
            connection.find_gradient()

    def update(self, rate: float) -> None:
        """Let every connection take one step against its gradient."""
        for connection in self.connections:
            connection.update(rate)

    def learn(self, sample: Sequence[float], targets: Sequence[float], rate: float) -> float:
        """All three steps for one sample; its error before the update."""
        self.forward(sample)
        self.backward(targets)
        error = self.error(targets)
        self.update(rate)
        return error

    def weights(self) -> list[float]:
        """The weights, in the order of `connections`."""
        return [connection.weight for connection in self.connections]

    def load(self, weights: Sequence[float]) -> None:
        """Take these weights over, in the order of `connections`.

        Raises:
            SettingsError: their number is another.
        """
        if len(weights) != len(self.connections):
            raise SettingsError(f"this network has {len(self.connections)} weights, not {len(weights)}")
        for connection, weight in zip(self.connections, weights, strict=True):
            connection.weight = float(weight)

    def _fitting(self, name: str, values: Sequence[float], layer: int) -> Sequence[float]:
        if len(values) != self.sizes[layer]:
            raise SettingsError(f"{name} has {len(values)} values where the network has {self.sizes[layer]} nodes")
        return values


def sigmoid(x: float) -> float:
    """1 / (1 + e^(−x)), without overflow."""
    if x >= 0:
        return 1 / (1 + math.exp(-x))
    small = math.exp(x)
    return small / (1 + small)

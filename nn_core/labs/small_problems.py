"""Small problems for the network of objects: exclusive or, and the encoder."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from nn_core.labs.object_network import ObjectNetwork

Row = tuple[float, ...]


@dataclass(frozen=True, slots=True)
class Problem:
    """Samples with targets, the sizes of a network for them, and how it starts and learns."""

    name: str
    about: str
    sizes: tuple[int, ...]
    samples: tuple[Row, ...]
    targets: tuple[Row, ...]
    rate: float
    spread: float  # of the first weights
    enough: float = 0.2  # an output so near to its target is right

    def network(self, seed: int) -> ObjectNetwork:
        """The network that a run with `seed` starts from."""
        return ObjectNetwork(self.sizes, rng=np.random.default_rng(seed), spread=self.spread)

    def epoch(self, network: ObjectNetwork, rate: float) -> float:
        """Learn every sample once, in their order; the mean error, of each before its own update."""
        pairs = zip(self.samples, self.targets, strict=True)
        return sum(network.learn(sample, target, rate) for sample, target in pairs) / len(self.samples)

    def outputs(self, network: ObjectNetwork) -> list[list[float]]:
        """What the network answers to each sample; it is left as the last one put it."""
        return [network.forward(sample) for sample in self.samples]

    def solved(self, network: ObjectNetwork) -> bool:
        """Whether every output is near enough to its target."""
        return all(
            abs(y - t) < self.enough
            for row, wanted in zip(self.outputs(network), self.targets, strict=True)
            for y, t in zip(row, wanted, strict=True)
        )


def _exclusive_or(name: str, hidden: int, about: str) -> Problem:
    samples = ((0.0, 0.0), (0.0, 1.0), (1.0, 0.0), (1.0, 1.0))
    targets = tuple((float(a != b),) for a, b in samples)
    return Problem(name, about, (2, hidden, 1), samples, targets, rate=1.0, spread=1.0)


_ONE_OF_EIGHT: tuple[Row, ...] = tuple(map(tuple, np.eye(8).tolist()))

#: By their short names.
PROBLEMS: dict[str, Problem] = {
    "xor-2": _exclusive_or(
        "XOR, 2-2-1", 2, "One output tells whether two inputs differ. Two hidden nodes can do it, but may get stuck."
    ),
    "xor-3": _exclusive_or("XOR, 2-3-1", 3, "One output tells whether two inputs differ. Three hidden nodes."),
    "encoder": Problem(
        "Encoder, 8-3-8",
        "The outputs repeat the inputs through three hidden nodes: these find a code of three bits for eight samples.",
        (8, 3, 8), _ONE_OF_EIGHT, _ONE_OF_EIGHT, rate=1.0, spread=0.5,
    ),
}  # fmt: skip

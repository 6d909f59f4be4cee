"""One step of training: the parts of a batch side by side, then the optimiser over the parameters."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

import numpy as np

from nn_core.batches import Batches
from nn_core.errors import SettingsError
from nn_core.layers import Array
from nn_core.losses import Loss
from nn_core.network import Pass, Sequential
from nn_core.normalization import Normalization
from nn_core.optimizers import Optimizer
from nn_core.randomness import Purpose, generator
from nn_core.workers import CHUNK, Workers

#: A batch is cut into at most this many parts, whatever the number of threads: see `parts_of`.
MOST_PARTS = 8
#: Values that the optimiser takes at once. Smaller blocks would stay in the second-level cache, but then two threads
#: spend more time on handing the interpreter to each other than in NumPy's loops.
BLOCK = 131_072


def parts_of(count: int) -> list[slice]:
    """How a batch of `count` images is cut: two halves at least, a part for every 64 images up to `MOST_PARTS`.

    The cut depends on the size of the batch alone and the parts are added up in their order, so the same seed gives
    the same bits with any number of threads.
    """
    parts = min(count, MOST_PARTS, max(2, count // CHUNK))
    edges = np.linspace(0, count, parts + 1).round().astype(int)
    return [slice(a, b) for a, b in zip(edges, edges[1:], strict=False)]


@dataclass(slots=True)
class PartResult:
    """Loss (already over the size of the batch) and right answers of one part."""

    loss: float = 0.0
    correct: int = 0


class TrainingStep:
    """Runs single steps; it owns the memory that they use, and the optimiser's memory in `memory`.

    With `max_norm` above 0 no unit's vector of incoming weights is longer than that after a step.
    """

    def __init__(
        self, network: Sequential, batches: Batches, loss: Loss, optimizer: Optimizer, normalization: Normalization,
        workers: Workers, *, max_norm: float = 0.0,
    ) -> None:  # fmt: skip
        self.network, self.batches, self.loss, self.optimizer = network, batches, loss, optimizer
        self.normalization, self.workers, self.max_norm = normalization, workers, max_norm
        self.memory = optimizer.memory_for(network.vector[: network.layout.learnt])
        self._passes: list[Pass] = []
        self.frozen: frozenset[int] = frozenset()
        self._blocks: list[slice] = []
        self.freeze(())
        self._spare = [np.empty(BLOCK, network.vector.dtype) for _ in range(workers.threads)]

    def freeze(self, layers: Collection[int]) -> None:
        """Leave these layers as they are, bit for bit, from the next step on; all others learn.

        Raises:
            SettingsError: one of them does not exist or has nothing to learn.
        """
        network = self.network
        for i in layers:
            if i not in network.learning:
                some = ", ".join(map(str, network.learning))
                raise SettingsError(f"layer {i} cannot be frozen: those with something to learn are {some}")
        self.frozen = frozenset(layers)
        self._blocks = [
            slice(start, min(start + BLOCK, stop))
            for first, stop in network.layout.runs(self.frozen)
            for start in range(first, stop, BLOCK)
        ]

    def run(self, step: int) -> tuple[float, float, int]:
        """Take step `step` (from 0): mean loss, share of right answers and number of images of its batch."""
        indices = self.batches.indices(step)
        parts = parts_of(len(indices))
        self._passes += [Pass(self.network) for _ in range(len(parts) - len(self._passes))]
        results = [PartResult() for _ in parts]
        self.workers.run(lambda i: self._part(indices[parts[i]], step, i, len(indices), results[i]), len(parts))
        for i in range(len(parts)):
            self.network.settle(self._passes[i], frozen=self.frozen)
        self.optimizer.begin(step + 1)
        self.workers.run(lambda i: self._update(i, len(parts)), len(self._blocks))
        if self.max_norm:
            learning = [self.network.layers[i] for i in self.network.learning if i not in self.frozen]
            self.workers.run(lambda i: learning[i].limit_norms(self.max_norm), len(learning))
        return sum(r.loss for r in results), sum(r.correct for r in results) / len(indices), len(indices)

    def _part(self, indices: Array, step: int, part: int, count: int, result: PartResult) -> None:
        """Forwards and backwards for one part of the batch; its gradient is left in `self._passes[part]`."""
        memory = self._passes[part]
        total: Array | None = None
        for number, start in enumerate(range(0, len(indices), CHUNK)):
            place = part * 1024 + number
            images, labels = self.batches.part(indices[start : start + CHUNK], step, place)
            rng = generator(self.batches.seed, Purpose.DROPOUT, step, place) if self.network.draws else None
            pixels = self.normalization(images)
            outputs = self.network.forward(pixels, memory, training=True, rng=rng, frozen=self.frozen)
            loss, gradient = self.loss(outputs, labels, count)
            result.loss += loss
            result.correct += int((outputs.argmax(axis=1) == labels).sum())
            self.network.backward(gradient, memory, frozen=self.frozen)
            if len(indices) > CHUNK:
                total = memory.gradient.copy() if total is None else np.add(total, memory.gradient, out=total)
        if total is not None:
            memory.gradient[...] = total

    def _update(self, block: int, parts: int) -> None:
        """Add up the parts' gradients over one block of the parameters, in their order, and let the optimiser step."""
        where = self._blocks[block]
        gradient = self._passes[0].gradient[where]
        for i in range(1, parts):
            gradient += self._passes[i].gradient[where]
        spare = self._spare[block % self.workers.threads][: len(gradient)]
        memory = tuple(values[where] for values in self.memory.values())
        self.optimizer.update(self.network.vector[where], gradient, memory, spare)

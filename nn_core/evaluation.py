"""How good a network is on images that it has not been trained on."""

from __future__ import annotations

from collections.abc import Generator
from dataclasses import dataclass

import numpy as np

from nn_core.batches import as_pixels
from nn_core.data.dataset import Split
from nn_core.layers import Array
from nn_core.losses import CrossEntropyLoss, Loss
from nn_core.network import Pass, Sequential
from nn_core.normalization import Normalization
from nn_core.workers import READ_CHUNK, Workers


@dataclass(frozen=True, slots=True)
class Evaluation:
    """Mean loss and share of right answers over `images` images; `confusion[t, p]` of class t were read as p."""

    loss: float
    accuracy: float
    images: int
    confusion: Array


class Evaluator:
    """Runs a network over a split, the chunks shared between threads; it owns the memory for that."""

    def __init__(
        self, network: Sequential, normalization: Normalization, workers: Workers, loss: Loss | None = None
    ) -> None:
        self.network, self.normalization, self.workers = network, normalization, workers
        self.loss = loss or CrossEntropyLoss()
        self._passes = [Pass(network) for _ in range(workers.threads)]

    def outputs(self, images: Array) -> Array:
        """The outputs `(N, K)` for images uint8 `(N, 28, 28)`."""
        found = np.empty((len(images), *self.network.shapes[-1]), self.network.vector.dtype)

        def chunk(i: int) -> None:
            where = slice(i * READ_CHUNK, (i + 1) * READ_CHUNK)
            pixels = self.normalization(as_pixels(images[where]))
            found[where] = self.network.forward(pixels, self._passes[i % self.workers.threads])

        self.workers.run(chunk, -(-len(images) // READ_CHUNK))
        return found

    def evaluate(self, split: Split, block: int = 4 * READ_CHUNK) -> Generator[int, None, Evaluation]:
        """Evaluate over a split: yields how many images are done, so that the caller can stop; returns the result."""
        total, classes = len(split.labels), self.network.shapes[-1][0]
        loss, confusion = 0.0, np.zeros((classes, classes), np.int64)
        for start in range(0, total, block):
            labels = split.labels[start : start + block]
            outputs = self.outputs(split.images[start : start + block])
            with np.errstate(over="ignore", invalid="ignore"):  # as in `Workers`: a run may have diverged by now
                loss += self.loss(outputs, labels, total)[0]
            np.add.at(confusion, (labels, outputs.argmax(axis=1)), 1)
            yield start + len(labels)
        return Evaluation(loss, float(np.trace(confusion)) / total, total, confusion)


def finish(steps: Generator[object, None, Evaluation]) -> Evaluation:
    """Run an evaluation to its end and return the result."""
    while True:
        try:
            next(steps)
        except StopIteration as end:
            result: Evaluation = end.value
            return result

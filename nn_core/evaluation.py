"""How good a network is on images that it has not been trained on."""

from __future__ import annotations

import math
from collections.abc import Generator
from dataclasses import dataclass

import numpy as np

from nn_core.batches import as_pixels
from nn_core.data.dataset import Split
from nn_core.layers import Array, Shape
from nn_core.losses import CrossEntropyLoss, Loss
from nn_core.meeting import Place
from nn_core.network import Config, Pass, Sequential
from nn_core.normalization import Normalization
from nn_core.shared import SharedArray
from nn_core.workers import Workers

#: Images that the workers read between two words about how far they are.
BLOCK = 1024
#: Images that go through a network together, few enough for `_MOST` answers of its layers: powers of two, for a matrix
#: product of 250 columns takes a tenth longer for each of them than one of 256.
_CHUNKS = (256, 128, 64, 32)
_MOST = 1_000_000
_MOST_WORKING = 1 << 24  # values that layers need beside their answers, for all images of a chunk


@dataclass(frozen=True, slots=True)
class Evaluation:
    """Mean loss and share of right answers over `images` images; `confusion[t, p]` of class t were read as p."""

    loss: float
    accuracy: float
    images: int
    confusion: Array


class Evaluator:
    """Runs a network over a split, the chunks shared between workers; it owns the memory for that."""

    def __init__(
        self, network: Sequential, normalization: Normalization, workers: Workers, loss: Loss | None = None
    ) -> None:
        self.network, self.loss = network, loss or CrossEntropyLoss()
        self._vector = SharedArray(network.vector.shape, network.vector.dtype)
        self._loaded = 0
        self._images = SharedArray((BLOCK, *network.input_shape[1:]), np.uint8)
        self._outputs = SharedArray((BLOCK, *network.shapes[-1]), network.vector.dtype)
        self._crew = workers.crew(
            Reading, network.config(), network.input_shape, self._vector, normalization, self._images, self._outputs
        )

    def outputs(self, images: Array) -> Array:
        """The outputs `(N, K)` for images uint8 `(N, 28, 28)`."""
        found = np.empty((len(images), *self.network.shapes[-1]), self.network.vector.dtype)
        for start in range(0, len(images), BLOCK):
            some = self.load(images[start : start + BLOCK])
            found[start : start + some] = self._outputs.array[: self.read()]
        return found

    def load(self, images: Array) -> int:
        """Let the workers make at most `BLOCK` images a network's input, for the network as it is now: their number."""
        self._vector.array[...] = self.network.vector
        self._images.array[: len(images)] = images
        self._crew.call("load", len(images))
        self._loaded = len(images)
        return self._loaded

    def read(self) -> int:
        """Let the workers read what is loaded: its number."""
        self._crew.call("read")
        return self._loaded

    def evaluate(self, split: Split) -> Generator[int, None, Evaluation]:
        """Evaluate over a split: yields how many images are done, so that the caller can stop; returns the result."""
        total, classes = len(split.labels), self.network.shapes[-1][0]
        loss, confusion = 0.0, np.zeros((classes, classes), np.int64)
        for start in range(0, total, BLOCK):
            labels = split.labels[start : start + BLOCK]
            outputs = self.outputs(split.images[start : start + BLOCK])
            with np.errstate(over="ignore", invalid="ignore"):  # as in `Workers`: a run may have diverged by now
                loss += self.loss(outputs, labels, total)[0]
            np.add.at(confusion, (labels, outputs.argmax(axis=1)), 1)
            yield start + len(labels)
        return Evaluation(loss, float(np.trace(confusion)) / total, total, confusion)


class Reading:
    """One worker's share of the images: every so many chunks are its own."""

    def __init__(
        self, place: Place, config: Config, input_shape: Shape, vector: SharedArray, normalization: Normalization,
        images: SharedArray, outputs: SharedArray,
    ) -> None:  # fmt: skip
        self.place, self.normalization, self.images, self.outputs = place, normalization, images, outputs
        self.network = Sequential.from_config(config, input_shape)
        self.network.bind(vector.array)
        self._pass = Pass(self.network)
        answers = sum(math.prod(shape) for shape in self.network.shapes)
        before = [self.network.input_shape, *self.network.shapes]
        working = sum(layer.working(shape) for layer, shape in zip(self.network.layers, before, strict=False))
        fits = (size for size in _CHUNKS if size * answers <= _MOST and size * working <= _MOST_WORKING)
        self._chunk = next(fits, _CHUNKS[-1])
        self._ready: list[tuple[slice, Array]] = []

    def load(self, count: int) -> None:
        """Make the first `count` images a network's input."""
        chunks = [slice(start, min(start + self._chunk, count)) for start in range(0, count, self._chunk)]
        mine = [chunks[i] for i in self.place.share(len(chunks))]
        self._ready = [(where, self.normalization(as_pixels(self.images.array[where]))) for where in mine]

    def read(self) -> None:
        """Write the outputs for what was loaded."""
        for where, pixels in self._ready:
            self.outputs.array[where] = self.network.forward(pixels, self._pass)


def finish(steps: Generator[object, None, Evaluation]) -> Evaluation:
    """Run an evaluation to its end and return the result."""
    while True:
        try:
            next(steps)
        except StopIteration as end:
            result: Evaluation = end.value
            return result

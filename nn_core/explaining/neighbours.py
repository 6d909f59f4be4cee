"""The known digits that are most like a drawing: as the network sees them, or pixel by pixel."""

from __future__ import annotations

from collections.abc import Generator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from nn_core.batches import as_pixels
from nn_core.data import Split
from nn_core.events import Working
from nn_core.layers import Array
from nn_core.model import Model
from nn_core.network import Pass, Sequential
from nn_core.workers import READ_CHUNK

MOST_BYTES = 96 << 20  # of features that an index holds: with more features a digit, fewer digits
_BLOCK = 4096  # digits that are compared in one go


@dataclass(frozen=True, slots=True, eq=False)
class Neighbour:
    """A known digit, and how far it is from the drawing (Euclidean)."""

    image: Array  # uint8 (28, 28)
    label: int
    distance: float


class Eye:
    """A network up to its last hidden layer, with a copy of its parameters: images `(N, 1, 28, 28)`, 0..1, to `(N, F)`.

    A network with one layer of parameters has no hidden layer; its input is taken.
    """

    def __init__(self, model: Model) -> None:
        network = model.network
        self._normalization = model.normalization
        layers = max(network.learning, default=0)
        self._trunk: Sequential | None = None
        if layers:
            trunk = Sequential.from_config(network.config()[:layers], network.input_shape)
            known = network.state_dict()
            trunk.load_state_dict({name: known[name] for name in trunk.state_dict()})
            self._trunk, self._memory = trunk, Pass(trunk)

    def __call__(self, pixels: Array) -> Array:
        """The features, in memory that the next call does not touch."""
        inputs = self._normalization(pixels)
        if self._trunk is None:
            return inputs.reshape(len(pixels), -1)
        with np.errstate(all="ignore"):  # parameters of a run that diverged may overflow
            return np.array(self._trunk.forward(inputs, self._memory).reshape(len(pixels), -1), np.float32)


class Index:
    """Known digits with what the last hidden layer of a network answers to each: features (N, F)."""

    def __init__(self, eye: Eye, known: Split, features: Array) -> None:
        self._eye, self._known, self._features = eye, known, features
        self._lengths = np.einsum("nf,nf->n", features, features)

    def __len__(self) -> int:
        return len(self._features)

    def nearest(self, image: NDArray[np.float32], count: int) -> list[Neighbour]:
        """Return the digits whose features are nearest to those of an image (28, 28), the nearest first."""
        wanted = self._eye(image[None, None])[0]
        with np.errstate(all="ignore"):
            squares = self._lengths - 2 * (self._features @ wanted) + wanted @ wanted
        return _first(self._known, squares, count)


def index(model: Model, known: Split) -> Generator[Working, None, Index]:
    """Work out the features of as many known digits as memory is given for; yields how far it is."""
    eye = Eye(model)
    width = eye(as_pixels(known.images[:1])).shape[1]
    total = max(1, min(len(known), MOST_BYTES // (4 * width)))
    features = np.empty((total, width), np.float32)
    for start in range(0, total, READ_CHUNK):
        part = eye(as_pixels(known.images[start : min(start + READ_CHUNK, total)]))
        features[start : start + len(part)] = part
        yield Working("Looking at known digits", start + len(part), total)
    return Index(eye, known.first(total), features)


def nearest_pixels(known: Split, image: NDArray[np.float32], count: int) -> Generator[None, None, list[Neighbour]]:
    """Return the digits whose pixels, 0..1, are nearest to those of an image (28, 28); yields between blocks."""
    wanted, squares = image.ravel(), np.empty(len(known), np.float32)
    for start in range(0, len(known), _BLOCK):
        block = as_pixels(known.images[start : start + _BLOCK]).reshape(-1, wanted.size)
        block -= wanted
        squares[start : start + len(block)] = np.einsum("np,np->n", block, block)
        yield
    return _first(known, squares, count)


def _first(known: Split, squares: Array, count: int) -> list[Neighbour]:
    """The `count` nearest; equal ones in the order of the set, and what is no distance last."""
    squares = np.nan_to_num(np.maximum(squares, 0.0), nan=np.inf, posinf=np.inf)
    count = min(count, len(squares))
    near = np.flatnonzero(squares <= np.partition(squares, count - 1)[count - 1])
    order = near[np.argsort(squares[near], kind="stable")][:count]
    return [Neighbour(known.images[i], int(known.labels[i]), float(np.sqrt(squares[i]))) for i in order]

"""The known digits that are most like a drawing: as the network sees them, or pixel by pixel.

What the network makes of sixty thousand digits takes it half a minute, and is out of date one step of training later.
So all of them are first compared as they look from afar, 14×14 pixels, by one matrix product, and the network is asked
about those that are nearest then. Of the eight digits that are nearest to one of MNIST's as the shipped network sees
them, 83 % are among the thousand that look most like it from afar.
"""

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

SHORTLIST = 1000  # digits that the network is asked about
_SMALL = 14  # pixels a side of a digit that is seen from afar
_BLOCK = 2048  # digits that are prepared or compared in one go: some ten milliseconds of work
_LOOK = 100  # digits that the network looks at in one go: the same


@dataclass(frozen=True, slots=True, eq=False)
class Neighbour:
    """A known digit, and how far it is from the drawing (Euclidean)."""

    image: Array  # uint8 (28, 28)
    label: int
    distance: float


class Library:
    """Known digits, with what they look like from afar: `small` (N, 196), 0..1, their means over 2×2 pixels."""

    def __init__(self, digits: Split, small: Array) -> None:
        self.digits, self._small = digits, small
        self._lengths = np.einsum("np,np->n", small, small)

    def __len__(self) -> int:
        return len(self.digits)

    def alike(self, image: NDArray[np.float32], count: int) -> NDArray[np.intp]:
        """Return the places of the digits that look most like an image (28, 28) from afar, the most alike first."""
        wanted = _shrunk(image[None])[0]
        return _nearest(self._lengths - 2 * (self._small @ wanted), count)


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


def library(digits: Split) -> Generator[Working, None, Library]:
    """Look at known digits from afar; yields how far it is."""
    small = np.empty((len(digits), _SMALL * _SMALL), np.float32)
    for start in range(0, len(digits), _BLOCK):
        part = _shrunk(digits.images[start : start + _BLOCK].astype(np.float32))
        small[start : start + len(part)] = part * np.float32(1 / 255)
        yield Working("Looking at known digits", start + len(part), len(digits))
    return Library(digits, small)


def nearest_features(
    model: Model, known: Library, image: NDArray[np.float32], count: int
) -> Generator[list[Neighbour], None, None]:
    """Yield the digits whose features are nearest to those of an image (28, 28), the nearest first, again and again.

    Those that look alike from afar are compared in their order, so that what is yielded early is seldom far off.
    """
    eye = Eye(model)
    wanted = eye(image[None, None])[0]
    places = known.alike(image, SHORTLIST)
    distances = np.zeros(0, np.float32)
    for start in range(0, len(places), _LOOK):
        seen = eye(as_pixels(known.digits.images[places[start : start + _LOOK]]))
        with np.errstate(all="ignore"):
            distances = np.concatenate([distances, np.linalg.norm(seen - wanted, axis=1)])
        yield _first(known.digits, places[: len(distances)], distances, count)


def nearest_pixels(known: Split, image: NDArray[np.float32], count: int) -> Generator[list[Neighbour], None, None]:
    """Yield the digits whose pixels, 0..1, are nearest to those of an image (28, 28), as `nearest_features` does."""
    wanted = image.ravel()
    places, distances = np.zeros(0, np.intp), np.zeros(0, np.float32)
    for start in range(0, len(known), _BLOCK):
        block = known.images[start : start + _BLOCK].reshape(-1, wanted.size).astype(np.float32)
        block *= np.float32(1 / 255)
        near = _nearest(np.einsum("np,np->n", block, block) - 2 * (block @ wanted), 2 * count)  # rounded: take more
        exact = np.linalg.norm(block[near] - wanted, axis=1)
        best = _nearest(np.concatenate([distances, exact]), count)
        places, distances = np.append(places, near + start)[best], np.append(distances, exact)[best]
        yield _first(known, places, distances, count)


def _shrunk(images: Array) -> Array:
    """Return the means (N, 196) over 2×2 pixels of images (N, 28, 28)."""
    rows = images[:, 0::2] + images[:, 1::2]
    means: Array = (rows[:, :, 0::2] + rows[:, :, 1::2]).reshape(len(images), -1) * np.float32(0.25)
    return means


def _nearest(values: Array, count: int) -> NDArray[np.intp]:
    """The places of the `count` least values, the least first; equal ones in their order."""
    count = min(count, len(values))
    near = np.flatnonzero(values <= np.partition(values, count - 1)[count - 1])
    order: NDArray[np.intp] = near[np.argsort(values[near], kind="stable")][:count]
    return order


def _first(known: Split, places: NDArray[np.intp], distances: Array, count: int) -> list[Neighbour]:
    """The `count` nearest; what is no distance comes last."""
    distances = np.nan_to_num(distances, nan=np.inf, posinf=np.inf)
    best = _nearest(distances, count)
    return [Neighbour(known.images[places[i]], int(known.labels[places[i]]), float(distances[i])) for i in best]

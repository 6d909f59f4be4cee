"""A model: a network together with all that is needed to use it on a drawing."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from nn_core.errors import ModelError
from nn_core.layers import Array
from nn_core.losses import softmax
from nn_core.network import Pass, Sequential
from nn_core.normalization import Normalization

#: A sigmoid's output is taken to be no nearer to 0 and 1.
EDGE = 1e-6
_AT_ONCE = 16  # images, and powers of two below it: a pass keeps memory for each number of images that it meets


@dataclass(slots=True)
class Model:
    """A network, how its input is normalised, and what is known of its training (plain data)."""

    network: Sequential
    normalization: Normalization = field(default_factory=Normalization)
    card: Mapping[str, Any] = field(default_factory=dict)

    def reader(self) -> Reader:
        """A reader over the parameters as they are now; later training does not reach it."""
        return Reader(Model(self.network.clone(), self.normalization, self.card))


def check_reads_digits(network: Sequential) -> None:
    """Refuse a network that reads something else than digits.

    Raises:
        ModelError: it takes other than one image of 28×28, or gives other than ten values.
    """
    takes, gives = network.input_shape, network.shapes[-1]
    if takes != (1, 28, 28) or gives != (10,):
        raise ModelError(
            f"a network that takes {takes} and gives {gives} reads no digits: it must take (1, 28, 28) and give (10,)"
        )


class Reader:
    """Reads single images: it owns the memory of its pass, so each thread needs a reader of its own."""

    def __init__(self, model: Model) -> None:
        self.model = model
        self._pass = Pass(model.network)

    def show(self, vector: Array) -> None:
        """Read with these parameters from now on (they are not copied)."""
        self.model.network.bind(vector)

    def probabilities(self, image: Array) -> Array:
        """The ten probabilities of an image `(28, 28)`, float32 in [0, 1]."""
        found: Array = self.all_probabilities(image[None])[0]
        return found

    def all_probabilities(self, images: Array) -> Array:
        """The ten probabilities `(N, 10)` of each of several images `(N, 28, 28)`."""
        network, inputs = self.model.network, self.model.normalization(images.astype(np.float32, copy=False))[:, None]
        found = np.empty((len(images), *network.shapes[-1]), network.vector.dtype)
        for start in range(0, len(images), _AT_ONCE):
            some = inputs[start : start + _AT_ONCE]
            padded = np.resize(some, (1 << (len(some) - 1).bit_length(), *some.shape[1:]))
            outputs = network.forward(padded, self._pass)[: len(some)]
            found[start : start + len(some)] = probabilities_of(outputs, network)
        return found

    def activations(self, image: Array) -> list[Array]:
        """What each layer answers to an image: `(C, H, W)` or `(features,)`."""
        return [values[0] for values in self.model.network.activations(self._input(image), self._pass)]

    def _input(self, image: Array) -> Array:
        return self.model.normalization(image.astype(np.float32, copy=False))[None, None]


def probabilities_of(outputs: Array, network: Sequential) -> Array:
    """Outputs `(N, K)` as probabilities that add up to 1, unless a softmax has made them so already.

    A sigmoid's outputs p_k each answer a question of their own. Given that one digit is meant and no other, its
    probability is in proportion to the odds p_k / (1 − p_k): the softmax of what went into the sigmoid.
    """
    last = type(network.layers[-1]).__name__
    if last == "Softmax":
        return outputs.copy()
    if last == "Sigmoid":
        inside = np.clip(outputs, EDGE, 1 - EDGE)
        return softmax(np.log(inside) - np.log1p(-inside))
    return softmax(outputs)

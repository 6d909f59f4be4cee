"""A model: a network together with all that is needed to use it on a drawing."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from nn_core.layers import Array
from nn_core.losses import softmax
from nn_core.network import Pass, Sequential
from nn_core.normalization import Normalization


@dataclass(slots=True)
class Model:
    """A network, how its input is normalised, and what is known of its training (plain data)."""

    network: Sequential
    normalization: Normalization = field(default_factory=Normalization)
    card: Mapping[str, Any] = field(default_factory=dict)

    def reader(self) -> Reader:
        """A reader over the parameters as they are now; later training does not reach it."""
        return Reader(Model(self.network.clone(), self.normalization, self.card))


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
        outputs = self.model.network.forward(self._input(image), self._pass)
        found: Array = probabilities_of(outputs, self.model.network)[0]
        return found

    def activations(self, image: Array) -> list[Array]:
        """What each layer answers to an image: `(C, H, W)` or `(features,)`."""
        return [values[0] for values in self.model.network.activations(self._input(image), self._pass)]

    def _input(self, image: Array) -> Array:
        return self.model.normalization(image.astype(np.float32, copy=False))[None, None]


def probabilities_of(outputs: Array, network: Sequential) -> Array:
    """Outputs `(N, K)` as probabilities, unless the network's last layer has made them so already."""
    ends_in_softmax = type(network.layers[-1]).__name__ == "Softmax"
    return outputs.copy() if ends_in_softmax else softmax(outputs)

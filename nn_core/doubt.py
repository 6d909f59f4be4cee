"""Whether a drawing is a digit at all, or digits beside each other, told by a small network of its own.

A network that has seen nothing but digits is sure of letters and scribbles, too (Hein, Andriushchenko and Bitterwolf
2019). Doubting one digit in a hundred by the largest probability finds 14 % of `resources/not-digits.json`, by the
largest output 34 %, by their energy 38 %. So a second network learns digits against what else people draw (outlier
exposure: Hendrycks, Mazeika and Dietterich 2019). It holds for whichever network reads the digits, at any moment of its
training.

Two digits beside each other are a class of their own: the stem and the bow of a P, each taken alone, are a 1 and a 7,
and only both together tell that they are no 17.

It looks at shapes alone: whether a drawing is as dark as a pen's or as a photograph's is taken out before.
"""

from __future__ import annotations

import numpy as np

from nn_core.errors import ModelError
from nn_core.layers import Array
from nn_core.model import Model

DIGIT, OTHER, NUMBER = 0, 1, 2  # its classes
#: Under these its card keeps from which probability on, not to be a digit, a drawing is doubted; and from which
#: probability on two digits beside each other are believed to be a number.
LIMIT, NUMBER_LIMIT = "limit", "number_limit"


class Doubt:
    """Doubts drawings; it owns the memory of its pass, so each thread needs one of its own.

    Raises:
        ModelError: the model does not tell three classes apart, or its card lacks a limit between 0 and 1.
    """

    def __init__(self, model: Model) -> None:
        if model.network.shapes[-1] != (3,) or model.network.input_shape != (1, 28, 28):
            raise ModelError(f"a network of {model.network.shapes[-1]} answers cannot tell digits from other drawings")
        self.limit, self.number_limit = _limit(model, LIMIT), _limit(model, NUMBER_LIMIT)
        self._reader = model.reader()

    def __call__(self, image: Array) -> bool:
        """Whether an image `(28, 28)` in 0..1 is rather no digit."""
        return bool(1.0 - self._reader.probabilities(in_full_ink(image[None])[0])[DIGIT] >= self.limit)

    def digit_chances(self, images: Array) -> Array:
        """The probability `(N,)` of each image `(N, 28, 28)` to be a digit."""
        chances: Array = self._reader.all_probabilities(in_full_ink(images))[:, DIGIT]
        return chances

    def are_numbers(self, images: Array) -> Array:
        """Whether `(N,)` each image `(N, 28, 28)` of two digits beside each other is to be believed."""
        believed: Array = self._reader.all_probabilities(in_full_ink(images))[:, NUMBER] >= self.number_limit
        return believed


def in_full_ink(images: Array) -> Array:
    """Images `(N, S, S)`, uint8 from 0 to 255 or float from 0 to 1, each made as dark as ink can be."""
    darkest = images.max(axis=(1, 2), keepdims=True)
    if images.dtype == np.uint8:
        full: Array = np.rint(images * (np.float32(255.0) / np.maximum(darkest, 1))).astype(np.uint8)
        return full
    scaled: Array = images / np.maximum(darkest, np.float32(1e-6))
    return scaled


def limit_of(chances: Array, share: float) -> float:
    """The limit that a share of probabilities `(N,)` reaches."""
    return float(np.clip(np.quantile(chances, 1.0 - share), 1e-6, 1.0 - 1e-6))


def _limit(model: Model, name: str) -> float:
    limit = model.card.get(name)
    if not isinstance(limit, float) or not 0.0 < limit < 1.0:
        raise ModelError(f"the card of a network that doubts has the {name} {limit!r}; it must lie between 0 and 1")
    return limit

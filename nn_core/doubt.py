"""Whether a drawing is a digit at all, told by a small network of its own.

A network that has seen nothing but digits is sure of letters and scribbles, too (Hein, Andriushchenko and Bitterwolf
2019). Doubting one digit in a hundred by the largest probability finds 14 % of `resources/not-digits.json`, by the
largest output 34 %, by their energy 38 %. So a second network learns digits against what else people draw (outlier
exposure: Hendrycks, Mazeika and Dietterich 2019). It holds for whichever network reads the digits, at any moment of its
training.
"""

from __future__ import annotations

import numpy as np

from nn_core.errors import ModelError
from nn_core.layers import Array
from nn_core.model import Model

DIGIT, OTHER = 0, 1  # its classes
LIMIT = "limit"  # under which its card keeps the probability of OTHER from which on a drawing is doubted


class Doubt:
    """Doubts drawings; it owns the memory of its pass, so each thread needs one of its own.

    Raises:
        ModelError: the model does not tell two classes apart, or its card has no limit between 0 and 1.
    """

    def __init__(self, model: Model) -> None:
        limit = model.card.get(LIMIT)
        if model.network.shapes[-1] != (2,) or model.network.input_shape != (1, 28, 28):
            raise ModelError(f"a network of {model.network.shapes[-1]} answers cannot tell digits from other drawings")
        if not isinstance(limit, float) or not 0.0 < limit < 1.0:
            raise ModelError(f"the card of a network that doubts has the limit {limit!r}; it must lie between 0 and 1")
        self.limit = limit
        self._reader = model.reader()

    def __call__(self, image: Array) -> bool:
        """Whether an image `(28, 28)` in 0..1 is rather no digit."""
        return bool(self._reader.probabilities(image)[OTHER] >= self.limit)

    def digit_chances(self, images: Array) -> Array:
        """The probability `(N,)` of each image `(N, 28, 28)` to be a digit."""
        chances: Array = self._reader.all_probabilities(images)[:, DIGIT]
        return chances


def limit_of(digits: Array, share: float) -> float:
    """The limit from which on a share of digits is doubted, given probabilities of OTHER `(N,)` for these digits."""
    return float(np.clip(np.quantile(digits, 1.0 - share), 1e-6, 1.0 - 1e-6))

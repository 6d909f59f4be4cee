"""How pixel values become the input of a network."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from nn_core.errors import ModelError
from nn_core.layers import Array


@dataclass(frozen=True, slots=True)
class Normalization:
    """x = (pixel − mean) / std, with pixels in [0, 1]; a model file keeps it, and drawings go through it too.

    Raises:
        ModelError: a value is not a number of any use for pixels, or `std` is not above 0.
    """

    mean: float = 0.0
    std: float = 1.0

    def __post_init__(self) -> None:
        if not (-1e6 <= self.mean <= 1e6 and 1e-6 <= self.std <= 1e6):
            raise ModelError(f"normalisation by mean (={self.mean}) and std (={self.std}) is impossible")

    def __call__(self, pixels: Array) -> Array:
        """Pixels of any shape, in [0, 1]; returns them as they are when there is nothing to do."""
        if (self.mean, self.std) == (0.0, 1.0):
            return pixels
        normal: Array = pixels - np.float32(self.mean)
        normal *= np.float32(1 / self.std)
        return normal


#: Mean and standard deviation of the pixels of MNIST's training images.
MNIST_NORMALIZATION = Normalization(0.1307, 0.3081)

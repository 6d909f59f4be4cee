"""How pixel values become the input of a network."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from nn_core.errors import ModelError, SettingsError
from nn_core.layers import Array


def _logarithm(pixels: Array) -> Array:
    """ln(1 + 255 x) / ln 256: faint ink counts nearly as much as black ink."""
    curved: Array = np.log1p(pixels * np.float32(255))
    curved *= np.float32(1 / math.log(256))
    return curved


def _exponential(pixels: Array) -> Array:
    """(e^x − 1) / (e − 1): black ink counts more."""
    curved: Array = np.expm1(pixels)
    curved *= np.float32(1 / math.expm1(1))
    return curved


def _arctangent(pixels: Array) -> Array:
    """4/π · arctan x: between a straight line and the logarithm."""
    curved: Array = np.arctan(pixels)
    curved *= np.float32(4 / math.pi)
    return curved


#: Nonlinear maps of [0, 1] onto [0, 1], by the name that a model file keeps.
CURVES: dict[str, Callable[[Array], Array]] = {
    "logarithm": _logarithm,
    "exponential": _exponential,
    "arctangent": _arctangent,
}


@dataclass(frozen=True, slots=True)
class Normalization:
    """(f(x) − mean) / std over pixels x in [0, 1]; a model file keeps it, and drawings go through it too.

    f is the one of `CURVES` that `curve` names, or nothing.

    Raises:
        ModelError: a value is not a number of any use for pixels, `std` is not above 0, or there is no such curve.
    """

    mean: float = 0.0
    std: float = 1.0
    curve: str = ""

    def __post_init__(self) -> None:
        if not (-1e6 <= self.mean <= 1e6 and 1e-6 <= self.std <= 1e6):
            raise ModelError(f"normalisation by mean (={self.mean}) and std (={self.std}) is impossible")
        if self.curve and self.curve not in CURVES:
            raise ModelError(f"normalisation by the curve {self.curve!r} is unknown; there are {', '.join(CURVES)}")

    def __call__(self, pixels: Array) -> Array:
        """Pixels of any shape, in [0, 1]; returns them as they are when there is nothing to do."""
        if self.curve:
            pixels = CURVES[self.curve](pixels)
        if (self.mean, self.std) == (0.0, 1.0):
            return pixels
        normal: Array = pixels - np.float32(self.mean)
        normal *= np.float32(1 / self.std)
        return normal

    def plain(self) -> dict[str, float | str]:
        """As a model file keeps it: without a curve, as it was before there were any."""
        straight: dict[str, float | str] = {"mean": self.mean, "std": self.std}
        return straight | {"curve": self.curve} if self.curve else straight


#: Mean and standard deviation of the pixels of MNIST's training images.
MNIST_NORMALIZATION = Normalization(0.1307, 0.3081)

#: By the names of the setting. A byte's least and greatest value are 0 and 255, so min-max is what pixels come as.
NORMALIZATIONS: dict[str, Normalization] = {
    "standard": MNIST_NORMALIZATION,
    "min-max": Normalization(),
    **{name: Normalization(curve=name) for name in CURVES},
}


def name_of(normalization: Normalization) -> str:
    """The name of a normalisation, empty where it has none."""
    return next((name for name, known in NORMALIZATIONS.items() if known == normalization), "")


def find_normalization(name: str) -> Normalization:
    """The normalisation of that name.

    Raises:
        SettingsError: there is none.
    """
    if name not in NORMALIZATIONS:
        raise SettingsError(f"normalization (={name!r}) must be one of {', '.join(NORMALIZATIONS)}")
    return NORMALIZATIONS[name]

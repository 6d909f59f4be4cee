"""Colour jitter along the principal components of a picture's colours."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from nn_core.errors import SettingsError
from nn_core.layers import Array


@dataclass(frozen=True, slots=True, eq=False)
class ColorComponents:
    """The principal components of red, green and blue: variances λ `(3,)`, largest first, and directions p `(3, 3)`.

    `vectors[:, i]` has the length 1 and belongs to `variances[i]`.
    """

    variances: Array
    vectors: Array

    @classmethod
    def of(cls, images: Array) -> ColorComponents:
        """Those of all pixels of images `(N, 3, H, W)`: eigenvalues and eigenvectors of their 3×3 covariance.

        Raises:
            SettingsError: the images are not in three colours.
        """
        _check(images)
        pixels = images.transpose(1, 0, 2, 3).reshape(3, -1).astype(np.float64)
        variances, vectors = np.linalg.eigh(np.cov(pixels, bias=True))
        return cls(np.maximum(variances[::-1], 0), vectors[:, ::-1])


def color_jitter(
    images: Array, components: ColorComponents, *, deviation: float = 0.1, rng: np.random.Generator
) -> Array:
    """Images `(N, 3, H, W)` with one colour added to all pixels of each: I + [p₁ p₂ p₃]·[α₁λ₁ α₂λ₂ α₃λ₃]ᵀ.

    Each α is drawn once an image, normal with mean 0 and standard deviation `deviation` (Krizhevsky, Sutskever and
    Hinton 2012, section 4.1, with 0.1). λ are variances, so with values from 0 to 255 the same picture changes 255
    times as much as with values from 0 to 1. Nothing is clipped.

    Raises:
        SettingsError: the images are not in three colours, or `deviation` is negative.
    """
    _check(images)
    if not 0 <= deviation < np.inf:
        raise SettingsError(f"deviation (={deviation}) must not be negative")
    alpha = rng.standard_normal((len(images), 3)) * deviation
    added = (alpha * components.variances) @ components.vectors.T
    jittered: Array = images + added.astype(images.dtype)[:, :, None, None]
    return jittered


def _check(images: Array) -> None:
    if images.ndim != 4 or images.shape[1] != 3:
        raise SettingsError(f"images of shape {images.shape} are not in three colours, (N, 3, H, W)")

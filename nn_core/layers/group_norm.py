"""Group normalisation."""

from __future__ import annotations

from typing import Any, ClassVar

import numpy as np

from nn_core.errors import SettingsError
from nn_core.layers.base import Array, Layer, Scratch, Shape, affordable

_PER_CHANNEL = (slice(None), None, None)
_INSIDE = (0, 2, 3)  # the axes of a group's members in (H, groups, C / groups, W, N)


class GroupNorm(Layer):
    """y = weight · (x − μ) / √(σ² + eps) + bias, as `torch.nn.GroupNorm` (Wu and He 2018, eq. 1 to 7).

    μ and σ² are those of one group of channels of one image, while predicting too: nothing depends on the batch. One
    group for all channels is layer normalisation, one for each instance normalisation. Takes (C, H, W) or (features,).

    Raises:
        SettingsError: an argument is out of its range.
    """

    parameter_names: ClassVar[tuple[str, ...]] = ("weight", "bias")

    def __init__(self, num_groups: int, num_channels: int, eps: float = 1e-5) -> None:
        super().__init__()
        if num_groups < 1 or num_channels < 1 or num_channels % num_groups:
            raise SettingsError(f"num_channels (={num_channels}) must be divisible by num_groups (={num_groups})")
        if not 0 < eps <= 1:
            raise SettingsError(f"eps (={eps}) must lie in (0, 1]")
        affordable("weight", (num_channels,))
        self.num_groups, self.num_channels, self.eps = num_groups, num_channels, eps
        self.parameters = {"weight": np.ones(num_channels, np.float32), "bias": np.zeros(num_channels, np.float32)}

    def forward(self, x: Array, scratch: Scratch, *, training: bool, rng: np.random.Generator | None) -> Array:
        y, normal = scratch.array("y", x.shape, x.dtype), scratch.array("normal", x.shape, x.dtype)
        grouped, squares = self._grouped(normal), self._grouped(y)
        np.subtract(self._grouped(x), _spread(self._grouped(x).mean(axis=_INSIDE)), out=grouped)
        var = np.multiply(grouped, grouped, out=squares).mean(axis=_INSIDE)
        inverse = (1 / np.sqrt(var + self.eps)).astype(x.dtype)
        grouped *= _spread(inverse)
        scratch.keep("normal", normal)
        scratch.keep("inverse", inverse)
        np.multiply(_images(normal), self.parameters["weight"][_PER_CHANNEL], out=_images(y))
        _images(y)[...] += self.parameters["bias"][_PER_CHANNEL]
        return y

    def backward(self, dy: Array, scratch: Scratch, gradients: dict[str, Array], *, need_dx: bool) -> Array | None:
        normal, inverse = scratch.kept("normal"), scratch.kept("inverse")
        dy = np.ascontiguousarray(dy)
        product = np.multiply(dy, normal, out=scratch.array("product", dy.shape, dy.dtype))
        np.sum(_images(dy), axis=(0, 2, 3), out=gradients["bias"])
        np.sum(_images(product), axis=(0, 2, 3), out=gradients["weight"])
        if not need_dx:
            return None
        weight = self.parameters["weight"][_PER_CHANNEL]
        _images(dy)[...] *= weight
        _images(product)[...] *= weight
        mean, along = self._grouped(dy).mean(axis=_INSIDE), self._grouped(product).mean(axis=_INSIDE)
        np.multiply(self._grouped(normal), _spread(along), out=self._grouped(product))
        grouped = self._grouped(dy)
        grouped -= _spread(mean)
        grouped -= self._grouped(product)
        grouped *= _spread(inverse)
        return dy

    def _grouped(self, x: Array) -> Array:
        """`x` as (H, groups, channels of a group, W, N): a view."""
        height, channels, width, images = _images(x).shape
        return x.reshape(height, self.num_groups, channels // self.num_groups, width, images)

    def output_shape(self, shape: Shape) -> Shape:
        if len(shape) not in (1, 3) or shape[0] != self.num_channels:
            raise SettingsError(f"{self!r} takes ({self.num_channels}, height, width) or a vector, not {shape}")
        return shape

    def config(self) -> dict[str, Any]:
        return {"num_groups": self.num_groups, "num_channels": self.num_channels, "eps": self.eps}

    def title(self) -> str:
        return f"group norm {self.num_groups}"

    def arithmetic(self) -> str:
        return f"2·{self.num_channels} = {2 * self.num_channels}"


def _images(x: Array) -> Array:
    """Vectors (features, N) as images (1, features, 1, N), images as they are: a view."""
    return x if x.ndim == 4 else x[None, :, None, :]


def _spread(values: Array) -> Array:
    """A value for each group and image (groups, N), to go with (H, groups, C / groups, W, N)."""
    return values[:, None, None, :]

"""Normalisation layers."""

from __future__ import annotations

from typing import Any, ClassVar

import numpy as np

from nn_core.errors import SettingsError
from nn_core.layers.base import Array, Layer, Scratch, Shape, affordable

_PER_CHANNEL = (slice(None), None, None)


class BatchNorm2d(Layer):
    """y = weight · (x − μ) / √(σ² + eps) + bias for each channel (Ioffe and Szegedy 2015, algorithm 1).

    While training μ and σ² are those of the images that pass together (one shard of the batch, as with torch's
    DataParallel); otherwise the running averages: running ← (1 − momentum) · running + momentum · measured, where the
    measured variance is the unbiased one, as torch has it.

    Raises:
        SettingsError: an argument is out of its range.
    """

    parameter_names: ClassVar[tuple[str, ...]] = ("weight", "bias")
    buffer_names: ClassVar[tuple[str, ...]] = ("running_mean", "running_var")
    gives_away: ClassVar[bool] = True

    def __init__(self, num_features: int, eps: float = 1e-5, momentum: float = 0.1) -> None:
        super().__init__()
        if num_features < 1:
            raise SettingsError(f"num_features (={num_features}) must be at least 1")
        if not 0 < eps <= 1 or not 0 <= momentum <= 1:
            raise SettingsError(f"eps (={eps}) must lie in (0, 1] and momentum (={momentum}) in [0, 1]")
        affordable("weight", (num_features,))
        self.num_features, self.eps, self.momentum = num_features, eps, momentum
        self.parameters = {
            "weight": np.ones(num_features, np.float32),
            "bias": np.zeros(num_features, np.float32),
            "running_mean": np.zeros(num_features, np.float32),
            "running_var": np.ones(num_features, np.float32),
        }

    def forward(self, x: Array, scratch: Scratch, *, training: bool, rng: np.random.Generator | None) -> Array:
        p, y = self.parameters, scratch.array("y", x.shape, x.dtype)
        scratch.keep("measured", np.array(training))
        if not training:
            inverse = self._inverse(p["running_var"], x.dtype)
            scale = p["weight"] * inverse
            scratch.keep("x", x)
            scratch.keep("inverse", inverse)
            np.multiply(x, scale[_PER_CHANNEL], out=y)
            y += (p["bias"] - p["running_mean"] * scale)[_PER_CHANNEL]
            return y
        mean = _channel_mean(x, scratch)
        centred = np.subtract(x, mean[_PER_CHANNEL], out=scratch.over("centred", x))
        var = _channel_products(centred, centred) / (x.size // self.num_features)
        inverse = self._inverse(var, x.dtype)
        for name, value in (("mean", mean), ("var", var), ("centred", centred), ("inverse", inverse)):
            scratch.keep(name, value)
        np.multiply(centred, (p["weight"] * inverse)[_PER_CHANNEL], out=y)
        y += p["bias"][_PER_CHANNEL]
        return y

    def backward(self, dy: Array, scratch: Scratch, gradients: dict[str, Array], *, need_dx: bool) -> Array | None:
        inverse, spare = scratch.kept("inverse"), scratch.spare("spare", dy.shape, dy.dtype)
        measured, mean_dy = scratch.kept("measured"), _channel_mean(dy, scratch)
        centred = scratch.kept("centred") if measured else self._centred(scratch.kept("x"), spare)
        count = dy.size // self.num_features
        along = _channel_products(dy, centred) * inverse
        gradients["bias"][...], gradients["weight"][...] = mean_dy * count, along
        if measured:  # the mean and the variance depend on x as well
            dy -= np.multiply(centred, (along * inverse / count)[_PER_CHANNEL], out=spare)
            dy -= mean_dy[_PER_CHANNEL]
        dy *= (self.parameters["weight"] * inverse)[_PER_CHANNEL]
        return dy

    def settle(self, scratch: Scratch) -> None:
        p, momentum = self.parameters, self.momentum
        count = scratch.kept("centred").size // self.num_features
        p["running_mean"] += momentum * (scratch.kept("mean") - p["running_mean"])
        p["running_var"] += momentum * (scratch.kept("var") * (count / max(1, count - 1)) - p["running_var"])

    def _inverse(self, var: Array, dtype: np.dtype[Any]) -> Array:
        inverse: Array = (1 / np.sqrt(var + self.eps)).astype(dtype)
        return inverse

    def _centred(self, x: Array, out: Array) -> Array:
        centred: Array = np.subtract(x, self.parameters["running_mean"][_PER_CHANNEL], out=out)
        return centred

    def output_shape(self, shape: Shape) -> Shape:
        if len(shape) != 3 or shape[0] != self.num_features:
            raise SettingsError(f"{self!r} takes ({self.num_features}, height, width), not {shape}")
        return shape

    def config(self) -> dict[str, Any]:
        return {"num_features": self.num_features, "eps": self.eps, "momentum": self.momentum}

    def title(self) -> str:
        return "batch norm"

    def arithmetic(self) -> str:
        return f"2·{self.num_features} = {2 * self.num_features}"


class BatchNorm1d(BatchNorm2d):
    """The same for vectors, feature by feature: they are images of one pixel."""

    def forward(self, x: Array, scratch: Scratch, *, training: bool, rng: np.random.Generator | None) -> Array:
        return super().forward(_as_images(x), scratch, training=training, rng=rng).reshape(x.shape)

    def backward(self, dy: Array, scratch: Scratch, gradients: dict[str, Array], *, need_dx: bool) -> Array | None:
        dx = super().backward(_as_images(dy), scratch, gradients, need_dx=need_dx)
        return None if dx is None else dx.reshape(dy.shape)

    def output_shape(self, shape: Shape) -> Shape:
        if shape != (self.num_features,):
            raise SettingsError(f"{self!r} takes ({self.num_features},), not {shape}")
        return shape


def _as_images(x: Array) -> Array:
    """Vectors (features, N) as (1, features, 1, N)."""
    return x[None, :, None, :]


def _channel_mean(x: Array, scratch: Scratch) -> Array:
    """The mean of each channel of `x` (H, C, W, N)."""
    rows = x.reshape(x.shape[0] * x.shape[1], -1)
    share = scratch.array("share", (rows.shape[1],), x.dtype)
    share.fill(1 / (x.size // x.shape[1]))  # a product with constants is three times as fast as mean() over this shape
    means: Array = (rows @ share).reshape(x.shape[0], -1).sum(axis=0)
    return means


def _channel_products(x: Array, other: Array) -> Array:
    """The sum of x · other over each channel of two arrays (H, C, W, N)."""
    rows = x.shape[0] * x.shape[1]
    products: Array = np.vecdot(x.reshape(rows, -1), other.reshape(rows, -1))
    sums: Array = products.reshape(x.shape[0], -1).sum(axis=0)
    return sums

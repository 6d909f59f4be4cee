"""Locally connected layers: convolutions whose kernels differ from place to place."""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import Any, ClassVar

import numpy as np

from nn_core.errors import SettingsError
from nn_core.initializers import Initializer, he_uniform, zeros
from nn_core.layers.base import MOST_ANSWERS, Array, Layer, Scratch, Shape, affordable, limit_rows, pair

Pair = int | tuple[int, int]


class LocallyConnected2d(Layer):
    """A convolution that shares no weights: each output place has kernels and biases of its own (LeCun 1989, Net-3).

    y[n, o, i, j] = bias[i, j, o] + Σ_c Σ_u Σ_v weight[i, j, o, c, u, v] · x[n, c, i·s + u − p, j·s + v − p]

    `weight` is (rows, columns, out, in, kh, kw), `bias` (rows, columns, out), where rows and columns are those of the
    output: so the layer must know the `input_size` (height, width). Padding is with zeros and narrower than the kernel.

    Raises:
        SettingsError: an argument is out of its range.
    """

    parameter_names: ClassVar[tuple[str, ...]] = ("weight", "bias")
    needs_rng: ClassVar[bool] = True

    def __init__(
        self,
        in_channels: int,
        out_channels: int,
        input_size: Pair,
        kernel_size: Pair,
        stride: Pair = 1,
        padding: Pair = 0,
        *,
        rng: np.random.Generator,
        init: Initializer = he_uniform,
        bias_init: Initializer = zeros,
    ) -> None:
        super().__init__()
        shape = local_shape(in_channels, out_channels, input_size, kernel_size, stride, padding)
        self.in_channels, self.out_channels = in_channels, out_channels
        self.input_size, self.kernel_size = pair("input_size", input_size, 1), pair("kernel_size", kernel_size, 1)
        self.stride, self.padding = pair("stride", stride, 1), pair("padding", padding, 0)
        self.output_size = (shape[0], shape[1])
        kh, kw = self.kernel_size
        fans = {"fan_in": in_channels * kh * kw, "fan_out": out_channels * kh * kw}
        self.parameters = {
            "weight": init(affordable("weight", shape), **fans, rng=rng),
            "bias": bias_init(shape[:3], **fans, rng=rng),
        }

    def forward(self, x: Array, scratch: Scratch, *, training: bool, rng: np.random.Generator | None) -> Array:
        (rows, columns), (kh, kw), images = self.output_size, self.kernel_size, x.shape[3]
        padded = self._padded(x, scratch)
        patches = scratch.array("patches", (rows, columns, self.in_channels, kh, kw, images), x.dtype)
        for u, v, seen in self._seen(padded):
            patches[:, :, :, u, v] = seen.transpose(0, 2, 1, 3)
        scratch.keep("patches", patches)
        by_place = scratch.array("by_place", (rows, columns, self.out_channels, images), x.dtype)
        np.matmul(self._kernels(self.parameters["weight"]), patches.reshape(rows, columns, -1, images), out=by_place)
        by_place += self.parameters["bias"][..., None]
        y = scratch.array("y", (rows, self.out_channels, columns, images), x.dtype)
        np.copyto(y, by_place.transpose(0, 2, 1, 3))
        return y

    def backward(self, dy: Array, scratch: Scratch, gradients: dict[str, Array], *, need_dx: bool) -> Array | None:
        patches, (rows, columns), images = scratch.kept("patches"), self.output_size, dy.shape[3]
        by_place = scratch.array("by_place", (rows, columns, self.out_channels, images), dy.dtype)
        np.copyto(by_place, dy.transpose(0, 2, 1, 3))
        flat = patches.reshape(rows, columns, -1, images)
        np.matmul(by_place, flat.swapaxes(2, 3), out=self._kernels(gradients["weight"]))
        np.sum(by_place, axis=3, out=gradients["bias"])
        if not need_dx:
            return None
        np.matmul(self._kernels(self.parameters["weight"]).swapaxes(2, 3), by_place, out=flat)
        (height, width), (ph, pw) = self.input_size, self.padding
        d_padded = scratch.array("d_padded", (height + 2 * ph, self.in_channels, width + 2 * pw, images), dy.dtype)
        d_padded.fill(0)
        for u, v, seen in self._seen(d_padded):
            seen += patches[:, :, :, u, v].transpose(0, 2, 1, 3)
        if self.padding == (0, 0):
            return d_padded
        dx = scratch.array("dx", (height, self.in_channels, width, images), dy.dtype)
        np.copyto(dx, d_padded[ph : ph + height, :, pw : pw + width])
        return dx

    def working(self, shape: Shape) -> int:
        return math.prod((*self.output_size, self.in_channels, *self.kernel_size))

    def limit_norms(self, largest: float) -> None:
        weight = self.parameters["weight"]
        limit_rows(weight.reshape(-1, weight[0, 0, 0].size), largest)

    def _padded(self, x: Array, scratch: Scratch) -> Array:
        if self.padding == (0, 0):
            return x
        (ph, pw), (height, channels, width, images) = self.padding, x.shape
        padded = scratch.array("padded", (height + 2 * ph, channels, width + 2 * pw, images), x.dtype)
        padded[ph : ph + height, :, pw : pw + width] = x
        return padded

    def _seen(self, padded: Array) -> Iterator[tuple[int, int, Array]]:
        """For each place (u, v) of a kernel what it sees at every place of the output: a view (rows, C, columns, N)."""
        (rows, columns), (kh, kw), (sh, sw) = self.output_size, self.kernel_size, self.stride
        for u in range(kh):
            for v in range(kw):
                yield u, v, padded[u : u + (rows - 1) * sh + 1 : sh, :, v : v + (columns - 1) * sw + 1 : sw]

    def _kernels(self, weight: Array) -> Array:
        """A matrix (out, in·kh·kw) for each place: a view."""
        return weight.reshape(*weight.shape[:3], -1)

    def kernels(self) -> Array:
        """For each pair of channels one picture: the kernels of all places, each where its place is."""
        rows, columns, out, in_, kh, kw = self.parameters["weight"].shape
        by_channel = self.parameters["weight"].transpose(2, 3, 0, 4, 1, 5)
        return by_channel.reshape(out, in_, rows * kh, columns * kw)

    def output_shape(self, shape: Shape) -> Shape:
        if shape != (self.in_channels, *self.input_size):
            raise SettingsError(f"{self!r} takes {(self.in_channels, *self.input_size)}, not {shape}")
        return (self.out_channels, *self.output_size)

    def config(self) -> dict[str, Any]:
        names = ("in_channels", "out_channels", "input_size", "kernel_size", "stride", "padding")
        return {name: getattr(self, name) for name in names}

    def title(self) -> str:
        kh, kw = self.kernel_size
        return f"local {kh}×{kw}×{self.out_channels}"

    def arithmetic(self) -> str:
        (rows, columns), (kh, kw), in_, out = self.output_size, self.kernel_size, self.in_channels, self.out_channels
        return f"{rows}·{columns}·({kh}·{kw}·{in_}+1)·{out} = {rows * columns * (kh * kw * in_ + 1) * out}"


def local_shape(
    in_channels: int, out_channels: int, input_size: Pair, kernel_size: Pair, stride: Pair = 1, padding: Pair = 0
) -> Shape:
    """The shape of the weight of a `LocallyConnected2d` with these arguments; takes no memory for it.

    Raises:
        SettingsError: an argument is out of its range.
    """
    for name, value in (("in_channels", in_channels), ("out_channels", out_channels)):
        if value < 1:
            raise SettingsError(f"{name} (={value}) must be at least 1")
    sizes, kernel = pair("input_size", input_size, 1), pair("kernel_size", kernel_size, 1)
    strides, paddings = pair("stride", stride, 1), pair("padding", padding, 0)
    if paddings[0] >= kernel[0] or paddings[1] >= kernel[1]:
        raise SettingsError(f"padding (={paddings}) must be narrower than kernel_size (={kernel})")
    rows, columns = ((n + 2 * p - k) // s + 1 for n, p, k, s in zip(sizes, paddings, kernel, strides, strict=True))
    if rows < 1 or columns < 1:
        raise SettingsError(f"kernel_size (={kernel}) is larger than the padded input {sizes}")
    affordable("input patches", (rows, columns, in_channels, *kernel), MOST_ANSWERS)
    return (rows, columns, out_channels, in_channels, *kernel)

"""Convolution over images."""

from __future__ import annotations

import math
from typing import Any, ClassVar

import numpy as np

from nn_core.errors import SettingsError
from nn_core.initializers import Initializer, he_uniform, zeros
from nn_core.layers.base import MOST_ANSWERS, Array, Layer, Scratch, Shape, affordable, limit_rows, pair
from nn_core.layers.correlation import add_shifted, correlate, correlate_gradient, make_slabs


class Conv2d(Layer):
    """Cross-correlation of every image with `out_channels` kernels, as `torch.nn.Conv2d`.

    y[n, o, i, j] = bias[o] + Σ_c Σ_u Σ_v weight[o, c, u, v] · x[n, c, i·s + u − p, j·s + v − p]

    `weight` is (out, in, kh, kw), `bias` (out,). Output height is ⌊(H + 2p − kh) / s⌋ + 1, the width likewise.

    Raises:
        SettingsError: an argument is out of its range.
    """

    parameter_names: ClassVar[tuple[str, ...]] = ("weight", "bias")
    needs_rng: ClassVar[bool] = True
    gives_away: ClassVar[bool] = True

    def __init__(
        self,
        in_channels: int,
        out_channels: int,
        kernel_size: int | tuple[int, int],
        stride: int | tuple[int, int] = 1,
        padding: int | tuple[int, int] = 0,
        padding_mode: str = "zeros",
        *,
        rng: np.random.Generator,
        init: Initializer = he_uniform,
        bias_init: Initializer = zeros,
    ) -> None:
        super().__init__()
        for name, value in (("in_channels", in_channels), ("out_channels", out_channels)):
            if value < 1:
                raise SettingsError(f"{name} (={value}) must be at least 1")
        if padding_mode not in ("zeros", "replicate"):
            raise SettingsError(f"padding_mode (={padding_mode!r}) must be 'zeros' or 'replicate'")
        self.in_channels, self.out_channels, self.padding_mode = in_channels, out_channels, padding_mode
        self.kernel_size = pair("kernel_size", kernel_size, 1)
        self.stride = pair("stride", stride, 1)
        self.padding = pair("padding", padding, 0)
        kh, kw = self.kernel_size
        fan_in, fan_out = in_channels * kh * kw, out_channels * kh * kw
        shape = affordable("weight", (out_channels, in_channels, kh, kw))
        self.parameters = {
            "weight": init(shape, fan_in=fan_in, fan_out=fan_out, rng=rng),
            "bias": bias_init((out_channels,), fan_in=fan_in, fan_out=fan_out, rng=rng),
        }

    def forward(self, x: Array, scratch: Scratch, *, training: bool, rng: np.random.Generator | None) -> Array:
        weight = self.effective_weight(scratch)
        scratch.keep("weight", weight)
        x, (top, left) = self._padded(x, scratch)
        rows, columns = self._output_size(x.shape[0] + 2 * top, x.shape[2] + 2 * left)
        slabs = make_slabs(x, self.kernel_size[1], self.stride[1], left, columns, scratch, "slabs")
        scratch.keep("x", x)
        scratch.keep("slabs", slabs)
        y = scratch.array("y", (rows, self.out_channels, columns, x.shape[3]), x.dtype)
        correlate(slabs, _kernel_rows(weight, scratch, "kernels"), self.kernel_size[0], self.stride[0], top, y)
        row = scratch.spare("spare", y.shape[1:], y.dtype)
        row[...] = self.parameters["bias"][:, None, None]
        y += row  # an array is added twice as fast as one value for each long run
        return y

    def backward(self, dy: Array, scratch: Scratch, gradients: dict[str, Array], *, need_dx: bool) -> Array | None:
        (kh, kw), top = self.kernel_size, self._zeros_around()[0]
        d_kernels = correlate_gradient(scratch.kept("slabs"), dy, kh, self.stride[0], top, scratch)
        d_kernels = d_kernels.reshape(kh, kw, self.in_channels, self.out_channels)
        gradients["weight"][...] = d_kernels.transpose(3, 2, 0, 1)
        per_row = dy.reshape(dy.shape[0] * dy.shape[1], -1)
        ones = scratch.array("ones", (per_row.shape[1],), dy.dtype)
        ones.fill(1)  # a product with ones sums three times as fast as sum() over this shape
        gradients["bias"][...] = (per_row @ ones).reshape(dy.shape[0], -1).sum(axis=0)
        return self._input_gradient(dy, scratch) if need_dx else None

    def _input_gradient(self, dy: Array, scratch: Scratch) -> Array:
        """Along the height dx is dy correlated with the kernels upside down, channels exchanged; along the width each
        column of the kernels gives a plane of its own, and the planes are added up, shifted.

        So dy is read where it lies, and one product with kw times as many rows does what kw small ones would.
        """
        weight, (kh, kw), (top, left) = scratch.kept("weight"), self.kernel_size, self._zeros_around()
        x = scratch.kept("x")
        dy = self._spread(dy, scratch)
        turned = scratch.array("turned", (kw, self.in_channels, kh, self.out_channels), weight.dtype)
        turned[...] = weight[:, :, ::-1].transpose(3, 1, 2, 0)
        planes = scratch.spare("spare", (x.shape[0], kw * self.in_channels, *dy.shape[2:]), dy.dtype)
        correlate(dy[:, None], turned.reshape(kw * self.in_channels, -1), kh, 1, kh - 1 - top, planes)
        dx = scratch.handed(x.shape, dy.dtype)
        add_shifted(planes, dx, kw, self.stride[1], left)
        return _fold_edges(dx, self.padding, scratch) if self.padding_mode == "replicate" else dx

    def kernels(self) -> Array:
        return self.parameters["weight"]

    def limit_norms(self, largest: float) -> None:
        weight = self.parameters["weight"]
        limit_rows(weight.reshape(len(weight), -1), largest)

    def effective_weight(self, scratch: Scratch) -> Array:
        """The weight that this pass works with."""
        return self.parameters["weight"]

    def _padded(self, x: Array, scratch: Scratch) -> tuple[Array, tuple[int, int]]:
        """The input, its edges repeated if they are to be, and the zeros (above, left) to be thought around it."""
        if self.padding_mode == "zeros" or self.padding == (0, 0):
            return x, self.padding
        (ph, pw), (height, channels, width, images) = self.padding, x.shape
        wide = scratch.array("replicated", (height + 2 * ph, channels, width + 2 * pw, images), x.dtype)
        wide[ph : ph + height, :, pw : pw + width] = x
        wide[:ph, :, pw : pw + width] = x[:1]
        wide[ph + height :, :, pw : pw + width] = x[-1:]
        wide[:, :, :pw] = wide[:, :, pw : pw + 1]
        wide[:, :, pw + width :] = wide[:, :, pw + width - 1 : pw + width]
        return wide, (0, 0)

    def _zeros_around(self) -> tuple[int, int]:
        return self.padding if self.padding_mode == "zeros" else (0, 0)

    def _output_size(self, height: int, width: int) -> tuple[int, int]:
        (kh, kw), (sh, sw) = self.kernel_size, self.stride
        return (height - kh) // sh + 1, (width - kw) // sw + 1

    def _spread(self, dy: Array, scratch: Scratch) -> Array:
        """`dy` with stride − 1 rows of zeros between its rows."""
        stride = self.stride[0]
        if stride == 1:
            return dy
        spread = scratch.array("spread", ((dy.shape[0] - 1) * stride + 1, *dy.shape[1:]), dy.dtype)
        spread[::stride] = dy
        return spread

    def output_shape(self, shape: Shape) -> Shape:
        if len(shape) != 3 or shape[0] != self.in_channels:
            raise SettingsError(f"{self!r} takes ({self.in_channels}, height, width), not {shape}")
        (ph, pw) = self.padding
        rows, columns = self._output_size(shape[1] + 2 * ph, shape[2] + 2 * pw)
        if rows < 1 or columns < 1:
            raise SettingsError(f"kernel_size (={self.kernel_size}) is larger than the padded input {shape}")
        affordable("input patches", self._patches(shape), MOST_ANSWERS)
        return (self.out_channels, rows, columns)

    def working(self, shape: Shape) -> int:
        return math.prod(self._patches(shape))

    def _patches(self, shape: Shape) -> Shape:
        height, width = (size + 2 * pad for size, pad in zip(shape[1:], self.padding, strict=True))
        return (height, self.kernel_size[1], shape[0], self._output_size(height, width)[1])

    def config(self) -> dict[str, Any]:
        return {
            "in_channels": self.in_channels,
            "out_channels": self.out_channels,
            "kernel_size": self.kernel_size,
            "stride": self.stride,
            "padding": self.padding,
            "padding_mode": self.padding_mode,
        }

    def title(self) -> str:
        kh, kw = self.kernel_size
        return f"conv {kh}×{kw}×{self.out_channels}"

    def arithmetic(self) -> str:
        (kh, kw), in_, out = self.kernel_size, self.in_channels, self.out_channels
        return f"({kh}·{kw}·{in_}+1)·{out} = {(kh * kw * in_ + 1) * out}"


def _kernel_rows(weight: Array, scratch: Scratch, name: str) -> Array:
    """`weight` (out, in, kh, kw) as a matrix with a kernel a row, in the order (kh, kw, in) of the slabs."""
    out, in_, kh, kw = weight.shape
    rows = scratch.array(name, (out, kh, kw, in_), weight.dtype)
    rows[...] = weight.transpose(0, 2, 3, 1)
    return rows.reshape(out, -1)


def _fold_edges(dx: Array, padding: tuple[int, int], scratch: Scratch) -> Array:
    """The gradient of an image whose edges were repeated: each edge also takes what its repetitions got."""
    ph, pw = padding
    rows = dx[ph : dx.shape[0] - ph]
    rows[0] += dx[:ph].sum(axis=0)
    rows[-1] += dx[dx.shape[0] - ph :].sum(axis=0)
    core = rows[:, :, pw : dx.shape[2] - pw]
    core[:, :, 0] += rows[:, :, :pw].sum(axis=2)
    core[:, :, -1] += rows[:, :, dx.shape[2] - pw :].sum(axis=2)
    folded = scratch.array("folded", core.shape, dx.dtype)
    np.copyto(folded, core)
    return folded

"""Pooling: a window of each map becomes one value."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np

from nn_core.errors import SettingsError
from nn_core.layers.base import MOST_ANSWERS, Array, Layer, Scratch, Shape, affordable, pair

_BLOCK = 1 << 15  # values of the output that are worked on at a time
_MOST_SEEN = 1 << 14  # values in a window: each takes a step of its own


class _Pool2d(Layer):
    """What both poolings share: windows of `kernel_size`, one every `stride` (by default side by side)."""

    word = ""

    def __init__(self, kernel_size: int | tuple[int, int], stride: int | tuple[int, int] | None = None) -> None:
        super().__init__()
        self.kernel_size = pair("kernel_size", kernel_size, 1)
        affordable("kernel_size", self.kernel_size, _MOST_SEEN)
        self.stride = self.kernel_size if stride is None else pair("stride", stride, 1)

    def output_shape(self, shape: Shape) -> Shape:
        if len(shape) != 3:
            raise SettingsError(f"{self!r} takes (channels, height, width), not {shape}")
        rows, columns = self._output_size(shape[1], shape[2])
        if rows < 1 or columns < 1:
            raise SettingsError(f"kernel_size (={self.kernel_size}) is larger than the input {shape}")
        affordable("stack of windows", (shape[0], rows, columns, *self.kernel_size), MOST_ANSWERS)
        return (shape[0], rows, columns)

    def config(self) -> dict[str, Any]:
        return {"kernel_size": self.kernel_size, "stride": self.stride}

    def title(self) -> str:
        (kh, kw), (sh, sw) = self.kernel_size, self.stride
        return f"{self.word}-pool {kh}×{kw}" + ("" if self.stride == self.kernel_size else f", stride {sh}×{sw}")

    def _output_size(self, height: int, width: int) -> tuple[int, int]:
        (kh, kw), (sh, sw) = self.kernel_size, self.stride
        return (height - kh) // sh + 1, (width - kw) // sw + 1

    def _output(self, x: Array, scratch: Scratch) -> Array:
        height, channels, width, images = x.shape
        rows, columns = self._output_size(height, width)
        return scratch.array("y", (rows, channels, columns, images), x.dtype)

    def _members(self, x: Array, rows: int, columns: int) -> Iterator[Array]:
        """Views of `x`: the first member of every window, the second … in row-major order."""
        (kh, kw), (sh, sw) = self.kernel_size, self.stride
        for u in range(kh):
            for v in range(kw):
                yield x[u : u + (rows - 1) * sh + 1 : sh, :, v : v + (columns - 1) * sw + 1 : sw]

    def _tiles(self, x: Array, y: Array) -> bool:
        """Whether every member of `x` belongs to exactly one window of `y`."""
        (kh, kw), rows, columns = self.kernel_size, y.shape[0], y.shape[2]
        return self.stride == self.kernel_size and (rows * kh, columns * kw) == (x.shape[0], x.shape[2])


class MaxPool2d(_Pool2d):
    """The largest value of each window, as `torch.nn.MaxPool2d`; its gradient goes to the first of equal ones."""

    word = "max"

    def forward(self, x: Array, scratch: Scratch, *, training: bool, rng: np.random.Generator | None) -> Array:
        y = self._output(x, scratch)
        largest, *others = self._members(x, y.shape[0], y.shape[2])
        for member in others or [largest]:
            largest = np.maximum(largest, member, out=y)
        scratch.keep("x", x)
        scratch.keep("y", y)
        return y

    def backward(self, dy: Array, scratch: Scratch, gradients: dict[str, Array], *, need_dx: bool) -> Array | None:
        if not need_dx:
            return None
        x, y = scratch.kept("x"), scratch.kept("y")
        dx = scratch.handed(x.shape, x.dtype)
        tiles = self._tiles(x, y)
        if not tiles:
            dx.fill(0)
        members = list(self._members(x, y.shape[0], y.shape[2]))
        d_members = list(self._members(dx, y.shape[0], y.shape[2]))
        # A few rows at a time, which stay in the cache meanwhile.
        height = max(1, _BLOCK // y[0].size)
        for first in range(0, len(y), height):
            rows = slice(first, first + height)
            _hand_down(dy[rows], y[rows], [m[rows] for m in members], [d[rows] for d in d_members], scratch, tiles)
        return dx

    def sides(self, scratch: Scratch) -> Array | None:
        x, y = scratch.kept("x"), scratch.kept("y")
        return np.stack([np.equal(member, y) for member in self._members(x, y.shape[0], y.shape[2])])


def _hand_down(
    dy: Array, y: Array, members: list[Array], d_members: list[Array], scratch: Scratch, tiles: bool
) -> None:
    """Give each window's gradient to the first member that is the largest; with `tiles` no member has any yet."""
    largest = scratch.spare("largest", y.shape, np.bool_)
    share = scratch.spare("share", y.shape, y.dtype)
    for member, d_member in zip(members[:-1], d_members[:-1], strict=True):
        share[...] = np.equal(member, y, out=largest)
        share *= dy
        dy -= share  # so that a later one of the same value gets nothing …
        if tiles:
            d_member[...] = share
        else:
            d_member += share
    if tiles:  # … and what is left is the last one's.
        d_members[-1][...] = dy
    else:
        d_members[-1] += dy


class AvgPool2d(_Pool2d):
    """The mean of each window, as `torch.nn.AvgPool2d`."""

    word = "avg"

    def forward(self, x: Array, scratch: Scratch, *, training: bool, rng: np.random.Generator | None) -> Array:
        y = self._output(x, scratch)
        total, *others = self._members(x, y.shape[0], y.shape[2])
        for member in others:
            total = np.add(total, member, out=y)
        np.multiply(total, y.dtype.type(1 / (self.kernel_size[0] * self.kernel_size[1])), out=y)
        scratch.keep("x", x)
        scratch.keep("y", y)
        return y

    def backward(self, dy: Array, scratch: Scratch, gradients: dict[str, Array], *, need_dx: bool) -> Array | None:
        if not need_dx:
            return None
        x = scratch.kept("x")
        dx = scratch.handed(x.shape, x.dtype)
        dy *= dy.dtype.type(1 / (self.kernel_size[0] * self.kernel_size[1]))
        tiles = self._tiles(x, scratch.kept("y"))
        if not tiles:
            dx.fill(0)
        for d_member in self._members(dx, dy.shape[0], dy.shape[2]):
            if tiles:
                d_member[...] = dy
            else:
                d_member += dy
        return dx

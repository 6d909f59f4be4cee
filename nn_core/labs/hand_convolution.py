"""A convolution small enough to follow by hand: every product, every sum, and how large the answer is."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from nn_core.errors import SettingsError
from nn_core.labs.convolving import convolve
from nn_core.layers import Array


@dataclass(frozen=True, slots=True)
class Window:
    """One value of the answer: patch and kernel `(C, k, k)`, their products, and what comes of them."""

    patch: Array
    kernel: Array
    products: Array
    bias: float
    total: float  # of all products and the bias
    value: float  # after ReLU, where there is one


@dataclass(frozen=True, slots=True, eq=False)
class HandConvolution:
    """A square image `(C, n, n)` under kernels `(F, C, k, k)` with `bias` `(F,)`, all float64.

    value[f, i, j] = a(bias[f] + Σ_c Σ_u Σ_v kernels[f, c, u, v] · padded[c, i·s + u, j·s + v]), a = ReLU or nothing.
    With `turned` each kernel is first turned by 180°, kernels[f, c, k−1−u, k−1−v]: a convolution as mathematics
    defines it, where networks (and the sum above) correlate.
    """

    image: Array
    kernels: Array
    bias: Array
    stride: int = 1
    padding: int = 0
    padding_mode: str = "zeros"
    relu: bool = False
    turned: bool = False

    @property
    def used_kernels(self) -> Array:
        """The kernels as they are laid on the image: turned, if they are to be."""
        return self.kernels[:, :, ::-1, ::-1] if self.turned else self.kernels

    @property
    def side(self) -> int:
        """⌊(n + 2p − k) / s⌋ + 1: rows and columns of the answer."""
        return self._reach() // self.stride + 1

    @property
    def unread(self) -> int:
        """How many of the last rows and columns, padding included, no window reaches."""
        return self._reach() % self.stride

    def _reach(self) -> int:
        """How far the window can be moved."""
        return int(self.image.shape[1]) + 2 * self.padding - int(self.kernels.shape[2])

    def padded(self) -> Array:
        """The image with its padding, `(C, n + 2p, n + 2p)`."""
        around = ((0, 0), (self.padding, self.padding), (self.padding, self.padding))
        return np.pad(self.image, around, mode="edge" if self.padding_mode == "replicate" else "constant")

    def answer(self) -> Array:
        """All values `(F, side, side)`, by the network's own `Conv2d`.

        Raises:
            SettingsError: the kernel is larger than the padded image.
        """
        if self._reach() < 0:
            n, k, p = self.image.shape[1], self.kernels.shape[2], self.padding
            around = f"the image of {n}×{n}" + (f" with a padding of {p}" if p else "")
            raise SettingsError(
                f"The kernel of {k}×{k} is larger than {around}: take a smaller kernel or more padding."
            )
        maps = convolve(self.image[None], self.used_kernels, self.stride, self.padding, self.padding_mode)
        totals: Array = maps[0] + self.bias[:, None, None]
        return np.maximum(totals, 0) if self.relu else totals

    def window(self, filter_: int, row: int, column: int) -> Window:
        """How the value of one filter at (row, column) of the answer comes about."""
        k, top, left = self.kernels.shape[2], row * self.stride, column * self.stride
        patch = self.padded()[:, top : top + k, left : left + k]
        kernel, bias = self.used_kernels[filter_], float(self.bias[filter_])
        products = patch * kernel
        total = float(products.sum()) + bias
        return Window(patch, kernel, products, bias, total, max(total, 0.0) if self.relu else total)

    def size_arithmetic(self) -> str:
        """How many rows and columns the answer has, with the numbers put in."""
        n, k = self.image.shape[1], self.kernels.shape[2]
        return f"⌊({n} + 2·{self.padding} − {k}) / {self.stride}⌋ + 1 = {self.side}"

    def parameter_arithmetic(self) -> str:
        """How many numbers there are to learn: weights of each filter and its bias, times the filters."""
        filters, channels, k, _ = self.kernels.shape
        return f"({k}·{k}·{channels} + 1)·{filters} = {(k * k * channels + 1) * filters}"


def resized(
    case: HandConvolution, *, side: int, kernel: int, channels: int, filters: int, rng: np.random.Generator
) -> HandConvolution:
    """The same with an image `(channels, side, side)` and kernels `(filters, channels, kernel, kernel)`.

    Numbers that were there stay in their places; new ones are small whole numbers, a new bias is 0.
    """
    image = rng.integers(0, 3, (channels, side, side)).astype(np.float64)
    kernels = rng.integers(-1, 2, (filters, channels, kernel, kernel)).astype(np.float64)
    bias = np.zeros(filters)
    for new, old in ((image, case.image), (kernels, case.kernels), (bias, case.bias)):
        both = tuple(slice(0, min(sizes)) for sizes in zip(new.shape, old.shape, strict=True))
        new[both] = old[both]
    return replace(case, image=image, kernels=kernels, bias=bias)

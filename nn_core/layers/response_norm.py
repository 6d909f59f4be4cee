"""Local response normalisation."""

from __future__ import annotations

from typing import Any

import numpy as np

from nn_core.errors import SettingsError
from nn_core.layers.base import MOST_ALONG, MOST_ANSWERS, Array, Layer, Scratch, Shape, affordable


class LocalResponseNorm(Layer):
    """y_c = x_c / (k + alpha / size · Σ x_c'²)^beta over the `size` channels c' around c: they inhibit each other.

    As `torch.nn.LocalResponseNorm` (Krizhevsky et al. 2012, section 3.3, whose α is torch's alpha / size). The window
    reaches from c − ⌊size / 2⌋ to c + ⌊(size − 1) / 2⌋; channels that do not exist count as 0.

    Raises:
        SettingsError: an argument is out of its range.
    """

    def __init__(self, size: int, alpha: float = 1e-4, beta: float = 0.75, k: float = 1.0) -> None:
        super().__init__()
        if not 1 <= size <= MOST_ALONG:
            raise SettingsError(f"size (={size}) must lie between 1 and {MOST_ALONG}")
        for name, value, low, high in (("alpha", alpha, 0, 1e6), ("beta", beta, 0, 10), ("k", k, 1e-6, 1e6)):
            if not low <= value <= high:
                raise SettingsError(f"{name} (={value}) must lie between {low:g} and {high:g}")
        self.size, self.alpha, self.beta, self.k = size, alpha, beta, k

    def forward(self, x: Array, scratch: Scratch, *, training: bool, rng: np.random.Generator | None) -> Array:
        number, y = x.dtype.type, scratch.array("y", x.shape, x.dtype)
        squares = np.multiply(x, x, out=scratch.array("spare", x.shape, x.dtype))
        base = scratch.array("base", x.shape, x.dtype)
        _sum_around(squares, self.size // 2, (self.size - 1) // 2, base)
        base *= number(self.alpha / self.size)
        base += number(self.k)
        scale = np.power(base, number(-self.beta), out=scratch.array("scale", x.shape, x.dtype))
        for name, values in (("x", x), ("base", base), ("scale", scale)):
            scratch.keep(name, values)
        np.multiply(x, scale, out=y)
        return y

    def backward(self, dy: Array, scratch: Scratch, gradients: dict[str, Array], *, need_dx: bool) -> Array | None:
        # dx_c = dy_c / base_c^β − 2·alpha·β / size · x_c · Σ dy_c' · x_c' / base_c'^(β+1) over all c' that see c
        if not need_dx:
            return None
        x, base, scale = scratch.kept("x"), scratch.kept("base"), scratch.kept("scale")
        dy *= scale
        shares = np.multiply(dy, x, out=scratch.array("spare", x.shape, x.dtype))
        shares /= base
        dx = scratch.array("dx", x.shape, x.dtype)
        _sum_around(shares, (self.size - 1) // 2, self.size // 2, dx)
        dx *= x
        dx *= dx.dtype.type(-2 * self.alpha * self.beta / self.size)
        dx += dy
        return dx

    def output_shape(self, shape: Shape) -> Shape:
        if len(shape) != 3:
            raise SettingsError(f"{self!r} takes (channels, height, width), not {shape}")
        affordable("stack of windows", (*shape, min(self.size, shape[0])), MOST_ANSWERS)
        return shape

    def config(self) -> dict[str, Any]:
        return {"size": self.size, "alpha": self.alpha, "beta": self.beta, "k": self.k}

    def title(self) -> str:
        return f"local response norm {self.size}"


def _sum_around(values: Array, before: int, after: int, out: Array) -> None:
    """out[:, c] = Σ values[:, c − before … c + after], for images (H, C, W, N)."""
    channels = values.shape[1]
    np.copyto(out, values)
    for shift in range(1, min(before, channels - 1) + 1):
        out[:, shift:] += values[:, :-shift]
    for shift in range(1, min(after, channels - 1) + 1):
        out[:, :-shift] += values[:, shift:]

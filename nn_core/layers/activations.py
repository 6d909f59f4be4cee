"""Activations: one function, applied to every value."""

from __future__ import annotations

from typing import Any

import numpy as np

from nn_core.errors import SettingsError
from nn_core.layers.base import Array, Layer, Scratch, Shape


class ReLU(Layer):
    """y = max(x, 0); the derivative at 0 is 0."""

    def forward(self, x: Array, scratch: Scratch, *, training: bool, rng: np.random.Generator | None) -> Array:
        y = scratch.over("y", x)
        zero = scratch.array("zero", x.shape[1:], x.dtype)  # against an array maximum is twice as fast as against 0
        scratch.keep("y", np.maximum(x, zero, out=y))
        return y

    def backward(self, dy: Array, scratch: Scratch, gradients: dict[str, Array], *, need_dx: bool) -> Array | None:
        y = scratch.kept("y")
        positive = np.greater(y, 0, out=scratch.spare("spare", y.shape, np.bool_))
        return np.multiply(dy, positive, out=dy)

    def sides(self, scratch: Scratch) -> Array | None:
        return np.greater(scratch.kept("y"), 0)

    def title(self) -> str:
        return "relu"


class LeakyReLU(Layer):
    """y = x where x > 0, else negative_slope · x."""

    def __init__(self, negative_slope: float = 0.01) -> None:
        super().__init__()
        if not 0 <= negative_slope < 1:
            raise SettingsError(f"negative_slope (={negative_slope}) must lie in [0, 1)")
        self.negative_slope = negative_slope

    def forward(self, x: Array, scratch: Scratch, *, training: bool, rng: np.random.Generator | None) -> Array:
        scratch.keep("x", x)
        y = scratch.array("y", x.shape, x.dtype)
        np.multiply(x, x.dtype.type(self.negative_slope), out=y)
        return np.maximum(x, y, out=y)

    def backward(self, dy: Array, scratch: Scratch, gradients: dict[str, Array], *, need_dx: bool) -> Array | None:
        x = scratch.kept("x")
        slope = scratch.spare("spare", x.shape, x.dtype)
        np.greater(x, 0, out=slope, casting="unsafe")
        slope *= slope.dtype.type(1 - self.negative_slope)
        slope += slope.dtype.type(self.negative_slope)
        return np.multiply(dy, slope, out=dy)

    def sides(self, scratch: Scratch) -> Array | None:
        return np.greater(scratch.kept("x"), 0)

    def config(self) -> dict[str, Any]:
        return {"negative_slope": self.negative_slope}

    def title(self) -> str:
        return f"leaky relu {self.negative_slope:g}"


class Sigmoid(Layer):
    """y = 1 / (1 + e^(−x)), y' = y · (1 − y)."""

    def forward(self, x: Array, scratch: Scratch, *, training: bool, rng: np.random.Generator | None) -> Array:
        y = scratch.over("y", x)
        np.negative(x, out=y)
        with np.errstate(over="ignore"):  # far below 0 e^(−x) is infinite, and the sigmoid rightly 0
            np.exp(y, out=y)
        y += y.dtype.type(1)
        scratch.keep("y", np.reciprocal(y, out=y))
        return y

    def backward(self, dy: Array, scratch: Scratch, gradients: dict[str, Array], *, need_dx: bool) -> Array | None:
        y = scratch.kept("y")
        slope = scratch.spare("spare", y.shape, y.dtype)
        np.subtract(y.dtype.type(1), y, out=slope)
        slope *= y
        return np.multiply(dy, slope, out=dy)

    def title(self) -> str:
        return "sigmoid"


class Tanh(Layer):
    """y = tanh(x), y' = 1 − y²."""

    def forward(self, x: Array, scratch: Scratch, *, training: bool, rng: np.random.Generator | None) -> Array:
        y = scratch.over("y", x)
        scratch.keep("y", np.tanh(x, out=y))
        return y

    def backward(self, dy: Array, scratch: Scratch, gradients: dict[str, Array], *, need_dx: bool) -> Array | None:
        y = scratch.kept("y")
        slope = scratch.spare("spare", y.shape, y.dtype)
        np.multiply(y, y, out=slope)
        np.subtract(y.dtype.type(1), slope, out=slope)
        return np.multiply(dy, slope, out=dy)

    def title(self) -> str:
        return "tanh"


class Softplus(Layer):
    """y = log(1 + e^(beta·x)) / beta, a smooth ReLU, y' = 1 / (1 + e^(−beta·x)), as `torch.nn.Softplus`.

    Raises:
        SettingsError: `beta` is not in [0.001, 1000].
    """

    def __init__(self, beta: float = 1.0) -> None:
        super().__init__()
        if not 1e-3 <= beta <= 1e3:
            raise SettingsError(f"beta (={beta}) must lie between 0.001 and 1000")
        self.beta = beta

    def forward(self, x: Array, scratch: Scratch, *, training: bool, rng: np.random.Generator | None) -> Array:
        y = scratch.over("y", x)
        np.multiply(x, x.dtype.type(self.beta), out=y)
        np.logaddexp(x.dtype.type(0), y, out=y)
        y *= y.dtype.type(1 / self.beta)
        scratch.keep("y", y)
        return y

    def backward(self, dy: Array, scratch: Scratch, gradients: dict[str, Array], *, need_dx: bool) -> Array | None:
        y = scratch.kept("y")
        slope = scratch.spare("spare", y.shape, y.dtype)
        np.multiply(y, y.dtype.type(-self.beta), out=slope)
        np.expm1(slope, out=slope)  # e^(−beta·y) = 1 − y'
        np.negative(slope, out=slope)
        return np.multiply(dy, slope, out=dy)

    def config(self) -> dict[str, Any]:
        return {"beta": self.beta}

    def title(self) -> str:
        return "softplus" if self.beta == 1 else f"softplus {self.beta:g}"


class Step(Layer):
    """y = 1 where x > 0, else 0: the threshold of the perceptron (Rosenblatt 1958).

    Its derivative is 0 wherever it has one, so nothing below it learns from a gradient.
    """

    def forward(self, x: Array, scratch: Scratch, *, training: bool, rng: np.random.Generator | None) -> Array:
        y = scratch.over("y", x)
        scratch.keep("y", np.greater(x, 0, out=y, casting="unsafe"))
        return y

    def backward(self, dy: Array, scratch: Scratch, gradients: dict[str, Array], *, need_dx: bool) -> Array | None:
        dy.fill(0)
        return dy

    def sides(self, scratch: Scratch) -> Array | None:
        return scratch.kept("y").copy()

    def title(self) -> str:
        return "step"


class Identity(Layer):
    """y = x, as `torch.nn.Identity`."""

    def forward(self, x: Array, scratch: Scratch, *, training: bool, rng: np.random.Generator | None) -> Array:
        return x

    def backward(self, dy: Array, scratch: Scratch, gradients: dict[str, Array], *, need_dx: bool) -> Array | None:
        return dy

    def title(self) -> str:
        return "identity"


class Softmax(Layer):
    """y_k = e^(x_k) / Σ_j e^(x_j) over the features of a vector."""

    def forward(self, x: Array, scratch: Scratch, *, training: bool, rng: np.random.Generator | None) -> Array:
        y = scratch.over("y", x)
        np.subtract(x, x.max(axis=0), out=y)  # the largest exponent is 0: nothing overflows
        np.exp(y, out=y)
        y /= y.sum(axis=0)
        scratch.keep("y", y)
        return y

    def backward(self, dy: Array, scratch: Scratch, gradients: dict[str, Array], *, need_dx: bool) -> Array | None:
        y = scratch.kept("y")
        weighted = np.multiply(dy, y, out=scratch.spare("spare", y.shape, y.dtype))
        dy -= weighted.sum(axis=0)
        return np.multiply(dy, y, out=dy)

    def output_shape(self, shape: Shape) -> Shape:
        if len(shape) != 1:
            raise SettingsError(f"Softmax takes (features,), not {shape}")
        return shape

    def title(self) -> str:
        return "softmax"

"""The fully connected layer."""

from __future__ import annotations

from typing import Any, ClassVar

import numpy as np

from nn_core.errors import SettingsError
from nn_core.initializers import Initializer, he_uniform, zeros
from nn_core.layers.base import Array, Layer, Scratch, Shape, affordable, limit_rows


class Linear(Layer):
    """y = weight · x + bias, as `torch.nn.Linear`; `weight` is (out_features, in_features), `bias` (out_features,).

    Raises:
        SettingsError: a size is smaller than 1.
    """

    parameter_names: ClassVar[tuple[str, ...]] = ("weight", "bias")
    needs_rng: ClassVar[bool] = True
    gives_away: ClassVar[bool] = True

    def __init__(
        self,
        in_features: int,
        out_features: int,
        *,
        rng: np.random.Generator,
        init: Initializer = he_uniform,
        bias_init: Initializer = zeros,
    ) -> None:
        super().__init__()
        for name, value in (("in_features", in_features), ("out_features", out_features)):
            if value < 1:
                raise SettingsError(f"{name} (={value}) must be at least 1")
        self.in_features, self.out_features = in_features, out_features
        fans = {"fan_in": in_features, "fan_out": out_features}
        self.parameters = {
            "weight": init(affordable("weight", (out_features, in_features)), **fans, rng=rng),
            "bias": bias_init((out_features,), **fans, rng=rng),
        }

    def forward(self, x: Array, scratch: Scratch, *, training: bool, rng: np.random.Generator | None) -> Array:
        weight = self.effective_weight(scratch)
        scratch.keep("x", x)
        scratch.keep("weight", weight)
        y = scratch.array("y", (self.out_features, x.shape[1]), x.dtype)
        np.matmul(weight, x, out=y)
        y += self.parameters["bias"][:, None]
        return y

    def backward(self, dy: Array, scratch: Scratch, gradients: dict[str, Array], *, need_dx: bool) -> Array | None:
        x = scratch.kept("x")
        np.matmul(dy, x.T, out=gradients["weight"])
        np.sum(dy, axis=1, out=gradients["bias"])
        if not need_dx:
            return None
        dx = scratch.handed(x.shape, x.dtype)
        return np.matmul(scratch.kept("weight").T, dy, out=dx)

    def limit_norms(self, largest: float) -> None:
        limit_rows(self.parameters["weight"], largest)

    def effective_weight(self, scratch: Scratch) -> Array:
        """The weight that this pass works with."""
        return self.parameters["weight"]

    def output_shape(self, shape: Shape) -> Shape:
        if shape != (self.in_features,):
            raise SettingsError(f"{self!r} takes ({self.in_features},), not {shape}")
        return (self.out_features,)

    def config(self) -> dict[str, Any]:
        return {"in_features": self.in_features, "out_features": self.out_features}

    def title(self) -> str:
        return f"linear {self.out_features}"

    def arithmetic(self) -> str:
        in_, out = self.in_features, self.out_features
        return f"({in_}+1)·{out} = {(in_ + 1) * out}"

"""Dropout."""

from __future__ import annotations

from typing import Any, ClassVar

import numpy as np

from nn_core.errors import SettingsError
from nn_core.layers.base import Array, Layer, Scratch


class Dropout(Layer):
    """While training each value is 0 with probability `p` and 1/(1−p) times as large otherwise; else nothing happens.

    (Srivastava et al. 2014, with the scaling moved to the training side, as torch has it.)

    Raises:
        SettingsError: `p` is not in [0, 1), or a training pass has no generator to draw from.
    """

    draws: ClassVar[bool] = True

    def __init__(self, p: float = 0.5) -> None:
        super().__init__()
        if not 0 <= p < 1:
            raise SettingsError(f"p (={p}) must lie in [0, 1)")
        self.p = p

    def forward(self, x: Array, scratch: Scratch, *, training: bool, rng: np.random.Generator | None) -> Array:
        keep = scratch.array("keep", x.shape, x.dtype)
        if not training or self.p == 0:
            keep.fill(1)
            scratch.keep("keep", keep)
            return x
        if rng is None:
            raise SettingsError("Dropout needs a generator: pass rng= to a training pass")
        drawn = scratch.array("drawn", x.shape, np.float32)
        rng.random(out=drawn, dtype=np.float32)
        np.greater_equal(drawn, np.float32(self.p), out=keep, casting="unsafe")
        keep *= x.dtype.type(1 / (1 - self.p))
        scratch.keep("keep", keep)
        return np.multiply(x, keep, out=scratch.array("y", x.shape, x.dtype))

    def backward(self, dy: Array, scratch: Scratch, gradients: dict[str, Array], *, need_dx: bool) -> Array | None:
        return np.multiply(dy, scratch.kept("keep"), out=dy)

    def config(self) -> dict[str, Any]:
        return {"p": self.p}

    def title(self) -> str:
        return f"dropout {self.p:g}"

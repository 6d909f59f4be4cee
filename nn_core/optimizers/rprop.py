"""Resilient propagation: the sign of the gradient alone counts."""

from __future__ import annotations

import numpy as np

from nn_core.errors import SettingsError
from nn_core.layers import Array
from nn_core.optimizers.base import Optimizer


class Rprop(Optimizer):
    """p ← p − sign(g) · Δ, where each parameter has a step Δ of its own (Riedmiller and Braun 1993, as torch).

    Where the gradient keeps its sign Δ grows by the second of `etas`; where it turns Δ shrinks by the first, and that
    parameter rests for one step. Δ starts at `lr` and stays within `step_sizes`; a schedule does not change it. It is
    made for whole batches: the noise of small ones turns signs.

    Raises:
        SettingsError: `etas` or `step_sizes` are out of their ranges.
    """

    name = "rprop"
    default_lr = 0.001
    memory_names = ("previous", "step_size")

    def __init__(
        self,
        lr: float = 1e-2,
        *,
        etas: tuple[float, float] = (0.5, 1.2),
        step_sizes: tuple[float, float] = (1e-6, 50.0),
        weight_decay: float = 0.0,
        l1: float = 0.0,
    ) -> None:
        super().__init__(lr, weight_decay=weight_decay, l1=l1)
        if not 0 < etas[0] < 1 < etas[1]:
            raise SettingsError(f"etas (={etas}) must be one factor in (0, 1) and one above 1")
        if not 0 < step_sizes[0] <= step_sizes[1]:
            raise SettingsError(f"step_sizes (={step_sizes}) must be the smallest and the largest, above 0")
        self.etas, self.step_sizes = etas, step_sizes

    def memory_for(self, p: Array) -> dict[str, Array]:
        return {"previous": np.zeros_like(p), "step_size": np.full_like(p, self.lr)}

    def _step(self, p: Array, g: Array, memory: tuple[Array, ...], spare: Array) -> None:
        number, (previous, step_size) = p.dtype.type, memory
        np.multiply(np.sign(g, out=spare), np.sign(previous, out=previous), out=previous)
        turned = np.less(previous, 0)
        spare.fill(1)
        spare[turned] = number(self.etas[0])
        spare[np.greater(previous, 0)] = number(self.etas[1])
        step_size *= spare
        np.clip(step_size, number(self.step_sizes[0]), number(self.step_sizes[1]), out=step_size)
        g[turned] = 0
        np.copyto(previous, g)
        np.sign(g, out=g)
        g *= step_size
        p -= g

"""Adam and its kin."""

from __future__ import annotations

import math

import numpy as np

from nn_core.layers import Array
from nn_core.optimizers.base import Optimizer


class Adam(Optimizer):
    """m ← β₁m + (1−β₁)g, v ← β₂v + (1−β₂)g², p ← p − lr · m̂ / (√v̂ + ε) (Kingma and Ba 2015, algorithm 1).

    With m̂ = m / (1 − β₁^t) and v̂ = v / (1 − β₂^t). Kept are M = m / (1−β₁) and V = v / (1−β₂), so that M ← β₁M + g,
    V ← β₂V + g², and all the constants meet in two numbers: the step is p ← p − rate · M / (√V + eps'). That is ten
    passes over memory, where the formulas as they stand take fourteen.
    """

    name = "adam"
    default_lr = 0.005
    memory_names = ("m", "v")

    def __init__(
        self,
        lr: float = 1e-3,
        *,
        betas: tuple[float, float] = (0.9, 0.999),
        eps: float = 1e-8,
        weight_decay: float = 0.0,
        l1: float = 0.0,
    ) -> None:
        super().__init__(lr, weight_decay=weight_decay, l1=l1)
        self.betas, self.eps = betas, eps
        self._rate, self._eps = lr, eps

    def begin(self, step: int) -> None:
        first, second = self.betas
        spread = math.sqrt((1 - second**step) / (1 - second))  # √V = spread · √v̂
        self._rate = self.lr * spread * (1 - first) / (1 - first**step)
        self._eps = self.eps * spread

    def _step(self, p: Array, g: Array, memory: tuple[Array, ...], spare: Array) -> None:
        number = p.dtype.type
        m, v = memory
        m *= number(self.betas[0])
        m += g
        g *= g
        v *= number(self.betas[1])
        v += g
        np.sqrt(v, out=spare)
        spare += number(self._eps)
        np.divide(m, spare, out=spare)
        spare *= number(self._rate)
        p -= spare


class AdamW(Adam):
    """Adam whose weight decay shrinks the parameters themselves: p ← p − lr · λ · p (Loshchilov and Hutter 2019)."""

    name = "adamw"
    default_lr = 0.005

    def update(self, p: Array, g: Array, memory: tuple[Array, ...], spare: Array) -> None:
        p *= p.dtype.type(1 - self.lr * self.weight_decay)
        self._add_l1(p, g, spare)
        self._step(p, g, memory, spare)

"""Proximal optimisers: a step along the gradient, then the penalties exactly, so that L1 really makes zeros."""

from __future__ import annotations

import numpy as np

from nn_core.layers import Array
from nn_core.optimizers.base import Optimizer, above, shrink


class ProximalGradientDescent(Optimizer):
    """p ← S(p − lr · g, lr · l1) / (1 + lr · λ), where S(v, t) = sign(v) · max(|v| − t, 0).

    That minimises g·p + λ/2·p² + l1·|p| + (p − p_old)² / (2·lr), where λ is `weight_decay` (Duchi and Singer 2009,
    section 2 and eq. 19; TensorFlow's ProximalGradientDescent).
    """

    name = "proximal"
    default_lr = 0.1

    def update(self, p: Array, g: Array, memory: tuple[Array, ...], spare: Array) -> None:
        number = p.dtype.type
        g *= number(self.lr)
        p -= g
        if self.l1:
            p[...] = shrink(p, number(self.lr * self.l1), out=spare)
        p /= number(1 + self.lr * self.weight_decay)


class ProximalAdagrad(Optimizer):
    """s ← s + g², r = lr / √s, p ← S(p − r · g, r · l1) / (1 + r · λ).

    S is that of `ProximalGradientDescent`. Each parameter has Adagrad's rate, in the penalties too (Duchi and Singer
    2009 with the rates of Duchi et al. 2011; TensorFlow's ProximalAdagrad). s starts at `initial`.

    Raises:
        SettingsError: `initial` is not above 0.
    """

    name = "proximal-adagrad"
    default_lr = 0.03
    memory_names = ("sum",)

    def __init__(self, lr: float, *, initial: float = 0.1, weight_decay: float = 0.0, l1: float = 0.0) -> None:
        super().__init__(lr, weight_decay=weight_decay, l1=l1)
        self.initial = above("initial", initial, 0)

    def memory_for(self, p: Array) -> dict[str, Array]:
        return {"sum": np.full_like(p, self.initial)}

    def update(self, p: Array, g: Array, memory: tuple[Array, ...], spare: Array) -> None:
        number, (total,) = p.dtype.type, memory
        total += np.multiply(g, g, out=spare)
        rate = np.sqrt(total, out=spare)
        np.divide(number(self.lr), rate, out=rate)
        g *= rate
        p -= g
        if self.l1:
            np.multiply(rate, number(self.l1), out=g)
            p[...] = shrink(p, g, out=g)
        if self.weight_decay:
            rate *= number(self.weight_decay)
            rate += number(1)
            p /= rate

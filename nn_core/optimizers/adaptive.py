"""Optimisers that give each parameter a rate of its own, from the squares of its gradients."""

from __future__ import annotations

import numpy as np

from nn_core.layers import Array
from nn_core.optimizers.base import Optimizer, above, at_least_0, share


class Adagrad(Optimizer):
    """s ← s + g², p ← p − lr · g / (√s + ε) (Duchi et al. 2011, section 1.1, as torch).

    s starts at `initial`.

    Raises:
        SettingsError: `eps` is not above 0, or `initial` is negative.
    """

    name = "adagrad"
    default_lr = 0.02
    memory_names = ("sum",)

    def __init__(
        self, lr: float = 1e-2, *, initial: float = 0.0, eps: float = 1e-10, weight_decay: float = 0.0, l1: float = 0.0
    ) -> None:
        super().__init__(lr, weight_decay=weight_decay, l1=l1)
        self.initial, self.eps = at_least_0("initial", initial), above("eps", eps, 0)

    def memory_for(self, p: Array) -> dict[str, Array]:
        return {"sum": np.full_like(p, self.initial)}

    def _step(self, p: Array, g: Array, memory: tuple[Array, ...], spare: Array) -> None:
        (total,) = memory
        total += np.multiply(g, g, out=spare)
        np.sqrt(total, out=spare)
        spare += p.dtype.type(self.eps)
        g /= spare
        g *= p.dtype.type(self.lr)
        p -= g


class Adadelta(Optimizer):
    """s ← ρs + (1−ρ)g², d = √(u + ε) / √(s + ε) · g, u ← ρu + (1−ρ)d², p ← p − lr · d (Zeiler 2012, algorithm 1).

    The paper has no learning rate: with `lr` 1 this is its algorithm, as torch's.

    Raises:
        SettingsError: `rho` is not in [0, 1), or `eps` not above 0.
    """

    name = "adadelta"
    default_lr = 1.0
    memory_names = ("squares", "deltas")

    def __init__(
        self, lr: float = 1.0, *, rho: float = 0.9, eps: float = 1e-6, weight_decay: float = 0.0, l1: float = 0.0
    ) -> None:
        super().__init__(lr, weight_decay=weight_decay, l1=l1)
        self.rho, self.eps = share("rho", rho), above("eps", eps, 0)

    def _step(self, p: Array, g: Array, memory: tuple[Array, ...], spare: Array) -> None:
        number, (squares, deltas) = p.dtype.type, memory
        _average(squares, g, self.rho, spare)
        g /= np.sqrt(np.add(squares, number(self.eps), out=spare), out=spare)
        g *= np.sqrt(np.add(deltas, number(self.eps), out=spare), out=spare)
        _average(deltas, g, self.rho, spare)
        g *= number(self.lr)
        p -= g


class RMSprop(Optimizer):
    """s ← αs + (1−α)g², p ← p − lr · g / (√s + ε) (Tieleman and Hinton 2012, lecture 6.5, as torch).

    Raises:
        SettingsError: `alpha` is not in [0, 1), or `eps` not above 0.
    """

    name = "rmsprop"
    default_lr = 0.001
    memory_names = ("squares",)

    def __init__(
        self, lr: float = 1e-2, *, alpha: float = 0.99, eps: float = 1e-8, weight_decay: float = 0.0, l1: float = 0.0
    ) -> None:
        super().__init__(lr, weight_decay=weight_decay, l1=l1)
        self.alpha, self.eps = share("alpha", alpha), above("eps", eps, 0)

    def _step(self, p: Array, g: Array, memory: tuple[Array, ...], spare: Array) -> None:
        (squares,) = memory
        _average(squares, g, self.alpha, spare)
        np.sqrt(squares, out=spare)
        spare += p.dtype.type(self.eps)
        g /= spare
        g *= p.dtype.type(self.lr)
        p -= g


def _average(squares: Array, values: Array, keep: float, spare: Array) -> None:
    """squares ← keep · squares + (1 − keep) · values²."""
    number = values.dtype.type
    np.multiply(values, values, out=spare)
    spare *= number(1 - keep)
    squares *= number(keep)
    squares += spare

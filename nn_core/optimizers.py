"""Optimisers: how a gradient becomes a step. Each works value by value, so any part of the parameters may go first."""

from __future__ import annotations

import math
from typing import ClassVar

import numpy as np

from nn_core.errors import SettingsError
from nn_core.layers import Array


class Optimizer:
    """Moves parameters against their gradient; what it remembers between steps is in arrays that its user keeps.

    `begin(step)` comes once a step (1 for the first), then `update` once for each part of the parameters, in any
    order and from any thread. `weight_decay` λ adds λ·p to the gradient, as torch's optimisers do.
    """

    name: ClassVar[str]
    #: What it remembers of each parameter; every one starts at zero.
    memory_names: ClassVar[tuple[str, ...]] = ()

    def __init__(self, lr: float, *, weight_decay: float = 0.0) -> None:
        self.lr, self.weight_decay = lr, weight_decay

    def begin(self, step: int) -> None:
        """Work out what depends on the number of the step alone."""

    def update(self, p: Array, g: Array, memory: tuple[Array, ...], spare: Array) -> None:
        """Take one step on the vector `p` with gradient `g`; overwrites `g` and `spare`, arrays of the same shape."""
        if self.weight_decay:
            np.multiply(p, p.dtype.type(self.weight_decay), out=spare)
            g += spare
        self._step(p, g, memory, spare)

    def _step(self, p: Array, g: Array, memory: tuple[Array, ...], spare: Array) -> None:
        raise TypeError(f"{type(self).__name__} takes no step")


class SGD(Optimizer):
    """p ← p − lr · g."""

    name = "sgd"

    def _step(self, p: Array, g: Array, memory: tuple[Array, ...], spare: Array) -> None:
        g *= p.dtype.type(self.lr)
        p -= g


class Momentum(Optimizer):
    """v ← μ · v + g, p ← p − lr · v (Polyak 1964, in torch's form)."""

    name = "momentum"
    memory_names = ("velocity",)

    def __init__(self, lr: float, *, momentum: float = 0.9, weight_decay: float = 0.0) -> None:
        super().__init__(lr, weight_decay=weight_decay)
        self.momentum = momentum

    def _step(self, p: Array, g: Array, memory: tuple[Array, ...], spare: Array) -> None:
        (velocity,) = memory
        velocity *= p.dtype.type(self.momentum)
        velocity += g
        np.multiply(velocity, p.dtype.type(self.lr), out=g)
        p -= g


class Adam(Optimizer):
    """m ← β₁m + (1−β₁)g, v ← β₂v + (1−β₂)g², p ← p − lr · m̂ / (√v̂ + ε) (Kingma and Ba 2015, algorithm 1).

    With m̂ = m / (1 − β₁^t) and v̂ = v / (1 − β₂^t). Kept are M = m / (1−β₁) and V = v / (1−β₂), so that M ← β₁M + g,
    V ← β₂V + g², and all the constants meet in two numbers: the step is p ← p − rate · M / (√V + eps'). That is ten
    passes over memory, where the formulas as they stand take fourteen.
    """

    name = "adam"
    memory_names = ("m", "v")

    def __init__(
        self,
        lr: float = 1e-3,
        *,
        betas: tuple[float, float] = (0.9, 0.999),
        eps: float = 1e-8,
        weight_decay: float = 0.0,
    ) -> None:
        super().__init__(lr, weight_decay=weight_decay)
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

    def update(self, p: Array, g: Array, memory: tuple[Array, ...], spare: Array) -> None:
        p *= p.dtype.type(1 - self.lr * self.weight_decay)
        self._step(p, g, memory, spare)


OPTIMIZERS: dict[str, type[Optimizer]] = {optimizer.name: optimizer for optimizer in (SGD, Momentum, Adam, AdamW)}


def make_optimizer(name: str, lr: float, weight_decay: float = 0.0) -> Optimizer:
    """The optimiser of that name.

    Raises:
        SettingsError: there is none.
    """
    if name not in OPTIMIZERS:
        raise SettingsError(f"optimizer (={name!r}) must be one of {', '.join(OPTIMIZERS)}")
    return OPTIMIZERS[name](lr, weight_decay=weight_decay)

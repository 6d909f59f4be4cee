"""Optimisers that take the gradient as it is: plain descent and momentum."""

from __future__ import annotations

import numpy as np

from nn_core.layers import Array
from nn_core.optimizers.base import Optimizer, share


class SGD(Optimizer):
    """p ← p − lr · g."""

    name = "sgd"
    default_lr = 0.1

    def _step(self, p: Array, g: Array, memory: tuple[Array, ...], spare: Array) -> None:
        g *= p.dtype.type(self.lr)
        p -= g


class Momentum(Optimizer):
    """v ← μ · v + g, p ← p − lr · v (Polyak 1964, in torch's form).

    Raises:
        SettingsError: `momentum` is not in [0, 1).
    """

    name = "momentum"
    default_lr = 0.03
    memory_names = ("velocity",)

    def __init__(self, lr: float, *, momentum: float = 0.9, weight_decay: float = 0.0, l1: float = 0.0) -> None:
        super().__init__(lr, weight_decay=weight_decay, l1=l1)
        self.momentum = share("momentum", momentum)

    def _step(self, p: Array, g: Array, memory: tuple[Array, ...], spare: Array) -> None:
        (velocity,) = memory
        velocity *= p.dtype.type(self.momentum)
        velocity += g
        np.multiply(velocity, p.dtype.type(self.lr), out=g)
        p -= g


class Nesterov(Momentum):
    """v ← μ · v + g, p ← p − lr · (g + μ · v): the velocity that is to come, not the one that was.

    (Nesterov 1983, in the form of Sutskever et al. 2013, section 2, written for the point looked ahead to, as torch.)
    """

    name = "nesterov"
    default_lr = 0.03

    def _step(self, p: Array, g: Array, memory: tuple[Array, ...], spare: Array) -> None:
        (velocity,) = memory
        velocity *= p.dtype.type(self.momentum)
        velocity += g
        np.multiply(velocity, p.dtype.type(self.momentum), out=spare)
        g += spare
        g *= p.dtype.type(self.lr)
        p -= g

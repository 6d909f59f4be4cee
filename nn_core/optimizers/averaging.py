"""Optimisers that work the parameters out anew at each step, from the sum of all gradients so far.

Their penalties are exact, so that L1 really makes zeros. A learning rate that came last would scale all of the
parameters, and a schedule that ends at 0 would end in a network of zeros. So the rate at which the run starts is
the rate of all its steps, and a later rate weighs the gradient of its step instead: g ← (lr / first lr) · g.

By the papers they start from parameters of 0, with the sums empty: a network whose units are all alike never learns.
So the sums start as if gradients before the first had led to the network's start (`from_start`).
"""

from __future__ import annotations

import numpy as np

from nn_core.layers import Array
from nn_core.optimizers.base import Optimizer, above, at_least_0, shrink


class _Averaging(Optimizer):
    """What both share: the first rate, the weight of a step's gradient, and whether the start is kept."""

    #: `rate` is the first learning rate, as often as there are parameters: a run that goes on later must know it.
    memory_names = ("gradients", "squares", "rate")

    def __init__(
        self, lr: float, *, initial: float = 0.1, from_start: bool = True, weight_decay: float = 0.0, l1: float = 0.0
    ) -> None:
        super().__init__(lr, weight_decay=weight_decay, l1=l1)
        self.initial, self.from_start = above("initial", initial, 0), from_start

    def memory_for(self, p: Array) -> dict[str, Array]:
        sums = np.zeros_like(p)
        if self.from_start and self.lr > 0:
            # Penalties aside this is where `_average` answers `p`: 0 = gradients + scale · p.
            np.multiply(p, p.dtype.type(-self._scale() / self.lr), out=sums)
        return {"gradients": sums, "squares": np.full_like(p, self.initial), "rate": np.full_like(p, self.lr)}

    def update(self, p: Array, g: Array, memory: tuple[Array, ...], spare: Array) -> None:
        sums, squares, rate = memory
        first = float(rate[0])
        if first > 0:  # with a rate of 0 nothing moves, as with any other optimiser
            if rate[0] != p.dtype.type(self.lr):
                g *= p.dtype.type(self.lr / first)
            self._average(p, g, sums, squares, first, spare)

    def _scale(self) -> float:
        """What lr · gradients is divided by before the first step."""
        return float(np.sqrt(self.initial))

    def _average(self, p: Array, g: Array, sums: Array, squares: Array, lr: float, spare: Array) -> None:
        raise TypeError(f"{type(self).__name__} takes no step")


class AdagradDA(_Averaging):
    """G ← G + g, s ← s + g², p ← −lr · S(G, l1 · t) / (√s + lr · λ · t) at step t, S(v, a) = sign(v) · max(|v| − a, 0).

    (Duchi et al. 2011, primal-dual subgradient method, eq. 3 and section 5.1; TensorFlow's AdagradDA.) s starts at
    `initial`; with `from_start` G starts at −p·√initial / lr, without it at 0 as in the paper, where x₁ = 0.

    Raises:
        SettingsError: `initial` is not above 0.
    """

    name = "adagrad-da"
    default_lr = 0.05

    def __init__(
        self, lr: float, *, initial: float = 0.1, from_start: bool = True, weight_decay: float = 0.0, l1: float = 0.0
    ) -> None:
        super().__init__(lr, initial=initial, from_start=from_start, weight_decay=weight_decay, l1=l1)
        self._number = 0

    def begin(self, step: int) -> None:
        self._number = step

    def _average(self, p: Array, g: Array, sums: Array, squares: Array, lr: float, spare: Array) -> None:
        number = p.dtype.type
        sums += g
        g *= g
        squares += g
        np.sqrt(squares, out=spare)
        spare += number(lr * self.weight_decay * self._number)
        np.divide(shrink(sums, number(self.l1 * self._number), out=g), spare, out=p)
        p *= number(-lr)


class FTRL(_Averaging):
    """z ← z + g − σ·p with σ = (√(n + g²) − √n) / lr, n ← n + g², p ← −S(z, l1) / ((β + √n) / lr + λ).

    Follow the proximally regularised leader, S(v, a) = sign(v) · max(|v| − a, 0) (McMahan et al. 2013, algorithm 1,
    where n starts at 0 and β is 1; TensorFlow's FtrlOptimizer has β = 0, n starts at `initial`, and its l2 is λ / 2).
    With `from_start` z starts at −p · (β + √initial) / lr, without it at 0.

    Raises:
        SettingsError: `initial` is not above 0, or `beta` is negative.
    """

    name = "ftrl"
    default_lr = 0.03

    def __init__(
        self,
        lr: float,
        *,
        beta: float = 0.0,
        initial: float = 0.1,
        from_start: bool = True,
        weight_decay: float = 0.0,
        l1: float = 0.0,
    ) -> None:
        self.beta = at_least_0("beta", beta)
        super().__init__(lr, initial=initial, from_start=from_start, weight_decay=weight_decay, l1=l1)

    def _scale(self) -> float:
        return self.beta + super()._scale()

    def _average(self, p: Array, g: Array, sums: Array, squares: Array, lr: float, spare: Array) -> None:
        number, z, n = p.dtype.type, sums, squares
        z += g
        g *= g
        np.sqrt(n, out=spare)
        n += g
        root = np.sqrt(n, out=g)
        np.subtract(root, spare, out=spare)
        spare *= number(1 / lr)
        spare *= p
        z -= spare
        root += number(self.beta)
        root *= number(1 / lr)
        root += number(self.weight_decay)
        np.divide(shrink(z, number(self.l1), out=spare), root, out=p)
        np.negative(p, out=p)

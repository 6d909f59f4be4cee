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

    memory_names = ("gradients", "squares")

    def __init__(
        self, lr: float, *, initial: float = 0.1, from_start: bool = True, weight_decay: float = 0.0, l1: float = 0.0
    ) -> None:
        super().__init__(lr, weight_decay=weight_decay, l1=l1)
        self.initial, self.from_start, self._first_lr = above("initial", initial, 0), from_start, lr

    def memory_for(self, p: Array) -> dict[str, Array]:
        sums, squares = np.zeros_like(p), np.full_like(p, self.initial)
        if self.from_start and self._first_lr > 0:
            # What `_answer` makes `p` of, penalties aside: 0 = gradients + √squares / lr · p.
            np.multiply(p, p.dtype.type(-self._scale(self.initial)), out=sums)
        return {"gradients": sums, "squares": squares}

    def update(self, p: Array, g: Array, memory: tuple[Array, ...], spare: Array) -> None:
        if self._first_lr > 0:  # with a rate of 0 nothing moves, as with any other optimiser
            if self.lr != self._first_lr:
                g *= p.dtype.type(self.lr / self._first_lr)
            self._step(p, g, memory, spare)

    def _scale(self, squares: float) -> float:
        """√squares / lr."""
        return float(np.sqrt(squares)) / self._first_lr


class AdagradDA(_Averaging):
    """G ← G + g, s ← s + g², p ← −lr · S(G, l1 · t) / (√s + lr · λ · t) at step t, S(v, a) = sign(v) · max(|v| − a, 0).

    (Duchi et al. 2011, primal-dual subgradient method, eq. 3 and section 5.1; TensorFlow's AdagradDA.) s starts at
    `initial`; with `from_start` G starts at −p·√initial / lr, without it at 0 as in the paper, where x₁ = 0.

    Raises:
        SettingsError: `initial` is not above 0.
    """

    name = "adagrad-da"

    def __init__(
        self, lr: float, *, initial: float = 0.1, from_start: bool = True, weight_decay: float = 0.0, l1: float = 0.0
    ) -> None:
        super().__init__(lr, initial=initial, from_start=from_start, weight_decay=weight_decay, l1=l1)
        self._number = 0

    def begin(self, step: int) -> None:
        self._number = step

    def _step(self, p: Array, g: Array, memory: tuple[Array, ...], spare: Array) -> None:
        number, lr, (total, squares) = p.dtype.type, self._first_lr, memory
        total += g
        g *= g
        squares += g
        np.sqrt(squares, out=spare)
        spare += number(lr * self.weight_decay * self._number)
        np.divide(shrink(total, number(self.l1 * self._number), out=g), spare, out=p)
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

    def _scale(self, squares: float) -> float:
        return (self.beta + float(np.sqrt(squares))) / self._first_lr

    def _step(self, p: Array, g: Array, memory: tuple[Array, ...], spare: Array) -> None:
        number, lr, (z, n) = p.dtype.type, self._first_lr, memory
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

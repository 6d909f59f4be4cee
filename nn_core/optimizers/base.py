"""What every optimiser is."""

from __future__ import annotations

from typing import ClassVar

import numpy as np

from nn_core.errors import SettingsError
from nn_core.layers import Array


class Optimizer:
    """Moves parameters against their gradient; what it remembers between steps is in arrays that its user keeps.

    `memory_for` makes those arrays. `begin(step)` comes once a step (1 for the first), then `update` once for each part
    of the parameters, in any order and from any thread. Penalties on large parameters are added to the gradient, as
    torch does it: λ·p for `weight_decay` λ, the gradient of λ/2·‖p‖², and l1·sign(p), that of l1·Σ|p|. An optimiser
    with a better way to apply them says so.

    Raises:
        SettingsError: a penalty is negative.
    """

    name: ClassVar[str]
    #: A learning rate to begin with, for small networks that read digits in batches of about 64.
    default_lr: ClassVar[float]
    #: What it remembers of each parameter.
    memory_names: ClassVar[tuple[str, ...]] = ()

    def __init__(self, lr: float, *, weight_decay: float = 0.0, l1: float = 0.0) -> None:
        if not weight_decay >= 0 or not l1 >= 0:
            raise SettingsError(f"weight_decay (={weight_decay}) and l1 (={l1}) must not be negative")
        self.lr, self.weight_decay, self.l1 = lr, weight_decay, l1

    def memory_for(self, p: Array) -> dict[str, Array]:
        """What it remembers of the parameters `p` before its first step: zeros, if it does not say otherwise."""
        return {name: np.zeros_like(p) for name in self.memory_names}

    def begin(self, step: int) -> None:
        """Work out what depends on the number of the step alone."""

    def update(self, p: Array, g: Array, memory: tuple[Array, ...], spare: Array) -> None:
        """Take one step on the vector `p` with gradient `g`; overwrites `g` and `spare`, arrays of the same shape."""
        if self.weight_decay:
            np.multiply(p, p.dtype.type(self.weight_decay), out=spare)
            g += spare
        self._add_l1(p, g, spare)
        self._step(p, g, memory, spare)

    def _add_l1(self, p: Array, g: Array, spare: Array) -> None:
        if self.l1:
            np.sign(p, out=spare)
            spare *= p.dtype.type(self.l1)
            g += spare

    def _step(self, p: Array, g: Array, memory: tuple[Array, ...], spare: Array) -> None:
        raise TypeError(f"{type(self).__name__} takes no step")


def shrink(values: Array, threshold: Array | float, out: Array) -> Array:
    """sign(v) · max(|v| − threshold, 0): what minimises ½(x − v)² + threshold·|x|; `out` may be `threshold`."""
    size = np.abs(values)
    np.subtract(size, threshold, out=out)
    np.maximum(out, out.dtype.type(0), out=out)
    return np.copysign(out, values, out=out)


def above(name: str, value: float, limit: float) -> float:
    """`value`, if it lies above `limit`.

    Raises:
        SettingsError: it does not.
    """
    if not value > limit:
        raise SettingsError(f"{name} (={value}) must be above {limit:g}")
    return value


def share(name: str, value: float) -> float:
    """`value`, if it lies in [0, 1).

    Raises:
        SettingsError: it does not.
    """
    if not 0 <= value < 1:
        raise SettingsError(f"{name} (={value}) must lie in [0, 1)")
    return value


def at_least_0(name: str, value: float) -> float:
    """`value`, if it is not negative.

    Raises:
        SettingsError: it is.
    """
    if not value >= 0:
        raise SettingsError(f"{name} (={value}) must not be negative")
    return value

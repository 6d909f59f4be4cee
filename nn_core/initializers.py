"""How the parameters of a layer are drawn before it has learnt anything."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from nn_core.errors import SettingsError

Float32 = NDArray[np.float32]


class Initializer(Protocol):
    """Draws a parameter: `fan_in` inputs reach one output, one input reaches `fan_out` outputs."""

    def __call__(self, shape: tuple[int, ...], *, fan_in: int, fan_out: int, rng: np.random.Generator) -> Float32: ...


def zeros(shape: tuple[int, ...], *, fan_in: int, fan_out: int, rng: np.random.Generator) -> Float32:
    """All zero: right for a bias, no start for a weight, whose units would all learn the same."""
    return np.zeros(shape, np.float32)


def xavier_uniform(shape: tuple[int, ...], *, fan_in: int, fan_out: int, rng: np.random.Generator) -> Float32:
    """U(−a, a) with a = √(6 / (fan_in + fan_out)) (Glorot and Bengio 2010, eq. 16)."""
    return _uniform(shape, math.sqrt(6 / (fan_in + fan_out)), rng)


def xavier_normal(shape: tuple[int, ...], *, fan_in: int, fan_out: int, rng: np.random.Generator) -> Float32:
    """N(0, 2 / (fan_in + fan_out)) (Glorot and Bengio 2010, eq. 12)."""
    return _normal(shape, math.sqrt(2 / (fan_in + fan_out)), rng)


def he_uniform(shape: tuple[int, ...], *, fan_in: int, fan_out: int, rng: np.random.Generator) -> Float32:
    """U(−a, a) with a = √(6 / fan_in): the variance of `he_normal`."""
    return _uniform(shape, math.sqrt(6 / fan_in), rng)


def he_normal(shape: tuple[int, ...], *, fan_in: int, fan_out: int, rng: np.random.Generator) -> Float32:
    """N(0, 2 / fan_in): keeps the variance through ReLUs (He et al. 2015, eq. 10)."""
    return _normal(shape, math.sqrt(2 / fan_in), rng)


def lecun_normal(shape: tuple[int, ...], *, fan_in: int, fan_out: int, rng: np.random.Generator) -> Float32:
    """N(0, 1 / fan_in), the deviation 1/√n of LeCun et al. 1998 (Efficient BackProp, eq. 16)."""
    return _normal(shape, math.sqrt(1 / fan_in), rng)


def constant(value: float = 0.1) -> Initializer:
    """All `value`: for a bias that keeps ReLUs open at the start, and to see what symmetry does to weights."""

    def draw(shape: tuple[int, ...], *, fan_in: int, fan_out: int, rng: np.random.Generator) -> Float32:
        return np.full(shape, value, np.float32)

    return draw


def truncated_normal(deviation: float = 0.1) -> Initializer:
    """N(0, deviation²) without its tails: what lies beyond two deviations is drawn again, as TensorFlow does it."""

    def draw(shape: tuple[int, ...], *, fan_in: int, fan_out: int, rng: np.random.Generator) -> Float32:
        values = rng.standard_normal(shape, dtype=np.float32)
        while (beyond := np.abs(values) > 2).any():
            values[beyond] = rng.standard_normal(np.count_nonzero(beyond), dtype=np.float32)
        return values * np.float32(deviation)

    return draw


def normal(deviation: float = 0.01) -> Initializer:
    """N(0, deviation²): small whatever the size of the layer."""

    def draw(shape: tuple[int, ...], *, fan_in: int, fan_out: int, rng: np.random.Generator) -> Float32:
        return _normal(shape, deviation, rng)

    return draw


def uniform(bound: float = 0.1) -> Initializer:
    """U(−bound, bound): small whatever the size of the layer."""

    def draw(shape: tuple[int, ...], *, fan_in: int, fan_out: int, rng: np.random.Generator) -> Float32:
        return _uniform(shape, bound, rng)

    return draw


def sparse(connections: float = 15, deviation: float = 1.0) -> Initializer:
    """N(0, deviation²) for `connections` of each unit's incoming weights, 0 for the others (Martens 2010, sec. 5)."""

    def draw(shape: tuple[int, ...], *, fan_in: int, fan_out: int, rng: np.random.Generator) -> Float32:
        units = np.zeros((math.prod(shape) // fan_in, fan_in), np.float32)
        kept = min(fan_in, max(1, round(connections)))
        for unit in units:
            chosen = rng.choice(fan_in, kept, replace=False, shuffle=False)
            unit[chosen] = _normal((kept,), deviation, rng)
        return units.reshape(shape)

    return draw


def sparse_columns(sparsity: float = 0.9, deviation: float = 0.01) -> Initializer:
    """N(0, deviation²) but for a share `sparsity` of each column, as `torch.nn.init.sparse_`.

    Torch counts what goes out of an input, its paper (see `sparse`) what comes in to a unit.
    """

    def draw(shape: tuple[int, ...], *, fan_in: int, fan_out: int, rng: np.random.Generator) -> Float32:
        values = _normal((math.prod(shape) // fan_in, fan_in), deviation, rng)
        zeroed = math.ceil(sparsity * len(values))
        for column in values.T:
            column[rng.choice(len(column), zeroed, replace=False, shuffle=False)] = 0
        return values.reshape(shape)

    return draw


def _normal(shape: tuple[int, ...], deviation: float, rng: np.random.Generator) -> Float32:
    return rng.standard_normal(shape, dtype=np.float32) * np.float32(deviation)


def _uniform(shape: tuple[int, ...], bound: float, rng: np.random.Generator) -> Float32:
    return (rng.random(shape, dtype=np.float32) * np.float32(2) - np.float32(1)) * np.float32(bound)


INITIALIZERS: dict[str, Initializer] = {
    "zeros": zeros,
    "normal": normal(),
    "uniform": uniform(),
    "xavier-uniform": xavier_uniform,
    "xavier-normal": xavier_normal,
    "he-uniform": he_uniform,
    "he-normal": he_normal,
    "lecun-normal": lecun_normal,
    "constant": constant(),
    "truncated-normal": truncated_normal(),
    "sparse": sparse(),
    "sparse-columns": sparse_columns(),
}

#: Those that take a number, as in `truncated-normal:0.05`, and the numbers that they take.
_WITH_NUMBER: dict[str, tuple[Callable[[float], Initializer], float, float]] = {
    "normal": (normal, 0, 1e3),
    "uniform": (uniform, 0, 1e3),
    "constant": (constant, -1e3, 1e3),
    "truncated-normal": (truncated_normal, 0, 1e3),
    "sparse": (sparse, 1, 1e6),
    "sparse-columns": (sparse_columns, 0, 1),
}


def find_initializer(name: str) -> Initializer:
    """The initialiser of that name, with its number if one follows: `he-normal`, `truncated-normal:0.05`.

    Raises:
        SettingsError: there is none, or its number is out of range.
    """
    kind, colon, number = name.partition(":")
    if not colon and kind in INITIALIZERS:
        return INITIALIZERS[kind]
    if kind not in _WITH_NUMBER:
        ways = f"{', '.join(INITIALIZERS)}; {', '.join(_WITH_NUMBER)} may be followed by a number, as in constant:0.1"
        raise SettingsError(f"initialiser (={name!r}) must be one of {ways}")
    make, low, high = _WITH_NUMBER[kind]
    try:
        value = float(number)
    except ValueError:
        value = math.nan
    if not low <= value <= high:
        raise SettingsError(f"the number of {kind} (={number!r}) must lie between {low:g} and {high:g}")
    return make(value)

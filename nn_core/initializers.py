"""How the parameters of a layer are drawn before it has learnt anything."""

from __future__ import annotations

import math
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

Float32 = NDArray[np.float32]


class Initializer(Protocol):
    """Draws a parameter: `fan_in` inputs reach one output, one input reaches `fan_out` outputs."""

    def __call__(self, shape: tuple[int, ...], *, fan_in: int, fan_out: int, rng: np.random.Generator) -> Float32: ...


def zeros(shape: tuple[int, ...], *, fan_in: int, fan_out: int, rng: np.random.Generator) -> Float32:
    """All zero: right for a bias, no start for a weight, whose units would all learn the same."""
    return np.zeros(shape, np.float32)


def normal(shape: tuple[int, ...], *, fan_in: int, fan_out: int, rng: np.random.Generator) -> Float32:
    """N(0, 0.01²): small whatever the size of the layer."""
    return _normal(shape, 0.01, rng)


def uniform(shape: tuple[int, ...], *, fan_in: int, fan_out: int, rng: np.random.Generator) -> Float32:
    """U(−0.1, 0.1): small whatever the size of the layer."""
    return _uniform(shape, 0.1, rng)


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


def _normal(shape: tuple[int, ...], deviation: float, rng: np.random.Generator) -> Float32:
    return rng.standard_normal(shape, dtype=np.float32) * np.float32(deviation)


def _uniform(shape: tuple[int, ...], bound: float, rng: np.random.Generator) -> Float32:
    return (rng.random(shape, dtype=np.float32) * np.float32(2) - np.float32(1)) * np.float32(bound)


INITIALIZERS: dict[str, Initializer] = {
    "zeros": zeros,
    "normal": normal,
    "uniform": uniform,
    "xavier-uniform": xavier_uniform,
    "xavier-normal": xavier_normal,
    "he-uniform": he_uniform,
    "he-normal": he_normal,
    "lecun-normal": lecun_normal,
}

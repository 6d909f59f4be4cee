"""Numbers for tests that are the same everywhere, without a random generator whose stream a new NumPy may change."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray


def spread(shape: Sequence[int], seed: int, scale: float = 1.0) -> NDArray[np.float32]:
    """Values spread evenly over (−scale, scale) in a shuffled order.

    No two are equal and none is 0, so that nothing happens at a kink: of ReLU, or of the maximum of a window.
    """
    count = math.prod(shape)
    place = np.argsort(np.argsort(_hash(count, seed), kind="stable"), kind="stable")
    return ((4.0 * place + 3 - 2 * count) / (2 * count) * scale).astype(np.float32).reshape(shape)


def classes(count: int, kinds: int, seed: int) -> NDArray[np.int64]:
    """`count` class numbers below `kinds`."""
    return (_hash(count, seed) % np.uint64(kinds)).astype(np.int64)


def chances(shape: tuple[int, int], seed: int) -> NDArray[np.float32]:
    """Rows of probabilities that add up to 1 exactly."""
    rows = (_hash(math.prod(shape), seed) % np.uint64(1024 // shape[1])).reshape(shape).astype(np.float32) / 1024
    rows[:, 0] += 1 - rows.sum(axis=1)
    return rows


def _hash(count: int, seed: int) -> NDArray[Any]:
    """The first `count` numbers of SplitMix64 (Steele et al. 2014)."""
    state = (np.arange(1, count + 1, dtype=np.uint64) + np.uint64(seed << 32)) * np.uint64(0x9E3779B97F4A7C15)
    state = (state ^ (state >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    state = (state ^ (state >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return state ^ (state >> np.uint64(31))

"""Drawings of nothing in particular: scribbles, and doodles of lines, bows and rings. Sides are about 100 long."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Line = NDArray[np.float64]  # (P, 2)


def scribble(rng: np.random.Generator) -> list[Line]:
    """Return the lines of a scribble: smooth or jagged, of one stroke or several, dense or loose."""
    count, jagged = int(rng.integers(1, 4)), rng.random() < 0.4
    stretch = np.exp(rng.normal(0.0, 0.4, 2))
    lines = []
    for _ in range(count):
        aims = rng.uniform(0.0, 100.0, (int(rng.integers(5, 25 // count + 6)), 2)) * stretch
        lines.append(aims if jagged else _rounded(aims))
    return lines


def doodle(rng: np.random.Generator) -> list[Line]:
    """Return three to seven lines, bows, rings and polygons, here and there."""
    shapes = (_segment, _bow, _ring, _polygon)
    return [shapes[int(rng.choice(4, p=(0.4, 0.3, 0.15, 0.15)))](rng) for _ in range(int(rng.integers(3, 8)))]


def _segment(rng: np.random.Generator) -> Line:
    return rng.uniform(0.0, 100.0, (2, 2))


def _bow(rng: np.random.Generator) -> Line:
    return _rounded(rng.uniform(0.0, 100.0, (int(rng.integers(3, 6)), 2)))


def _ring(rng: np.random.Generator) -> Line:
    angle = np.linspace(0.0, 2 * np.pi * rng.uniform(0.8, 1.1), 32) + rng.uniform(0.0, 2 * np.pi)
    around = np.stack([np.cos(angle), np.sin(angle)], axis=1)
    return rng.uniform(20.0, 80.0, 2) + around * rng.uniform(8.0, 50.0) * np.exp(rng.normal(0.0, 0.2, 2))


def _polygon(rng: np.random.Generator) -> Line:
    corners = rng.uniform(0.0, 100.0, (int(rng.integers(3, 6)), 2))
    return np.concatenate([corners, corners[:1]])


def _rounded(aims: Line) -> Line:
    """Return aims with their corners cut four times.

    Source: G. Chaikin, "An algorithm for high-speed curve generation" (1974).
    """
    for _ in range(4):
        cut = np.stack([0.75 * aims[:-1] + 0.25 * aims[1:], 0.25 * aims[:-1] + 0.75 * aims[1:]], axis=1)
        aims = np.concatenate([aims[:1], cut.reshape(-1, 2), aims[-1:]])
    return aims

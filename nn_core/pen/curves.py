"""From the points that a hand aims for to a drawn line: smooth between corners, as one matrix a stroke."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

import numpy as np
from numpy.typing import NDArray

from nn_core.pen.skeletons import Way


@dataclass(frozen=True, slots=True)
class Curve:
    """One stroke of a way: `aims` (K, 2), and the matrix `line` (P, K) with which `line @ aims` are points along it.

    `run` (P,) is how far along the stroke each point lies, in hundredths of a digit's height.
    """

    aims: NDArray[np.float64]
    line: NDArray[np.float64]
    run: NDArray[np.float64]


@cache
def curves(way: Way, spacing: float) -> tuple[Curve, ...]:
    """Return the strokes of a way, with points about `spacing` apart on the line that is not yet varied."""
    return tuple(_curve(text, spacing) for text in way.strokes.split(";"))


def _curve(text: str, spacing: float) -> Curve:
    words = text.split()
    aims = np.array([[float(value) for value in word.rstrip("!").split(",")] for word in words])
    last = len(words) - 1
    stops = [0] + [place for place in range(1, last) if words[place].endswith("!")] + [last]
    line = np.zeros((0, len(aims)))
    for start, stop in zip(stops[:-1], stops[1:], strict=True):
        part = slice(start, stop + 1)
        knots = _distance(aims[part])
        at = np.linspace(0.0, knots[-1], max(2, int(np.ceil(knots[-1] / spacing)) + 1))
        piece = np.zeros((len(at), len(aims)))
        piece[:, part] = _spline(knots, at)
        line = np.concatenate([line, piece if start == 0 else piece[1:]])
    return Curve(aims, line, _distance(line @ aims))


def _distance(points: NDArray[np.float64]) -> NDArray[np.float64]:
    return np.concatenate([[0.0], np.cumsum(np.hypot(*np.diff(points, axis=0).T))])


def _spline(knots: NDArray[np.float64], at: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return (P, K): the natural cubic spline through values at `knots` (K,), taken `at` (P,), as a matrix on them."""
    count = len(knots)
    gap = np.diff(knots)
    slope, bend = np.zeros((count, count)), np.eye(count)
    for k in range(1, count - 1):
        bend[k, k - 1 : k + 2] = gap[k - 1] / 6, (gap[k - 1] + gap[k]) / 3, gap[k] / 6
        slope[k, k - 1 : k + 2] = 1 / gap[k - 1], -1 / gap[k - 1] - 1 / gap[k], 1 / gap[k]
    curvature = np.linalg.solve(bend, slope)
    left = np.clip(np.searchsorted(knots, at, side="right") - 1, 0, count - 2)
    width = gap[left]
    b = (at - knots[left]) / width
    a = 1.0 - b
    value = np.zeros((len(at), count))
    rows = np.arange(len(at))
    value[rows, left], value[rows, left + 1] = a, b
    square = width[:, None] ** 2 / 6
    value += square * ((a**3 - a)[:, None] * curvature[left] + (b**3 - b)[:, None] * curvature[left + 1])
    return value

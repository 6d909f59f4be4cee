"""Derivatives by numbers: central differences in float64, and what can be known of their errors."""

from __future__ import annotations

import sys
from collections.abc import Callable, Generator
from typing import NamedTuple

#: How far a value is moved: the first of these that is neither stopped by a kink nor bent too much.
STEPS = (1e-2, 1e-3, 1e-4, 1e-5, 1e-6)
#: How well the differences over h and h/2 must agree, relative to what follows from them. What then is left of the
#: extrapolation's error, h⁴·f⁽⁵⁾/480, is about the square of this, divided by 8.
_BENT = 1e-4
#: Units in the last place by which a long sum of float64 may be off.
_UNITS = 4


class Slope(NamedTuple):
    """A derivative by numbers, by how much rounding may have moved it, and the step h."""

    value: float
    rounding: float
    step: float


def slope(f: Callable[[float], float | None]) -> Slope | None:
    """f'(0) from D(h) = (f(h) − f(−h)) / 2h and D(h/2), as (4·D(h/2) − D(h)) / 3, whose error is O(h⁴).

    (Richardson 1911.) f answers None where a kink lies between 0 and its argument; when one is nearer than the smallest
    step, the slope is None.
    """
    steps = slope_steps(f)
    while True:
        try:
            next(steps)
        except StopIteration as end:
            found: Slope | None = end.value
            return found


def slope_steps(f: Callable[[float], float | None]) -> Generator[None, None, Slope | None]:
    """As `slope`, with a pause after each evaluation of f."""
    found = None
    for h in STEPS:
        values = yield from _values(f, (h, -h, h / 2, -h / 2))
        if values is None:
            continue
        far_right, far_left, right, left = values
        wide, narrow = (far_right - far_left) / (2 * h), (right - left) / h
        rounding = 3 * _UNITS * sys.float_info.epsilon * (1 + abs(right)) / h
        found = Slope((4 * narrow - wide) / 3, rounding, h)
        if abs(wide - narrow) <= _BENT * abs(found.value) + rounding:
            return found
    return found


def _values(f: Callable[[float], float | None], places: tuple[float, ...]) -> Generator[None, None, list[float] | None]:
    found = []
    for place in places:
        value = f(place)
        yield
        if value is None:
            return None
        found.append(value)
    return found

"""Derivatives by numbers, where they are known."""

from __future__ import annotations

import math

import pytest

from nn_core.differences import STEPS, slope


@pytest.mark.parametrize(
    "f, wanted",
    [
        (lambda t: math.exp(1 + t), math.e),
        (lambda t: math.sin(3 * t), 3.0),
        (lambda t: (2 + t) ** 5, 80.0),
        (lambda t: 1 / (1 + math.exp(-50 * t)), 12.5),  # bends within a hundredth
        (lambda t: 7.0, 0.0),
        (lambda t: 1e-6 * math.tanh(t + 0.3), 1e-6 / math.cosh(0.3) ** 2),
    ],
)
def test_the_slope_of_a_known_function(f, wanted):
    found = slope(f)
    assert abs(found.value - wanted) <= max(1e-8 * abs(wanted), found.rounding)


def test_a_step_does_not_reach_over_a_kink():
    near = 3e-4
    found = slope(lambda t: 2 * t if t > -near else None)
    assert found.step < near
    assert found.value == pytest.approx(2, abs=1e-9)


def test_at_a_kink_there_is_no_slope():
    assert slope(lambda t: t if t > 0 else None) is None


def test_smaller_steps_are_taken_where_it_bends():
    assert slope(lambda t: 3 * t).step == STEPS[0]
    assert slope(lambda t: math.exp(400 * t)).step < STEPS[0]

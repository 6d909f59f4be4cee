"""Losses of one score: beside the formulas on the page, and a difference quotient."""

from __future__ import annotations

import numpy as np
import pytest

from nn_core.labs.costs import COSTS, judged, soft_target

Z = np.linspace(-7, 7, 29)
P = 1 / (1 + np.exp(-Z))


def by_formula(name, t):
    if name == "squared error":
        return (P - t) ** 2, 2 * (P - t) * P * (1 - P)
    return -t * np.log(P) - (1 - t) * np.log(1 - P), P - t


@pytest.mark.parametrize("name", COSTS)
@pytest.mark.parametrize("target", [0.0, 0.3, 0.9, 1.0])
def test_loss_and_gradient_are_those_on_the_page(name, target):
    loss, gradient = COSTS[name].cost(Z, target)
    wanted_loss, wanted_gradient = by_formula(name, target)
    assert loss == pytest.approx(wanted_loss, rel=1e-9, abs=1e-12)
    assert gradient == pytest.approx(wanted_gradient, rel=1e-9, abs=1e-12)


@pytest.mark.parametrize("name", COSTS)
def test_the_gradient_is_the_numerical_one(name):
    h = 1e-6
    above, below = COSTS[name].cost(Z + h, 0.9)[0], COSTS[name].cost(Z - h, 0.9)[0]
    assert COSTS[name].cost(Z, 0.9)[1] == pytest.approx((above - below) / (2 * h), abs=1e-8)


def test_confidently_wrong_stalls_squared_error_and_no_cross_entropy():
    stalled, steep = (abs(COSTS[name].cost(np.array([-8.0]), 1.0)[1][0]) for name in list(COSTS)[:2])
    assert stalled < 1e-3
    assert steep > 0.999


def test_ten_classes_with_a_soft_target():
    target = soft_target(3, 10, 0.1)
    assert target[3] == pytest.approx(0.91)
    assert np.delete(target, 3) == pytest.approx([0.01] * 9)
    scores = np.arange(10.0)
    p, loss, gradient = judged(scores, target)
    assert p == pytest.approx(np.exp(scores) / np.exp(scores).sum())
    assert loss == pytest.approx(-(target * np.log(p)).sum())
    assert gradient == pytest.approx(p - target)
    assert gradient.sum() == pytest.approx(0, abs=1e-12)

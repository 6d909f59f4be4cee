"""Curves of the activations: what the layers answer, beside formulas and a difference quotient."""

from __future__ import annotations

import math

import numpy as np
import pytest

from nn_core.labs.response import ACTIVATIONS, response, softmax_response

X = np.array([-30.0, -3.0, -0.4, 0.4, 3.0, 30.0])
SLOPE = 0.2
FORMULAS = {
    "step": lambda x: float(x > 0),
    "identity": lambda x: x,
    "sigmoid": lambda x: 1 / (1 + math.exp(-x)),
    "tanh": math.tanh,
    "ReLU": lambda x: max(x, 0.0),
    "leaky ReLU": lambda x: x if x > 0 else SLOPE * x,
    "softplus": lambda x: math.log1p(math.exp(x)),
}
RANGES = {"step": (0, 1), "sigmoid": (0, 1), "tanh": (-1, 1), "ReLU": (0, math.inf), "softplus": (0, math.inf)}


@pytest.mark.parametrize("name", ACTIVATIONS)
def test_values_and_slopes(name):
    layer, h = ACTIVATIONS[name].make(SLOPE), 1e-6
    y, slope = response(layer, X)
    assert y == pytest.approx([FORMULAS[name](x) for x in X], rel=1e-12, abs=1e-12)
    quotient = [(FORMULAS[name](x + h) - FORMULAS[name](x - h)) / (2 * h) for x in X]
    assert slope == pytest.approx(quotient, abs=1e-6)


@pytest.mark.parametrize("name", RANGES)
def test_the_range_is_what_is_said_of_it(name):
    low, high = RANGES[name]
    y, _ = response(ACTIVATIONS[name].make(SLOPE), np.linspace(-30, 30, 201))
    assert y.min() == pytest.approx(low, abs=1e-9)
    assert y.max() == pytest.approx(30.0 if math.isinf(high) else high, abs=1e-9)
    said = ACTIVATIONS[name].output_range
    assert str(low).replace("-", "\N{MINUS SIGN}") in said
    assert ("∞" if math.isinf(high) else str(high)) in said


@pytest.mark.parametrize("name, value, slope", [("step", 0, 0), ("ReLU", 0, 0), ("leaky ReLU", 0, SLOPE)])
def test_at_a_kink_the_layer_answers_what_is_said(name, value, slope):
    y, found = response(ACTIVATIONS[name].make(SLOPE), np.zeros(1))
    assert (y[0], found[0]) == (value, pytest.approx(slope))
    assert f"f′(0) = {'a' if slope else 0}" in ACTIVATIONS[name].kink


def test_softmax_and_its_jacobian():
    z, temperature = np.array([1.0, -2.0, 0.5, 0.5]), 0.7
    p, jacobian = softmax_response(z, temperature)
    assert p == pytest.approx(np.exp(z / temperature) / np.exp(z / temperature).sum(), rel=1e-12)
    assert jacobian == pytest.approx((np.diag(p) - np.outer(p, p)) / temperature, abs=1e-12)
    h = 1e-6
    moved = softmax_response(z + [0, 0, h, 0], temperature)[0] - softmax_response(z - [0, 0, h, 0], temperature)[0]
    assert jacobian[:, 2] == pytest.approx(moved / (2 * h), abs=1e-8)


def test_a_high_temperature_makes_all_alike_and_a_low_one_picks_the_largest():
    z = np.array([1.0, 2.0, 3.0])
    assert softmax_response(z, 1e3)[0] == pytest.approx([1 / 3] * 3, abs=1e-3)
    assert softmax_response(z, 1e-2)[0] == pytest.approx([0, 0, 1], abs=1e-12)

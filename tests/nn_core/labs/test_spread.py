"""Spread through a deep stack: the formulas of those who found the initialisers, and the words for what is measured."""

from __future__ import annotations

import math

import numpy as np
import pytest

from nn_core.errors import SettingsError
from nn_core.labs.spread import BINS, Fate, Stack, digits, distinct_units, fate, measure, noise
from nn_core.layers import Linear
from nn_core.network import Pass
from nn_core.pen import pen_digits

WIDE = {"width": 400, "depth": 6}


@pytest.fixture(scope="module")
def batch():
    return noise(200, rng=np.random.default_rng(3))


def ratios(values):
    return values[1:] / values[:-1]


def test_he_keeps_the_spread_through_relus_both_ways(batch):
    spread = measure(Stack(**WIDE, activation="relu"), "he-normal", batch)
    assert ratios(spread.forward) == pytest.approx([1] * 5, abs=0.12)
    assert ratios(spread.backward) == pytest.approx([1] * 5, abs=0.12)


@pytest.mark.parametrize("init", ["xavier-normal", "lecun-normal", "xavier-uniform"])
def test_xavier_loses_half_of_the_variance_at_every_relu(batch, init):
    spread = measure(Stack(**WIDE, activation="relu"), init, batch)
    assert ratios(spread.forward) == pytest.approx([math.sqrt(1 / 2)] * 5, abs=0.09)
    assert ratios(spread.backward) == pytest.approx([math.sqrt(2)] * 5, abs=0.17)


def test_without_an_activation_a_layer_multiplies_by_the_root_of_n_times_the_deviation(batch):
    spread = measure(Stack(**WIDE, activation="identity"), "truncated-normal:0.1", batch)
    deviation = 0.1 * 0.8796  # of a bell without what lies beyond two deviations
    assert ratios(spread.forward) == pytest.approx([deviation * math.sqrt(400)] * 5, rel=0.1)


def test_a_sigmoid_takes_three_quarters_of_the_gradient_at_least(batch):
    spread = measure(Stack(**WIDE, activation="sigmoid"), "lecun-normal", batch)
    assert (ratios(spread.backward) > 1 / 0.27).all()
    assert fate(spread.backward[::-1])[0] is Fate.VANISHES


@pytest.mark.parametrize("init", ["zeros", "constant", "constant:0.01"])
def test_units_that_start_alike_are_counted_as_one(batch, init):
    spread = measure(Stack(depth=3, width=50, activation="tanh"), init, batch)
    assert spread.symmetric
    assert [layer.distinct for layer in spread.layers] == [1, 1, 1]


def test_drawn_units_all_differ(batch):
    spread = measure(Stack(depth=3, width=50, activation="tanh"), "xavier-normal", batch)
    assert not spread.symmetric
    assert [layer.distinct for layer in spread.layers] == [50, 50, 50]


def test_copies_are_found_between_others():
    rows = np.random.default_rng(0).standard_normal((30, 40)).astype(np.float32)
    rows[[7, 19, 23]] = rows[3] * np.float32(1 + 1e-6)
    assert distinct_units(rows) == 27


def test_gradients_are_those_of_the_network(batch):
    x, labels = batch
    stack = Stack(depth=2, width=20, activation="tanh")
    network = stack.network("xavier-normal", x.shape[1])
    memory = Pass(network)
    outputs = network.forward(x, memory, training=True)
    p = np.exp(outputs) / np.exp(outputs).sum(axis=1, keepdims=True)
    network.backward((p - np.eye(10)[labels]) / len(x), memory)
    linear = [i for i, layer in enumerate(network.layers) if isinstance(layer, Linear)][:-1]
    wanted = [np.sqrt((memory.gradients[i]["weight"] ** 2).mean()) for i in linear]
    found = measure(stack, "xavier-normal", batch)
    assert [layer.weights for layer in found.layers] == pytest.approx(wanted, rel=1e-4)
    tanh = np.tanh(x @ network.layers[0].parameters["weight"].T)
    assert found.layers[0].forward == pytest.approx(tanh.std(), rel=1e-4)
    assert found.layers[0].flat == pytest.approx((1 - tanh**2 < 0.01).mean(), abs=1e-3)
    assert found.layers[0].counts.shape == (BINS,)
    assert found.layers[0].counts.sum() == tanh.size


def test_digits_are_a_normalised_batch():
    x, labels = digits(pen_digits(60, rng=np.random.default_rng(0)), 50)
    assert x.shape == (50, 784)
    assert labels.shape == (50,)
    assert x.min() == pytest.approx(-0.1307 / 0.3081, abs=1e-4)
    assert len(measure(Stack(depth=2, width=10), "he-normal", (x, labels)).layers) == 2


@pytest.mark.parametrize(
    "values, what, factor",
    [
        ([1, 0.5, 0.25], Fate.STEADY, 0.5),
        ([1, 0.1, 0.001], Fate.VANISHES, math.sqrt(0.001)),
        ([1, 20, 400], Fate.EXPLODES, 20),
        ([1, 0, 0], Fate.GONE, 0),
        ([1, 1e30, math.nan], Fate.EXPLODES, math.inf),
        ([3], Fate.STEADY, 1),
    ],
)
def test_what_is_measured_has_a_name(values, what, factor):
    assert fate(np.array(values)) == (what, pytest.approx(factor))


@pytest.mark.parametrize("numbers, told", [({"depth": 0}, r"depth \(=0\)"), ({"width": 5000}, r"width \(=5000\)")])
def test_a_stack_out_of_range_is_named_with_its_value(numbers, told):
    with pytest.raises(SettingsError, match=told):
        Stack(**numbers)

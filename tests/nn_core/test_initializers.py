"""Initialisers: the spread that their formula promises."""

from __future__ import annotations

import math

import numpy as np
import pytest

from nn_core.initializers import INITIALIZERS
from nn_core.layers import Conv2d, Linear

IN, OUT = 90, 210
SHAPE = (500, 200)

DEVIATIONS = {
    "zeros": 0.0,
    "normal": 0.01,
    "uniform": 0.1 / math.sqrt(3),
    "xavier-uniform": math.sqrt(2 / (IN + OUT)),
    "xavier-normal": math.sqrt(2 / (IN + OUT)),
    "he-uniform": math.sqrt(2 / IN),
    "he-normal": math.sqrt(2 / IN),
    "lecun-normal": math.sqrt(1 / IN),
}


def draw(name, seed=0):
    return INITIALIZERS[name](SHAPE, fan_in=IN, fan_out=OUT, rng=np.random.default_rng(seed))


def test_every_initialiser_has_its_formula_here():
    elsewhere = {"constant", "truncated-normal", "sparse", "sparse-columns"}  # in test_more_initializers
    assert set(INITIALIZERS) == set(DEVIATIONS) | elsewhere


@pytest.mark.parametrize("name", DEVIATIONS)
def test_mean_and_spread(name):
    values, deviation = draw(name), DEVIATIONS[name]
    assert values.shape == SHAPE
    assert values.dtype == np.float32
    error = deviation / math.sqrt(values.size)
    assert abs(values.mean(dtype=np.float64)) <= 5 * error
    assert abs(values.std(dtype=np.float64) - deviation) <= 5 * error


@pytest.mark.parametrize("name", [name for name in DEVIATIONS if "uniform" in name])
def test_uniform_ones_reach_their_bounds_and_no_further(name):
    values, bound = draw(name), DEVIATIONS[name] * math.sqrt(3)
    assert bound * 0.999 < abs(values).max() <= np.float32(bound)
    assert np.histogram(values, bins=4)[0] == pytest.approx([values.size / 4] * 4, rel=0.03)


@pytest.mark.parametrize("name", [name for name in DEVIATIONS if "normal" in name])
def test_normal_ones_have_the_tails_of_a_bell(name):
    values = abs(draw(name)) / DEVIATIONS[name]
    assert [(values < z).mean() for z in (1, 2, 3)] == pytest.approx([0.6827, 0.9545, 0.9973], abs=0.005)


@pytest.mark.parametrize("name", sorted(set(DEVIATIONS) - {"zeros"}))
def test_the_generator_decides(name):
    assert np.array_equal(draw(name, 1), draw(name, 1))
    assert not np.array_equal(draw(name, 1), draw(name, 2))


def test_a_layer_tells_how_many_inputs_and_outputs_it_has():
    told = []

    def note(shape, *, fan_in, fan_out, rng):
        told.append((shape, fan_in, fan_out))
        return np.zeros(shape, np.float32)

    Conv2d(6, 16, (5, 3), rng=np.random.default_rng(0), init=note)
    Linear(120, 84, rng=np.random.default_rng(0), init=note, bias_init=note)
    assert told == [((16, 6, 5, 3), 90, 240), ((84, 120), 120, 84), ((84,), 120, 84)]

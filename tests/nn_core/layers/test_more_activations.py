"""Step, identity and softplus far out and at the kink; dropout on the input."""

from __future__ import annotations

import math

import numpy as np
import pytest

from nn_core.errors import SettingsError
from nn_core.layers import Dropout, Flatten, Identity, Linear, Softplus, Step
from nn_core.network import Pass, Sequential


def test_softplus_far_out_neither_overflows_nor_loses_its_tail():
    network = Sequential(Softplus(), input_shape=(5,))
    memory, x = Pass(network), np.array([[-1e4, -30, 0, 30, 1e4]], np.float32)
    y = network.forward(x, memory, training=True)
    assert y[0] == pytest.approx([0, math.exp(-30), math.log(2), 30, 1e4], rel=1e-6)
    dx = network.backward(np.ones_like(y), memory, need_dx=True)
    assert dx[0] == pytest.approx([0, math.exp(-30), 0.5, 1, 1], rel=1e-6)


def test_softplus_in_float64_is_its_formula():
    x = np.linspace(-5, 5, 21)
    y = Sequential(Softplus(2.0), input_shape=(21,)).clone(np.float64)(x[None])
    assert y[0] == pytest.approx([math.log1p(math.exp(2 * value)) / 2 for value in x], rel=1e-14)


def test_a_threshold_is_not_passed_at_0_and_teaches_nothing():
    network = Sequential(Step(), input_shape=(4,))
    memory = Pass(network)
    y = network.forward(np.array([[-2, 0, 1e-30, 5]], np.float32), memory, training=True)
    assert y.tolist() == [[0, 0, 1, 1]]
    assert network.backward(np.ones_like(y), memory, need_dx=True).tolist() == [[0, 0, 0, 0]]


def test_thresholds_make_a_nand():
    network = Sequential(Linear(2, 1, rng=np.random.default_rng(0)), Step(), input_shape=(2,))
    network.load_state_dict({"0.weight": np.array([[-2.0, -2.0]]), "0.bias": np.array([3.0])})
    assert network(np.array([[0, 0], [0, 1], [1, 0], [1, 1]], np.float32)).ravel().tolist() == [1, 1, 1, 0]


def test_titles():
    assert [layer.title() for layer in (Step(), Identity(), Softplus(), Softplus(2))] == [
        "step", "identity", "softplus", "softplus 2",
    ]  # fmt: skip


def test_a_beta_out_of_range_is_named():
    with pytest.raises(SettingsError, match=r"beta \(=0\)"):
        Softplus(0)


def test_dropout_on_the_input_drops_pixels_and_leaves_the_callers_alone():
    network = Sequential(
        Dropout(0.25), Flatten(), Linear(400, 2, rng=np.random.default_rng(0)), input_shape=(1, 20, 20)
    )
    memory, x = Pass(network), np.ones((50, 1, 20, 20), np.float32)
    network.forward(x, memory, training=True, rng=np.random.default_rng(1))
    network.backward(np.ones((50, 2), np.float32), memory)
    # The weights' gradient is the sum of what each pixel let through: 50 on average, in steps of 4/3.
    through = memory.gradients[2]["weight"][0]
    assert through.mean() == pytest.approx(50, rel=0.01)
    assert (through / (4 / 3)) == pytest.approx(np.round(through / (4 / 3)), abs=1e-3)
    assert through.std() == pytest.approx(4 / 3 * math.sqrt(50 * 0.25 * 0.75), rel=0.15)
    assert (x == 1).all()
    assert network(x) == pytest.approx(np.tile(network(x[:1]), (50, 1)), abs=1e-4)

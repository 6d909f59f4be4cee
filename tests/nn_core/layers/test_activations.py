"""Activations at their ends; between them, test_agreement and test_gradients."""

from __future__ import annotations

import numpy as np
import pytest

from nn_core.errors import SettingsError
from nn_core.layers import LeakyReLU, ReLU, Sigmoid, Softmax, Tanh
from nn_core.network import Pass, Sequential

FAR = np.array([[-1e30, -1000, -100, 0, 100, 1000, 1e30]], np.float32)


def answer(layer, x):
    """Outputs and input gradients for a gradient of ones."""
    network = Sequential(layer, input_shape=x.shape[1:])
    memory = Pass(network)
    y = network.forward(x, memory, training=True).copy()
    return y, network.backward(np.ones_like(x), memory, need_dx=True).copy()


@pytest.mark.parametrize(
    "layer, values, slopes",
    [
        (ReLU(), [0, 0, 0, 0, 100, 1000, 1e30], [0, 0, 0, 0, 1, 1, 1]),
        (LeakyReLU(0.25), [-0.25e30, -250, -25, 0, 100, 1000, 1e30], [0.25, 0.25, 0.25, 0.25, 1, 1, 1]),
        (Sigmoid(), [0, 0, 0, 0.5, 1, 1, 1], [0, 0, 0, 0.25, 0, 0, 0]),
        (Tanh(), [-1, -1, -1, 0, 1, 1, 1], [0, 0, 0, 1, 0, 0, 0]),
    ],
)
def test_far_out_nothing_overflows_and_at_zero_the_slope_is_torchs(layer, values, slopes):
    y, dx = answer(layer, FAR)
    assert np.allclose(y[0], values, rtol=1e-6, atol=1e-30)
    assert np.allclose(dx[0], slopes, rtol=1e-6, atol=1e-30)


def test_softmax_far_out_is_all_of_one_kind():
    y, dx = answer(Softmax(), FAR)
    assert y[0].tolist() == [0, 0, 0, 0, 0, 0, 1]
    assert not dx.any()


@pytest.mark.parametrize("slope", [-0.1, 1.0, float("nan")])
def test_a_slope_out_of_range_is_named_with_its_value(slope):
    with pytest.raises(SettingsError, match=rf"negative_slope \(={slope}\)"):
        LeakyReLU(slope)


def test_softmax_takes_vectors_only():
    with pytest.raises(SettingsError, match=r"layer 0: Softmax takes \(features,\), not \(1, 2, 3\)"):
        Sequential(Softmax(), input_shape=(1, 2, 3))


def test_titles():
    titles = [layer.title() for layer in (ReLU(), LeakyReLU(0.2), Sigmoid(), Tanh(), Softmax())]
    assert titles == ["relu", "leaky relu 0.2", "sigmoid", "tanh", "softmax"]

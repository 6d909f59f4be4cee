"""Pooling: ties, windows, and what is refused."""

from __future__ import annotations

import numpy as np
import pytest

from nn_core.errors import SettingsError
from nn_core.layers import AvgPool2d, MaxPool2d
from nn_core.network import Pass, Sequential


def input_gradient(layer, x):
    network = Sequential(layer, input_shape=x.shape[1:])
    memory = Pass(network)
    y = network.forward(x, memory, training=True)
    dy = np.arange(1, y.size + 1, dtype=np.float32).reshape(y.shape)
    dx = network.backward(dy, memory, need_dx=True)
    return y.copy(), dx.copy()


def test_of_equal_values_the_first_takes_the_whole_gradient():
    _, dx = input_gradient(MaxPool2d(2), np.zeros((1, 1, 4, 4), np.float32))
    assert dx[0, 0].tolist() == [[1, 0, 2, 0], [0, 0, 0, 0], [3, 0, 4, 0], [0, 0, 0, 0]]


def test_the_first_is_the_first_in_row_major_order():
    x = np.array([[0, 5, 0], [5, 5, 0], [0, 0, 5]], np.float32)
    _, dx = input_gradient(MaxPool2d(3), x[None, None])
    assert dx[0, 0].tolist() == [[0, 1, 0], [0, 0, 0], [0, 0, 0]]


def test_ties_in_windows_that_overlap():
    _, dx = input_gradient(MaxPool2d(2, 1), np.ones((1, 1, 3, 3), np.float32))
    assert dx[0, 0].tolist() == [[1, 2, 0], [3, 4, 0], [0, 0, 0]]


def test_of_zero_and_minus_zero_the_first_is_the_largest():
    _, dx = input_gradient(MaxPool2d(2), np.array([[-0.0, 0.0], [0.0, -0.0]], np.float32)[None, None])
    assert dx[0, 0].tolist() == [[1, 0], [0, 0]]


@pytest.mark.peers
@pytest.mark.parametrize("kernel, stride", [(2, None), (3, 1), (3, 2), ((2, 3), (3, 2))])
def test_ties_as_torch_has_them(kernel, stride):
    import torch

    x = np.random.default_rng(0).integers(0, 3, (3, 2, 7, 8)).astype(np.float32)
    y, dx = input_gradient(MaxPool2d(kernel, stride), x)
    tensor = torch.tensor(x, requires_grad=True)
    out = torch.nn.MaxPool2d(kernel, stride)(tensor)
    out.backward(torch.arange(1, y.size + 1, dtype=torch.float32).reshape(y.shape))
    assert np.array_equal(out.detach().numpy(), y)
    assert np.array_equal(tensor.grad.numpy(), dx)


@pytest.mark.parametrize("kind", [MaxPool2d, AvgPool2d])
def test_what_is_out_of_range_is_named_with_its_value(kind):
    with pytest.raises(SettingsError, match=r"kernel_size \(=0\)"):
        kind(0)
    with pytest.raises(SettingsError, match=r"stride \(=\(1, 0\)\)"):
        kind(2, (1, 0))
    with pytest.raises(SettingsError, match=r"kernel_size \(=\(3, 3\)\) is larger than the input \(1, 5, 2\)"):
        kind(3).output_shape((1, 5, 2))
    with pytest.raises(SettingsError, match=r"takes \(channels, height, width\), not \(25,\)"):
        kind(3).output_shape((25,))
    with pytest.raises(SettingsError, match="stack of windows of the shape .* is too large"):
        kind(64, 1).output_shape((1, 1024, 1024))
    with pytest.raises(SettingsError, match="kernel_size of the shape .* is too large"):
        kind(1024)


def test_titles():
    assert MaxPool2d(2).title() == "max-pool 2×2"
    assert AvgPool2d((3, 2), 1).title() == "avg-pool 3×2, stride 1×1"

"""Locally connected convolution: its definition, its kinship with a convolution, and what is refused."""

from __future__ import annotations

import numpy as np
import pytest

from nn_core.errors import SettingsError
from nn_core.layers import Conv2d, LocallyConnected2d
from nn_core.network import Sequential
from tests.reference.values import spread


def local(*arguments, **more):
    return LocallyConnected2d(*arguments, rng=np.random.default_rng(0), **more)


@pytest.mark.parametrize("stride, padding", [((1, 1), (0, 0)), ((2, 1), (1, 0)), ((1, 3), (1, 2))])
def test_it_is_its_definition(stride, padding):
    layer = local(2, 3, (5, 6), (2, 3), stride, padding)
    network = Sequential(layer, input_shape=(2, 5, 6)).clone(np.float64)
    network.vector[...] = spread(network.vector.shape, 1)
    weight, bias = network.state_dict()["0.weight"], network.state_dict()["0.bias"]
    x = spread((2, 2, 5, 6), 2).astype(np.float64)
    y = network(x)
    wanted = np.empty_like(y)
    for n, o, i, j in np.ndindex(*y.shape):
        total = bias[i, j, o]
        for c, u, v in np.ndindex(2, 2, 3):
            row, column = i * stride[0] + u - padding[0], j * stride[1] + v - padding[1]
            if 0 <= row < 5 and 0 <= column < 6:
                total += weight[i, j, o, c, u, v] * x[n, c, row, column]
        wanted[n, o, i, j] = total
    assert np.abs(y - wanted).max() < 1e-13


def test_with_the_same_kernels_everywhere_it_is_a_convolution():
    conv = Sequential(Conv2d(2, 3, 3, 2, 1, rng=np.random.default_rng(0)), input_shape=(2, 6, 7))
    network = Sequential(local(2, 3, (6, 7), 3, 2, 1), input_shape=(2, 6, 7))
    network.layers[0].parameters["weight"][...] = conv.layers[0].parameters["weight"]
    network.layers[0].parameters["bias"][...] = spread((3,), 1)
    conv.layers[0].parameters["bias"][...] = spread((3,), 1)
    x = spread((4, 2, 6, 7), 2)
    assert network(x) == pytest.approx(conv(x), abs=1e-6)


def test_its_row_of_the_layer_table():
    (info,) = Sequential(local(3, 8, (9, 10), (5, 4)), input_shape=(3, 9, 10)).describe()
    assert (info.title, info.output_shape) == ("local 5×4×8", (8, 5, 7))
    assert (info.arithmetic, info.parameters) == ("5·7·(5·4·3+1)·8 = 17080", 17080)


def test_largest_norm_is_one_place_and_channels_own():
    layer = local(1, 2, (3, 3), 2)
    weight = layer.parameters["weight"]
    weight[...] = 0.25  # norm 0.5
    weight[1, 0, 1] = 3
    before = weight.copy()
    layer.limit_norms(1.5)
    assert weight[1, 0, 1].ravel() == pytest.approx([0.75] * 4)
    weight[1, 0, 1] = 3
    assert np.array_equal(weight, before)


@pytest.mark.parametrize(
    "arguments, told",
    [
        ((0, 3, 5, 3), r"in_channels \(=0\)"),
        ((2, 0, 5, 3), r"out_channels \(=0\)"),
        ((2, 3, 0, 3), r"input_size \(=0\)"),
        ((2, 3, 5, (3, 0)), r"kernel_size \(=\(3, 0\)\)"),
        ((2, 3, 5, 3, 0), r"stride \(=0\)"),
        ((2, 3, 5, 3, 1, -1), r"padding \(=-1\)"),
        ((2, 3, 5, 3, 1, 3), r"padding \(=\(3, 3\)\) must be narrower than kernel_size"),
        ((2, 3, 5, 6), r"kernel_size \(=\(6, 6\)\) is larger than the padded input \(5, 5\)"),
        ((9, 900, 1000, 3), "too large"),
    ],
)
def test_arguments_out_of_range_are_named_with_their_value(arguments, told):
    with pytest.raises(SettingsError, match=told):
        local(*arguments)


@pytest.mark.parametrize("shape", [(2, 5, 6), (3, 5, 5), (50,)])
def test_an_input_that_it_cannot_take_is_named(shape):
    with pytest.raises(SettingsError, match=r"takes \(2, 5, 5\), not"):
        Sequential(local(2, 3, 5, 3), input_shape=shape)

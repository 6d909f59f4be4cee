"""What convolution refuses, and how it counts; its arithmetic is in test_agreement and test_gradients."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from nn_core.errors import SettingsError
from nn_core.layers import Conv2d
from nn_core.network import Sequential
from tests.reference.values import spread


def conv(*arguments, **named):
    return Conv2d(*arguments, **named, rng=np.random.default_rng(0))


@pytest.mark.parametrize(
    "arguments, named, told",
    [
        ((0, 8, 3), {}, r"in_channels \(=0\)"),
        ((3, -1, 3), {}, r"out_channels \(=-1\)"),
        ((1, 1, 0), {}, r"kernel_size \(=0\)"),
        ((1, 1, (3, 0)), {}, r"kernel_size \(=\(3, 0\)\)"),
        ((1, 1, (3, 3, 3)), {}, r"kernel_size \(=\(3, 3, 3\)\)"),
        ((1, 1, (2.5, 3)), {}, r"kernel_size \(=\(2\.5, 3\)\)"),
        ((1, 1, 3), {"stride": 0}, r"stride \(=0\)"),
        ((1, 1, 3), {"padding": -1}, r"padding \(=-1\)"),
        ((1, 1, 3), {"padding_mode": "reflect"}, r"padding_mode \(='reflect'\)"),
    ],
)
def test_arguments_out_of_range_are_named_with_their_value(arguments, named, told):
    with pytest.raises(SettingsError, match=told):
        conv(*arguments, **named)


@pytest.mark.parametrize("shape", [(9,), (2, 5, 5), (3, 2, 5), (3, 5, 2)])
def test_an_input_that_it_cannot_take_is_named(shape):
    with pytest.raises(SettingsError, match=r"layer 0: .*\(" + ", ".join(map(str, shape))):
        Sequential(conv(3, 4, 3), input_shape=shape)


def test_its_row_of_the_layer_table():
    (info,) = Sequential(conv(6, 16, (5, 3)), input_shape=(6, 14, 14)).describe()
    assert info.kind == "Conv2d"
    assert info.title == "conv 5×3×16"
    assert info.output_shape == (16, 10, 12)
    assert info.arithmetic == "(5·3·6+1)·16 = 1456"
    assert info.parameters == 1456


sizes = st.tuples(st.integers(1, 6), st.integers(1, 6))
paddings = st.tuples(st.integers(0, 6), st.integers(0, 6))


@given(image=sizes, kernel=sizes, stride=sizes, padding=paddings, mode=st.sampled_from(["zeros", "replicate"]))
def test_it_is_its_definition(image, kernel, stride, padding, mode):
    layer = conv(2, 3, kernel, stride, padding, mode)
    if any(i + 2 * p < k for i, p, k in zip(image, padding, kernel, strict=True)):
        with pytest.raises(SettingsError, match="larger than the padded input"):
            layer.output_shape((2, *image))
        return
    network = Sequential(layer, input_shape=(2, *image))
    x = spread((2, 2, *image), 1)
    y = network(x)
    assert y.shape[1:] == layer.output_shape((2, *image))
    around = [(0, 0), (0, 0), (padding[0],) * 2, (padding[1],) * 2]
    padded = np.pad(x, around, mode="constant" if mode == "zeros" else "edge")
    weight = layer.parameters["weight"]
    for i in range(y.shape[2]):
        for j in range(y.shape[3]):
            top, left = i * stride[0], j * stride[1]
            patch = padded[:, :, top : top + kernel[0], left : left + kernel[1]]
            assert np.allclose(y[:, :, i, j], np.einsum("ncuv,ocuv->no", patch, weight), atol=1e-5)

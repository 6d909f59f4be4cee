"""What the fully connected layer refuses, and how it counts."""

from __future__ import annotations

import numpy as np
import pytest

from nn_core.errors import SettingsError
from nn_core.layers import Linear
from nn_core.network import Sequential


def linear(*arguments):
    return Linear(*arguments, rng=np.random.default_rng(0))


@pytest.mark.parametrize("arguments, told", [((0, 3), r"in_features \(=0\)"), ((3, -2), r"out_features \(=-2\)")])
def test_arguments_out_of_range_are_named_with_their_value(arguments, told):
    with pytest.raises(SettingsError, match=told):
        linear(*arguments)


@pytest.mark.parametrize("shape", [(4,), (1, 2, 3)])
def test_an_input_that_it_cannot_take_is_named(shape):
    with pytest.raises(SettingsError, match=r"layer 0: .*takes \(3,\)"):
        Sequential(linear(3, 2), input_shape=shape)


def test_its_row_of_the_layer_table():
    (info,) = Sequential(linear(120, 84), input_shape=(120,)).describe()
    assert (info.title, info.output_shape) == ("linear 84", (84,))
    assert (info.arithmetic, info.parameters) == ("(120+1)·84 = 10164", 10164)

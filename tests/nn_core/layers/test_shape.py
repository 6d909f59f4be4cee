"""Flatten keeps torch's order of the features, so that a linear layer behind it means the same."""

from __future__ import annotations

import numpy as np

from nn_core.layers import Flatten
from nn_core.network import Sequential


def test_the_order_is_channel_row_column():
    x = np.arange(2 * 3 * 4 * 5, dtype=np.float32).reshape(2, 3, 4, 5)
    network = Sequential(Flatten(), input_shape=(3, 4, 5))
    assert network.shapes == [(60,)]
    assert np.array_equal(network(x), x.reshape(2, 60))

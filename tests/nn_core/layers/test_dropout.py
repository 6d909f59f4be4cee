"""Dropout: how much, how it is scaled, and that it is drawn from the generator alone."""

from __future__ import annotations

import numpy as np
import pytest

from nn_core.errors import SettingsError
from nn_core.layers import Dropout
from nn_core.network import Pass, Sequential

SIZE = 20_000


def drop(p, seed=0, training=True):
    network = Sequential(Dropout(p), input_shape=(SIZE,))
    memory = Pass(network)
    y = network.forward(np.ones((2, SIZE), np.float32), memory, training=training, rng=np.random.default_rng(seed))
    return y.copy(), network.backward(np.full((2, SIZE), 3, np.float32), memory, need_dx=True).copy()


@pytest.mark.parametrize("p", [0.1, 0.5, 0.8])
def test_while_training_a_share_of_p_is_0_and_the_rest_is_larger(p):
    y, dx = drop(p)
    assert np.unique(y) == pytest.approx([0, 1 / (1 - p)])
    share = (y == 0).mean()
    assert abs(share - p) < 5 * np.sqrt(p * (1 - p) / y.size)
    assert np.allclose(dx, 3 * y)


def test_while_predicting_nothing_happens():
    y, dx = drop(0.5, training=False)
    assert (y == 1).all()
    assert (dx == 3).all()


def test_the_generator_decides():
    assert np.array_equal(drop(0.5, seed=1)[0], drop(0.5, seed=1)[0])
    assert not np.array_equal(drop(0.5, seed=1)[0], drop(0.5, seed=2)[0])


def test_training_without_a_generator_is_refused():
    network = Sequential(Dropout(0.5), input_shape=(3,))
    with pytest.raises(SettingsError, match="rng"):
        network.forward(np.ones((1, 3), np.float32), Pass(network), training=True)


@pytest.mark.parametrize("p", [-0.1, 1.0, float("nan")])
def test_p_out_of_range_is_named_with_its_value(p):
    with pytest.raises(SettingsError, match=rf"p \(={p}\)"):
        Dropout(p)

"""Batch normalisation: its running averages, and what is refused."""

from __future__ import annotations

import numpy as np
import pytest

from nn_core.errors import SettingsError
from nn_core.layers import BatchNorm1d, BatchNorm2d
from nn_core.network import Pass, Sequential
from tests.reference.values import spread


def test_a_pass_alone_changes_no_average_and_settling_does():
    layer = BatchNorm2d(2, momentum=0.25)
    network = Sequential(layer, input_shape=(2, 3, 3))
    before = network.vector.copy()
    memory, x = Pass(network), spread((4, 2, 3, 3), 1) + 5
    network.forward(x, memory, training=True)
    assert np.array_equal(network.vector, before)
    network.settle(memory)
    assert np.allclose(layer.parameters["running_mean"], 0.25 * x.mean(axis=(0, 2, 3)))
    assert np.allclose(layer.parameters["running_var"], 0.75 + 0.25 * x.var(axis=(0, 2, 3), ddof=1))


def test_after_training_for_long_prediction_normalises_as_training_does():
    network = Sequential(BatchNorm2d(3), input_shape=(3, 2, 5))
    memory, x = Pass(network), 4 * spread((500, 3, 2, 5), 2) - 1
    for _ in range(200):
        trained = network.forward(x, memory, training=True).copy()
        network.settle(memory)
    assert np.allclose(network(x), trained, atol=1e-3)
    assert abs(trained.mean(axis=(0, 2, 3))).max() < 1e-5
    assert trained.std(axis=(0, 2, 3)) == pytest.approx([1, 1, 1], abs=1e-4)


def test_of_vectors_it_measures_every_feature():
    layer = BatchNorm1d(5, momentum=0.25)
    network = Sequential(layer, input_shape=(5,))
    memory, x = Pass(network), spread((40, 5), 1) * 3 + 5
    y = network.forward(x, memory, training=True).copy()
    network.settle(memory)
    assert y == pytest.approx((x - x.mean(axis=0)) / np.sqrt(x.var(axis=0) + 1e-5), abs=1e-4)
    assert np.allclose(layer.parameters["running_mean"], 0.25 * x.mean(axis=0))
    assert np.allclose(layer.parameters["running_var"], 0.75 + 0.25 * x.var(axis=0, ddof=1))
    with pytest.raises(SettingsError, match=r"takes \(5,\), not \(4,\)"):
        Sequential(BatchNorm1d(5), input_shape=(4,))


def test_one_value_a_channel_has_no_spread_and_does_not_divide_by_0():
    network = Sequential(BatchNorm2d(2), input_shape=(2, 1, 1))
    memory = Pass(network)
    y = network.forward(spread((1, 2, 1, 1), 1), memory, training=True)
    assert not y.any()
    network.settle(memory)
    assert np.isfinite(network.vector).all()


def test_one_channel_is_enough():
    assert Sequential(BatchNorm2d(1), input_shape=(1, 2, 2))(spread((3, 1, 2, 2), 1)).shape == (3, 1, 2, 2)


def test_what_is_out_of_range_is_named_with_its_value():
    with pytest.raises(SettingsError, match=r"num_features \(=0\)"):
        BatchNorm2d(0)
    with pytest.raises(SettingsError, match=r"eps \(=0\)"):
        BatchNorm2d(3, eps=0)
    with pytest.raises(SettingsError, match=r"momentum \(=1.5\)"):
        BatchNorm2d(3, momentum=1.5)
    with pytest.raises(SettingsError, match=r"layer 0: .*takes \(3, height, width\), not \(4, 5, 5\)"):
        Sequential(BatchNorm2d(3), input_shape=(4, 5, 5))


def test_its_row_of_the_layer_table():
    (info,) = Sequential(BatchNorm2d(6), input_shape=(6, 4, 4)).describe()
    assert (info.title, info.arithmetic, info.parameters) == ("batch norm", "2·6 = 12", 12)

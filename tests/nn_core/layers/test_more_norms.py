"""Group and local response normalisation: what they promise, and what is refused."""

from __future__ import annotations

import numpy as np
import pytest

from nn_core.errors import SettingsError
from nn_core.layers import GroupNorm, LocalResponseNorm
from nn_core.network import Sequential
from tests.reference.values import spread


def test_each_group_of_each_image_has_mean_0_and_deviation_1():
    network = Sequential(GroupNorm(3, 6, eps=1e-9), input_shape=(6, 4, 5))
    y = network(7 * spread((3, 6, 4, 5), 1) + 2).reshape(3, 3, -1)
    assert y.mean(axis=2) == pytest.approx(np.zeros((3, 3)), abs=1e-6)
    assert y.std(axis=2) == pytest.approx(np.ones((3, 3)), abs=1e-4)


def test_an_image_alone_answers_as_among_others():
    network = Sequential(GroupNorm(2, 4), input_shape=(4, 3, 3))
    x = spread((5, 4, 3, 3), 1)
    assert network(x[2:3]) == pytest.approx(network(x)[2:3], abs=1e-6)


def test_an_image_all_of_one_value_does_not_divide_by_0():
    assert not Sequential(GroupNorm(1, 2), input_shape=(2, 3, 3))(np.full((1, 2, 3, 3), 4, np.float32)).any()


@pytest.mark.parametrize("size", [1, 2, 3, 4, 7])
def test_local_response_is_its_definition(size):
    alpha, beta, k = 0.7, 0.6, 1.5
    network = Sequential(LocalResponseNorm(size, alpha, beta, k), input_shape=(5, 2, 3)).clone(np.float64)
    x = spread((2, 5, 2, 3), size, 3.0).astype(np.float64)
    y = network(x)
    for n, c, i, j in np.ndindex(*x.shape):
        around = range(max(0, c - size // 2), min(5, c + (size - 1) // 2 + 1))
        total = sum(x[n, other, i, j] ** 2 for other in around)
        assert y[n, c, i, j] == pytest.approx(x[n, c, i, j] / (k + alpha / size * total) ** beta, rel=1e-12)


def test_their_rows_of_the_layer_table():
    group, response = Sequential(GroupNorm(2, 6), LocalResponseNorm(5), input_shape=(6, 4, 4)).describe()
    assert (group.title, group.arithmetic, group.parameters) == ("group norm 2", "2·6 = 12", 12)
    assert (response.title, response.arithmetic, response.parameters) == ("local response norm 5", "", 0)


@pytest.mark.parametrize(
    "make, told",
    [
        (lambda: GroupNorm(4, 6), r"num_channels \(=6\) must be divisible by num_groups \(=4\)"),
        (lambda: GroupNorm(0, 6), r"num_groups \(=0\)"),
        (lambda: GroupNorm(1, 2, eps=0), r"eps \(=0\)"),
        (lambda: GroupNorm(1, 10**9), "too large"),
        (lambda: LocalResponseNorm(0), r"size \(=0\)"),
        (lambda: LocalResponseNorm(3, alpha=-1), r"alpha \(=-1\)"),
        (lambda: LocalResponseNorm(3, beta=-1), r"beta \(=-1\)"),
        (lambda: LocalResponseNorm(3, k=0), r"k \(=0\)"),
        (lambda: Sequential(GroupNorm(2, 4), input_shape=(6, 3, 3)), r"takes \(4, height, width\) or a vector"),
        (lambda: Sequential(LocalResponseNorm(9), input_shape=(4096, 16, 16)), "stack of windows of the shape"),
        (lambda: Sequential(LocalResponseNorm(3), input_shape=(6,)), r"takes \(channels, height, width\)"),
    ],
)
def test_what_is_out_of_range_is_named_with_its_value(make, told):
    with pytest.raises(SettingsError, match=told):
        make()

"""Weight normalisation: its start, its meaning, its names in torch."""

from __future__ import annotations

import numpy as np
import pytest

from nn_core.errors import SettingsError
from nn_core.initializers import zeros
from nn_core.layers import Conv2d, Flatten, Linear, WeightNormConv2d, WeightNormLinear
from nn_core.network import Sequential
from tests.reference.values import spread


def rng():
    return np.random.default_rng(3)


def network(norm=True):
    conv, linear = (WeightNormConv2d, WeightNormLinear) if norm else (Conv2d, Linear)
    return Sequential(conv(2, 4, 3, 2, 1, rng=rng()), Flatten(), linear(36, 5, rng=rng()), input_shape=(2, 6, 6))


def test_it_starts_as_the_layer_without_it():
    x = spread((3, 2, 6, 6), 1)
    assert network()(x) == pytest.approx(network(norm=False)(x), abs=1e-6)


def test_the_length_of_v_means_nothing_and_g_scales_the_unit():
    found = Sequential(WeightNormLinear(3, 2, rng=rng()), input_shape=(3,))
    x, state = spread((4, 3), 1), found.state_dict()
    before = found(x)
    state["0.weight_v"][0] *= 5
    assert found(x) == pytest.approx(before, abs=1e-6)
    state["0.weight_g"][1] *= -2
    assert found(x)[:, 1] == pytest.approx(-2 * before[:, 1], abs=1e-6)


def test_directions_of_no_length_give_numbers():
    found = Sequential(WeightNormLinear(3, 2, rng=rng(), init=zeros), input_shape=(3,))
    assert not found(np.ones((1, 3), np.float32)).any()


def test_largest_norm_shortens_g():
    layer = WeightNormConv2d(1, 3, 2, rng=rng())
    layer.parameters["weight_g"].ravel()[...] = [0.5, 3, -4]
    v = layer.parameters["weight_v"].copy()
    layer.limit_norms(2)
    assert layer.parameters["weight_g"].ravel().tolist() == [0.5, 2, -2]
    assert np.array_equal(layer.parameters["weight_v"], v)


def test_its_rows_of_the_layer_table():
    conv, _, linear = network().describe()
    assert (conv.title, conv.arithmetic, conv.parameters) == ("weight-norm conv 3×3×4", "(3·3·2+2)·4 = 80", 80)
    assert (linear.title, linear.arithmetic, linear.parameters) == ("weight-norm linear 5", "(36+2)·5 = 190", 190)


def test_what_is_out_of_range_is_named():
    with pytest.raises(SettingsError, match=r"out_features \(=0\)"):
        WeightNormLinear(3, 0, rng=rng())
    with pytest.raises(SettingsError, match=r"padding_mode \(='same'\)"):
        WeightNormConv2d(3, 2, 3, padding_mode="same", rng=rng())


@pytest.mark.peers
def test_torchs_weight_norm_loads_our_state_and_answers_the_same():
    import torch
    from torch.nn.utils.parametrizations import weight_norm

    ours = network()
    ours.vector[...] = spread(ours.vector.shape, 2)
    theirs = torch.nn.Sequential(
        weight_norm(torch.nn.Conv2d(2, 4, 3, 2, 1)), torch.nn.Flatten(), weight_norm(torch.nn.Linear(36, 5))
    )
    theirs.load_state_dict({key: torch.tensor(values) for key, values in ours.state_dict().items()})
    x = spread((3, 2, 6, 6), 1)
    assert ours(x) == pytest.approx(theirs(torch.tensor(x)).detach().numpy(), abs=1e-5)

"""Initialisers with a number of their own: constant, truncated, sparse; and how they are found by name."""

from __future__ import annotations

import math

import numpy as np
import pytest

from nn_core.errors import SettingsError
from nn_core.initializers import constant, find_initializer, sparse, sparse_columns, truncated_normal
from nn_core.layers import Conv2d, Linear


def draw(init, shape, fan_in, seed=0):
    return init(shape, fan_in=fan_in, fan_out=7, rng=np.random.default_rng(seed))


def below(z):
    """The share of a normal distribution below z."""
    return 0.5 * (1 + math.erf(z / math.sqrt(2)))


def test_constant_is_the_same_everywhere_also_as_bias():
    assert set(draw(constant(0.25), (3, 4), 4).ravel().tolist()) == {0.25}
    layer = Linear(3, 2, rng=np.random.default_rng(0), bias_init=constant(0.5))
    assert layer.parameters["bias"].tolist() == [0.5, 0.5]


def test_truncated_normal_is_a_bell_without_its_tails():
    values = draw(truncated_normal(0.1), (300, 400), 400).astype(np.float64) / 0.1
    assert values.dtype == np.float64
    assert 1.99 < np.abs(values).max() <= 2.0000001
    inside = below(2) - below(-2)
    for z in (-1.5, -1, -0.5, 0, 0.5, 1, 1.5):  # its distribution function, to five deviations of the count
        share = (below(z) - below(-2)) / inside
        assert (values < z).mean() == pytest.approx(share, abs=5 * math.sqrt(share * (1 - share) / values.size))
    density = math.exp(-2) / math.sqrt(2 * math.pi)
    assert values.var() == pytest.approx(1 - 4 * density / inside, rel=0.01)  # 0.774


@pytest.mark.peers
def test_truncated_normal_has_the_quantiles_of_torchs():
    import torch

    theirs = torch.nn.init.trunc_normal_(torch.empty(300, 400), generator=torch.Generator().manual_seed(0)).numpy()
    ours, shares = draw(truncated_normal(1.0), (300, 400), 400), np.linspace(0.02, 0.98, 25)
    assert np.quantile(ours, shares) == pytest.approx(np.quantile(theirs, shares), abs=0.03)


def test_sparse_gives_each_unit_fifteen_incoming_weights():
    values = draw(sparse(), (200, 60), 60)
    assert ((values != 0).sum(axis=1) == 15).all()
    assert (values != 0).any(axis=0).all()  # not the same ones for every unit
    assert values[values != 0].std() == pytest.approx(1, rel=0.05)
    assert (draw(sparse(), (5, 9), 9) != 0).all()  # a unit that has fewer has them all
    kernels = draw(sparse(4), (6, 3, 5, 5), 75)
    assert ((kernels != 0).sum(axis=(1, 2, 3)) == 4).all()


def test_sparse_columns_is_torchs():
    values = draw(sparse_columns(0.33, 0.5), (40, 30), 30)
    assert ((values == 0).sum(axis=0) == math.ceil(0.33 * 40)).all()
    assert values[values != 0].std() == pytest.approx(0.5, rel=0.08)


@pytest.mark.peers
def test_sparse_columns_leaves_as_many_zeros_as_torch():
    import torch

    for sparsity in (0.0, 0.1, 0.33, 0.9, 1.0):
        theirs = torch.nn.init.sparse_(torch.empty(40, 30), sparsity).numpy()
        assert ((theirs == 0).sum(axis=0) == (draw(sparse_columns(sparsity), (40, 30), 30) == 0).sum(axis=0)).all()


@pytest.mark.parametrize("name", ["truncated-normal", "sparse", "sparse-columns"])
def test_the_generator_decides(name):
    init = find_initializer(name)
    assert np.array_equal(draw(init, (20, 30), 30, 1), draw(init, (20, 30), 30, 1))
    assert not np.array_equal(draw(init, (20, 30), 30, 1), draw(init, (20, 30), 30, 2))


def test_by_name_with_a_number():
    assert draw(find_initializer("constant:-0.5"), (2,), 2).tolist() == [-0.5, -0.5]
    assert np.abs(draw(find_initializer("truncated-normal:0.05"), (50, 50), 50)).max() <= 0.1
    assert (draw(find_initializer("sparse:3"), (4, 50), 50) != 0).sum() == 12
    assert draw(find_initializer("normal:0.5"), (200, 50), 50).std() == pytest.approx(0.5, rel=0.05)
    assert 0.0099 < np.abs(draw(find_initializer("uniform:0.01"), (50, 50), 50)).max() <= 0.01
    assert np.array_equal(draw(find_initializer("uniform:0.1"), (9,), 9), draw(find_initializer("uniform"), (9,), 9))
    conv = Conv2d(2, 3, 3, rng=np.random.default_rng(0), init=find_initializer("he-normal"))
    assert conv.parameters["weight"].std() > 0


@pytest.mark.parametrize(
    "name, told",
    [
        ("nope", "initialiser .='nope'. must be one of zeros"),
        ("he-normal:2", "may be followed by a number"),
        ("constant:", r"constant \(=''\) must lie between"),
        ("constant:nan", "must lie between"),
        ("truncated-normal:-1", r"truncated-normal \(='-1'\) must lie between 0 and 1000"),
        ("sparse:0", "between 1"),
        ("sparse-columns:1.1", "between 0 and 1"),
    ],
)
def test_what_is_none_is_named(name, told):
    with pytest.raises(SettingsError, match=told):
        find_initializer(name)

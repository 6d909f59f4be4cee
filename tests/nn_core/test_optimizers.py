"""Optimisers work value by value; their trajectories are in test_agreement."""

from __future__ import annotations

import numpy as np
import pytest

from nn_core.errors import SettingsError
from nn_core.optimizers import OPTIMIZERS, make_optimizer
from tests.reference.values import spread

SIZE = 11


def walk(name, parts, dtype=np.float32):
    """The parameters after five steps, each taken part by part in the order of `parts`."""
    optimizer = make_optimizer(name, 0.05, 0.01)
    p = spread((SIZE,), 1).astype(dtype)
    memory = list(optimizer.memory_for(p).values())
    for step in range(1, 6):
        gradient, spare = spread((SIZE,), step).astype(dtype), np.full(SIZE, np.nan, dtype)
        optimizer.begin(step)
        for part in parts:
            optimizer.update(p[part], gradient[part], tuple(m[part] for m in memory), spare[part])
    return p


@pytest.mark.parametrize("name", OPTIMIZERS)
def test_any_part_may_go_first(name):
    whole = walk(name, [slice(None)])
    assert np.array_equal(whole, walk(name, [slice(7, None), slice(0, 4), slice(4, 7)]))
    assert whole.dtype == np.float32
    assert not np.array_equal(whole, spread((SIZE,), 1))


@pytest.mark.parametrize("name", ["adam", "adamw"])
def test_the_first_step_of_adam_is_as_long_as_the_learning_rate(name):
    optimizer, p = make_optimizer(name, 0.01), np.zeros(3, np.float32)
    optimizer.begin(1)
    optimizer.update(p, np.array([1e-3, -5, 1e3], np.float32), (np.zeros_like(p), np.zeros_like(p)), np.empty_like(p))
    assert p == pytest.approx([-0.01, 0.01, -0.01], rel=1e-4)


@pytest.mark.parametrize("name", OPTIMIZERS)
def test_without_a_gradient_nothing_moves_and_nothing_divides_by_zero(name):
    optimizer, p = make_optimizer(name, 0.1), np.ones(3, np.float32)
    memory = tuple(optimizer.memory_for(p).values())
    optimizer.begin(1)
    optimizer.update(p, np.zeros_like(p), memory, np.empty_like(p))
    assert p == pytest.approx([1, 1, 1], rel=1e-6)


def test_the_learning_rate_may_change_between_steps():
    optimizer, p = make_optimizer("sgd", 0.5), np.zeros(1, np.float32)
    for step, rate in enumerate((0.5, 0.25), 1):
        optimizer.lr = rate
        optimizer.begin(step)
        optimizer.update(p, np.ones_like(p), (), np.empty_like(p))
    assert p.tolist() == [-0.75]


def test_an_unknown_name_is_refused_with_those_there_are():
    with pytest.raises(SettingsError, match=r"optimizer \(='lion'\) must be one of .*sgd, momentum, adam"):
        make_optimizer("lion", 0.1)

"""Batch sizes: the gradient's noise beside its formula, and what training with each of them tells."""

from __future__ import annotations

import math

import numpy as np
import pytest

from nn_core.data import Dataset, Split
from nn_core.errors import SettingsError
from nn_core.labs.batch_size import Comparison, Examined, Noise, compare, gradient, loss_at, noises, whole_gradient
from nn_core.network import Pass
from nn_core.pen import pen_digits
from nn_core.presets import make_model

CHAIN = "flatten → linear 12 → tanh → linear 10"
COUNT = 160


@pytest.fixture(scope="module")
def data():
    drawn = pen_digits(COUNT + 40, rng=np.random.default_rng(4))
    parts = slice(0, COUNT), slice(COUNT, None)
    return Dataset("some", *(Split(drawn.images[part], drawn.labels[part]) for part in parts))


def last(steps):
    """What a generator returns."""
    while True:
        try:
            next(steps)
        except StopIteration as end:
            return end.value


def measured(data, *sizes):
    events = noises(Comparison(CHAIN, sizes=sizes), data.train)
    return {event.batch_size: event for event in events if isinstance(event, Noise)}


def test_the_noise_is_the_variance_of_single_gradients_over_the_size(data):
    model, split = make_model(CHAIN, 0), data.train
    memory = Pass(model.network)
    whole = last(whole_gradient(model, split, memory))
    single = [
        gradient(model, split.images[i : i + 1], split.labels[i : i + 1], memory).astype(np.float64)
        for i in range(COUNT)
    ]
    assert np.mean(single, axis=0) == pytest.approx(whole, abs=1e-7)
    variance = np.mean([np.square(one - whole).sum() for one in single])
    for size, found in measured(data, 1, 4, 16, 64).items():
        wanted = math.sqrt(variance / size * (COUNT - size) / (COUNT - 1)) / np.linalg.norm(whole)
        assert found.relative == pytest.approx(wanted, rel=0.15)


def test_the_whole_set_has_no_noise_and_small_batches_point_elsewhere(data):
    found = measured(data, 1, 16, COUNT)
    assert found[COUNT].relative < 1e-6
    assert found[COUNT].cosine == pytest.approx(1)
    assert found[1].cosine < found[16].cosine < 1


def test_a_size_beyond_the_set_is_the_whole_set(data):
    assert measured(data, 5000)[COUNT].draws == 1


@pytest.mark.parametrize(
    "rule, small, large", [("constant", 0.1, 0.1), ("square root", 0.025, 0.2), ("linear", 0.00625, 0.4)]
)
def test_the_rate_follows_the_size_by_its_rule(rule, small, large):
    comparison = Comparison(learning_rate=0.1, rule=rule)
    assert (comparison.rate(4), comparison.rate(256)) == pytest.approx((small, large))


def test_every_size_trains_for_its_time_and_learns(data):
    comparison = Comparison(CHAIN, sizes=(4, 32), seconds=0.3, learning_rate=0.1)
    looks = [event for event in compare(comparison, data, 1) if isinstance(event, Examined)]
    for size in comparison.sizes:
        mine = [look for look in looks if look.batch_size == size]
        assert mine[0].images == 0
        assert mine[-1].seconds >= 0.3
        assert mine[-1].images == pytest.approx(mine[-1].steps * size, rel=0.3)
        assert mine[-1].loss < mine[0].loss
        assert [look.images for look in mine] == sorted(look.images for look in mine)
    assert len({look.loss for look in looks if look.images == 0}) == 1


def test_a_size_that_diverges_ends_before_its_time(data):
    chain = "flatten → linear 12 → linear 10"
    comparison = Comparison(chain, sizes=(8,), seconds=60.0, learning_rate=1000.0)
    looks = [event for event in compare(comparison, data, 1) if isinstance(event, Examined)]
    assert looks[-1].seconds < 30
    assert not math.isfinite(looks[-1].loss)


def test_losses_are_compared_at_one_place():
    looks = [Examined(8, i, 100 * i, 0.5 * i, loss, 0.5) for i, loss in enumerate((2.4, 1.4, 0.4))]
    assert loss_at(looks, images=50) == pytest.approx(1.9)
    assert loss_at(looks, seconds=0.75) == pytest.approx(0.9)
    assert math.isnan(loss_at(looks, images=201))
    assert math.isnan(loss_at([], images=0))


@pytest.mark.parametrize(
    "numbers, told",
    [
        ({"sizes": (0,)}, r"batch sizes \(=\(0,\)\)"),
        ({"rule": "cubic"}, r"rule \(='cubic'\)"),
        ({"seconds": 0.0}, r"seconds \(=0.0\)"),
    ],
)
def test_what_is_out_of_range_is_named_with_its_value(numbers, told):
    with pytest.raises(SettingsError, match=told):
        Comparison(**numbers)

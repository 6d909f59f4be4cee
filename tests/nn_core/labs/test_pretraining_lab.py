"""The experiment of the page: restored digits, and a fair comparison."""

from __future__ import annotations

import numpy as np
import pytest

from nn_core.data import Dataset
from nn_core.errors import SettingsError
from nn_core.labs.pretraining import Compared, Experiment, Restoration, experiment
from nn_core.pen import pen_digits
from nn_core.pretraining import Pretraining

CHAIN = "flatten -> linear 30 -> sigmoid -> linear 20 -> sigmoid -> linear 10"


@pytest.fixture(scope="module")
def dataset():
    rng = np.random.default_rng(0)
    return Dataset("pen", pen_digits(400, rng=rng), pen_digits(100, rng=rng))


def run(dataset, plan, kind):
    return [each for each in experiment(Experiment(CHAIN, plan, 50, 2), dataset) if isinstance(each, kind)]


def test_restored_digits_come_nearer_to_what_they_were(dataset):
    found = run(dataset, Pretraining(4, 0.2, learning_rate=3e-3), Restoration)
    assert [(each.layer, each.epoch) for each in found] == [(i, e) for i in (1, 3) for e in range(1, 5)]
    errors = [np.mean((each.restored - each.clean) ** 2) for each in found]
    assert errors[3] < errors[0]
    assert errors[7] < errors[4]  # through both layers, up and down
    assert np.allclose(found[0].clean, dataset.test.images[:10] / 255, atol=1e-6)
    assert (found[0].damaged[found[0].clean > 0] == 0).mean() == pytest.approx(0.2, abs=0.05)
    assert found[0].filters.shape == (30, 28, 28)


def test_both_networks_are_compared_to_the_same_numbers_every_time(dataset):
    found = run(dataset, Pretraining(1), Compared)
    assert [each.epoch for each in found] == [1, 2]
    assert all(0 <= share <= 1 for each in found for share in (each.plain, each.pretrained))
    assert run(dataset, Pretraining(1), Compared) == found


def test_ranges_are_checked():
    with pytest.raises(SettingsError, match="labelled"):
        Experiment(labelled=5)
    with pytest.raises(SettingsError, match="epochs"):
        Experiment(epochs=0)

"""Networks by name: presets, and architectures that came from files."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from app.networks import Networks, accuracy_of
from nn_core.errors import SettingsError
from nn_core.layers import Flatten, Linear
from nn_core.model import Model
from nn_core.network import Sequential
from nn_core.normalization import Normalization
from nn_core.presets import PRESETS, make_model
from nn_core.settings import TrainSettings


def odd() -> Model:
    return Model(Sequential(Flatten(), Linear(784, 10, rng=np.random.default_rng(3))))


@pytest.mark.parametrize("preset", PRESETS)
def test_a_preset_is_known_by_its_architecture_whatever_its_file_says(preset: str):
    model = make_model(preset, 4)
    for card in (model.card, {}, {"preset": "blog-cnn"}, {"preset": 3}):
        assert Networks().name_of(Model(model.network, model.normalization, card), "file") == preset


def test_another_architecture_is_a_choice_from_then_on():
    networks = Networks()
    assert networks.name_of(odd(), "lenet5") == "lenet5 (file)"
    assert networks.choices()[-1][0] == "lenet5 (file)"
    settings = TrainSettings(preset="lenet5 (file)", bias=0.5, normalization="min-max")
    models = [networks.fresh(replace(settings, seed=seed)) for seed in (1, 1, 2)]
    fresh = [model.network.vector for model in models]
    assert (models[0].network.state_dict()["1.bias"] == 0.5).all()
    assert models[0].normalization == Normalization()
    np.testing.assert_array_equal(fresh[0], fresh[1])
    assert not np.array_equal(fresh[0], fresh[2])


def test_a_name_that_nobody_has_is_refused():
    with pytest.raises(SettingsError, match="nobody"):
        Networks().fresh(TrainSettings(preset="nobody"))


CHAIN = "dropout 0.2 -> flatten -> linear 10"


def test_a_chain_is_a_choice_from_then_on_and_is_known_again():
    networks = Networks()
    model = networks.fresh(TrainSettings(preset=CHAIN, init="constant:0.5"))
    assert (model.network.state_dict()["2.weight"] == 0.5).all()
    assert networks.choices()[-1] == (CHAIN, CHAIN)
    other = Networks()
    assert other.name_of(model, CHAIN) == CHAIN
    assert other.choices()[-1] == (CHAIN, CHAIN)
    assert other.name_of(odd(), "flatten -> linear nobody") == "flatten -> linear nobody"


@pytest.mark.parametrize("value, words", [(0.99416, "99.42 %"), (None, ""), ("0.5", ""), (7.0, ""), (float("nan"), "")])
def test_an_accuracy_is_told_where_it_is_one(value: object, words: str):
    model = odd()
    assert accuracy_of(Model(model.network, model.normalization, {"accuracy": value})) == words

"""Settings are checked once, at the border."""

from __future__ import annotations

import json
import math
from dataclasses import asdict

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nn_core.errors import SettingsError
from nn_core.settings import TrainSettings


@pytest.mark.parametrize(
    "name, value, told",
    [
        ("learning_rate", -1e-9, "learning rate"),
        ("learning_rate", math.nan, "learning rate"),
        ("learning_rate", math.inf, "learning rate"),
        pytest.param("learning_rate", 10**400, "learning rate", id="learning_rate-gigantic"),
        ("batch_size", 0, "batch size"),
        ("batch_size", 60_001, "batch size"),
        ("epochs", 0, "epochs"),
        ("seed", -1, "seed"),
        ("seed", 2**32, "seed"),
        ("weight_decay", -0.1, "weight decay"),
        ("label_smoothing", 1.0, "label smoothing"),
        ("threads", 0, "threads"),
        ("train_images", -1, "train images"),
        ("validation", -1, "validation"),
        ("evaluate_every", 0, "evaluate every"),
        ("patience", -1, "patience"),
        ("save_every", 0, "save every"),
    ],
)
def test_what_is_out_of_range_is_named_with_its_value(name, value, told):
    with pytest.raises(SettingsError, match=rf"{told} \(={value}\) must lie between"):
        TrainSettings(**{name: value})


def test_no_more_sets_than_there_can_be_are_named():
    with pytest.raises(SettingsError, match="must be 64 sets at most"):
        TrainSettings(dataset="+".join(["mnist"] * 65))
    assert TrainSettings(dataset="+".join(["mnist"] * 64)).dataset.count("+") == 63


def test_plain_data_and_back():
    settings = TrainSettings(preset="lenet5", learning_rate=0.1, epochs=3, augment=True)
    assert TrainSettings.from_plain(json.loads(json.dumps(asdict(settings)))) == settings
    assert TrainSettings.from_plain({"learning_rate": 1}).learning_rate == 1


@pytest.mark.parametrize("values, told", [
    ({"momentum": 0.9}, "no setting 'momentum'"),
    ({"epochs": "10"}, r"epochs \(='10'\) must be of the type int"),
    ({"epochs": 10.0}, "type int"),
    ({"epochs": True}, "type int"),
    ({"augment": 1}, "type bool"),
    ({"preset": None}, "type str"),
    ({"learning_rate": "fast"}, "type float"),
])  # fmt: skip
def test_plain_data_that_is_no_setting_is_named(values, told):
    with pytest.raises(SettingsError, match=told):
        TrainSettings.from_plain(values)


numbers = st.integers() | st.floats(allow_nan=True) | st.just(10**400)
anything = st.recursive(numbers | st.text() | st.none() | st.booleans(), lambda inner: st.lists(inner, max_size=2))
names = st.sampled_from(sorted(asdict(TrainSettings()))) | st.text(max_size=3)


@given(st.dictionaries(names, anything, max_size=4))
def test_any_plain_data_is_settings_or_an_error_of_ours(values):
    try:
        settings = TrainSettings.from_plain(values)
    except SettingsError:
        return
    assert 1 <= settings.batch_size <= 60_000
    assert 0 <= settings.learning_rate <= 1000

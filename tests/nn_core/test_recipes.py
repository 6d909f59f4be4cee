"""Recipes: what is in them, which settings are one of them, and the table of what they reached."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest

from nn_core.distillation import Teacher
from nn_core.errors import SettingsError
from nn_core.losses import soft_targets
from nn_core.model import Model
from nn_core.presets import PRESETS, make_model
from nn_core.recipes import RECIPES, Reached, find_recipe, load_reached, recipe_of
from nn_core.settings import TrainSettings
from nn_core.trainer import Trainer
from resources import RECIPES_REACHED
from tests.nn_core.small_runs import dataset

ROW = {"test_accuracy": 0.98, "train_accuracy": 0.99, "seconds": 12.5}


@pytest.mark.parametrize("name", RECIPES)
def test_a_recipe_can_be_run(name):
    """Every name in it is one that there is."""
    s = RECIPES[name].settings
    assert s.preset in PRESETS
    model = make_model(s.preset, s.seed, init=s.init, bias=s.bias, normalization=s.normalization)
    assert isinstance(model, Model)
    teachers = [
        Teacher(model, frozenset(find_recipe(teacher).settings.dataset.split("+"))) for teacher, _ in s.taught_by()
    ]
    trainer = Trainer(model, dataset(), s)
    trainer.learn_from(teachers)
    assert trainer.steps >= s.epochs


def test_no_teacher_has_a_teacher():
    taught = [recipe.settings for recipe in RECIPES.values() if recipe.settings.teachers]
    assert taught
    for settings in taught:
        assert not any(find_recipe(name).settings.teachers for name, _ in settings.taught_by())


def test_the_settings_of_the_texts():
    sigmoid, lenet, deep = (RECIPES[name].settings for name in ("fc-sigmoid", "lenet5", "deep-mnist"))
    assert (sigmoid.learning_rate, sigmoid.batch_size, sigmoid.optimizer) == (0.3, 1, "sgd")
    assert soft_targets(sigmoid.loss, sigmoid.label_smoothing) == pytest.approx((0.1, 0.9))
    assert (lenet.learning_rate, lenet.batch_size, lenet.epochs, lenet.init) == (0.9, 256, 10, "xavier-uniform")
    assert deep.epochs * deep.train_images // deep.batch_size == 10_000
    assert (deep.batch_size, deep.learning_rate, deep.init, deep.bias) == (50, 1e-4, "truncated-normal:0.1", 0.1)


@pytest.mark.parametrize("name", RECIPES)
def test_settings_are_known_as_a_recipe_whatever_the_threads(name):
    settings = RECIPES[name].settings
    assert recipe_of(replace(settings, threads=7)) == name
    assert recipe_of(replace(settings, seed=settings.seed + 1)) == ""


def test_own_settings_are_no_recipe():
    assert recipe_of(TrainSettings()) == ""


def test_an_unknown_recipe_is_refused_with_those_there_are():
    with pytest.raises(SettingsError, match=r"recipe \(='lenet'\) must be one of .*lenet5"):
        find_recipe("lenet")


def test_what_was_reached_counts_for_the_settings_that_reached_it(tmp_path):
    path = tmp_path / "reached.json"
    now, before = RECIPES["lenet5"].settings.deciding(), RECIPES["blog-fc"].settings.deciding() | {"seed": 99}
    path.write_text(json.dumps({"lenet5": ROW | {"settings": now}, "blog-fc": ROW | {"settings": before}}))
    assert load_reached(path) == {"lenet5": Reached(0.98, 0.99, 12.5)}


@pytest.mark.parametrize("text", [
    "", "[]", "3", "{", '{"lenet5": 3}', '{"lenet5": {}}', '{"lenet5": {"settings": SETTINGS}}',
    '{"lenet5": {"settings": SETTINGS, "test_accuracy": "1", "train_accuracy": 1, "seconds": 1}}',
    '{"lenet5": {"settings": SETTINGS, "test_accuracy": NaN, "train_accuracy": 1, "seconds": 1}}',
])  # fmt: skip
def test_a_damaged_table_is_refused_by_its_name(tmp_path, text):
    path = tmp_path / "reached.json"
    path.write_text(text.replace("SETTINGS", json.dumps(RECIPES["lenet5"].settings.deciding())))
    with pytest.raises(SettingsError, match=r"reached\.json cannot be read as a table of recipes"):
        load_reached(path)


def test_the_table_that_is_shipped_can_be_read():
    assert set(load_reached(RECIPES_REACHED)) <= set(RECIPES)

"""`recipes`, and `train --recipe`."""

from __future__ import annotations

import json

import pytest

import resources
from cli import main
from nn_core.modelfile import load_model
from nn_core.normalization import Normalization
from nn_core.recipes import RECIPES


def test_a_line_a_recipe_with_all_its_settings(call):
    told = call("recipes")
    assert [line["recipe"] for line in told] == list(RECIPES)
    for line in told:
        assert line["settings"] == RECIPES[line["recipe"]].settings.deciding()
        assert line["command"] == f"digitscope train --recipe {line['recipe']}"


def test_for_people_names_stand_in_a_column_and_sets_are_counted(capsys):
    assert main(["recipes"]) == 0
    said = capsys.readouterr().out.splitlines()
    about = [line.index(RECIPES[name].about) for name, line in zip(RECIPES, said[::2], strict=True)]
    assert len(set(about)) == 1
    assert "digitscope on 8 × mnist + 6 × strokes: cross-entropy" in said[1]
    teachers = "digitscope+digitscope:2+digitscope:3+digitscope-mnist+digitscope-mnist:2"
    assert any(line.endswith(f"taught by {teachers}") for line in said)


def test_what_was_reached_is_told(call, tmp_path, monkeypatch):
    row = {"test_accuracy": 0.9876, "train_accuracy": 0.99, "seconds": 60.0}
    path = tmp_path / "reached.json"
    path.write_text(json.dumps({"lenet5": row | {"settings": RECIPES["lenet5"].settings.deciding()}}))
    monkeypatch.setattr(resources, "RECIPES_REACHED", path)
    reached = {line["recipe"]: line["reached"] for line in call("recipes")}
    assert reached.pop("lenet5") == row
    assert set(reached.values()) == {None}


def test_a_recipe_is_trained_by_and_options_override_it(call, tiny, tmp_path):
    path = tmp_path / "m.safetensors"
    epochs = call(
        "train", "--recipe", "fc-sigmoid", "--dataset", "tiny", "--data-dir", tiny, "--epochs", 2, "--batch", 20,
        "--train-images", 100, "--threads", 1, "--out", path,
    )  # fmt: skip
    assert [line["epoch"] for line in epochs] == [1, 2]
    model = load_model(path)
    given = {"dataset": "tiny", "epochs": 2, "batch_size": 20, "train_images": 100}
    assert model.card["settings"] == RECIPES["fc-sigmoid"].settings.deciding() | given
    assert model.normalization == Normalization()
    assert [layer.title() for layer in model.network.layers][-1] == "sigmoid"


def test_a_recipe_that_augments_can_be_told_not_to(call, tiny, tmp_path):
    path = tmp_path / "m.safetensors"
    call(
        "train", "--recipe", "digitscope-taught", "--dataset", "tiny", "--data-dir", tiny, "--epochs", 1,
        "--no-augment", "--preset", "blog-fc", "--normalization", "logarithm", "--teachers", "", "--out", path,
    )  # fmt: skip
    model = load_model(path)
    assert model.card["settings"]["augment"] is False
    assert model.normalization.curve == "logarithm"


@pytest.mark.parametrize(
    "more, told",
    [
        (["--recipe", "lenet"], "recipe (='lenet') must be one of digitscope, digitscope-mnist"),
        (["--recipe", "lenet5", "--batch", 0], "batch size (=0)"),
        (["--normalization", "sqrt"], "normalization (='sqrt') must be one of standard, min-max"),
        (["--train-images", -1], "train images (=-1)"),
    ],
)
def test_bad_input_is_one_line_and_status_2(refused, tiny, more, told):
    assert told in refused("train", "--dataset", "tiny", "--data-dir", tiny, *more)

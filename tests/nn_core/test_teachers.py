"""Teachers by the name of their recipe: trained once, kept, gone on with, and blind to what is held out."""

from __future__ import annotations

from contextlib import closing
from dataclasses import replace

import numpy as np
import pytest

from nn_core import teachers as teachers_module
from nn_core.data import Split
from nn_core.errors import ModelError, SettingsError, TrainingError
from nn_core.modelfile import save_model
from nn_core.presets import make_model
from nn_core.recipes import RECIPES, Recipe
from nn_core.settings import TrainSettings
from nn_core.teachers import find_teachers, teachers_of
from tests.nn_core.runs import data

LESSON = TrainSettings(
    preset="flatten -> linear 12 -> relu -> linear 10", dataset="noise", batch_size=4, epochs=8, seed=3, threads=1
)


@pytest.fixture(autouse=True)
def recipes(monkeypatch):
    monkeypatch.setitem(RECIPES, "tutor", Recipe("a teacher", LESSON))
    monkeypatch.setitem(RECIPES, "taught", Recipe("who has one", replace(LESSON, teachers="tutor")))


def found(teachers, folder, dataset=None):
    """What is said on the way, and the teachers' parameters."""
    said, its = followed(find_teachers(TrainSettings(teachers=teachers), dataset or data(40), folder, folder / "kept"))
    return said, [teacher.model.network.vector for teacher in its]


def followed(steps):
    said = []
    while True:
        try:
            said.append(next(steps))
        except StopIteration as end:
            return said, end.value


def test_a_run_without_teachers_waits_for_nothing(tmp_path):
    assert found("", tmp_path) == ([], [])
    assert not (tmp_path / "kept").exists()


def test_a_teacher_is_trained_when_it_is_wanted_first(tmp_path):
    said, (vector,) = found("tutor", tmp_path)
    assert {(step.what, step.total) for step in said} == {("Training teacher 1 of 1, tutor with seed 3", 80)}
    again, (kept,) = found("tutor", tmp_path)
    assert again == []
    assert np.array_equal(kept, vector)


def test_another_seed_other_images_and_another_version_want_another_teacher(tmp_path, monkeypatch):
    _, (one,) = found("tutor", tmp_path)
    said, (same, other) = found("tutor+tutor:4", tmp_path)
    assert {step.total for step in said} == {80}
    assert np.array_equal(same, one)
    assert not np.array_equal(other, one)
    assert found("tutor:3", tmp_path)[0] == []  # which is the recipe's own
    assert found("tutor", tmp_path, data(41))[0]
    inverted = replace(data(40), train=Split(255 - data(40).train.images, data(40).train.labels))
    assert found("tutor", tmp_path, inverted)[0]
    monkeypatch.setattr("nn_core.__version__", "another")
    assert found("tutor", tmp_path)[0]


def test_other_instructions_want_another_teacher_for_they_end_with_other_bits(tmp_path, monkeypatch):
    found("tutor", tmp_path)
    assert found("tutor", tmp_path)[0] == []
    monkeypatch.setattr(teachers_module, "threadpool_info", lambda: [{"user_api": "blas", "architecture": "another"}])
    assert found("tutor", tmp_path)[0]


def test_a_processor_without_wider_instructions_has_its_teachers_too(tmp_path, monkeypatch):
    monkeypatch.setattr(np, "show_config", lambda mode: {"SIMD Extensions": {"baseline": ["SSE"]}})
    found("tutor", tmp_path)
    assert found("tutor", tmp_path)[0] == []


def test_it_knows_the_sets_that_it_was_trained_on(tmp_path, monkeypatch):
    both = replace(LESSON, dataset="noise+strokes+noise")
    monkeypatch.setitem(RECIPES, "tutor", Recipe("a teacher", both))
    dataset = replace(data(9), name=both.dataset)
    _, (teacher,) = followed(find_teachers(TrainSettings(teachers="tutor"), dataset, tmp_path, tmp_path))
    assert teacher.datasets == {"noise", "strokes"}


def test_what_is_held_out_of_the_run_is_held_out_of_its_teachers(tmp_path, monkeypatch):
    asked = []

    def load(name, folder, hold_out=0, validation=0):
        asked.append((name, hold_out, validation))
        yield from ()
        return data(40)

    monkeypatch.setattr(teachers_module, "load", load)
    dataset = replace(data(40), name="noise+more", held_out=7, validation=data(5).train)
    found("tutor", tmp_path, dataset)
    found("tutor", tmp_path, replace(dataset, name="more"))  # of which the teacher sees nothing
    assert asked == [("noise", 12, 0), ("noise", 0, 0)]


@pytest.mark.parametrize("own, its", [("more", "noise+more"), ("strokes", "strokes+strokes")])
def test_a_teacher_that_has_seen_what_is_held_out_is_refused(tmp_path, monkeypatch, own, its):
    monkeypatch.setitem(RECIPES, "tutor", Recipe("a teacher", replace(LESSON, dataset=its)))
    dataset = replace(data(40), name=own, validation=data(5).train)
    with pytest.raises(SettingsError, match=f"has seen the images of {own} that are held out"):
        found("tutor", tmp_path, dataset)


@pytest.mark.parametrize("every", [0.0, 1e9])
def test_one_that_was_cut_short_goes_on_to_the_same_bits(tmp_path, monkeypatch, every):
    _, (whole,) = found("tutor", tmp_path / "whole")
    monkeypatch.setattr(teachers_module, "_KEPT_EVERY", every)
    monkeypatch.setattr(teachers_module, "_TOLD_EVERY", 0.0)
    settings = TrainSettings(teachers="tutor")
    with closing(find_teachers(settings, data(40), tmp_path, tmp_path / "kept")) as steps:
        assert [next(steps).done for _ in range(3)] == [1, 2, 3]
    (part,) = (tmp_path / "kept").iterdir()
    assert part.suffix == ".part"
    said, (vector,) = found("tutor", tmp_path)
    assert said[0].done == 4
    assert np.array_equal(vector, whole)
    assert not part.exists()
    part.write_bytes(b"what another program that taught it has left")
    assert found("tutor", tmp_path)[0] == []
    assert not part.exists()


@pytest.mark.parametrize("ending", [".part", ".safetensors"])
def test_a_damaged_file_costs_the_time_and_nothing_else(tmp_path, ending):
    _, (vector,) = found("tutor", tmp_path)
    (kept,) = (tmp_path / "kept").iterdir()
    kept.unlink()
    kept.with_suffix(ending).write_bytes(b"not what it was")
    said, (again,) = found("tutor", tmp_path)
    assert said[0].done == 1
    assert np.array_equal(again, vector)


def test_a_sound_file_of_another_network_is_no_teacher(tmp_path):
    _, (vector,) = found("tutor", tmp_path)
    (kept,) = (tmp_path / "kept").iterdir()
    save_model(kept, make_model("flatten -> linear 10", 0))
    _, (again,) = found("tutor", tmp_path)
    assert np.array_equal(again, vector)


def test_that_it_cannot_be_kept_costs_no_teacher(tmp_path, monkeypatch, caplog):
    _, (vector,) = found("tutor", tmp_path / "whole")
    monkeypatch.setattr(teachers_module, "_KEPT_EVERY", 0.0)

    def full(*_):
        raise ModelError("the disk is full")

    monkeypatch.setattr(teachers_module, "save_model", full)
    monkeypatch.setattr("nn_core.checkpoint.save_checkpoint", full)
    _, (again,) = found("tutor", tmp_path)
    assert np.array_equal(again, vector)
    assert "the disk is full" in caplog.text
    assert list((tmp_path / "kept").iterdir()) == []


def test_what_cannot_be_taught_is_told(tmp_path, monkeypatch):
    with pytest.raises(SettingsError, match="recipe \\(='nobody'\\)"):
        found("nobody", tmp_path)
    with pytest.raises(SettingsError, match="taught cannot be one, for it has teachers"):
        found("taught", tmp_path)
    for seed in ("", "-1", "x", str(2**32), "9" * 30, "0" * 5000, "²"):
        with pytest.raises(SettingsError, match="must be a number between 0 and 4294967295"):
            found(f"tutor:{seed}", tmp_path)
    with pytest.raises(SettingsError, match="another loss or another normalisation"):
        teachers_of(TrainSettings(teachers="tutor+blog-fc"))
    for chain in ("flatten -> linear 10 -> softmax", "flatten -> linear 10 -> sigmoid"):
        with pytest.raises(SettingsError, match="has no logits"):
            teachers_of(TrainSettings(preset=chain, teachers="tutor"))
    with pytest.raises(SettingsError, match="not with mse"):
        teachers_of(TrainSettings(teachers="tutor", loss="mse"))
    with pytest.raises(SettingsError, match=r"teachers \(=9\) must be 8 at most"):
        teachers_of(TrainSettings(teachers="+".join(["tutor"] * 9)))
    assert not (tmp_path / "kept").exists()  # nothing was trained for that
    (tmp_path / "kept").write_text("a file where the folder would be")
    with pytest.raises(ModelError, match="cannot be made"):
        found("tutor", tmp_path)
    wild = replace(LESSON, preset="flatten -> linear 10", optimizer="sgd", learning_rate=1e3, weight_decay=10.0)
    monkeypatch.setitem(RECIPES, "tutor", Recipe("who diverges", wild))
    with pytest.raises(TrainingError, match="the teacher tutor: The loss became"):
        found("tutor", tmp_path / "else")

"""`train --teachers`: what other recipes' networks answer is learnt, too."""

from __future__ import annotations

from dataclasses import replace

import pytest

from cli import main
from nn_core.modelfile import load_model
from nn_core.recipes import RECIPES, Recipe
from nn_core.settings import TrainSettings

CHAIN = "flatten -> linear 10"
TUTOR = TrainSettings(preset=CHAIN, dataset="tiny", batch_size=50, epochs=3, seed=2, threads=1)


@pytest.fixture(autouse=True)
def tutor(monkeypatch, tmp_path):
    monkeypatch.setitem(RECIPES, "tutor", Recipe("a teacher", TUTOR))
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))


def train(tiny, *more):
    return ["train", "--preset", CHAIN, "--dataset", "tiny", "--data-dir", tiny, "--batch", 50, "--epochs", 2, *more]


def test_they_are_trained_once_and_change_what_is_learnt(call, tiny, tmp_path):
    paths = [tmp_path / f"{name}.safetensors" for name in "abc"]
    first = call(*train(tiny, "--teachers", "tutor", "--out", paths[0]))
    (kept,) = (tmp_path / "cache" / "digitscope" / "teachers").iterdir()
    made = kept.stat().st_mtime_ns
    again = call(*train(tiny, "--teachers", "tutor", "--out", paths[1]))
    assert kept.stat().st_mtime_ns == made
    alone = call(*train(tiny, "--out", paths[2]))
    assert [line["epoch"] for line in first] == [1, 2]
    assert [line["train_loss"] for line in again] == [line["train_loss"] for line in first]
    assert alone[0]["train_loss"] != first[0]["train_loss"]
    taught, same, other = (load_model(path) for path in paths)
    assert taught.card["settings"]["teachers"] == "tutor"
    assert (taught.network.vector == same.network.vector).all()
    assert not (taught.network.vector == other.network.vector).all()


def test_a_run_that_was_cut_short_goes_on_with_its_teachers(call, tiny, tmp_path):
    whole, rest, checkpoint = tmp_path / "w.safetensors", tmp_path / "r.safetensors", tmp_path / "c.safetensors"
    call(*train(tiny, "--teachers", "tutor", "--out", whole))
    call(*train(tiny, "--teachers", "tutor", "--checkpoint", checkpoint))
    call("train", "--resume", checkpoint, "--data-dir", tiny, "--out", rest)
    assert (load_model(whole).network.vector == load_model(rest).network.vector).all()


def test_for_people_it_is_said(tiny, capsys):
    assert main([str(word) for word in train(tiny, "--teachers", "tutor:7")]) == 0
    assert "teachers: tutor:7 (trained first, unless they have been before)" in capsys.readouterr().err


def test_what_is_no_teacher_is_one_line_and_status_2(refused, tiny, monkeypatch):
    monkeypatch.setitem(RECIPES, "taught", Recipe("who has one", replace(TUTOR, teachers="tutor")))
    wrong = {"tutor+nobody": "must be one of", "tutor:x": "must be a number", "taught": "cannot be one"}
    for teachers, told in wrong.items():
        assert told in refused(*train(tiny, "--teachers", teachers))
    assert "not with mse" in refused(*train(tiny, "--teachers", "tutor", "--loss", "mse"))


def test_a_run_at_its_end_wants_no_teacher_any_more(call, tiny, tmp_path):
    checkpoint = tmp_path / "c.safetensors"
    call(*train(tiny, "--teachers", "tutor", "--checkpoint", checkpoint))
    (kept,) = (tmp_path / "cache" / "digitscope" / "teachers").iterdir()
    kept.unlink()
    call("train", "--resume", checkpoint, "--data-dir", tiny)
    assert not kept.exists()


def test_a_search_has_none(refused, tiny):
    words = ["search", "--preset", CHAIN, "--dataset", "tiny", "--data-dir", tiny, "--teachers", "tutor"]
    assert "teachers (='tutor'): the runs of a search have none" in refused(*words)

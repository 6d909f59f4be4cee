"""`search`: lines, the best run's command, going on, and three processes at once."""

from __future__ import annotations

import json
import shlex
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from cli.arguments import parse
from cli.train_options import command_of, settings_of
from nn_core.recipes import RECIPES

ROOT = Path(__file__).resolve().parents[2]
SMALL = ["--preset", "flatten -> linear 10", "--dataset", "tiny", "--hold-out", 60, "--epochs", 1, "--images", 200]
SPACE = ["--space", "lr=1e-3..1 log, batch=16|32"]


def searching(tiny, *more):
    return ["search", *SMALL, *SPACE, "--data-dir", tiny, *more]


@pytest.fixture
def optuna():
    return pytest.importorskip("optuna")


@pytest.mark.parametrize("recipe", RECIPES)
def test_the_command_of_settings_gives_these_settings(recipe):
    wanted = settings_of(parse(["train", "--recipe", recipe]))
    assert settings_of(parse(shlex.split(command_of(wanted)))).deciding() == wanted.deciding()
    varied = replace(wanted, augment=True, augmentation="shift=2", balanced=True, weight_decay=1e-5)
    assert settings_of(parse(shlex.split(command_of(varied)))) == varied


def test_the_best_run_can_be_trained_again(optuna, call, tiny):
    lines = call(*searching(tiny, "--trials", 4, "--sampler", "random"))
    ended = [line for line in lines if line["event"] == "ended"]
    best = lines[-1]
    assert [line["trial"] for line in ended] == [0, 1, 2, 3]
    assert best["event"] == "best"
    assert best["accuracy"] == max(line["accuracy"] for line in ended)
    _, *words = shlex.split(best["command"])
    (epoch,) = call(*words, "--data-dir", tiny)
    assert epoch["test_accuracy"] == best["accuracy"]


def test_for_people_there_is_a_table(optuna, tiny, capsys):
    from cli import main

    assert main([str(word) for word in searching(tiny, "--sampler", "grid", "--trials", 2)]) == 0
    said = capsys.readouterr().out
    assert "trial 0: learning_rate" in said
    assert "learning_rate  batch_size  accuracy  epochs  seconds  state" in said
    assert " best\n" in said
    assert "    digitscope train --preset 'flatten -> linear 10'" in said


def test_a_kept_study_goes_on_without_its_options(optuna, call, tiny, tmp_path):
    path = tmp_path / "s.journal"
    call(*searching(tiny, "--trials", 2, "--storage", path, "--study", "mine"))
    lines = call("search", "--storage", path, "--study", "mine", "--trials", 3, "--data-dir", tiny)
    assert [line["trial"] for line in lines if line["event"] == "ended"] == [2]


def test_what_cannot_be_searched_is_refused(optuna, refused, tiny, tmp_path, call):
    assert "must lie between 1 and 10,000" in refused(*searching(tiny, "--trials", 0))
    assert "sampler (='best')" in refused(*searching(tiny, "--sampler", "best"))
    assert "must begin below its end" in refused("search", "--space", "lr=2..1", "--data-dir", tiny)
    (tmp_path / "f").write_text("hello\n", "utf-8")
    assert "no entry of Optuna's journal" in refused(*searching(tiny, "--storage", tmp_path / "f"))
    call(*searching(tiny, "--trials", 1, "--storage", tmp_path / "s.journal"))
    assert "other settings" in refused("search", "--storage", tmp_path / "s.journal", "--lr", "1", "--data-dir", tiny)


def test_a_storage_of_a_name_that_no_file_can_have_is_refused(optuna, refused, tiny, tmp_path):
    (tmp_path / "loop").symlink_to("loop")
    for name in ("x" * 300, "loop"):
        assert name in refused(*searching(tiny, "--storage", tmp_path / name))


def test_without_optuna_a_sentence_says_how_to_get_it(refused, tiny, monkeypatch):
    monkeypatch.setitem(sys.modules, "optuna", None)
    assert "needs Optuna: python -m pip install" in refused(*searching(tiny))


@pytest.mark.slow
def test_three_processes_share_a_grid(optuna, tiny, tmp_path):
    words = searching(tiny, "--sampler", "grid", "--storage", tmp_path / "s.journal", "--json", "--threads", 1)
    command = [sys.executable, str(ROOT / "main.py"), *map(str, words)]
    processes = [subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd=ROOT) for _ in range(3)]
    lines = [json.loads(line) for process in processes for line in process.communicate()[0].splitlines()]
    assert [process.returncode for process in processes] == [0, 0, 0]
    ended = [line for line in lines if line["event"] == "ended"]
    assert sorted(line["trial"] for line in ended) == list(range(10))
    assert len({tuple(line["values"].items()) for line in ended}) == 10

"""Recording what recipes reach; the training itself is made up."""

from __future__ import annotations

import json
from itertools import count

from benchmarks import recipes
from nn_core.recipes import RECIPES, Reached, load_reached


def line(epoch: int, accuracy: float) -> dict[str, float]:
    return {"epoch": epoch, "test_accuracy": accuracy, "train_accuracy": accuracy + 0.01, "seconds": 2.0}


def test_what_was_reached_is_added_to_the_table_and_read_again(tmp_path, monkeypatch):
    asked = []
    monkeypatch.setattr(recipes, "lines_of", lambda *words: asked.append(words) or [line(1, 0.5), line(2, 0.9)])
    monkeypatch.setattr(recipes, "perf_counter", count(0, 4).__next__)
    out = tmp_path / "reached.json"
    assert recipes.measure(["lenet5"], 2, tmp_path, out) == {"lenet5": 0.9}
    assert recipes.measure(["blog-fc"], 2, tmp_path, out) == {"blog-fc": 0.9}
    assert asked[0][:4] == ("main.py", "train", "--recipe", "lenet5")
    assert load_reached(out) == dict.fromkeys(("lenet5", "blog-fc"), Reached(0.9, 0.91, 4.0))
    table = json.loads(out.read_text())
    assert list(table) == [name for name in RECIPES if name in table]
    assert table["lenet5"]["test_accuracies"] == [0.5, 0.9]


def test_a_run_that_went_back_to_its_best_counts_with_that(tmp_path, monkeypatch):
    back = {"best_epoch": 1, "validation_accuracy": 0.8, "test_accuracy": 0.7}
    monkeypatch.setattr(recipes, "lines_of", lambda *words: [line(1, 0.7), line(2, 0.6), back])
    assert recipes.measure(["lenet5"], 2, tmp_path, tmp_path / "r.json") == {"lenet5": 0.7}

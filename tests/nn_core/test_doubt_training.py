"""Training the network that doubts, with a few drawings, and the limits that it finds."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from nn_core import doubt_drawings, doubt_training
from nn_core.doubt import Doubt
from nn_core.doubt_training import SETTINGS, train_doubt
from nn_core.pen import generator, others


def test_a_short_run_gives_limits_and_says_what_they_do(data_dir: Path, monkeypatch: pytest.MonkeyPatch):
    for module in (doubt_drawings, generator, others):
        monkeypatch.setattr(module, "BLOCK", 60)
    for name in ("MNIST_DIGITS", "PEN_DIGITS", "OTHERS", "ROWS", "NUMBERS", "HELD_OUT"):
        monkeypatch.setattr(doubt_training, name, 100)
    job = train_doubt(data_dir, replace(SETTINGS, epochs=1, threads=1))
    said = []
    while True:
        try:
            said.append(next(job).what)
        except StopIteration as end:
            model = end.value
            break
    assert dict.fromkeys(said) == dict.fromkeys(
        ["Loading mnist", "Drawing digits", "Drawing others", "Drawing rows", "Drawing numbers", "Training, step"]
    )
    assert 0 < model.card["limit"] < 1
    assert 0 <= model.card["digits_doubted"] <= 0.02
    assert Doubt(model).number_limit == model.card["number_limit"]

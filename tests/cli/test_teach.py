"""`teach`: own digits from a file into a model."""

from __future__ import annotations

import shutil
from pathlib import Path

import numpy as np
import pytest

from cli import main
from nn_core.modelfile import load_model
from nn_core.own_digits import save_own_digits
from tests.nn_core.own_drawings import mirrored_sevens, upright


@pytest.fixture(scope="module")
def folder(tiny, tmp_path_factory) -> Path:
    """A data folder whose set is called mnist, a model trained on it, and own digits."""
    folder = tmp_path_factory.mktemp("teach")
    shutil.copytree(tiny / "tiny", folder / "mnist")
    model = folder / "m.safetensors"
    chain = "conv 5x5x6 stride 2 -> relu -> flatten -> linear 10"
    argv = ["train", "--data-dir", folder, "--preset", chain, "--batch", 25, "--epochs", 12, "--out", model]
    assert main([str(word) for word in argv]) == 0
    save_own_digits(folder / "own.digits", [*mirrored_sevens(4), *upright(12)])
    return folder


def test_before_and_after_and_a_model(call, folder, tmp_path):
    out = tmp_path / "taught.safetensors"
    words = ("teach", folder / "m.safetensors", folder / "own.digits", "--data-dir", folder, "--out", out)
    (found,) = call(*words, "--threads", 1)
    assert found["known"] == "mnist"
    assert found["before"]["known"]["count"] == 100
    assert found["before"]["learnt"]["count"] + found["before"]["held"]["count"] == 16
    assert found["after"]["learnt"]["right"] > found["before"]["learnt"]["right"]
    card = load_model(out).card
    assert card["taught"]["layers"] == "all"
    (measured,) = call("evaluate", out, "--data-dir", folder)
    assert measured["accuracy"] == found["after"]["known"]["right"] / 100 == card["accuracy"]


def test_the_last_layer_alone(call, folder, tmp_path):
    out = tmp_path / "taught.safetensors"
    call(
        "teach", folder / "m.safetensors", folder / "own.digits", "--data-dir", folder, "--out", out, "--layers", "last"
    )
    before, after = (load_model(path).network.state_dict() for path in (folder / "m.safetensors", out))
    assert [name for name in before if not np.array_equal(before[name], after[name])] == ["3.weight", "3.bias"]


def test_words_for_people(folder, tmp_path, capsys):
    save_own_digits(tmp_path / "few.digits", upright(2))
    out = tmp_path / "taught.safetensors"
    argv = ["teach", folder / "m.safetensors", tmp_path / "few.digits", "--data-dir", folder, "--out", out]
    assert main([str(word) for word in argv]) == 0
    said = capsys.readouterr().out
    assert "2 own digits taught" in said
    assert "100 test images of mnist" in said
    assert "from 10 on" in said


def test_bad_input_is_one_line(refused, folder, tmp_path):
    words = ("teach", folder / "m.safetensors", folder / "m.safetensors", "--data-dir", folder)
    assert "own digits" in refused(*words, "--out", tmp_path / "out.safetensors")
    assert "does not exist" in refused(*words, "--out", tmp_path / "no" / "out.safetensors")

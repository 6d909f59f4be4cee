"""`train` with a policy: evaluate every k epochs, stop when images held out are read no better, save every k epochs."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from cli import main
from nn_core.modelfile import load_model, read_tensors

ROOT = Path(__file__).resolve().parents[2]
POLICY = ["--validation", 60, "--evaluate-every", 2, "--patience", 4, "--save-every", 2]


def train(tiny: Path, *more: object) -> list[object]:
    return ["train", "--dataset", "tiny", "--data-dir", tiny, "--preset", "blog-fc", "--batch", 50, "--lr", 0.1, *more]


def test_a_run_stops_by_itself_and_its_model_is_the_best(call, tiny, tmp_path):
    path = tmp_path / "m.safetensors"
    *epochs, restored = call(*train(tiny, "--epochs", 400, *POLICY, "--out", path))
    assert len(epochs) < 400
    measured = [line for line in epochs if line["test_accuracy"] is not None]
    assert [line["epoch"] % 2 for line in measured] == [0] * len(measured)
    assert all("validation_accuracy" not in line for line in epochs if line not in measured)
    best = max(measured, key=lambda line: line["validation_accuracy"])
    assert restored["best_epoch"] == best["epoch"] == epochs[-1]["epoch"] - 2 * 4
    assert restored["validation_accuracy"] == best["validation_accuracy"]
    (found,) = call("evaluate", path, "--dataset", "tiny", "--data-dir", tiny)
    card = load_model(path).card
    assert found["accuracy"] == restored["test_accuracy"] == best["test_accuracy"] == card["accuracy"]
    assert card["settings"]["patience"] == 4


@pytest.mark.skipif(not hasattr(signal, "SIGKILL"), reason="kill -9 is for POSIX")
def test_a_killed_run_resumes_to_the_same_end(call, tiny, tmp_path):
    whole, killed, checkpoint = tmp_path / "whole.safetensors", tmp_path / "killed.safetensors", tmp_path / "c"
    *_, restored = call(*train(tiny, "--epochs", 400, *POLICY, "--out", whole))
    command = train(tiny, "--epochs", 400, *POLICY, "--checkpoint", checkpoint, "--json")
    with subprocess.Popen(
        [sys.executable, "main.py", *map(str, command)],
        cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True,
        env={**os.environ, "OPENBLAS_NUM_THREADS": "1"},
    ) as process:  # fmt: skip
        assert process.stdout is not None
        for line in process.stdout:
            if json.loads(line)["epoch"] >= 6 and checkpoint.exists():
                break
        process.kill()
    run = json.loads(read_tensors(checkpoint)[1]["run"])
    assert run["step"] % (2 * 5) == 0  # at the end of every second epoch, and nowhere else in so short a time
    assert run["best"]["epoch"] % 2 == 0
    *_, again = call("train", "--resume", checkpoint, "--data-dir", tiny, "--out", killed)
    assert again == restored
    assert np.array_equal(load_model(whole).network.vector, load_model(killed).network.vector)


@pytest.mark.parametrize(
    "more, told",
    [
        (["--patience", 2], "patience (=2) needs validation images"),
        (["--validation", 300], "validation (=300) must lie between 1 and 299"),
        (["--evaluate-every", 0], "evaluate every (=0)"),
        (["--save-every", 0], "save every (=0)"),
    ],
)
def test_bad_input_is_one_line_and_status_2(refused, tiny, more, told):
    assert told in refused(*train(tiny, *more))


def test_epochs_in_words(capsys, tiny):
    from cli import main

    argv = train(tiny, "--epochs", 2, "--evaluate-every", 2, "--validation", 60)
    assert main([str(word) for word in argv]) == 0
    first, second = capsys.readouterr().out.splitlines()
    assert "test accuracy" not in first
    assert "validation accuracy" in second
    assert "test accuracy" in second


def test_a_run_that_goes_on_takes_no_other_settings(call, refused, tiny, tmp_path, capsys):
    checkpoint = tmp_path / "c"
    call(*train(tiny, "--epochs", 1, "--checkpoint", checkpoint))
    told = refused("train", "--resume", checkpoint, "--data-dir", tiny, "--epochs", 3, "--augment", "--lr", "0.1")
    assert "its run's settings (--epochs 1, --augment False): leave others out" in told
    assert "--freeze (=1) is not" in refused("train", "--resume", checkpoint, "--data-dir", tiny, "--freeze", "1")
    assert "(--preset blog-fc, " in refused(
        "train", "--resume", checkpoint, "--data-dir", tiny, "--recipe", "lenet5-modern"
    )
    assert len(call(*train(tiny, "--epochs", 1, "--checkpoint", checkpoint, "--resume", checkpoint))) == 1
    assert main(["train", "--resume", str(checkpoint), "--data-dir", str(tiny), "--threads", "1"]) == 0
    assert "has come to its end" in capsys.readouterr().err


def test_a_network_that_will_not_be_kept_is_told_of(tiny, capsys):
    assert main([str(word) for word in train(tiny, "--epochs", 1)]) == 0
    assert "1 epoch\n" in (said := capsys.readouterr().err)
    assert "will not be kept" in said

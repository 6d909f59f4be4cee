"""`train` and what uses its result: `evaluate`, `info`, resuming."""

from __future__ import annotations

import errno
import json
import os
import re
import signal
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from cli import main
from nn_core.checkpoint import load_checkpoint
from nn_core.modelfile import load_model, read_tensors

ROOT = Path(__file__).resolve().parents[2]
KEYS = {"epoch", "train_loss", "train_accuracy", "test_accuracy", "seconds", "images_per_s"}


def train(tiny: Path, *more: object) -> list[object]:
    return ["train", "--dataset", "tiny", "--data-dir", tiny, "--preset", "blog-cnn", "--batch", 50, *more]


def started(command: list[object], **environment: str) -> subprocess.Popen[str]:
    """A process of its own, its words and lines to be read."""
    return subprocess.Popen(
        [sys.executable, "main.py", *map(str, command)],
        cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env={**os.environ, **environment},
    )  # fmt: skip


def test_a_line_an_epoch_and_a_model_at_the_end(call, tiny, tmp_path):
    model = tmp_path / "m.safetensors"
    epochs = call(*train(tiny, "--epochs", 4, "--out", model))
    assert [epoch["epoch"] for epoch in epochs] == [1, 2, 3, 4]
    assert all(set(epoch) == KEYS for epoch in epochs)
    assert epochs[-1]["train_loss"] < epochs[0]["train_loss"]

    (found,) = call("evaluate", model, "--dataset", "tiny", "--data-dir", tiny)
    assert found["accuracy"] == epochs[-1]["test_accuracy"]
    assert found["n"] == 100
    confusion = np.array(found["confusion"])
    assert confusion.sum() == 100
    assert np.trace(confusion) / 100 == found["accuracy"]

    (told,) = call("info", model)
    assert told["parameters"] == 5994
    assert told["card"]["accuracy"] == found["accuracy"]
    assert told["card"]["settings"]["batch_size"] == 50


def test_without_mnist_it_tells_of_data_that_is_drawn(refused, tmp_path):
    told = refused("train", "--data-dir", tmp_path / "none", "--epochs", 1)
    assert "or take --dataset strokes, which needs no files" in told


def test_the_seed_decides_the_bits_and_threads_do_not(call, tiny, tmp_path):
    vectors = []
    for number, (seed, threads) in enumerate([(3, 1), (3, 2), (4, 1)]):
        model = tmp_path / f"{number}.safetensors"
        call(*train(tiny, "--epochs", 1, "--augment", "--seed", seed, "--threads", threads, "--out", model))
        vectors.append(load_model(model).network.vector)
    assert np.array_equal(vectors[0], vectors[1])
    assert not np.array_equal(vectors[0], vectors[2])


@pytest.mark.skipif(not hasattr(signal, "SIGKILL"), reason="kill -9 is for POSIX")
def test_a_killed_run_resumes_to_the_same_bits(call, tiny, tmp_path):
    whole, killed, checkpoint = tmp_path / "whole.safetensors", tmp_path / "killed.safetensors", tmp_path / "c"
    call(*train(tiny, "--epochs", 60, "--out", whole))
    command = train(tiny, "--epochs", 60, "--checkpoint", checkpoint, "--checkpoint-seconds", 0.02, "--json")
    with started(command, OPENBLAS_NUM_THREADS="1") as process:
        assert process.stdout is not None
        for line in process.stdout:
            if json.loads(line)["epoch"] >= 5 and checkpoint.exists():
                break
        process.kill()
    stands = json.loads(read_tensors(checkpoint)[1]["run"])["step"]
    assert 0 < stands < 60 * 6
    epochs = call("train", "--resume", checkpoint, "--data-dir", tiny, "--out", killed)
    assert epochs[-1]["epoch"] == 60
    assert np.array_equal(load_model(whole).network.vector, load_model(killed).network.vector)


@pytest.mark.skipif(not hasattr(signal, "SIGKILL"), reason="Ctrl-C is sent another way there")
def test_ctrl_c_keeps_the_run_and_says_how_it_goes_on(call, tiny, tmp_path):
    whole, stopped, checkpoint = tmp_path / "whole.safetensors", tmp_path / "stopped.safetensors", tmp_path / "c"
    call(*train(tiny, "--epochs", 30, "--out", whole))
    command = train(tiny, "--epochs", 30, "--checkpoint", checkpoint, "--save-every", 30, "--json")
    with started(command) as process:
        assert process.stdout is not None
        process.stdout.readline()
        process.send_signal(signal.SIGINT)
        said = process.communicate(timeout=60)[1].splitlines()
    assert process.returncode == 130
    step = load_checkpoint(checkpoint)[2].step
    assert said[-2] == f"the run stands at batch {step} of 180; to go on: train --resume {checkpoint}"
    assert said[-1] == "digitscope: stopped"
    call("train", "--resume", checkpoint, "--data-dir", tiny, "--out", stopped)
    assert np.array_equal(load_model(whole).network.vector, load_model(stopped).network.vector)


@pytest.mark.skipif(sys.platform == "win32", reason="pipes end in another way there")
def test_a_run_whose_lines_nobody_reads_writes_its_model_all_the_same(tiny, tmp_path):
    model = tmp_path / "m.safetensors"
    with started(train(tiny, "--epochs", 20, "--out", model)) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        process.stdout.readline()
        process.stdout.close()
        said = process.stderr.read()
    assert process.returncode == 0
    assert said.splitlines()[-1] == f"wrote {model}"
    assert load_model(model).card["measured_on"] == "test split of tiny"


def test_model_and_run_are_not_written_to_one_file(refused, tiny, tmp_path):
    assert "both" in refused(*train(tiny, "--out", tmp_path / "m", "--checkpoint", tmp_path / "." / "m"))


@pytest.mark.parametrize(
    ("error", "said"),
    [
        (MemoryError(), "there is not enough memory for this"),
        (OSError(errno.EMFILE, "Too many files", "/dev/shm/x"), "the system gives no more .*: Too many files"),
    ],
)
def test_too_little_of_what_the_system_has_is_told(monkeypatch, capsys, tiny, error, said):
    def greedy(*_: object, **__: object) -> None:
        raise error

    monkeypatch.setattr("cli.train.Trainer", greedy)
    monkeypatch.setattr("cli.give_up", lambda _: None)  # the output is pytest's
    assert main([str(word) for word in train(tiny)]) == 2
    assert re.fullmatch(f"digitscope: {said}", capsys.readouterr().err.splitlines()[-1])


def test_hold_out_tests_on_training_images(call, tiny, tmp_path):
    model = tmp_path / "m.safetensors"
    call(*train(tiny, "--epochs", 1, "--hold-out", 60, "--out", model))
    assert "held-out" in load_model(model).card["measured_on"]


def test_bad_input_is_one_line_and_status_2(refused, tiny, tmp_path):
    assert "epochs (=0)" in refused(*train(tiny, "--epochs", 0))
    assert "optimizer (='nope')" in refused(*train(tiny, "--optimizer", "nope"))
    assert "preset (='nope')" in refused("train", "--preset", "nope", "--data-dir", tiny)
    assert "nope" in refused("train", "--dataset", "nope", "--data-dir", tiny)
    assert "does not exist" in refused(*train(tiny, "--out", tmp_path / "no" / "m"))
    assert "is a folder" in refused(*train(tiny, "--out", tmp_path))
    (tmp_path / "loop").symlink_to("loop")
    for name in ("x" * 300, "loop"):
        for option in ("--out", "--checkpoint"):
            assert f"{name} cannot be written" in refused(*train(tiny, option, tmp_path / name))
    assert "hold-out" in refused(*train(tiny, "--hold-out", 300))
    assert "--lr" in refused("train", "--lr", "fast")
    assert "--checkpoint-seconds (=nan)" in refused(*train(tiny, "--checkpoint-seconds", "nan"))


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="looks at Linux' /proc")
@pytest.mark.parametrize("option", ["--out", "--checkpoint"])
def test_where_nothing_can_be_written_is_found_out_before_training(refused, tiny, tmp_path, option):
    os.mkfifo(tmp_path / "pipe")
    for path in (tmp_path / "pipe", "/proc/m.safetensors"):
        assert f"{path} cannot be written" in refused(*train(tiny, option, path))


def test_a_run_that_diverges_says_so(capsys, tiny):
    argv = train(tiny, "--optimizer", "momentum", "--lr", 1000, "--loss", "mse", "--epochs", 20)
    assert main([str(word) for word in argv]) == 2
    said = capsys.readouterr().err.splitlines()[-1]
    assert "diverged" in said
    assert "smaller learning rate than 1000" in said


def test_a_run_that_diverges_leaves_a_checkpoint_that_can_be_read(capsys, tiny, tmp_path):
    kept = tmp_path / "kept.safetensors"
    argv = train(tiny, "--preset", "lenet5-modern", "--optimizer", "sgd", "--lr", 1000, "--checkpoint", kept)
    assert main([str(word) for word in [*argv, "--checkpoint-seconds", 1e-6]]) == 2
    told = re.search(r"in batch (\d+)", capsys.readouterr().err)
    assert told is not None
    assert 1 <= load_checkpoint(kept)[2].step < int(told[1]) - 1  # the batch before has spoilt the parameters

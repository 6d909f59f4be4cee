"""`train --resume`: on the same images, with the same figures, and whatever the disk does meanwhile."""

from __future__ import annotations

import json

import numpy as np
import pytest

from cli import main
from cli.output import load_named_dataset
from nn_core import checkpoint as checkpoints
from nn_core.checkpoint import save_checkpoint
from nn_core.data import load_dataset
from nn_core.errors import ModelError
from nn_core.events import EpochDone
from nn_core.modelfile import load_model
from nn_core.settings import TrainSettings
from nn_core.start import start_model
from nn_core.trainer import Trainer
from tests.nn_core.data.idx_files import MNIST_NAMES, idx_bytes, write
from tests.nn_core.model_files import metadata_of, tampered

SETTINGS = TrainSettings(preset="flatten -> linear 10", dataset="tiny", batch_size=50, epochs=3, threads=1)
WORDS = ["train", "--preset", SETTINGS.preset, "--dataset", "tiny", "--batch", 50, "--epochs", 3, "--threads", 1]


@pytest.fixture
def stopped(tiny, tmp_path):
    """The checkpoint of a run that was stopped after its first epoch, with 60 images held out."""
    trainer = Trainer(start_model(SETTINGS), load_named_dataset("tiny", tiny, 60), SETTINGS)
    for event in trainer:
        if isinstance(event, EpochDone):
            break
    save_checkpoint(tmp_path / "c", trainer.state(), trainer.model, SETTINGS)
    return tmp_path / "c"


def without_data(path):
    """A checkpoint as it was before it kept what a run trains on."""
    good = path.read_bytes()
    run = json.loads(metadata_of(good)["run"])
    del run["data"], run["held_out"]
    path.write_bytes(tampered(good, metadata={"run": json.dumps(run)}))


@pytest.fixture
def whole(call, tiny, tmp_path):
    """The model of the same run, which nobody stopped."""
    call(*WORDS, "--hold-out", 60, "--data-dir", tiny, "--out", tmp_path / "whole")
    return load_model(tmp_path / "whole")


@pytest.mark.parametrize("old", [False, True])
def test_images_that_were_held_out_stay_so(call, tiny, tmp_path, stopped, whole, old):
    if old:
        without_data(stopped)
    again = ["--hold-out", 60] if old else []
    call("train", "--resume", stopped, *again, "--data-dir", tiny, "--out", tmp_path / "m")
    found = load_model(tmp_path / "m")
    assert np.array_equal(found.network.vector, whole.network.vector)
    assert found.card == whole.card
    assert found.card["measured_on"] == "held-out training images of tiny"


def test_a_run_goes_on_with_no_other_images(refused, tiny, tmp_path, stopped):
    told = refused("train", "--resume", stopped, "--hold-out", 30, "--data-dir", tiny)
    assert "--hold-out (=30) is not what the run began with (=60)" in told
    (tmp_path / "tiny").mkdir()
    same = load_dataset(tiny, "tiny")
    parts = (same.train.images, same.train.labels[::-1], same.test.images, same.test.labels)
    for name, values in zip(MNIST_NAMES, parts, strict=True):
        write(tmp_path / "tiny" / name, idx_bytes(np.ascontiguousarray(values)))
    assert "other training images than these 240" in refused("train", "--resume", stopped, "--data-dir", tmp_path)


def test_the_time_between_two_checkpoints_may_change(call, tiny, stopped, tmp_path):
    call("train", "--resume", stopped, "--save-every", 2, "--checkpoint", tmp_path / "d", "--data-dir", tiny)
    assert json.loads(metadata_of((tmp_path / "d").read_bytes())["run"])["settings"]["save_every"] == 2


def test_a_run_that_has_ended_is_measured_again(call, capsys, tiny, tmp_path):
    path, first, second = tmp_path / "c", tmp_path / "first", tmp_path / "second"
    *_, last = call(*WORDS, "--average", 0.9, "--data-dir", tiny, "--checkpoint", path, "--out", first)
    told = call("train", "--resume", path, "--data-dir", tiny, "--out", second)
    assert told == [{"epoch": 3, "test_accuracy": last["test_accuracy"]}]
    assert load_model(second).card == load_model(first).card
    assert main(["train", "--resume", str(path), "--data-dir", str(tiny)]) == 0
    assert capsys.readouterr().out == f"epoch 3: test accuracy {last['test_accuracy']:.2%}\n"


class Disk:
    """One that is full for a while."""

    def __init__(self, times, monkeypatch):
        self.times, self._save = times, checkpoints.save_model
        monkeypatch.setattr(checkpoints, "save_model", self)

    def __call__(self, path, *arguments):
        self.times -= 1
        if self.times >= 0:
            raise ModelError(f"{path} could not be written: No space left on device.")
        self._save(path, *arguments)


@pytest.mark.parametrize(("times", "status"), [(2, 0), (1000, 2)])
def test_a_checkpoint_that_cannot_be_written_ends_no_run(tiny, tmp_path, capsys, monkeypatch, times, status):
    Disk(times, monkeypatch)
    path, model = tmp_path / "c", tmp_path / "m"
    words = [*WORDS, "--epochs", 5, "--checkpoint", path, "--data-dir", tiny, "--out", model]
    assert main([str(word) for word in words]) == status
    said = capsys.readouterr()
    assert len(said.out.splitlines()) == 5
    assert said.err.count("its checkpoint is tried again") == 1
    assert load_model(model).card["accuracy"] > 0
    assert path.exists() == (status == 0)
    assert said.err.count("digitscope: ") == (status != 0)


def test_one_checkpoint_that_fails_at_the_end_alone_is_told_of(tiny, tmp_path, capsys, monkeypatch):
    words = [*WORDS, "--save-every", 100, "--checkpoint", tmp_path / "c", "--data-dir", tiny, "--out", tmp_path / "m"]
    Disk(1, monkeypatch)
    assert main([str(word) for word in words]) == 2
    *_, wrote, told = capsys.readouterr().err.splitlines()
    assert wrote.startswith("wrote ")
    assert "could not be written: No space left" in told

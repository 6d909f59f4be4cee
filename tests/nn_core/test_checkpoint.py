"""Checkpoints: a run goes on from one with the same bits, whatever happened to it, and bad ones are refused."""

from __future__ import annotations

import errno
import json
import os
import signal
import subprocess
import sys
import threading
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nn_core import checkpoint
from nn_core.checkpoint import CheckpointWriter, load_checkpoint, save_checkpoint
from nn_core.errors import DigitscopeError, ModelError, TrainingError
from nn_core.events import BatchDone
from nn_core.modelfile import load_model, save_model
from nn_core.settings import TrainSettings
from nn_core.trainer import Trainer
from tests.nn_core.model_files import metadata_of, refused, small_model, tampered
from tests.nn_core.runs import SETTINGS, data, model

ROOT = Path(__file__).resolve().parents[2]
IMAGES = 31


def stopped(step, run_settings=SETTINGS):
    """A trainer whose run stands after `step` steps."""
    trainer = Trainer(model(), data(IMAGES), run_settings)
    events = iter(trainer)
    while trainer.step < step:
        next(events)
    events.close()
    return trainer


def write(path, trainer):
    save_checkpoint(path, trainer.state(), trainer.model, trainer.settings)
    return path


@pytest.fixture(scope="module")
def end():
    """The parameters at the end of the run that is never stopped."""
    return stopped_at_end().model.network.vector


def stopped_at_end():
    trainer = Trainer(model(), data(IMAGES), SETTINGS)
    list(trainer)
    return trainer


@pytest.mark.parametrize("step", [0, 1, 4, 5, 6, 9, 10])
def test_a_run_goes_on_from_its_file_with_the_same_bits(tmp_path, end, step):
    path = write(tmp_path / "c", stopped(step))
    found, its_settings, state = load_checkpoint(path)
    assert its_settings == SETTINGS
    assert state.step == step
    list(Trainer(found, data(IMAGES), its_settings, resume=state))
    assert np.array_equal(found.network.vector, end)


def test_a_changed_learning_rate_is_kept_with_the_settings(tmp_path):
    constant = replace(SETTINGS, schedule="constant")
    trainer = Trainer(model(), data(IMAGES), constant)
    for event in trainer:
        if isinstance(event, BatchDone) and event.step == 3:
            trainer.learning_rate, trainer.settings = 0.02, replace(constant, learning_rate=0.02)
            write(tmp_path / "c", trainer)
    found, its_settings, state = load_checkpoint(tmp_path / "c")
    list(Trainer(found, data(IMAGES), its_settings, resume=state))
    assert np.array_equal(found.network.vector, trainer.model.network.vector)


def test_a_checkpoint_is_a_model_too_and_a_model_is_no_checkpoint(tmp_path):
    trainer = stopped(3)
    path = write(tmp_path / "c", trainer)
    assert np.array_equal(load_model(path).network.vector, trainer.model.network.vector)
    save_model(tmp_path / "m", trainer.model)
    with refused(tmp_path / "m", "is a model, not a checkpoint"):
        load_checkpoint(tmp_path / "m")


def test_it_is_written_in_the_background_as_it_was_when_it_was_asked_for(tmp_path, monkeypatch):
    go, really_save = threading.Event(), checkpoint.save_checkpoint

    def save_later(*arguments):
        assert go.wait(10)
        really_save(*arguments)

    monkeypatch.setattr(checkpoint, "save_checkpoint", save_later)
    trainer, writer = Trainer(model(), data(IMAGES), SETTINGS), CheckpointWriter(tmp_path / "c")
    events = iter(trainer)
    next(events)
    wanted = trainer.model.network.vector.copy()
    assert writer.write(trainer)
    next(events)
    assert not writer.write(trainer)  # the first one is still being written
    assert not (tmp_path / "c").exists()
    go.set()
    writer.finish()
    events.close()
    _, _, state = load_checkpoint(tmp_path / "c")
    assert state.step == 1
    assert np.array_equal(state.vector, wanted)
    assert [path.name for path in tmp_path.iterdir()] == ["c"]


def test_a_full_disk_is_told_once_and_leaves_the_old_checkpoint(tmp_path, monkeypatch):
    path = write(tmp_path / "c", stopped(2))
    before, writer, trainer = path.read_bytes(), CheckpointWriter(path), stopped(4)
    with monkeypatch.context() as patch:

        def full(handle):
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

        patch.setattr(os, "fsync", full)
        writer.write(trainer)
        with refused(path, "could not be written: No space left on device"):
            writer.finish()
    writer.finish()
    assert path.read_bytes() == before
    assert list(tmp_path.iterdir()) == [path]
    writer.write(trainer)
    writer.finish()
    assert load_checkpoint(path)[2].step == 4


KILLED = """
import sys
from dataclasses import replace
from pathlib import Path
from nn_core.checkpoint import CheckpointWriter, load_checkpoint
from nn_core.events import BatchDone
from nn_core.trainer import Trainer
from tests.nn_core.runs import SETTINGS, data, model
path = Path(sys.argv[1])
if path.exists():
    subject, settings, state = load_checkpoint(path)
else:
    subject, settings, state = model(), replace(SETTINGS, epochs=20, threads=2), None
trainer, writer = Trainer(subject, data(31), settings, resume=state), CheckpointWriter(path)
for event in trainer:
    if isinstance(event, BatchDone):
        writer.write(trainer)
        if not path.exists():
            writer.finish()
        print(trainer.step, flush=True)
        sys.stdin.readline()
"""


@pytest.mark.skipif(not hasattr(signal, "SIGKILL"), reason="kill -9 is for POSIX")
def test_a_run_that_is_killed_twice_ends_with_the_same_bits(tmp_path):
    path = tmp_path / "c"
    for steps in (7, 12):  # after each of which a checkpoint is being written, if it is not still the last one
        with subprocess.Popen(
            [sys.executable, "-c", KILLED, path], cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, bufsize=0
        ) as process:
            assert process.stdin is not None
            assert process.stdout is not None
            for number in range(steps):
                if number:
                    process.stdin.write(b"\n")
                assert process.stdout.readline()
            process.kill()
        assert process.returncode == -signal.SIGKILL
    found, its_settings, state = load_checkpoint(path)
    assert 1 <= state.step <= 7 + 12
    list(Trainer(found, data(IMAGES), replace(its_settings, threads=3), resume=state))
    never_stopped = model()
    list(Trainer(never_stopped, data(IMAGES), replace(SETTINGS, epochs=20)))
    assert np.array_equal(found.network.vector, never_stopped.network.vector)


# Checkpoints that cannot be.


@pytest.fixture(scope="module")
def good(tmp_path_factory):
    return write(tmp_path_factory.mktemp("good") / "c", stopped(3)).read_bytes()


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    return tmp_path_factory.mktemp("bad")


def changed(good, change):
    """The file with its run changed."""
    run = json.loads(metadata_of(good)["run"])
    return tampered(good, metadata={"run": json.dumps(change(run))})


def having(*names_and_value):
    """A change that puts a value at a place in the run."""
    *names, last, value = names_and_value

    def change(run):
        place = run
        for name in names:
            place = place[name]
        place[last] = value
        return run

    return change


def lacking(name):
    return lambda run: {key: value for key, value in run.items() if key != name}


RUNS = {
    "no step": lacking("step"),
    "no settings": lacking("settings"),
    "no epoch": lacking("epoch"),
    "a list": lambda run: [run],
    "text": lambda run: "run",
    "nothing": lambda run: None,
    "a step below 0": having("step", -1),
    "a step that is none": having("step", 1.5),
    "a step that is true": having("step", True),
    "a step of four hundred digits": having("step", int("9" * 400)),
    "a step that floats cannot count": having("step", 1 << 53),
    "settings that are a list": having("settings", []),
    "settings that are a number": having("settings", 5),
    "settings out of range": having("settings", "batch_size", 0),
    "a rate beyond any number": having("settings", "learning_rate", 10**400),
    "settings of another type": having("settings", "epochs", "two"),
    "an unknown setting": having("settings", "speed", 9),
    "an epoch that is a list": having("epoch", [1, 2, 3, 4]),
    "an epoch that is nothing": having("epoch", None),
    "an epoch with more to it": having("epoch", "extra", 1),
    "images that are text": having("epoch", "images", "three"),
    "images below 0": having("epoch", "images", -1),
    "images of four hundred digits": having("epoch", "images", int("9" * 400)),
    "a loss that is a list": having("epoch", "loss", []),
    "a loss that is no number": having("epoch", "loss", float("nan")),
    "seconds that are nothing": having("epoch", "seconds", None),
    "seconds below 0": having("epoch", "seconds", -1.0),
    "images in no time": having("epoch", "seconds", 0.0),
    "no images in some time": having("epoch", "images", 0),
    "data that are a number": having("data", 5),
    "images held out below 0": having("held_out", -1),
    "images held out that are none": having("held_out", 1.5),
}


@pytest.mark.parametrize("change", RUNS.values(), ids=RUNS)
def test_runs_that_cannot_be(tmp_path, good, change):
    path = tmp_path / "c"
    path.write_bytes(changed(good, change))
    with refused(path, "cannot be resumed"):
        load_checkpoint(path)


def test_a_number_without_end_is_not_told_to_its_end(tmp_path, good):
    (tmp_path / "c").write_bytes(changed(good, having("step", int("9" * 400))))
    with pytest.raises(ModelError, match=r"step \(=9{40}…\) must be a whole number below 2\*\*53"):
        load_checkpoint(tmp_path / "c")


def test_a_network_that_reads_no_digits_has_no_run(tmp_path, good):
    save_model(tmp_path / "c", small_model(), run=metadata_of(good)["run"])
    with refused(tmp_path / "c", r"takes \(1, 14, 14\) and gives \(10,\) reads no digits"):
        load_checkpoint(tmp_path / "c")


@pytest.mark.parametrize("text", ["", "{", "[" * 100_000, "NaN", '{"step": 1' + "0" * 5000 + "}"], ids=range(5))
def test_runs_that_are_no_json(tmp_path, good, text):
    path = tmp_path / "c"
    path.write_bytes(tampered(good, metadata={"run": text}))
    with refused(path, "cannot be resumed: what it says of its run makes no sense$"):
        load_checkpoint(path)


def memory(good, name, values):
    return tampered(good, tensors={f"optimizer.{name}": values})


def test_memories_of_another_network_or_of_no_numbers(tmp_path, good):
    path, learnt = tmp_path / "c", model().network.layout.learnt
    for values in (
        np.zeros(3, np.float32),
        np.zeros((learnt, 1), np.float32),
        np.full(learnt, np.nan, np.float32),
        np.zeros(learnt, np.complex64),
        np.full(learnt, 1e300),
    ):
        path.write_bytes(memory(good, "v", values))
        with refused(path, "cannot be resumed"):
            load_checkpoint(path)


def test_memories_of_another_optimiser(tmp_path, good):
    path = tmp_path / "c"
    path.write_bytes(memory(good, "v", None))
    found, its_settings, state = load_checkpoint(path)
    with pytest.raises(TrainingError, match="another optimiser than adam"):
        Trainer(found, data(IMAGES), its_settings, resume=state)


def test_a_checkpoint_that_is_cut_short_or_changed_anywhere(tmp_path, good):
    path, header = tmp_path / "c", 8 + int.from_bytes(good[:8], "little")
    for length in range(0, len(good), 997):
        path.write_bytes(good[:length])
        with refused(path):
            load_checkpoint(path)
    for place in range(header, len(good), 499):
        path.write_bytes(good[:place] + bytes([good[place] ^ 64]) + good[place + 1 :])
        with refused(path, "checksum"):
            load_checkpoint(path)


anything = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=4,
)
places = st.sampled_from(
    [("step",), ("settings",), ("epoch",), ("nonsense",), ("data",), ("held_out",), ("epoch", "images"),
     ("epoch", "loss"), ("epoch", "correct"), ("epoch", "seconds"),
     *(("settings", name) for name in TrainSettings.__dataclass_fields__)]
)  # fmt: skip


@settings(max_examples=200)
@given(place=places, value=anything)
def test_any_run_is_refused_or_runs_to_its_end(folder, good, place, value):
    path = folder / "c"
    path.write_bytes(changed(good, having(*place, value)))
    try:
        found, its_settings, state = load_checkpoint(path)
    except ModelError as why:
        if str(path) not in str(why):
            raise
        return
    its_settings = replace(its_settings, epochs=min(its_settings.epochs, 2), threads=1)
    try:
        trainer = Trainer(found, data(IMAGES), its_settings, resume=state)
    except DigitscopeError:  # names, which the trainer alone knows
        return
    list(trainer)


def test_what_a_killed_run_left_half_written_is_swept_away(tmp_path):
    old, young, other = (tmp_path / f".{name}.{'0' * 15}{digit}.part" for name, digit in ("c0", "c1", "d2"))
    for path in (old, young, other):
        path.touch()
    for path in (old, other):
        os.utime(path, (0, 0))
    CheckpointWriter(tmp_path / "c")
    assert sorted(tmp_path.iterdir()) == sorted([young, other])

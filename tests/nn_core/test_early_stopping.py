"""Runs that are watched by images held out of training: when they end, with which parameters, and that no bit depends
on where they were interrupted."""

from __future__ import annotations

import json
from dataclasses import replace

import numpy as np
import pytest

from nn_core.checkpoint import load_checkpoint, save_checkpoint
from nn_core.early_stopping import better_of
from nn_core.errors import SettingsError
from nn_core.evaluation import Evaluator, finish
from nn_core.events import EpochDone, Evaluated, Finished, Restored, Validated
from nn_core.trainer import Trainer
from nn_core.workers import Workers
from tests.nn_core.model_files import metadata_of, refused, tampered
from tests.nn_core.runs import SETTINGS, data, essence, model

WATCHED = replace(SETTINGS, epochs=40, validation=60, patience=3, learning_rate=0.01)


def watched(count=31, validation=60):
    """Noise to learn by heart, and other noise to be watched by: the best comes by chance, and soon."""
    return replace(data(count), validation=data(999, validation).test)


def ended():
    trainer = Trainer(model(), watched(), WATCHED)
    vectors, events = {}, []
    for event in trainer:
        events.append(event)
        if isinstance(event, EpochDone):
            vectors[event.epoch] = trainer.model.network.vector.copy()
    return trainer, vectors, events


def test_the_best_is_the_first_of_the_highest_and_waiting_is_counted():
    vector, best, waited = np.zeros(2, np.float32), None, []
    for epoch, accuracy in enumerate([0.5, 0.7, 0.7, 0.6, 0.8, 0.1], 1):
        vector += 1
        best = better_of(best, accuracy, epoch, vector)
        waited.append(best.waited)
    assert waited == [0, 0, 1, 2, 0, 1]
    assert (best.accuracy, best.epoch, best.vector.tolist()) == (0.8, 5, [5, 5])


def test_a_run_ends_when_it_has_waited_and_has_its_best_parameters_then():
    trainer, vectors, events = ended()
    accuracies = [event.validation_accuracy for event in events if isinstance(event, EpochDone)]
    best = int(np.argmax(accuracies)) + 1
    assert len(accuracies) == best + WATCHED.patience < WATCHED.epochs
    assert np.array_equal(trainer.model.network.vector, vectors[best])
    assert not np.array_equal(vectors[best], vectors[len(accuracies)])
    restored = events[-3]
    assert isinstance(restored, Restored)
    assert (restored.best_epoch, restored.validation_accuracy) == (best, max(accuracies))
    with Workers(1) as workers:
        found = finish(Evaluator(trainer.model.network, trainer.model.normalization, workers).evaluate(watched().test))
    assert (restored.test_accuracy, restored.test_loss) == (found.accuracy, pytest.approx(found.loss))
    assert events[-2].vector.tobytes() == vectors[best].tobytes()
    assert isinstance(events[-1], Finished)


def test_the_last_epoch_ends_a_run_before_its_patience_does():
    settings = replace(WATCHED, epochs=3, patience=50)
    events = list(Trainer(model(), watched(), settings))
    assert sum(isinstance(event, EpochDone) for event in events) == 3


def test_without_patience_a_run_is_only_looked_at():
    plain, looked_at = model(), model()
    list(Trainer(plain, data(31), replace(SETTINGS, epochs=3)))
    events = list(Trainer(looked_at, watched(), replace(SETTINGS, epochs=3, validation=60)))
    assert np.array_equal(plain.network.vector, looked_at.network.vector)
    seen = [event for event in events if isinstance(event, Validated)]
    assert [event.epoch for event in seen] == [1, 2, 3]
    assert {event.images for event in seen} == {60}
    assert not any(isinstance(event, Restored) for event in events)


def test_every_k_epochs_and_after_the_last():
    events = list(Trainer(model(), watched(), replace(SETTINGS, epochs=5, validation=60, evaluate_every=2)))
    epochs = [event for event in events if isinstance(event, EpochDone)]
    assert [event.test_accuracy is not None for event in epochs] == [False, True, False, True, True]
    assert [event.validation_loss is not None for event in epochs] == [False, True, False, True, True]
    assert [event.epoch for event in events if isinstance(event, Evaluated)] == [2, 4, 5]
    assert all(event.train_accuracy >= 0 for event in epochs)


def test_a_run_goes_on_from_any_event_to_the_same_end(tmp_path):
    whole, _, events = ended()
    told = [essence(event) for event in events if isinstance(event, EpochDone | Restored)]
    for stop in (0, 1, 4, 6, 7, 8, 9, 10, 22, len(events) - 8, *range(len(events) - 5, len(events) + 1)):
        trainer = Trainer(model(), watched(), WATCHED)
        running = iter(trainer)
        before = [next(running) for _ in range(stop)]
        save_checkpoint(tmp_path / "c", trainer.state(), trainer.model, trainer.settings)
        running.close()
        found, its_settings, state = load_checkpoint(tmp_path / "c")
        after = list(Trainer(found, watched(), its_settings, resume=state))
        assert np.array_equal(found.network.vector, whole.model.network.vector)
        again = [essence(event) for event in [*before, *after] if isinstance(event, EpochDone | Restored)]
        assert [each for number, each in enumerate(again) if each not in again[:number]] == told


def test_with_an_average_it_is_the_average_that_is_watched_and_gone_back_to(tmp_path):
    settings = replace(WATCHED, average=0.9)
    trainer = Trainer(model(), watched(), settings)
    snapshots = {}
    for event in trainer:
        if isinstance(event, EpochDone):
            snapshots[event.epoch] = trainer.snapshot().vector
            save_checkpoint(tmp_path / f"{event.epoch}", trainer.state(), trainer.model, trainer.settings)
    assert isinstance(event, Finished)
    best = max(snapshots) - settings.patience
    assert np.array_equal(trainer.model.network.vector, snapshots[best])
    for stop in (1, max(snapshots)):
        found, its_settings, state = load_checkpoint(tmp_path / f"{stop}")
        list(Trainer(found, watched(), its_settings, resume=state))
        assert np.array_equal(found.network.vector, snapshots[best])


@pytest.fixture
def good(tmp_path):
    trainer = Trainer(model(), watched(), WATCHED)
    running = iter(trainer)
    while trainer.step < 12:
        next(running)
    running.close()
    save_checkpoint(tmp_path / "good", trainer.state(), trainer.model, trainer.settings)
    return (tmp_path / "good").read_bytes()


@pytest.mark.parametrize("name, value", [
    ("accuracy", 1.5), ("accuracy", float("nan")), ("accuracy", "1"), ("accuracy", None), ("epoch", 0), ("epoch", 1.0),
    ("epoch", True), ("waited", -1), ("waited", "2"), ("vector", [1]), ("more", 1),
])  # fmt: skip
def test_a_best_that_cannot_be_is_refused(tmp_path, good, name, value):
    run = json.loads(metadata_of(good)["run"])
    run["best"][name] = value
    path = tmp_path / "c"
    path.write_bytes(tampered(good, metadata={"run": json.dumps(run)}))
    with refused(path, "cannot be resumed"):
        load_checkpoint(path)


@pytest.mark.parametrize("values", [None, np.zeros(3, np.float32), np.zeros(0, np.float32), "nan", "double"])
def test_best_parameters_that_cannot_be_are_refused(tmp_path, good, values):
    size = model().network.vector.shape
    made = {"nan": np.full(size, np.nan, np.float32), "double": np.zeros(size)}
    path = tmp_path / "c"
    given = made[values] if isinstance(values, str) else values
    path.write_bytes(tampered(good, tensors={"best": given}))
    with refused(path, "cannot be resumed"):
        load_checkpoint(path)


def test_what_does_not_fit_is_refused_before_anything_runs():
    with pytest.raises(SettingsError, match=r"validation \(=60\) images are wanted, the dataset holds out none"):
        Trainer(model(), data(31), WATCHED)
    with pytest.raises(SettingsError, match=r"validation \(=0\) images are wanted, the dataset holds out 60"):
        Trainer(model(), watched(), SETTINGS)
    with pytest.raises(SettingsError, match=r"patience \(=2\) needs validation images"):
        replace(SETTINGS, patience=2)

"""Runs: the same bits whatever happens around them, events in order, and an end that leaves nothing behind."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import replace

import numpy as np
import pytest

from nn_core import trainer as trainer_module
from nn_core import workers
from nn_core.errors import SettingsError, TrainingError
from nn_core.evaluation import BLOCK, Evaluator, finish
from nn_core.events import BatchDone, EpochDone, Evaluated, Failed, Finished, Snapshot, Working
from nn_core.losses import LOSSES, CrossEntropyLoss
from nn_core.optimizers import OPTIMIZERS
from nn_core.schedules import SCHEDULES
from nn_core.trainer import SAMPLES_AN_EPOCH, Trainer
from nn_core.workers import Workers
from tests.nn_core.runs import SETTINGS, data, essence, model

IMAGES = 31  # batches of 7: four, and one of 3


def trained(dataset, settings, **more):
    """The parameters and events of a whole run."""
    subject = model()
    events = [essence(event) for event in Trainer(subject, dataset, settings, **more)]
    return subject.network.vector, events


def weighty(events):
    """Those that tell something new: a test split is evaluated again when a run is resumed in the midst of it."""
    return [event for event in events if event["event"] in ("BatchDone", "EpochDone", "Finished")]


# The same bits.


@pytest.mark.parametrize("batch, images", [(1, 9), (7, 31), (64, 150), (128, 300), (300, 700)])
def test_threads_change_no_bit(batch, images):
    dataset, settings = data(images), replace(SETTINGS, batch_size=batch)
    vector, events = trained(dataset, settings)
    assert np.isfinite(vector).all()
    assert not np.array_equal(vector, model().network.vector)
    for threads in (2, 3):
        again = trained(dataset, replace(settings, threads=threads))
        assert np.array_equal(again[0], vector)
        assert again[1] == events


@pytest.mark.parametrize("change", [{"seed": 6}, {"augment": False}, {"batch_size": 8}, {"learning_rate": 1e-3},
                                    {"schedule": "constant"}, {"label_smoothing": 0.1}, {"weight_decay": 0.1},
                                    {"loss": "mse"}, {"optimizer": "momentum"}], ids=str)  # fmt: skip
def test_every_other_setting_changes_them(change):
    dataset = data(IMAGES)
    assert not np.array_equal(trained(dataset, SETTINGS)[0], trained(dataset, replace(SETTINGS, **change))[0])


@pytest.mark.parametrize("optimizer", OPTIMIZERS)
def test_a_run_goes_on_from_any_event_with_the_same_bits(optimizer):
    dataset, settings = data(IMAGES), replace(SETTINGS, optimizer=optimizer, learning_rate=1e-3)
    subject, states, events = model(), [], []
    trainer = Trainer(subject, dataset, settings)
    states.append(trainer.state())
    for event in trainer:
        events.append(essence(event))
        states.append(trainer.state())
    for seen, state in enumerate(states):
        vector, rest = trained(dataset, replace(settings, threads=2), resume=state)
        assert np.array_equal(vector, subject.network.vector)
        finished = events[-1:] if seen == len(events) else []  # which is said again
        assert weighty(rest) == weighty(events[seen:]) + finished


def test_a_state_is_a_copy_that_later_training_does_not_reach():
    trainer = Trainer(model(), data(IMAGES), SETTINGS)
    events = iter(trainer)
    next(events)
    state = trainer.state()
    vector, memory = state.vector.copy(), {name: values.copy() for name, values in state.memory.items()}
    epoch = replace(state.epoch)
    list(events)
    assert np.array_equal(state.vector, vector)
    assert all(np.array_equal(state.memory[name], values) for name, values in memory.items())
    assert state.epoch == epoch
    assert not np.array_equal(trainer.state().vector, vector)


def test_looking_on_changes_no_bit():
    dataset = data(IMAGES)
    wanted = trained(dataset, SETTINGS)[0]
    subject = model()
    trainer, image = Trainer(subject, dataset, SETTINGS, snapshot_seconds=0), np.ones((28, 28), np.float32)
    for event in trainer:
        trainer.state()
        subject.reader().activations(image)
        if isinstance(event, Snapshot):
            assert not event.vector.flags.writeable
    assert np.array_equal(subject.network.vector, wanted)


def test_the_learning_rate_may_be_changed_between_two_steps():
    dataset, settings = data(IMAGES), replace(SETTINGS, optimizer="sgd", schedule="constant")
    subject = model()
    before = subject.network.vector.copy()
    trainer = Trainer(subject, dataset, settings)
    trainer.learning_rate = 0.0
    for event in trainer:
        if isinstance(event, BatchDone) and event.step == 3:
            learnt = trainer.model.network.layout.learnt
            assert np.array_equal(subject.network.vector[:learnt], before[:learnt])
            trainer.learning_rate = 0.1
    assert not np.array_equal(subject.network.vector[:learnt], before[:learnt])


# Events.


def test_events_come_in_order():
    _, events = trained(data(IMAGES), SETTINGS)
    epoch = ["BatchDone"] * 5 + ["Working", "Evaluated", "EpochDone"]
    assert [event["event"] for event in events] == epoch * 2 + ["Snapshot", "Finished"]


def test_what_a_batch_and_an_epoch_report():
    dataset, subject = data(IMAGES), model()
    events = list(Trainer(subject, dataset, SETTINGS))
    batches = [event for event in events if isinstance(event, BatchDone)]
    assert [batch.step for batch in batches] == list(range(1, 11))
    assert [batch.images for batch in batches] == [7, 7, 7, 7, 3] * 2
    assert [batch.epoch for batch in batches] == pytest.approx([step / 5 for step in range(1, 11)])
    assert all(0 <= batch.accuracy <= 1 for batch in batches)
    times = [batch.seconds for batch in batches]
    assert times[0] > 0
    assert times == sorted(times)

    epochs = [event for event in events if isinstance(event, EpochDone)]
    assert [(epoch.epoch, epoch.step) for epoch in epochs] == [(1, 5), (2, 10)]
    for number, epoch in enumerate(epochs):
        its = batches[number * 5 : number * 5 + 5]
        assert epoch.train_loss == pytest.approx(sum(b.loss * b.images for b in its) / IMAGES)
        assert epoch.train_accuracy == pytest.approx(sum(b.accuracy * b.images for b in its) / IMAGES)
        assert epoch.images_per_s > 0
        assert epoch.seconds > 0
    with Workers(1) as workers:
        found = finish(Evaluator(subject.network, subject.normalization, workers).evaluate(dataset.test))
    assert (epochs[-1].test_loss, epochs[-1].test_accuracy) == (found.loss, found.accuracy)
    evaluated = [event for event in events if isinstance(event, Evaluated)][-1]
    assert (evaluated.step, evaluated.epoch, evaluated.images) == (10, 2.0, 70)
    assert (evaluated.loss, evaluated.accuracy) == (found.loss, found.accuracy)
    assert isinstance(events[-1], Finished)
    assert events[-1].step == 10
    assert np.array_equal(events[-2].vector, subject.network.vector)


def test_the_loss_of_a_batch_is_that_before_its_step():
    dataset, subject = data(7), model()
    settings = replace(SETTINGS, augment=False, epochs=1, learning_rate=0.0, schedule="constant")
    first = next(iter(Trainer(subject, dataset, settings)))
    again = next(iter(Trainer(subject, dataset, replace(settings, learning_rate=0.5))))
    assert first.loss == again.loss


def test_those_who_watch_get_snapshots_and_samples_between_the_ends_of_epochs():
    events = list(Trainer(model(), data(100, 1100), replace(SETTINGS, batch_size=5, epochs=1), snapshot_seconds=0))
    counted = Counter(type(event) for event in events)
    assert isinstance(events[0], Snapshot)
    assert events[0].step == 0
    assert counted[Snapshot] == 1 + 20 + 1
    assert counted[BatchDone] == 20
    evaluated = [event for event in events if isinstance(event, Evaluated)]
    assert [found.step for found in evaluated] == [4, 8, 12, 16, 20]
    assert [found.images for found in evaluated] == [500] * (SAMPLES_AN_EPOCH - 1) + [1100]
    assert [event.done for event in events if isinstance(event, Working)] == [BLOCK, 1100]


def test_snapshots_come_no_more_often_than_they_are_asked_for():
    events = list(Trainer(model(), data(IMAGES), SETTINGS, snapshot_seconds=3600))
    assert [event.step for event in events if isinstance(event, Snapshot)] == [0, 10]


@pytest.mark.parametrize("loss", LOSSES)
@pytest.mark.parametrize("schedule", SCHEDULES)
def test_every_loss_and_schedule_trains(loss, schedule):
    vector, events = trained(data(IMAGES), replace(SETTINGS, loss=loss, schedule=schedule))
    assert np.isfinite(vector).all()
    assert events[-1]["event"] == "Finished"


# Ends.


@pytest.mark.parametrize("threads", [1, 2])
def test_a_run_that_diverges_fails_with_one_sentence_and_says_no_more(threads):
    settings = replace(
        SETTINGS, optimizer="sgd", schedule="constant", loss="mse", learning_rate=1000, epochs=50, threads=threads
    )
    *before, failed = list(Trainer(model(), data(IMAGES), settings))
    assert isinstance(failed, Failed)
    assert not any(isinstance(event, Failed | Finished) for event in before)
    told = r"The loss became (nan|inf) in batch \d+: [^\n]*smaller learning rate than 1000\."
    assert re.fullmatch(told, failed.message)
    assert all(np.isfinite(event.loss) for event in before if isinstance(event, BatchDone))


def test_parameters_that_are_no_numbers_fail_at_the_first_batch():
    subject = model()
    subject.network.vector[3] = np.nan
    (failed,) = Trainer(subject, data(IMAGES), SETTINGS)
    assert isinstance(failed, Failed)
    assert "in batch 1:" in failed.message


def at_work():
    return len(workers._living) - len(workers._free)


@pytest.mark.parametrize("stop", [BatchDone, Working, EpochDone, Snapshot])
def test_a_run_that_is_closed_stops_and_leaves_no_worker(stop):
    subject = model()
    trainer = Trainer(subject, data(IMAGES), replace(SETTINGS, threads=3), snapshot_seconds=3600)
    assert not at_work()
    events = iter(trainer)
    assert any(isinstance(event, stop) for event in events)  # up to the first of this kind
    at = trainer.step
    vector = subject.network.vector.copy()
    events.close()
    assert not at_work()
    assert list(events) == []
    assert trainer.step == at
    assert np.array_equal(subject.network.vector, vector)


def test_a_run_that_is_never_begun_leaves_no_worker():
    Trainer(model(), data(IMAGES), replace(SETTINGS, threads=3))
    assert not at_work()


class Broken(CrossEntropyLoss):
    """A loss that cannot be worked out."""

    def __call__(self, outputs, targets, count=None):
        raise MemoryError("no more")


def test_what_goes_wrong_in_a_part_ends_the_run_and_leaves_no_worker(monkeypatch):
    monkeypatch.setattr(trainer_module, "make_loss", lambda *names: Broken())
    trainer = Trainer(model(), data(IMAGES), replace(SETTINGS, threads=3))
    with pytest.raises(MemoryError, match="no more"):
        next(iter(trainer))
    assert not at_work()


@pytest.mark.parametrize(
    "change, told",
    [
        ({"optimizer": "magic"}, r"optimizer \(='magic'\)"),
        ({"schedule": "magic"}, r"schedule \(='magic'\)"),
        ({"loss": "magic"}, r"loss \(='magic'\)"),
    ],
)
def test_names_that_do_not_exist_are_refused_before_anything_runs(change, told):
    with pytest.raises(SettingsError, match=told):
        Trainer(model(), data(IMAGES), replace(SETTINGS, **change))


def test_a_state_of_another_optimiser_is_refused():
    state = Trainer(model(), data(IMAGES), SETTINGS).state()
    with pytest.raises(TrainingError, match="another optimiser than sgd"):
        Trainer(model(), data(IMAGES), replace(SETTINGS, optimizer="sgd"), resume=state)

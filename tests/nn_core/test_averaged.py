"""The moving average of the parameters: torch's numbers, what is done with it, and exact resumption."""

from __future__ import annotations

from dataclasses import replace
from itertools import islice

import numpy as np
import pytest

from nn_core.averaged import AveragedModel
from nn_core.checkpoint import load_checkpoint, save_checkpoint
from nn_core.errors import ModelError, TrainingError
from nn_core.evaluation import Evaluator, finish
from nn_core.events import BatchDone, EpochDone, Snapshot
from nn_core.trainer import Trainer
from nn_core.workers import Workers
from tests.nn_core.runs import SETTINGS, data, model

IMAGES = 31
AVERAGED = replace(SETTINGS, average=0.8)


def trained(settings, **more):
    """The parameters that a whole run leaves, and its events."""
    subject = model()
    events = list(Trainer(subject, data(IMAGES), settings, **more))
    return subject.network.vector, events


def test_it_is_the_weighted_mean_of_what_the_steps_left():
    subject = model()
    trainer = Trainer(subject, data(IMAGES), SETTINGS)
    left = [subject.network.vector.astype(np.float64) for event in trainer if isinstance(event, BatchDone)]
    mean = left[0]
    for vector in left[1:]:
        mean = 0.8 * mean + 0.2 * vector
    np.testing.assert_allclose(trained(AVERAGED)[0], mean, rtol=1e-5, atol=1e-6)
    assert not np.allclose(mean, left[-1], atol=1e-3)


@pytest.mark.peers
def test_torch_averages_to_the_same():
    torch = pytest.importorskip("torch")
    from torch.optim.swa_utils import AveragedModel as TorchAveraged
    from torch.optim.swa_utils import get_ema_multi_avg_fn

    peer = torch.nn.Sequential(torch.nn.Conv2d(1, 4, 5), torch.nn.BatchNorm2d(4))
    ours = model()
    network = ours.network
    theirs = TorchAveraged(peer, multi_avg_fn=get_ema_multi_avg_fn(0.9), use_buffers=True)
    average = AveragedModel(network, 0.9)
    rng = np.random.default_rng(0)
    names = ["0.weight", "0.bias", "1.weight", "1.bias", "1.running_mean", "1.running_var"]
    for step in range(1, 20):
        network.vector[...] = rng.normal(size=network.vector.shape)
        state = network.state_dict()
        for name in names:
            peer.state_dict()[name].copy_(torch.from_numpy(state[name]))
        theirs.update_parameters(peer)
        average.update(network.vector, step)
    found, wanted = average.network.state_dict(), theirs.module.state_dict()
    for name in names:
        np.testing.assert_allclose(found[name], wanted[name].numpy(), rtol=1e-5, atol=1e-6)


def test_it_is_what_is_evaluated_published_and_left():
    vector, events = trained(AVERAGED, snapshot_seconds=0)
    end = [event for event in events if isinstance(event, EpochDone)][-1]
    last = [event for event in events if isinstance(event, Snapshot)][-1]
    assert np.array_equal(last.vector, vector)
    subject = model()
    subject.network.vector[...] = vector
    with Workers(1) as workers:
        found = finish(Evaluator(subject.network, subject.normalization, workers).evaluate(data(IMAGES).test))
    assert (end.test_loss, end.test_accuracy) == (found.loss, found.accuracy)


def test_threads_change_no_bit_of_it_and_its_decay_does():
    vector, _ = trained(AVERAGED)
    assert np.array_equal(vector, trained(replace(AVERAGED, threads=3))[0])
    assert not np.array_equal(vector, trained(replace(AVERAGED, average=0.7))[0])


@pytest.mark.parametrize("step", [0, 1, 2, 5, 9, 10])
def test_a_run_goes_on_from_its_file_with_the_same_bits(tmp_path, step):
    trainer = Trainer(model(), data(IMAGES), AVERAGED)
    events = (event for event in trainer if isinstance(event, BatchDone))
    list(islice(events, step))
    save_checkpoint(tmp_path / "c", trainer.state(), trainer.model, trainer.settings)
    found, its_settings, state = load_checkpoint(tmp_path / "c")
    list(Trainer(found, data(IMAGES), its_settings, resume=state))
    assert np.array_equal(found.network.vector, trained(AVERAGED)[0])


def test_frozen_layers_stay_as_they_are_in_it():
    subject = model()
    before = subject.network.state_dict()["0.weight"].copy()
    list(Trainer(subject, data(IMAGES), AVERAGED, frozen=[0]))
    assert np.array_equal(subject.network.state_dict()["0.weight"], before)


def test_the_average_of_another_run_is_refused(tmp_path):
    state = Trainer(model(), data(IMAGES), AVERAGED).state()
    with pytest.raises(TrainingError, match="another average than 0"):
        Trainer(model(), data(IMAGES), SETTINGS, resume=state)
    assert state.average is not None
    for average, words in ((state.average[:-1], "another network"), (state.average * np.nan, "finite")):
        save_checkpoint(tmp_path / "c", replace(state, average=average), model(), AVERAGED)
        with pytest.raises(ModelError, match=words):
            load_checkpoint(tmp_path / "c")

"""L1, max-norm, starts with a name, and exact resuming: what the settings ask for reaches the parameters."""

from __future__ import annotations

import numpy as np
import pytest

from nn_core.checkpoint import load_checkpoint, save_checkpoint
from nn_core.errors import SettingsError
from nn_core.model import Model
from nn_core.optimizers import OPTIMIZERS
from nn_core.settings import TrainSettings
from tests.nn_core import small_runs
from tests.nn_core.small_runs import Run


def weights(network):
    """The incoming weights of every unit of every layer, a row a unit."""
    return [
        values.reshape(len(values), -1)
        for key, values in network.state_dict().items()
        if key.endswith(".weight") and values.ndim > 1
    ]


def test_l1_draws_weights_to_zero_and_a_proximal_step_onto_it():
    zeros, sizes = {}, {}
    for optimizer in ("sgd", "proximal"):
        for l1 in (0.0, 0.05):
            network = small_runs.network()
            Run(Model(network), optimizer=optimizer, l1=l1).finish()
            zeros[optimizer, l1] = int((network.vector == 0).sum())
            sizes[optimizer, l1] = float(sum(np.abs(found).sum() for found in weights(network)))
    assert sizes["sgd", 0.05] < 0.9 * sizes["sgd", 0.0]
    assert sizes["proximal", 0.05] < 0.9 * sizes["proximal", 0.0]
    assert zeros["proximal", 0.05] > 50
    assert zeros["proximal", 0.0] == zeros["sgd", 0.0]


@pytest.mark.parametrize("threads", [1, 2])
def test_max_norm_bounds_every_units_weights_after_every_step(threads):
    network = small_runs.network()
    assert max(np.linalg.norm(rows, axis=1).max() for rows in weights(network)) > 1.4
    run = Run(Model(network), max_norm=1.4, threads=threads, learning_rate=0.05)
    for steps in (1, 1, 4):
        run.steps(steps)
        norms = np.concatenate([np.linalg.norm(rows, axis=1) for rows in weights(network)])
        assert norms.max() == pytest.approx(1.4, rel=1e-6)
        assert norms.min() < 1.39  # a unit that is short stays short
    run.stop()


def test_a_max_norm_that_nobody_reaches_changes_no_bit():
    free, bounded = small_runs.network(), small_runs.network()
    Run(Model(free)).finish()
    Run(Model(bounded), max_norm=1e6).finish()
    assert np.array_equal(free.vector, bounded.vector)


@pytest.mark.parametrize("name", OPTIMIZERS)
def test_a_run_with_any_optimiser_resumes_to_the_same_bits(name, tmp_path):
    settings = {"optimizer": name, "learning_rate": 0.01, "schedule": "one-cycle", "weight_decay": 1e-3, "l1": 1e-4}
    whole = small_runs.network()
    run = Run(Model(whole), **settings, max_norm=2.0).steps(4)
    save_checkpoint(tmp_path / "c", run.trainer.state(), run.trainer.model, run.trainer.settings)
    run.finish()
    model, found, state = load_checkpoint(tmp_path / "c")
    assert found == run.trainer.settings
    assert set(state.memory) == set(OPTIMIZERS[name].memory_names)
    Run(model, resume=state, **settings, max_norm=2.0).finish()
    assert np.array_equal(model.network.vector, whole.vector)
    assert np.isfinite(whole.vector).all()


@pytest.mark.parametrize("name", ["adagrad-da", "ftrl"])
def test_averaging_resumes_with_the_rate_it_started_with_though_the_rate_has_changed(name):
    whole = small_runs.network()
    run = Run(Model(whole), optimizer=name, learning_rate=0.02).steps(2)
    run.trainer.learning_rate = 0.01
    state = run.steps(2).trainer.state()
    run.finish()
    again = Model(small_runs.network())
    Run(again, resume=state, optimizer=name, learning_rate=0.01).finish()
    assert np.array_equal(again.network.vector, whole.vector)


@pytest.mark.parametrize(
    "name, value, told",
    [("l1", -0.1, "l1"), ("l1", 11.0, "l1"), ("max_norm", -1.0, "max norm"), ("bias", 101.0, "bias")],
)
def test_what_is_out_of_range_is_named_with_its_value(name, value, told):
    with pytest.raises(SettingsError, match=rf"{told} \(={value}\) must lie between"):
        TrainSettings(**{name: value})

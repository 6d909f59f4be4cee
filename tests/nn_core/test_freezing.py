"""Frozen layers stay as they are, bit for bit; the others learn as if there were no frozen ones."""

from __future__ import annotations

import numpy as np
import pytest

from nn_core.checkpoint import load_checkpoint, save_checkpoint
from nn_core.errors import ModelError, SettingsError
from nn_core.model import Model
from nn_core.network import Pass
from nn_core.optimizers import OPTIMIZERS
from nn_core.parameters import ParameterLayout
from tests.nn_core import small_runs
from tests.nn_core.small_runs import Run
from tests.reference.values import spread

CONV, NORM, CONV_2, LINEAR = 0, 1, 4, 7


def copies(network):
    return {key: values.copy() for key, values in network.state_dict().items()}


def moved(network, before):
    """The layers of which anything is different."""
    return {int(key[0]) for key, values in network.state_dict().items() if not np.array_equal(values, before[key])}


@pytest.mark.parametrize("frozen", [(), (CONV,), (NORM, LINEAR), (CONV, NORM, CONV_2), (CONV, NORM, CONV_2, LINEAR)])
@pytest.mark.parametrize("threads", [1, 2])
def test_frozen_layers_stay_bit_for_bit_and_the_others_move(frozen, threads):
    network = small_runs.network()
    before = copies(network)
    more = {"optimizer": "adamw", "weight_decay": 0.1, "l1": 0.01, "max_norm": 0.5, "threads": threads}
    Run(Model(network), frozen=frozen, **more).finish()
    assert moved(network, before) == {CONV, NORM, CONV_2, LINEAR} - set(frozen)


@pytest.mark.parametrize("name", OPTIMIZERS)
def test_every_optimiser_leaves_them(name):
    network = small_runs.network()
    before = copies(network)
    Run(Model(network), frozen=[CONV_2], optimizer=name, learning_rate=0.01, epochs=1).finish()
    assert moved(network, before) == {CONV, NORM, LINEAR}


def test_the_others_take_the_steps_that_their_gradients_say():
    whole, part = small_runs.network(), small_runs.network()
    Run(Model(whole)).steps(1).stop()
    Run(Model(part), frozen=[CONV, CONV_2]).steps(1).stop()
    before = small_runs.network().state_dict()
    for key, values in part.state_dict().items():
        wanted = before[key] if int(key[0]) in (CONV, CONV_2) else whole.state_dict()[key]
        assert np.array_equal(values, wanted), key


def test_frozen_batch_normalisation_uses_its_averages_as_it_does_while_predicting():
    network = small_runs.network()
    network.state_dict()["1.running_mean"][...] = 0.3
    memory, x = Pass(network), spread((6, 1, 28, 28), 1)
    assert network.forward(x, memory, training=True, frozen={NORM}) == pytest.approx(network(x), abs=1e-6)
    assert network.forward(x, memory, training=True) != pytest.approx(network(x), abs=1e-2)


def test_the_way_back_stops_above_what_is_frozen():
    network = small_runs.network()
    memory, x = Pass(network), spread((6, 1, 28, 28), 1)
    outputs = network.forward(x, memory, training=True, frozen={CONV, NORM})
    memory.gradient[...] = 7
    network.backward(spread(outputs.shape, 2), memory, frozen={CONV, NORM})
    assert (memory.gradients[CONV]["weight"] == 7).all()
    assert not (memory.gradients[CONV_2]["weight"] == 7).any()


def test_layers_may_be_frozen_and_thawed_during_a_run():
    network = small_runs.network()
    run = Run(Model(network), frozen=[LINEAR]).steps(2)
    before = copies(network)
    run.trainer.freeze([CONV, NORM, CONV_2])
    assert run.trainer.frozen == {CONV, NORM, CONV_2}
    run.finish()
    assert moved(network, before) == {LINEAR}


def test_a_run_that_goes_on_keeps_its_frozen_layers(tmp_path):
    network = small_runs.network()
    run = Run(Model(network), frozen=[CONV_2], optimizer="momentum").steps(5)
    save_checkpoint(tmp_path / "c", run.trainer.state(), run.trainer.model, run.trainer.settings)
    run.finish()
    model, _, state = load_checkpoint(tmp_path / "c")
    assert state.frozen == (CONV_2,)
    again = Run(model, resume=state, optimizer="momentum").finish()
    assert again.trainer.frozen == {CONV_2}
    assert np.array_equal(model.network.vector, network.vector)


@pytest.mark.parametrize("layer", [2, 8, -1])
def test_a_layer_that_has_nothing_to_learn_cannot_be_frozen(layer):
    with pytest.raises(SettingsError, match=rf"layer {layer} cannot be frozen: .* are 0, 1, 4, 7"):
        Run(Model(small_runs.network()), frozen=[layer])


@pytest.mark.parametrize("frozen", [(2,), (99,), ("0",), (0.0,), (True,)])
def test_a_checkpoint_that_freezes_what_is_no_layer_is_refused(frozen, tmp_path):
    run = Run(Model(small_runs.network())).trainer
    state = run.state()
    object.__setattr__(state, "frozen", frozen)
    save_checkpoint(tmp_path / "c", state, run.model, run.settings)
    with pytest.raises(ModelError, match="frozen"):
        load_checkpoint(tmp_path / "c")


def test_what_is_learnt_lies_in_as_few_pieces_as_there_are():
    network = small_runs.network()
    layout: ParameterLayout = network.layout
    assert layout.runs() == [(0, layout.learnt)]
    stops = [max(place.stop for place in layout.places if place.layer == i and place.stop <= layout.learnt)
             for i in network.learning]  # fmt: skip
    assert layout.runs({NORM}) == [(0, stops[0]), (stops[1], layout.learnt)]
    assert layout.runs({CONV, LINEAR}) == [(stops[0], stops[2])]
    assert layout.runs(set(network.learning)) == []

"""Pre-training: what is learnt without labels, layer by layer, and which networks it is for."""

from __future__ import annotations

import numpy as np
import pytest

from nn_core import pretraining
from nn_core.errors import SettingsError
from nn_core.events import Working
from nn_core.pen import pen_digits
from nn_core.presets import make_model
from nn_core.pretraining import Pretrained, Pretraining, inputs_of, pretrain, pretraining_of
from nn_core.randomness import generator

CHAIN = "flatten -> linear 40 -> sigmoid -> dropout 0.2 -> linear 20 -> tanh -> linear 10"


@pytest.fixture(scope="module")
def images():
    return pen_digits(300, rng=np.random.default_rng(0)).images


def run(images, plan, normalization="min-max", chain=CHAIN):
    model = make_model(chain, 1, normalization=normalization)
    return model, [event for event in pretrain(model, images, plan) if not isinstance(event, Working)]


@pytest.mark.parametrize("normalization", ["min-max", "standard"])
@pytest.mark.parametrize("tied", [True, False])
def test_each_layer_learns_to_restore_what_it_receives(images, normalization, tied):
    plan = Pretraining(6, 0.2, tied=tied, learning_rate=3e-3)
    model, events = run(images, plan, normalization)
    assert [(event.layer, event.epoch) for event in events] == [(i, e) for i in (1, 4) for e in range(1, 7)]
    for first, last in ((events[0], events[5]), (events[6], events[11])):
        assert last.loss < 0.9 * first.loss
    stack = events[-1].stack
    assert [coder.bounded for coder in stack] == [normalization == "min-max", True]
    for i, coder in zip((1, 4), stack, strict=True):
        assert np.array_equal(model.network.layers[i].parameters["weight"], coder.weight)
        assert np.array_equal(model.network.layers[i].parameters["bias"], coder.bias)


def test_the_last_layer_stays_and_what_is_learnt_is_what_the_network_answers(images):
    model, events = run(images, Pretraining(1))
    fresh = make_model(CHAIN, 1, normalization="min-max")
    last = model.network.layers[-1].parameters["weight"]
    assert np.array_equal(last, fresh.network.layers[-1].parameters["weight"])
    value = inputs_of(model, images[:5])
    for coder in events[-1].stack:
        value = coder.encode(value)
    answers = last @ value + model.network.layers[-1].parameters["bias"][:, None]
    pixels = (images[:5, None] / 255).astype(np.float32)
    assert np.allclose(model.network(pixels), answers.T, atol=1e-5)


def test_the_seed_decides_the_bits(images):
    vectors = [run(images, Pretraining(1, seed=seed))[0].network.vector.tobytes() for seed in (1, 1, 2)]
    assert vectors[0] == vectors[1] != vectors[2]


def test_every_epoch_draws_what_no_other_and_no_decoder_draws(images, monkeypatch):
    drawn = []

    def first(*place):
        drawn.append(int(generator(*place).integers(2**63)))
        return generator(*place)

    monkeypatch.setattr(pretraining, "generator", first)
    run(images, Pretraining(2, tied=False))
    assert len(set(drawn)) == len(drawn) == 2 * (1 + 2)


def test_how_far_it_is_can_be_followed(images):
    events = list(pretrain(make_model(CHAIN, 0), images, Pretraining(1, batch_size=10)))
    told = [event for event in events if isinstance(event, Working)]
    assert [event.done for event in told] == [0, 10, 20] * 2
    assert isinstance(events[-1], Pretrained)


@pytest.mark.parametrize("chain, told", [
    ("conv 3x3x4 -> relu -> flatten -> linear 20 -> relu -> linear 10", "layer 0"),
    ("flatten -> linear 10", "no hidden"),
])  # fmt: skip
def test_other_networks_are_refused(images, chain, told):
    with pytest.raises(SettingsError, match=told):
        run(images, Pretraining(1), chain=chain)


def test_words_are_read_and_ranges_checked():
    assert pretraining_of("3", 7) == Pretraining(3, 0.25, seed=7)
    assert pretraining_of("3:0.5", 0).corruption == 0.5
    for text in ("", "many", "3:much", "1:2:3", "0", "1001", "3:0.99", "3:-1", "3:nan"):
        with pytest.raises(SettingsError):
            pretraining_of(text, 0)
    with pytest.raises(SettingsError, match="learning rate"):
        Pretraining(learning_rate=0)
    with pytest.raises(SettingsError, match="batch size"):
        Pretraining(batch_size=0)

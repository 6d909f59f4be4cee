"""Chains that a user types: every link, the letters on a keyboard, and what is refused before memory is taken."""

from __future__ import annotations

import re
import time
import tracemalloc

import numpy as np
import pytest

from nn_core.chain import _EXAMPLES, MOST_LETTERS, MOST_LINKS, is_chain, network_of
from nn_core.errors import SettingsError
from nn_core.initializers import constant, he_uniform
from nn_core.layers import LAYERS
from nn_core.presets import PRESETS, make_model, make_network


def build(chain, shape=(1, 28, 28), **how):
    return network_of(chain, init=he_uniform, rng=np.random.default_rng(0), input_shape=shape, **how)


EVERYTHING = (
    "dropout .1 → conv 5×5×4 stride 2 pad 2 replicate → batch-norm → leaky-relu 0.2 → weight-norm conv 3×3×4 pad 1"
    " → group-norm 2 → softplus → local-response-norm 3 → max-pool 3 stride 2 → local 3×3×6 stride 2 pad 1 → identity"
    " → tanh → avg-pool 2 → flatten → weight-norm linear 8 → batch-norm → sigmoid → linear 7 → relu → step → softmax"
)


def test_every_layer_has_a_link():
    network = build(EVERYTHING)
    assert {type(layer).__name__ for layer in network.layers} == set(LAYERS)
    assert network(np.ones((2, 1, 28, 28), np.float32)).shape == (2, 7)


def test_numbers_reach_their_layers():
    config = build(EVERYTHING).config()
    expected = [
        (0, {"p": 0.1}),
        (1, {"kernel_size": (5, 5), "stride": (2, 2), "padding": (2, 2), "padding_mode": "replicate"}),
        (3, {"negative_slope": 0.2}),
        (4, {"out_channels": 4, "padding": (1, 1), "padding_mode": "zeros"}),
        (5, {"num_groups": 2, "num_channels": 4}),
        (7, {"size": 3}),
        (8, {"kernel_size": (3, 3), "stride": (2, 2)}),
        (9, {"input_size": (6, 6), "kernel_size": (3, 3), "stride": (2, 2), "padding": (1, 1)}),
    ]
    for index, values in expected:
        assert values.items() <= config[index].items()
    paper = build("local-response-norm 5 alpha 0.0005 beta 0.75 k 2 → local-response-norm 3 k 1.5", (3, 8, 8)).config()
    assert {"size": 5, "alpha": 0.0005, "beta": 0.75, "k": 2.0}.items() <= paper[0].items()
    assert {"size": 3, "alpha": 1e-4, "k": 1.5}.items() <= paper[1].items()
    defaults = build("local-response-norm → leaky-relu → avg-pool 2", (3, 8, 8)).config()
    assert (defaults[0]["size"], defaults[1]["negative_slope"], defaults[2]["stride"]) == (5, 0.01, (2, 2))


def test_what_a_keyboard_has_says_the_same():
    drawn = build("conv 5×5×8 stride 2 → relu → max-pool 2 → flatten → linear 10")
    typed = build(" conv  5x5x8   stride 2->relu -> max-pool 2->flatten ->  linear 10 ")
    mixed = build("conv 5 x 5 × 8 stride 2 → relu -> max-pool 2 → flatten → linear 10")
    assert drawn.config() == typed.config() == mixed.config()
    assert np.array_equal(drawn.vector, typed.vector)


def test_layers_may_be_called_as_the_table_of_layers_calls_them():
    told = build("Conv 5×5×8 → ReLU → Max-Pool 2 → batch-norm → leaky-relu 0.1 → avg-pool 3 → flatten → linear 10")
    titles = [layer.title() for layer in told.layers]
    assert titles[:5] == ["conv 5×5×8", "relu", "max-pool 2×2", "batch norm", "leaky relu 0.1"]
    assert build(" → ".join(titles)).config() == told.config()
    oblong = build("max-pool 2x3 -> avgpool 3×2 stride 1").config()
    assert [pool["kernel_size"] for pool in oblong] == [(2, 3), (3, 2)]


@pytest.mark.parametrize(
    "link, told",
    [
        ("flaten", "it is written flatten"),
        ("max-pool", "it is written max-pool 2, max-pool 2×2 or max-pool 3 stride 2"),
        ("Maxpooling 2", "it is written max-pool 2"),
        ("conv 5", "it is written conv 5×5×8 or"),
        ("lineal 10", "it is written linear 10"),
        ("group norm", "it is written group-norm 4"),
        ("7", "there are conv, weight-norm conv, local"),
        ("residual", "there are conv, weight-norm conv, local"),
    ],
)
def test_what_is_not_understood_is_told_how_to_be_written(link, told):
    with pytest.raises(SettingsError, match=rf"^layer '{link}' is not understood; {told}"):
        build(f"conv 3x3x4 -> {link} -> linear 10")


@pytest.mark.parametrize("link", _EXAMPLES)
def test_the_way_to_write_a_layer_is_understood(link):
    written = re.split(r", or |, | or ", _EXAMPLES[link])
    written = [way for way in written if way.startswith(link)]
    assert written
    for way in written:
        build(way, (100,) if "linear" in link or link == "softmax" else (4, 8, 8))


def test_a_chain_is_told_from_a_name_by_its_arrow():
    assert is_chain("a -> b")
    assert is_chain("a → b")
    assert not any(map(is_chain, PRESETS))


def test_a_network_may_be_asked_for_by_a_chain():
    model = make_model("conv 5x5x8 -> relu -> max-pool 2 -> flatten -> linear 10", 3)
    assert model.network.shapes[-1] == (10,)
    assert model.card["preset"] == "conv 5x5x8 -> relu -> max-pool 2 -> flatten -> linear 10"
    preset = make_model(PRESETS["blog-cnn"].chain, 3, init="lecun-normal")
    assert np.array_equal(preset.network.vector, make_model("blog-cnn", 3).network.vector)


def test_start_and_bias_may_be_chosen():
    chosen = make_model("mlp-300", 3, init="constant:0.25", bias=0.1).network.state_dict()
    assert (chosen["1.weight"] == 0.25).all()
    assert (chosen["3.bias"] == np.float32(0.1)).all()
    assert not make_model("mlp-300", 3).network.state_dict()["3.bias"].any()
    network = build("weight-norm conv 3x3x2 -> local 3x3x2", bias_init=constant(0.5))
    assert (network.state_dict()["0.bias"] == 0.5).all()
    assert (network.state_dict()["1.bias"] == 0.5).all()
    with pytest.raises(SettingsError, match=r"initialiser \(='nope'\)"):
        make_network("mlp-300", rng=np.random.default_rng(0), init="nope")


@pytest.mark.parametrize(
    "chain, told",
    [
        ("conv 5x5x8 -> ", "layer '' is not understood"),
        ("flatten -> linear ten", "layer 'linear ten' is not understood; it is written linear 10"),
        ("flatten -> linear 99999999", "too large"),
        ("flatten -> linear 9999999999", "is not understood"),
        ("conv 3x999999999x8", "kernel_size"),
        ("flatten -> linear ١٠", "is not understood"),  # digits, but none that a chain is written with
        ("flatten -> local 3x3x4", "layer 'local 3×3×4'|local takes images"),
        ("conv 3x3x4 -> weight-norm linear 3", "put 'flatten' before it"),
        ("relu -> softmax", "layer 'softmax': softmax takes a vector, not .*: put 'flatten' before it"),
        ("local 3x3x4 pad 3", "narrower"),
        ("conv 3x3x6 -> group-norm 4", r"divisible by num_groups \(=4\)"),
        ("local-response-norm 5 k 0", r"k \(=0.0\)"),
        ("local-response-norm 5 k 2 beta 1", "is not understood"),
        ("local-response-norm 0", r"size \(=0\)"),
        ("flatten -> local-response-norm", "takes"),
        ("leaky-relu 1.5", r"negative_slope \(=1.5\)"),
        ("max-pool 3 stride 0", r"stride \(=0\)"),
        ("local 1x1x999999", "too large"),
        ("local 28x28x30000 -> relu", "too large"),
        ("flatten" + " -> linear 3000" * 5, r"layer 'linear 3000': up to here .* parameters, more than 16,777,216"),
        (" -> ".join(["relu"] * (MOST_LINKS + 1)), "a chain of 101 layers is longer than 100"),
        ("-> " * MOST_LETTERS, "letters .* is longer than 4,000"),
        ("conv 1x1x150 -> " * 40 + "relu", "one image takes .* too many"),
    ],
    ids=lambda value: value[:30],
)
def test_what_cannot_be_is_named_soon_and_takes_no_memory(chain, told):
    tracemalloc.start()
    started = time.perf_counter()
    try:
        with pytest.raises(SettingsError, match=told) as raised:
            build(chain)
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert len(str(raised.value)) < 500
    assert peak < 500e6
    assert time.perf_counter() - started < 10


def test_a_chain_that_does_not_read_digits_is_no_model():
    with pytest.raises(SettingsError, match=r"gives \(7,\): end it with 'flatten → linear 10'"):
        make_model("flatten -> linear 7", 0)
    with pytest.raises(SettingsError, match=r"preset \(='resnet'\) must be one of .*, or a chain such as"):
        make_model("resnet", 0)

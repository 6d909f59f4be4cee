"""The networks by name, and the chains that they are written as."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from nn_core.errors import SettingsError
from nn_core.initializers import he_uniform
from nn_core.presets import DEFAULT_PRESET, PRESETS, make_model, make_network, network_of

PARAMETERS = {"mlp-300": 238_510, "blog-cnn": 5_994, "lenet5": 61_706, "deep-mnist": 3_274_634}


def build(chain, shape=(1, 28, 28)):
    return network_of(chain, init=he_uniform, rng=np.random.default_rng(0), input_shape=shape)


@pytest.mark.parametrize("name", PARAMETERS)
def test_as_many_parameters_as_their_papers_count(name):
    network = make_network(name, rng=np.random.default_rng(0))
    assert network.layout.learnt == PARAMETERS[name]
    assert sum(info.parameters for info in network.describe()) == PARAMETERS[name]


def test_our_own_default_is_small():
    assert make_network(DEFAULT_PRESET, rng=np.random.default_rng(0)).layout.learnt <= 300_000


@pytest.mark.parametrize("name", PRESETS)
def test_every_preset_answers_ten_digits(name):
    network = make_network(name, rng=np.random.default_rng(0))
    assert network.shapes[-1] == (10,)
    assert np.isfinite(network(np.ones((2, 1, 28, 28), np.float32))).all()


def test_shapes_on_the_way_through_lenet():
    shapes = make_network("lenet5", rng=np.random.default_rng(0)).shapes
    assert shapes == [
        (6, 28, 28), (6, 28, 28), (6, 14, 14), (16, 10, 10), (16, 10, 10), (16, 5, 5),
        (400,), (120,), (120,), (84,), (84,), (10,),
    ]  # fmt: skip


def test_arithmetic_adds_up():
    for name in PRESETS:
        for info in make_network(name, rng=np.random.default_rng(0)).describe():
            product, _, result = info.arithmetic.partition(" = ")
            assert eval(product.replace("·", "*") or "0") == int(result or 0) == info.parameters


@pytest.mark.parametrize("name", PRESETS)
def test_the_seed_decides_the_start(name):
    assert np.array_equal(make_model(name, 3).network.vector, make_model(name, 3).network.vector)
    assert not np.array_equal(make_model(name, 3).network.vector, make_model(name, 4).network.vector)


def test_an_unknown_preset_is_refused_with_those_there_are():
    with pytest.raises(SettingsError, match=r"preset \(='alexnet'\) must be one of .*lenet5"):
        make_network("alexnet", rng=np.random.default_rng(0))


def test_a_chain_says_everything_that_it_may_say():
    network = build(
        "conv 3×5×4 stride 2 pad 1 → batch-norm → relu → max-pool 2 → avg-pool 2 → sigmoid → tanh"
        " → flatten → dropout 0.25 → linear 7"
    )
    assert [type(layer).__name__ for layer in network.layers] == [
        "Conv2d", "BatchNorm2d", "ReLU", "MaxPool2d", "AvgPool2d", "Sigmoid", "Tanh", "Flatten", "Dropout", "Linear",
    ]  # fmt: skip
    conv, *_, dropout, _ = network.layers
    assert (conv.kernel_size, conv.stride, conv.padding) == ((3, 5), (2, 2), (1, 1))
    assert dropout.p == 0.25
    assert network.shapes[0] == (4, 14, 13)


@pytest.mark.parametrize(
    "chain, told",
    [
        ("", "layer '' is not understood"),
        ("conv 5x5", "layer 'conv 5x5' is not understood"),
        ("relu →", "layer '' is not understood"),
        ("conv 29×29×8", r"kernel_size \(=\(29, 29\)\) is larger than the padded input \(1, 28, 28\)"),
        ("conv 5×5×0", r"out_channels \(=0\)"),
        ("conv 5×5×8 stride 0", r"stride \(=0\)"),
        ("linear 10", r"layer 'linear 10': .* takes a vector, not \(1, 28, 28\): put 'flatten' before it"),
        ("flatten → conv 5×5×8", r"layer 'conv 5×5×8': conv takes images .*not \(784,\)"),
        ("flatten → max-pool 2", r"MaxPool2d\(.*\) takes .*not \(784,\)"),
        ("flatten → local-response-norm", r"LocalResponseNorm\(.*\) takes .*not \(784,\)"),
        ("flatten → linear 0", r"out_features \(=0\)"),
        ("dropout 1.0", r"layer 'dropout 1.0': p \(=1.0\)"),
        ("flatten → linear 99999999999", "linear 99999999999"),
        ("flatten → linear 300000", r"\(300000, 784\) is too large"),
        ("conv 1000×1000×200", r"\(200, 1, 1000, 1000\) is too large"),
        ("conv 5×5×99999999999999999999999", "conv 5×5×9{23}"),
        ("conv 5×5×8 pad 9999", r"padding \(=9999\)"),
        ("conv 5×5×8 stride 9999", r"stride \(=9999\)"),
        ("max-pool 9999", r"kernel_size \(=9999\)"),
        ("conv 1×1×9 pad 4000", r"\(8028, 1, 1, 8028\) is too large"),
        ("flatten → linear " + "9" * 5000, "linear 9+"),
    ],
    ids=lambda value: value[:30],
)
def test_a_chain_that_cannot_be_names_its_link(chain, told):
    with pytest.raises(SettingsError, match=told):
        build(chain)


links = st.sampled_from(
    ["conv {}×{}×{}", "conv {}×{}×{} stride {} pad {}", "conv {}×{}×{} pad {}", "linear {}", "max-pool {}",
     "avg-pool {}", "dropout 0.{}", "batch-norm", "flatten", "relu", "sigmoid", "tanh", "leaky {}", ""]
)  # fmt: skip
numbers = st.integers(0, 9) | st.integers(0, 300) | st.integers(0, 10**30)
filled = st.builds(lambda link, values: link.format(*values), links, st.tuples(*[numbers] * 5))
chains = st.lists(filled, max_size=6)


@given(st.text(max_size=60) | chains.map(" → ".join) | chains.map("→".join))
def test_any_text_is_a_network_or_an_error_of_ours(chain):
    try:
        network = build(chain, (1, 9, 9))
    except SettingsError:
        return
    assert network(np.zeros((1, 1, 9, 9), np.float32)).shape == (1, *network.shapes[-1])

"""The network of objects: by hand, beside the vector form, and on problems that it has to learn."""

from __future__ import annotations

import math

import numpy as np
import pytest

from nn_core.errors import SettingsError
from nn_core.labs.object_network import ObjectNetwork, sigmoid
from nn_core.labs.small_problems import PROBLEMS
from nn_core.labs.vector_form import VectorForm, as_vector
from nn_core.losses import make_loss
from nn_core.network import Pass
from nn_core.presets import make_network
from nn_core.recipes import RECIPES

SAME = {"rtol": 0, "atol": 1e-12}


def network(sizes, seed=0):
    return ObjectNetwork(sizes, rng=np.random.default_rng(seed), spread=0.5)


def test_three_steps_by_hand():
    net = network((1, 1, 1))
    net.load([0.5, -0.25, 2.0, 1.0])
    hidden, output = net.layers[1].nodes[0], net.layers[2].nodes[0]
    h = 1 / (1 + math.exp(-(0.5 * 3 - 0.25)))
    y = 1 / (1 + math.exp(-(2 * h + 1)))
    assert net.forward([3.0]) == pytest.approx([y], rel=1e-15)
    assert hidden.output == pytest.approx(h, rel=1e-15)
    assert net.error([0.25]) == pytest.approx((0.25 - y) ** 2 / 2, rel=1e-14)
    net.backward([0.25])
    delta = y * (1 - y) * (0.25 - y)
    below = h * (1 - h) * 2 * delta
    assert [output.delta, hidden.delta] == pytest.approx([delta, below], rel=1e-14)
    assert [each.gradient for each in net.connections] == pytest.approx([-below * 3, -below, -delta * h, -delta])
    assert net.weights() == [0.5, -0.25, 2.0, 1.0]
    net.update(0.5)
    moved = [0.5 + 0.5 * below * 3, -0.25 + 0.5 * below, 2 + 0.5 * delta * h, 1 + 0.5 * delta]
    assert net.weights() == pytest.approx(moved, rel=1e-14)


@pytest.mark.parametrize("sizes", [(2, 2, 1), (8, 3, 8), (3, 4, 4, 2), (5, 2)])
def test_the_vector_form_computes_the_same(sizes):
    net, rng = network(sizes), np.random.default_rng(1)
    vectors = VectorForm(net)
    for _ in range(200):
        sample, targets = rng.uniform(-1, 1, (1, sizes[0])), rng.uniform(0, 1, (1, sizes[-1]))
        outputs = net.forward(sample[0].tolist())
        np.testing.assert_allclose(outputs, vectors.forward(sample)[0], **SAME)
        net.backward(targets[0].tolist())
        assert vectors.backward(targets) == pytest.approx(net.error(targets[0].tolist()), abs=1e-12)
        gradient = as_vector(net, [each.gradient for each in net.connections])
        np.testing.assert_allclose(gradient, vectors.gradient, **SAME)
        # The gradient of a bias is its node's error term, turned round.
        deltas = [[node.delta for node in layer.nodes] for layer in net.layers[1:]]
        biases = [g for key, g in vectors.network.layout.named(vectors.gradient).items() if key.endswith("bias")]
        for terms, bias in zip(deltas, biases, strict=True):
            np.testing.assert_allclose(terms, -bias, **SAME)
        net.update(0.3)
        vectors.update(0.3)
    np.testing.assert_allclose(as_vector(net, net.weights()), vectors.network.vector, **SAME)


def test_784_300_10_is_the_same_too():
    net, rng = network((784, 300, 10)), np.random.default_rng(2)
    vectors = VectorForm(net)
    for digit in (3, 7):
        sample, targets = rng.random((1, 784)), np.full((1, 10), 0.1)
        targets[0, digit] = 0.9
        net.learn(sample[0].tolist(), targets[0].tolist(), 0.3)
        vectors.learn(sample, targets, 0.3)
    np.testing.assert_allclose(as_vector(net, net.weights()), vectors.network.vector, **SAME)


def test_the_recipe_fc_sigmoid_computes_the_same():
    settings = RECIPES["fc-sigmoid"].settings
    network = make_network(settings.preset, rng=np.random.default_rng(1)).clone(np.float64)
    loss, memory, rng = make_loss(settings.loss, settings.label_smoothing), Pass(network), np.random.default_rng(2)
    state = network.state_dict()
    net = ObjectNetwork((784, 300, 10), rng=rng)
    blocks = [np.column_stack([state[f"{i}.weight"], state[f"{i}.bias"]]).ravel() for i in (1, 3)]
    net.load(np.concatenate(blocks).tolist())
    for digit in (3, 7):
        image, targets = rng.random((1, 1, 28, 28)), [0.9 if k == digit else 0.1 for k in range(10)]
        outputs = network.forward(image, memory, training=True)
        error, gradient = loss(outputs, np.array([digit]))
        network.backward(gradient, memory)
        network.vector -= settings.learning_rate * memory.gradient
        assert net.learn(image.ravel().tolist(), targets, settings.learning_rate) == pytest.approx(error, abs=1e-12)
    np.testing.assert_allclose(as_vector(net, net.weights()), network.vector, **SAME)


@pytest.mark.parametrize("name, seed, epochs", [("xor-2", 0, 800), ("xor-3", 0, 800), ("encoder", 4, 900)])
def test_it_learns(name, seed, epochs):
    problem = PROBLEMS[name]
    net = problem.network(seed)
    assert not problem.solved(net)
    before = problem.epoch(net, problem.rate)
    for _ in range(epochs):
        after = problem.epoch(net, problem.rate)
    assert problem.solved(net)
    assert after < before / 4


def test_the_encoder_finds_eight_codes():
    problem = PROBLEMS["encoder"]
    net = problem.network(4)
    for _ in range(2000):
        problem.epoch(net, problem.rate)
    codes = set()
    for sample in problem.samples:
        net.forward(sample)
        codes.add(tuple(round(value) for value in net.layers[1].outputs()))
    assert len(codes) == 8


def test_the_same_seed_draws_the_same_weights():
    assert network((2, 3, 1), 5).weights() == network((2, 3, 1), 5).weights()
    assert network((2, 3, 1), 5).weights() != network((2, 3, 1), 6).weights()
    assert all(abs(weight) <= 0.5 for weight in network((8, 3, 8)).weights())


def test_sigmoid_does_not_overflow():
    assert [sigmoid(-1000.0), sigmoid(0.0), sigmoid(1000.0)] == [0.0, 0.5, 1.0]


def test_what_does_not_fit_is_refused():
    net = network((2, 2, 1))
    for wrong, words in (
        (lambda: net.forward([1.0]), "sample has 1 values"),
        (lambda: net.backward([1.0, 0.0]), "targets has 2 values"),
        (lambda: net.error([]), "targets has 0 values"),
        (lambda: net.load([0.0]), "9 weights, not 1"),
        (lambda: network((2,)), "two or more layers"),
        (lambda: network((2, 0, 1)), "two or more layers"),
        (lambda: network((100_000, 100, 1)), "connections"),
    ):
        with pytest.raises(SettingsError, match=words):
            wrong()

"""The gradient check: every preset passes, every slip is found, kinks are set aside."""

from __future__ import annotations

import numpy as np
import pytest

from nn_core.errors import SettingsError
from nn_core.gradcheck import INPUT, TOLERANCE, Findings, GradientCheck, random_batch
from nn_core.initializers import he_uniform
from nn_core.labs.slips import SLIPS, broken, slips_for
from nn_core.layers import MaxPool2d, ReLU
from nn_core.losses import CrossEntropyLoss, MSELoss
from nn_core.network import Sequential
from nn_core.presets import PRESETS, make_network, network_of

SMALL = "conv 3×3×2 → batch-norm → tanh → avg-pool 2 → flatten → dropout 0.3 → linear 5 → relu → linear 3"


def small(chain=SMALL, shape=(2, 6, 6)):
    network = network_of(chain, init=he_uniform, rng=np.random.default_rng(0), input_shape=shape)
    return network.clone(np.float64)


def check_of(network, loss=None):
    return GradientCheck(network, *random_batch(network, np.random.default_rng(1)), loss or CrossEntropyLoss())


def findings_of(check, layers=None, most=12):
    return Findings(list(check.entries(check.plan(layers, most=most, rng=np.random.default_rng(2)))))


@pytest.mark.parametrize("name", PRESETS)
def test_every_preset_passes(name):
    network = make_network(name, rng=np.random.default_rng(0)).clone(np.float64)
    found = findings_of(check_of(network), most=1 if name == "deep-mnist" else 3)
    assert found.passed
    assert found.kinks < len(found.judged) / 4


def test_every_array_of_every_layer_is_checked():
    network = small()
    found = findings_of(check_of(network, MSELoss()))
    assert found.passed
    arrays = {(entry.layer, entry.name) for entry in found.entries}
    parameters = {(0, "weight"), (0, "bias"), (1, "weight"), (1, "bias"), (6, "weight"), (6, "bias"), (8, "weight")}
    assert arrays == {(i, INPUT) for i in range(9)} | parameters | {(8, "bias")}


def test_the_network_is_as_before():
    network = small()
    before = network.vector.copy()
    findings_of(check_of(network))
    assert network.vector.tobytes() == before.tobytes()


@pytest.mark.parametrize("slip", SLIPS, ids=lambda slip: slip.name)
def test_every_slip_is_found(slip):
    network = small()
    layers = [i for i, layer in enumerate(network.layers) if slip in slips_for(layer)]
    assert layers
    for i in layers:
        check = check_of(broken(network, i, slip))
        found = findings_of(check, [i], most=8)
        assert not found.passed
        assert found.error > 1e-3
        assert findings_of(check, range(i + 1, 9), most=2).error < TOLERANCE  # above it all is well


def test_indices_are_torchs():
    check = check_of(small())
    assert check.shape(0, "weight") == (2, 2, 3, 3)
    assert check.shape(0, INPUT) == (2, 2, 6, 6)
    assert check.shape(8, INPUT) == (2, 5)
    found = findings_of(check, [0], most=10_000)
    last = [entry for entry in found.entries if entry.name == INPUT][-1]
    assert last.index == (1, 1, 5, 5)
    assert last.key == "0.input[1, 1, 5, 5]"


def test_the_numeric_gradient_is_the_inputs_own():
    network = small()
    x, targets = random_batch(network, np.random.default_rng(1))
    entries = findings_of(check_of(network), [0], most=30).entries
    entry = next(each for each in entries if each.name == INPUT)
    losses = []
    for way in (1e-5, -1e-5):
        moved = x.copy()
        moved[entry.index] += way
        losses.append(GradientCheck(network, moved, targets, CrossEntropyLoss()).loss)
    assert (losses[0] - losses[1]) / 2e-5 == pytest.approx(entry.numeric, rel=1e-6)


def test_kinks_are_set_aside_and_counted():
    network = Sequential(ReLU(), input_shape=(3,)).clone(np.float64)
    x = np.array([[0.0, 0.5, -0.5], [1.0, 1e-7, 2.0]])
    check = GradientCheck(network, x, np.array([0, 1]), CrossEntropyLoss())
    found = findings_of(check)
    assert [entry.index for entry in found.entries if entry.at_kink] == [(0, 0), (1, 1)]
    assert found.kinks == 2
    assert len(found.judged) == 4
    assert found.passed


def test_a_maximum_shared_by_two_is_a_kink():
    network = small("max-pool 2 → flatten → linear 2", (1, 2, 2))
    x = np.array([[[[1.0, 1.0], [0.0, -1.0]]]])
    found = findings_of(GradientCheck(network, x, np.array([0]), CrossEntropyLoss()), [0])
    assert [entry.at_kink for entry in found.entries] == [True, True, False, False]
    assert isinstance(network.layers[0], MaxPool2d)


def test_nothing_compared_is_not_passed():
    network = Sequential(ReLU(), input_shape=(2,)).clone(np.float64)
    check = GradientCheck(network, np.zeros((1, 2)), np.array([0]), CrossEntropyLoss())
    assert not findings_of(check).passed
    assert not Findings().passed


def test_a_tiny_gradient_of_the_wrong_sign_is_found():
    network = small("linear 3 → sigmoid", (2,))
    network.vector *= 1e-4
    spoilt = broken(network, 0, next(slip for slip in SLIPS if slip.name == "a missing minus"))
    targets = np.full((2, 3), 0.5) + 1e-6
    found = findings_of(GradientCheck(spoilt, np.ones((2, 2)), targets, MSELoss()), [0])
    assert max(abs(entry.analytic) for entry in found.judged) < 1e-4
    assert {type(entry.error) for entry in found.judged} == {float}
    assert found.error > TOLERANCE
    assert not found.passed


def test_what_cannot_be_checked_is_refused():
    network = small()
    check = check_of(network)
    rng = np.random.default_rng(0)
    for wrong, words in (
        (lambda: check.plan([9], most=1, rng=rng), "layer .=9. must be one of 0 to 8"),
        (lambda: check.plan(most=0, rng=rng), "entries .=0."),
        (lambda: check_of(network.clone(np.float32)), "float64"),
        (lambda: GradientCheck(small("relu"), np.zeros((1, 2, 6, 6)), np.zeros(1, int), MSELoss()), "flatten"),
    ):
        with pytest.raises(SettingsError, match=words):
            wrong()

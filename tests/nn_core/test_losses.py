"""Losses: the parts of a batch, one-hot targets, and what is refused; their values are in test_agreement."""

from __future__ import annotations

import math

import numpy as np
import pytest

from nn_core.errors import SettingsError
from nn_core.losses import (
    LOSSES,
    BCEWithLogitsLoss,
    CrossEntropyLoss,
    MSELoss,
    SquaredErrorLoss,
    make_loss,
    one_hot,
    soft_targets,
    softmax,
)
from tests.reference.cases import LOSS_CASES
from tests.reference.values import classes, spread


@pytest.mark.parametrize(
    "loss",
    [CrossEntropyLoss(), CrossEntropyLoss(0.2), MSELoss(), MSELoss(0.2), SquaredErrorLoss(), BCEWithLogitsLoss(0.2)],
)
def test_the_parts_of_a_batch_add_up_to_the_batch(loss):
    outputs, targets = spread((7, 5), 1).astype(np.float64), classes(7, 5, 2)
    whole, gradient = loss(outputs, targets)
    first, d_first = loss(outputs[:3], targets[:3], 7)
    second, d_second = loss(outputs[3:], targets[3:], 7)
    assert first + second == pytest.approx(whole, rel=1e-12)
    assert np.allclose(np.concatenate([d_first, d_second]), gradient, rtol=1e-12, atol=0)


@pytest.mark.parametrize("case", LOSS_CASES, ids=lambda case: case.name)
def test_nothing_that_was_handed_in_is_changed(case):
    outputs, targets = case.outputs.copy(), case.targets.copy()
    case.loss(outputs, targets)
    assert np.array_equal(outputs, case.outputs)
    assert np.array_equal(targets, case.targets)


def test_ten_equal_outputs_cost_the_logarithm_of_ten():
    loss, gradient = CrossEntropyLoss()(np.zeros((3, 10), np.float32), np.array([0, 4, 9]))
    assert loss == pytest.approx(math.log(10))
    assert gradient.sum(axis=1) == pytest.approx([0, 0, 0], abs=1e-7)


def test_outputs_far_out_neither_overflow_nor_vanish():
    outputs = np.array([[1e4, -1e4, 0], [-1e30, 1e30, 0]], np.float32)
    loss, gradient = CrossEntropyLoss()(outputs, np.array([0, 1]))
    assert loss == 0
    assert not gradient.any()
    loss, gradient = CrossEntropyLoss()(outputs[:1], np.array([1]))
    assert loss == pytest.approx(2e4)
    assert gradient.tolist() == [[1, -1, 0]]


def test_softmax_gives_probabilities_and_no_warning_far_out():
    found = softmax(np.array([[1, 2, 3], [1e30, -1e30, 0]], np.float32))
    assert found[0] == pytest.approx(np.exp([1, 2, 3]) / np.exp([1, 2, 3]).sum())
    assert found[1].tolist() == [1, 0, 0]


def test_one_hot_is_a_new_array_of_the_outputs_type():
    outputs = np.zeros((2, 3))
    assert one_hot(np.array([2, 0], np.uint8), outputs).tolist() == [[0, 0, 1], [1, 0, 0]]
    given = np.array([[0.5, 0.5, 0]])
    wanted = one_hot(given, outputs)
    assert wanted is not given
    assert wanted.dtype == outputs.dtype


@pytest.mark.parametrize("smoothing", [-0.1, 1.0, math.nan])
def test_smoothing_out_of_range_is_named_with_its_value(smoothing):
    with pytest.raises(SettingsError, match=rf"label_smoothing \(={smoothing}\)"):
        CrossEntropyLoss(smoothing)


@pytest.mark.parametrize("kind", [MSELoss, SquaredErrorLoss, BCEWithLogitsLoss])
def test_smoothing_moves_the_targets_of_single_questions_towards_a_half(kind):
    outputs, right = spread((4, 3), 3, 2.0).astype(np.float64), classes(4, 3, 4)
    by_hand = np.where(np.arange(3) == right[:, None], 0.9, 0.1)
    (loss, gradient), (wanted, d_wanted) = kind(0.2)(outputs, right), kind()(outputs, by_hand)
    assert loss == pytest.approx(wanted, rel=1e-12)
    assert gradient == pytest.approx(d_wanted, rel=1e-12)


def test_the_squared_error_of_the_worked_example():
    """Outputs .7514 and .7729 where .01 and .99 are wanted: the example with the weights .15 to .55."""
    outputs, wanted = np.array([[0.75136507, 0.772928465]]), np.array([[0.01, 0.99]])
    loss, gradient = SquaredErrorLoss()(outputs, wanted)
    assert loss == pytest.approx(0.298371109, abs=1e-9)
    assert gradient == pytest.approx(outputs - wanted)


def test_the_squared_error_is_half_the_sum_and_the_mean_over_the_batch():
    outputs, right = spread((6, 10), 5).astype(np.float64), classes(6, 10, 6)
    loss, gradient = SquaredErrorLoss()(outputs, right)
    difference = outputs - np.eye(10)[right]
    assert loss == pytest.approx((difference**2).sum() / 2 / 6, rel=1e-12)
    assert gradient == pytest.approx(difference / 6, rel=1e-12)


@pytest.mark.parametrize("name", LOSSES)
@pytest.mark.parametrize("smoothing", [0.0, 0.2])
def test_soft_targets_are_those_that_cost_least(name, smoothing):
    """At the outputs wanted, an error is without slope; the entropies are at the outputs that mean these chances."""
    low, high = soft_targets(name, smoothing)
    wanted = np.full((1, 10), low)
    wanted[0, 3] = high
    if name == "cross-entropy":
        outputs = np.log(np.maximum(wanted, 1e-30))
    elif name == "binary-cross-entropy":
        inside = np.clip(wanted, 1e-12, 1 - 1e-12)
        outputs = np.log(inside / (1 - inside))
    else:
        outputs = wanted
    assert make_loss(name, smoothing)(outputs, np.array([3]))[1] == pytest.approx(np.zeros((1, 10)), abs=1e-9)


def test_binary_cross_entropy_far_out():
    outputs = np.array([[1e4, -1e4], [-1e4, 1e4]], np.float32)
    loss, gradient = BCEWithLogitsLoss()(outputs, np.array([0, 0]))
    assert loss == pytest.approx(2e4 / 4)
    assert gradient.dtype == np.float32
    assert gradient.tolist() == [[0, 0], [-0.25, 0.25]]


def test_losses_by_name():
    kinds = [CrossEntropyLoss, MSELoss, SquaredErrorLoss, BCEWithLogitsLoss]
    assert [type(make_loss(name)) for name in LOSSES] == kinds
    assert make_loss("cross-entropy", 0.3).label_smoothing == 0.3
    with pytest.raises(SettingsError, match=r"loss \(='hinge'\) must be one of cross-entropy, mse"):
        make_loss("hinge")

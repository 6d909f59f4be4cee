"""The perceptron votes, makes gates, and learns what a line can part."""

from __future__ import annotations

import itertools

import numpy as np
import pytest

from nn_core.errors import SettingsError
from nn_core.labs.perceptron import GATES, INPUTS, fires, half_adder, lessons, total

NOTHING = np.zeros(2)


def test_the_vote_of_three_judges():
    scores, weights = np.array([4.0, 1.0, -3.0]), np.array([1.0, 3.0, 2.0])
    assert total(weights, 0.0, scores) == 1
    assert fires(weights, -3.0, scores) == 0
    assert fires(weights, -0.9, scores) == 1


def test_a_total_of_exactly_nothing_does_not_fire():
    assert fires(np.array([1.0]), -1.0, np.array([[1.0], [1.1]])).tolist() == [0, 1]


@pytest.mark.parametrize("gate", [gate for gate in GATES.values() if gate.neuron], ids=lambda gate: gate.name)
def test_the_neuron_of_a_gate_has_its_truth_table(gate):
    assert tuple(fires(np.array(gate.neuron[:2]), gate.neuron[2], INPUTS)) == gate.targets


@pytest.mark.parametrize(("first", "second"), [*itertools.product((0, 1), repeat=2)])
def test_five_nands_add_two_bits(first: int, second: int):
    found = half_adder(first, second)
    assert 2 * found["carry"] + found["sum"] == first + second


@pytest.mark.parametrize("name", ["NAND", "AND", "OR"])
@pytest.mark.parametrize("start", [(0.0, 0.0, 0.0), (3.0, -2.0, 1.0), (-7.0, 5.0, 6.0)])
def test_what_a_line_can_part_is_learnt(name: str, start):
    targets = np.array(GATES[name].targets)
    *before, last = lessons(INPUTS, targets, np.array(start[:2]), start[2])
    assert last.learnt
    assert last.sample == 3
    assert not any(lesson.learnt or lesson.seen_in for lesson in before)
    np.testing.assert_array_equal(fires(np.array(last.weights), last.bias, INPUTS), targets)
    assert all(lesson.error == 0 for lesson in [*before, last][-4:])


def test_the_first_lessons_by_hand():
    # AND from nothing: 0 is right three times, then (1, 1) is taken for 0 and both weights and the bias rise by 1.
    first = list(itertools.islice(lessons(INPUTS, np.array(GATES["AND"].targets), NOTHING, 0.0), 5))
    assert [lesson.error for lesson in first] == [0, 0, 0, 1, -1]
    assert first[3].weights == (1, 1)
    assert (first[3].bias, first[4].bias, first[4].epoch) == (1, 0, 2)


def test_xor_goes_round_for_ever():
    shown = list(itertools.islice(lessons(INPUTS, np.array(GATES["XOR"].targets), NOTHING, 0.0), 400))
    assert len(shown) == 400
    again = next(lesson for lesson in shown if lesson.seen_in)
    period = 4 * (again.epoch - again.seen_in)
    states = [(lesson.weights, lesson.bias) for lesson in shown]
    start = 4 * again.seen_in
    assert states[start : start + period] == states[start + period : start + 2 * period]
    assert again.epoch < 10


@pytest.mark.parametrize("targets", [[0, 1, 1], [0, 1, 2, 0]])
def test_targets_are_checked(targets):
    with pytest.raises(SettingsError, match="0 or 1"):
        next(lessons(INPUTS, np.array(targets), NOTHING, 0.0))


def test_weights_are_checked():
    with pytest.raises(SettingsError, match="one weight an input"):
        fires(np.zeros(3), 0.0, INPUTS)

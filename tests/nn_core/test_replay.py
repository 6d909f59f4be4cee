"""What a lesson is made of: which digits are held back, and how own ones and known ones are mixed."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from nn_core import replay
from nn_core.data import Split
from nn_core.errors import DataError
from nn_core.ink import Stroke
from nn_core.own_digits import OwnDigit
from nn_core.replay import as_split, hold_back, known_digits, mixed, rounds_for


def digits(count: int) -> list[OwnDigit]:
    return [OwnDigit((Stroke(np.array([(60, 60), (100 + i, 200)]), 20.0),), i % 10, i) for i in range(count)]


def keys(some: list[OwnDigit]) -> set[str]:
    return {digit.key for digit in some}


def test_few_digits_are_all_learnt():
    learnt, held = hold_back(digits(9))
    assert (len(learnt), held) == (9, [])
    learnt, held = hold_back(digits(10))
    assert len(held) >= 1
    assert len(learnt) + len(held) == 10


def test_about_a_fifth_is_held_back_and_always_the_same():
    learnt, held = hold_back(digits(200))
    assert len(learnt) + len(held) == 200
    assert 25 <= len(held) <= 55
    assert not keys(learnt) & keys(held)
    assert keys(hold_back(digits(200)[::-1])[1]) == keys(held)
    # More digits beside them change nothing.
    assert keys(held) == keys(hold_back(digits(300))[1]) & keys(digits(200))


def test_what_has_been_taught_is_held_back_no_more():
    held = hold_back(digits(40))[1]
    taught = keys(held[:1])
    assert keys(hold_back(digits(40), taught)[1]) == keys(held) - taught
    assert hold_back(digits(40), keys(digits(40)))[1] == []
    assert len(hold_back(digits(40), keys(digits(39)))[1]) == 1  # the one that is new, wherever its key lies


@pytest.mark.parametrize("count, rounds", [(1, 480), (5, 96), (24, 20), (150, 20), (300, 10), (2000, 4)])
def test_how_often_a_digit_is_shown(count, rounds):
    assert rounds_for(count) == rounds


def test_the_mix_is_in_its_ratio():
    known = Split(np.zeros((50, 28, 28), np.uint8), np.full(50, 9, np.uint8))
    found = mixed(as_split(digits(5)), known, 0)
    own = found.images.any(axis=(1, 2))
    assert own.sum() == 480
    assert len(found) == 480 * (1 + replay.KNOWN_FOR_ONE)
    assert np.bincount(found.labels[own]).tolist() == [96] * 5
    assert set(found.labels[~own]) == {9}


def test_each_known_digit_comes_once_where_there_are_enough():
    count = 480 * replay.KNOWN_FOR_ONE
    images = np.zeros((count, 28, 28), np.uint8)
    images[:, 0, :4] = np.arange(count, dtype=np.uint32)[:, None].view(np.uint8)
    known = Split(images, np.zeros(count, np.uint8))
    own = as_split(digits(1))
    again = mixed(own, known, 3).images[480:, 0, :4]
    assert len(np.unique(again, axis=0)) == count
    np.testing.assert_array_equal(again, mixed(own, known, 3).images[480:, 0, :4])


def test_digits_without_ink_are_passed_over():
    rubbed = OwnDigit((Stroke(np.array([(60, 60)]), 20.0), Stroke(np.array([(60, 60)]), 60.0, erase=True)), 1, 0)
    assert rubbed.image is None
    assert len(as_split([rubbed, *digits(2)])) == 2
    with pytest.raises(DataError, match="no ink"):
        as_split([rubbed])


def test_without_mnist_strokes_are_drawn(tmp_path: Path, monkeypatch):
    monkeypatch.setattr(replay, "PEN_KNOWN", 30)
    monkeypatch.setattr(replay, "PEN_HELD_OUT", 20)
    steps = known_digits(tmp_path)
    found = None
    while found is None:
        try:
            next(steps)
        except StopIteration as end:
            found = end.value
    assert (found.name, len(found.train), len(found.test)) == ("strokes", 30, 20)
    assert not np.array_equal(found.train.images[:20], found.test.images)

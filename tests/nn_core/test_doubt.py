"""Doubt: the limits, what cannot doubt, and what the shipped one makes of drawings that it has not learnt from."""

from __future__ import annotations

import numpy as np
import pytest

from nn_core import doubt_drawings
from nn_core.doubt import LIMIT, NUMBER, NUMBER_LIMIT, OTHER, Doubt, in_full_ink, limit_of
from nn_core.doubt_drawings import number_blocks, row_blocks
from nn_core.errors import ModelError
from nn_core.layers import Flatten, Linear
from nn_core.model import Model
from nn_core.modelfile import load_model
from nn_core.network import Sequential
from nn_core.pen import pen_digits
from nn_core.pen.others import other_blocks
from resources import DOUBT_MODEL


def answering(chance: float, kind: int = OTHER, classes: int = 3, **card: object) -> Model:
    """A network that gives every image the same probability of being of a kind."""
    network = Sequential(Flatten(), Linear(784, classes, rng=np.random.default_rng(0)))
    network.vector[...] = 0
    network.vector[784 * classes + kind] = np.log((classes - 1) * chance / (1 - chance))
    return Model(network, card=card)


IMAGE = np.zeros((28, 28), np.float32)
LIMITS = {LIMIT: 0.7, NUMBER_LIMIT: 0.4}


def test_a_drawing_is_doubted_that_is_likely_enough_no_digit():
    digits = [0.31, 0.29]
    assert [Doubt(answering(digit, kind=0, **LIMITS))(IMAGE) for digit in digits] == [False, True]


def test_a_number_is_believed_that_is_likely_enough_one():
    numbers = [Doubt(answering(chance, kind=NUMBER, **LIMITS)) for chance in (0.39, 0.41)]
    assert [doubt.are_numbers(IMAGE[None]).tolist() for doubt in numbers] == [[False], [True]]


def test_the_limit_doubts_the_share_that_is_asked_for():
    probabilities = np.random.default_rng(0).random(2000)
    assert (probabilities >= limit_of(probabilities, 0.01)).mean() == pytest.approx(0.01, abs=0.001)
    assert 0 < limit_of(np.zeros(10), 0.01) < limit_of(np.ones(10), 0.01) < 1


@pytest.mark.parametrize("name", [LIMIT, NUMBER_LIMIT])
@pytest.mark.parametrize("limit", [None, 0.0, 1.0, 1, "0.5", float("nan")])
def test_a_limit_that_is_none_is_refused(name: str, limit: object):
    with pytest.raises(ModelError, match=f"the {name}"):
        Doubt(answering(0.5, **LIMITS | {name: limit}))


def test_a_network_of_digits_is_refused():
    with pytest.raises(ModelError, match="10"):
        Doubt(answering(0.5, classes=10, **LIMITS))


def test_the_shipped_one_doubts_other_drawings_and_few_digits():
    doubts = Doubt(load_model(DOUBT_MODEL))
    digits = pen_digits(300, rng=np.random.default_rng(91)).images / np.float32(255)
    others = next(other_blocks(300, rng=np.random.default_rng(92))) / np.float32(255)
    assert np.mean([doubts(image) for image in digits]) <= 0.02
    assert np.mean([doubts(image) for image in others]) >= 0.8


def test_the_shipped_one_knows_numbers_from_rows_with_a_letter_and_from_letters(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(doubt_drawings, "BLOCK", 300)
    doubts = Doubt(load_model(DOUBT_MODEL))
    numbers, rows, others = (
        next(blocks(300, rng=np.random.default_rng(93))) / np.float32(255)
        for blocks in (number_blocks, row_blocks, other_blocks)
    )
    assert doubts.are_numbers(numbers).mean() >= 0.98
    assert doubts.are_numbers(rows).mean() <= 0.8
    assert doubts.are_numbers(others).mean() <= 0.3


def test_the_shipped_one_looks_at_shapes_and_not_at_how_dark_they_are():
    doubts = Doubt(load_model(DOUBT_MODEL))
    pale = np.concatenate([next(blocks(40, rng=np.random.default_rng(94))) for blocks in (number_blocks, other_blocks)])
    pale = pale[::40] * np.float32(0.5 / 255)
    full = pale / pale.max(axis=(1, 2), keepdims=True)
    np.testing.assert_allclose(doubts.digit_chances(pale), doubts.digit_chances(full), rtol=1e-3, atol=1e-6)
    assert doubts.are_numbers(pale).tolist() == doubts.are_numbers(full).tolist()
    assert [doubts(image) for image in pale] == [doubts(image) for image in full]


@pytest.mark.parametrize("dtype", [np.uint8, np.float32])
def test_images_are_made_as_dark_as_ink_can_be(dtype):
    shape = np.zeros((3, 28, 28), dtype)
    shape[1, 3:9, 5] = 100 if dtype == np.uint8 else 0.4
    shape[2, 3:9, 5] = 255 if dtype == np.uint8 else 1.0
    shape[2, 4, 6] = shape[2].max() // 5 if dtype == np.uint8 else 0.2
    blank, pale, full = in_full_ink(shape)
    assert blank.dtype == dtype
    assert not blank.any()
    assert pale.max() == full.max() == shape[2].max()
    assert np.array_equal(full, shape[2])
    assert np.array_equal(pale > 0, shape[1] > 0)

"""Doubt: the limit, what cannot doubt, and that it learns."""

from __future__ import annotations

import numpy as np
import pytest

from nn_core.doubt import LIMIT, OTHER, Doubt, limit_of
from nn_core.errors import ModelError
from nn_core.layers import Flatten, Linear
from nn_core.model import Model
from nn_core.modelfile import load_model
from nn_core.network import Sequential
from nn_core.pen import pen_digits
from nn_core.pen.others import other_blocks
from resources import DOUBT_MODEL


def answering(other: float, classes: int = 2, **card: object) -> Model:
    """A network that gives every image the same probability of being no digit."""
    network = Sequential(Flatten(), Linear(784, classes, rng=np.random.default_rng(0)))
    network.vector[...] = 0
    network.vector[784 * classes + OTHER] = np.log(other / (1 - other))
    return Model(network, card=card)


IMAGE = np.zeros((28, 28), np.float32)


def test_a_drawing_is_doubted_from_the_limit_on():
    assert [Doubt(answering(other, limit=0.7))(IMAGE) for other in (0.69, 0.71)] == [False, True]


def test_the_limit_doubts_the_share_that_is_asked_for():
    probabilities = np.random.default_rng(0).random(2000)
    assert (probabilities >= limit_of(probabilities, 0.01)).mean() == pytest.approx(0.01, abs=0.001)
    assert 0 < limit_of(np.zeros(10), 0.01) < limit_of(np.ones(10), 0.01) < 1


@pytest.mark.parametrize("limit", [None, 0.0, 1.0, 1, "0.5", float("nan")])
def test_a_limit_that_is_none_is_refused(limit: object):
    with pytest.raises(ModelError, match="limit"):
        Doubt(answering(0.5, **{LIMIT: limit}))


def test_a_network_of_digits_is_refused():
    with pytest.raises(ModelError, match="10"):
        Doubt(answering(0.5, classes=10, limit=0.5))


def test_the_shipped_one_doubts_other_drawings_and_few_digits():
    doubts = Doubt(load_model(DOUBT_MODEL))
    digits = pen_digits(300, rng=np.random.default_rng(91)).images / np.float32(255)
    others = next(other_blocks(300, rng=np.random.default_rng(92))) / np.float32(255)
    assert np.mean([doubts(image) for image in digits]) <= 0.02
    assert np.mean([doubts(image) for image in others]) >= 0.8

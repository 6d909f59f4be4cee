"""Evaluation: counted right, whatever the size of the split and the number of threads."""

from __future__ import annotations

import numpy as np
import pytest

from nn_core.data import Split
from nn_core.evaluation import BLOCK, Evaluator, finish
from nn_core.losses import CrossEntropyLoss, MSELoss
from nn_core.normalization import MNIST_NORMALIZATION
from nn_core.presets import make_network
from nn_core.workers import Workers


def split(count):
    rng = np.random.default_rng(count)
    images = rng.integers(0, 256, (count, 28, 28), dtype=np.uint8)
    return Split(images, rng.integers(0, 10, count).astype(np.uint8))


@pytest.mark.parametrize("count", [1, 63, 64, 65, 513, 1100])
@pytest.mark.parametrize("threads", [1, 2, 3])
def test_it_counts_what_the_network_answers(count, threads):
    network, data = make_network("blog-cnn", rng=np.random.default_rng(0)), split(count)
    outputs = network(MNIST_NORMALIZATION(data.images[:, None] / np.float32(255)))
    with Workers(threads) as workers:
        evaluator = Evaluator(network, MNIST_NORMALIZATION, workers)
        assert np.allclose(evaluator.outputs(data.images), outputs, atol=1e-5)
        found = finish(evaluator.evaluate(data))
    answers = outputs.argmax(axis=1)
    assert found.images == count
    assert found.accuracy == pytest.approx((answers == data.labels).mean())
    assert found.loss == pytest.approx(CrossEntropyLoss()(outputs, data.labels)[0], rel=1e-4)
    assert found.confusion.sum() == count
    for true in range(10):
        for answer in range(10):
            assert found.confusion[true, answer] == ((data.labels == true) & (answers == answer)).sum()


def test_it_tells_how_far_it_is_and_can_be_left():
    network, data = make_network("blog-cnn", rng=np.random.default_rng(0)), split(1100)
    with Workers(2) as workers:
        evaluator = Evaluator(network, MNIST_NORMALIZATION, workers)
        assert list(evaluator.evaluate(data)) == [BLOCK, 1100]
        left = evaluator.evaluate(data)
        next(left)
        left.close()
        assert list(evaluator.evaluate(data)) == [BLOCK, 1100]


def test_dropout_drops_nothing_and_the_loss_is_the_one_asked_for():
    network, data = make_network("digitscope", rng=np.random.default_rng(0)), split(30)
    with Workers(1) as workers:
        evaluator = Evaluator(network, MNIST_NORMALIZATION, workers, MSELoss())
        first, second = finish(evaluator.evaluate(data)), finish(evaluator.evaluate(data))
        outputs = evaluator.outputs(data.images)
    assert first.loss == second.loss == pytest.approx(MSELoss()(outputs, data.labels)[0], rel=1e-5)

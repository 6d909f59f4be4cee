"""How a batch is cut, and that a step over the parts is the step over the whole."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from nn_core.batches import Batches, as_pixels
from nn_core.data import Split
from nn_core.losses import CrossEntropyLoss
from nn_core.network import Pass
from nn_core.normalization import MNIST_NORMALIZATION
from nn_core.optimizers import make_optimizer
from nn_core.presets import make_network
from nn_core.training_step import MOST_PARTS, TrainingStep, parts_of
from nn_core.workers import CHUNK, Workers


@given(st.integers(1, 60_000))
def test_parts_cover_a_batch_without_gap_and_are_of_like_size(count):
    parts = parts_of(count)
    assert parts[0].start == 0
    assert parts[-1].stop == count
    assert all(a.stop == b.start for a, b in zip(parts, parts[1:], strict=False))
    sizes = [part.stop - part.start for part in parts]
    assert min(sizes) >= 1
    assert max(sizes) - min(sizes) <= 1
    assert len(parts) <= MOST_PARTS
    assert len(parts) >= 2 or count == 1


@pytest.mark.parametrize("count", [1, 2, 7, 64, 128, 700])
@pytest.mark.parametrize("threads", [1, 2])
def test_a_step_over_parts_is_gradient_descent_over_the_batch(count, threads):
    rng = np.random.default_rng(count)
    images = rng.integers(0, 256, (count, 28, 28), dtype=np.uint8)
    labels = rng.integers(0, 10, count).astype(np.uint8)
    network = make_network("blog-cnn", rng=np.random.default_rng(0))
    exact = network.clone(np.float64)
    with Workers(threads) as workers:
        optimizer, loss = make_optimizer("sgd", 0.1), CrossEntropyLoss()
        batches = Batches(Split(images, labels), count, 0)
        step = TrainingStep(network, batches, loss, optimizer, MNIST_NORMALIZATION, workers)
        found = step.run(0)

    memory = Pass(exact)
    outputs = exact.forward(MNIST_NORMALIZATION(as_pixels(images)), memory, training=True)
    wanted, gradient = loss(outputs, labels)
    exact.backward(gradient, memory)
    assert found[0] == pytest.approx(wanted, rel=1e-5)
    assert found[1] == pytest.approx((outputs.argmax(axis=1) == labels).mean())
    assert found[2] == count
    moved = exact.vector - 0.1 * memory.gradient
    assert abs(network.vector - moved).max() <= 1e-5 * abs(memory.gradient).max()


@pytest.mark.parametrize("count", [CHUNK * 2, CHUNK * 2 + 2, CHUNK * 8 + 8])
def test_batch_normalization_remembers_no_rest_of_a_few_images(count):
    rng = np.random.default_rng(3)
    images, labels = rng.integers(0, 256, (count, 28, 28), dtype=np.uint8), rng.integers(0, 10, count).astype(np.uint8)
    network = make_network("flatten -> linear 16 -> batch-norm -> linear 10", rng=np.random.default_rng(0))
    with Workers(1) as workers:
        batches, still = Batches(Split(images, labels), count, 0), make_optimizer("sgd", 1e-12)
        step = TrainingStep(network, batches, CrossEntropyLoss(), still, MNIST_NORMALIZATION, workers)
        for number in range(40):
            step.run(number)
    inputs = MNIST_NORMALIZATION(as_pixels(images))
    into = network.activations(inputs, Pass(network))[1]
    np.testing.assert_allclose(network.state_dict()["2.running_var"], into.var(axis=0), rtol=0.3)

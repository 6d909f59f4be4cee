"""Unknown kernels are found again."""

from __future__ import annotations

import math

import numpy as np
import pytest

from nn_core.errors import SettingsError, TrainingError
from nn_core.labs.kernel_recovery import KernelRecovery, suggested_rate
from nn_core.optimizers import OPTIMIZERS
from nn_core.pen import pen_digits


def digit() -> np.ndarray:
    digits = pen_digits(20, rng=np.random.default_rng(0))
    return digits.images[digits.labels == 3][0] / 255  # whose lines go all ways


def recovery(image, kernel, optimizer="momentum", noise=0.0):
    found = KernelRecovery(image, kernel, optimizer=optimizer, noise=noise, rng=np.random.default_rng(1))
    found.set_learning_rate(suggested_rate(optimizer, found.curvature()))
    return found


def run(found, steps):
    for _ in range(steps):
        found.step()


@pytest.mark.parametrize("side", [1, 2, 3, 4, 5])
@pytest.mark.parametrize("seed", [0, 1])
def test_random_kernels_are_found_from_a_digit(side, seed):
    kernel = np.random.default_rng([side, seed]).normal(size=(side, side))
    found = recovery(digit(), kernel)
    while found.error >= 1e-3 and found.steps < 900:
        found.step()
    np.testing.assert_allclose(found.learned, kernel, atol=1e-3)


def test_wide_kernels_are_found_from_noise():
    rng = np.random.default_rng(7)
    kernel = rng.normal(size=(7, 7))
    found = recovery(rng.random((28, 28)), kernel)
    run(found, 300)
    assert found.error < 1e-3
    assert found.losses[-1] < 1e-6 * found.losses[0]


@pytest.mark.parametrize("name", OPTIMIZERS)
def test_every_optimiser_comes_nearer_at_its_suggested_rate(name):
    rng = np.random.default_rng(8)
    found = recovery(rng.random((20, 20)), rng.normal(size=(3, 3)), name)
    first = np.abs(found.unknown).max()
    run(found, 300)
    assert found.losses[-1] < 0.2 * found.losses[0]
    assert found.error < 0.5 * first


def test_noise_leaves_a_loss_of_its_own_size():
    rng = np.random.default_rng(9)
    found = recovery(rng.random((28, 28)), rng.normal(size=(3, 3)), noise=0.1)
    run(found, 400)
    assert found.losses[-1] == pytest.approx(found.noise**2, rel=0.15)
    assert 1e-4 < found.error < 0.2


def test_plain_descent_converges_just_below_the_highest_rate_and_not_above():
    rng = np.random.default_rng(10)
    image, kernel = rng.random((28, 28)), rng.normal(size=(3, 3))
    below = recovery(image, kernel, "sgd")
    highest = below.curvature().highest_rate
    below.set_learning_rate(0.99 * highest)
    run(below, 800)
    assert below.error < 1e-3
    above = recovery(image, kernel, "sgd")
    above.set_learning_rate(1.1 * highest)
    with pytest.raises(TrainingError, match="lower learning rate"):
        run(above, 800)


def test_the_gradient_is_that_of_the_loss():
    rng = np.random.default_rng(11)
    image, kernel = rng.random((9, 9)), rng.normal(size=(2, 2))
    found = KernelRecovery(image, kernel, optimizer="sgd", learning_rate=1.0, rng=rng)
    found.step()
    patches = np.lib.stride_tricks.sliding_window_view(image, (2, 2)).reshape(-1, 4)
    expected = 2 / len(patches) * patches.T @ found.target.ravel()  # minus the gradient at zero, at rate 1
    np.testing.assert_allclose(found.learned.ravel(), expected, atol=1e-12)


def test_an_image_without_contrast_tells_only_the_sum():
    found = recovery(np.full((12, 12), 0.5), np.arange(9.0).reshape(3, 3))
    assert found.curvature().condition == math.inf
    run(found, 300)
    assert found.learned.sum() == pytest.approx(36, abs=1e-4)
    assert found.error > 1
    assert recovery(np.zeros((12, 12)), np.ones((3, 3))).curvature().highest_rate == math.inf


def test_what_cannot_be_is_refused():
    with pytest.raises(SettingsError, match="noise"):
        recovery(np.zeros((5, 5)), np.ones((3, 3)), noise=-0.1)
    with pytest.raises(SettingsError, match="larger than"):
        recovery(np.zeros((2, 2)), np.ones((3, 3)))
    with pytest.raises(SettingsError, match="optimizer"):
        KernelRecovery(np.zeros((5, 5)), np.ones((3, 3)), optimizer="downhill", rng=np.random.default_rng(0))

"""Normalisation of pixels."""

from __future__ import annotations

import math

import numpy as np
import pytest

from nn_core.errors import ModelError
from nn_core.normalization import MNIST_NORMALIZATION, Normalization


def test_it_is_its_formula():
    pixels = np.array([0, 0.25, 1], np.float32)
    found = Normalization(0.25, 0.5)(pixels)
    assert found.tolist() == [-0.5, 0, 1.5]
    assert found.dtype == np.float32
    assert pixels.tolist() == [0, 0.25, 1]


def test_with_nothing_to_do_pixels_pass_as_they_are():
    pixels = np.ones((2, 2), np.float32)
    assert Normalization()(pixels) is pixels


IMPOSSIBLE = [(0, 0), (0, -1), (0, 1e-300), (math.nan, 1), (0, math.inf), (0, math.nan), (10**400, 1), (0, 10**400)]


@pytest.mark.parametrize("mean, std", IMPOSSIBLE, ids=range(len(IMPOSSIBLE)))
def test_what_cannot_be_is_refused(mean, std):
    with pytest.raises(ModelError, match="impossible"):
        Normalization(mean, std)


@pytest.mark.slow
def test_the_figures_of_mnist_are_those_of_its_training_images(data_dir):
    from nn_core.data import load_dataset

    pixels = load_dataset(data_dir, "mnist").train.images / np.float32(255)
    normal = MNIST_NORMALIZATION(pixels)
    assert abs(normal.mean(dtype=np.float64)) < 1e-3
    assert abs(normal.std(dtype=np.float64) - 1) < 1e-3

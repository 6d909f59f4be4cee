"""Normalisation of pixels."""

from __future__ import annotations

import math

import numpy as np
import pytest

from nn_core.errors import ModelError, SettingsError
from nn_core.normalization import CURVES, MNIST_NORMALIZATION, NORMALIZATIONS, Normalization, find_normalization


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


FORMULAS = {
    "logarithm": lambda x: np.log(1 + 255 * x) / np.log(256),
    "exponential": lambda x: (np.exp(x) - 1) / (np.e - 1),
    "arctangent": lambda x: np.arctan(x) * 4 / np.pi,
}


@pytest.mark.parametrize("name", CURVES)
def test_a_curve_is_its_formula_from_0_to_1_and_ascends(name):
    pixels = np.arange(256, dtype=np.float32) / np.float32(255)
    before = pixels.copy()
    found = find_normalization(name)(pixels)
    assert found.dtype == np.float32
    assert np.array_equal(pixels, before)
    assert found == pytest.approx(FORMULAS[name](pixels.astype(np.float64)), abs=1e-6)
    assert found[[0, -1]] == pytest.approx([0, 1], abs=1e-6)
    assert (np.diff(found) > 0).all()


def test_a_curve_comes_before_mean_and_std():
    found = Normalization(0.5, 0.25, "arctangent")(np.ones(1, np.float32))
    assert found == pytest.approx([2.0], abs=1e-6)


def test_by_name():
    assert find_normalization("standard") is MNIST_NORMALIZATION
    assert find_normalization("min-max") == Normalization()
    with pytest.raises(SettingsError, match=r"normalization \(='sqrt'\) must be one of standard, min-max"):
        find_normalization("sqrt")


@pytest.mark.parametrize("normalization", NORMALIZATIONS.values(), ids=NORMALIZATIONS)
def test_what_a_file_keeps_is_enough_to_make_it_again(normalization):
    assert Normalization(**normalization.plain()) == normalization
    assert ("curve" in normalization.plain()) == bool(normalization.curve)


def test_an_unknown_curve_is_refused():
    with pytest.raises(ModelError, match="the curve 'sqrt' is unknown"):
        Normalization(curve="sqrt")


@pytest.mark.slow
def test_the_figures_of_mnist_are_those_of_its_training_images(data_dir):
    from nn_core.data import load_dataset

    images = load_dataset(data_dir, "mnist").train.images
    counts = sum(np.bincount(some.ravel(), minlength=256) for some in np.array_split(images, 60))
    normal = MNIST_NORMALIZATION(np.arange(256) / np.float32(255)).astype(np.float64)  # of the 256 values there are
    mean = np.average(normal, weights=counts)
    assert abs(mean) < 1e-3
    assert abs(np.sqrt(np.average((normal - mean) ** 2, weights=counts)) - 1) < 1e-3

"""Colour jitter: the formula of its paper, in float64."""

from __future__ import annotations

import numpy as np
import pytest

from nn_core.color_jitter import ColorComponents, color_jitter
from nn_core.errors import SettingsError


@pytest.fixture
def images():
    rng = np.random.default_rng(0)
    mixed = np.array([[1.0, 0.2, 0], [0.5, 0.6, 0.1], [0.1, 0.4, 0.8]])
    return np.einsum("cd,ndhw->nchw", mixed, rng.random((5, 3, 8, 9)))


def test_components_are_those_of_the_covariance(images):
    found = ColorComponents.of(images)
    pixels = images.transpose(0, 2, 3, 1).reshape(-1, 3)
    centred = pixels - pixels.mean(axis=0)
    covariance = centred.T @ centred / len(pixels)
    assert np.allclose(covariance @ found.vectors, found.vectors * found.variances, atol=1e-12)
    assert np.allclose(found.vectors.T @ found.vectors, np.eye(3))
    assert (np.diff(found.variances) < 0).all()


def test_what_is_added_is_the_formula(images):
    components = ColorComponents.of(images)
    added = color_jitter(images, components, deviation=0.1, rng=np.random.default_rng(3)) - images
    alpha = np.random.default_rng(3).normal(0, 0.1, (5, 3))
    for n in range(5):
        wanted = sum(alpha[n, i] * components.variances[i] * components.vectors[:, i] for i in range(3))
        assert np.allclose(added[n], wanted[:, None, None], atol=1e-15)


def test_its_spread_along_each_component(images):
    components = ColorComponents.of(images)
    many = np.zeros((20_000, 3, 1, 1))
    added = color_jitter(many, components, deviation=0.5, rng=np.random.default_rng(1))[:, :, 0, 0]
    assert (added @ components.vectors).std(axis=0) == pytest.approx(0.5 * components.variances, rel=0.03)
    assert np.array_equal(color_jitter(images, components, deviation=0, rng=np.random.default_rng(1)), images)


def test_what_is_not_in_colour_is_refused(images):
    with pytest.raises(SettingsError, match="three colours"):
        ColorComponents.of(images[:, :1])
    with pytest.raises(SettingsError, match="deviation"):
        color_jitter(images, ColorComponents.of(images), deviation=-1, rng=np.random.default_rng(0))

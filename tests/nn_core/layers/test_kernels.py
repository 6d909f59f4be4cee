"""The kernels that a layer shows."""

from __future__ import annotations

import numpy as np

from nn_core.initializers import normal
from nn_core.layers import Conv2d, Linear, LocallyConnected2d, ReLU, Scratch, WeightNormConv2d


def test_a_convolution_shows_its_weight():
    conv = Conv2d(2, 3, (4, 5), rng=np.random.default_rng(0))
    assert conv.kernels() is conv.parameters["weight"]


def test_with_weight_normalisation_it_is_the_weight_that_works():
    conv = WeightNormConv2d(2, 3, 4, rng=np.random.default_rng(0))
    conv.parameters["weight_g"][...] = np.array([0.5, 1, 2])[:, None, None, None]
    conv.parameters["weight_v"][...] *= 7
    kernels = conv.kernels()
    assert np.allclose(np.linalg.norm(kernels.reshape(3, -1), axis=1), [0.5, 1, 2])
    answer = conv.forward(np.ones((4, 2, 4, 1), np.float32), Scratch(), training=False, rng=None)
    assert np.allclose(answer.ravel(), kernels.sum(axis=(1, 2, 3)), atol=1e-5)


def test_a_locally_connected_layer_shows_the_kernel_of_every_place_in_its_place():
    local = LocallyConnected2d(2, 3, (5, 7), (2, 3), 1, rng=np.random.default_rng(0), init=normal())
    kernels, weight = local.kernels(), local.parameters["weight"]
    assert kernels.shape == (3, 2, 4 * 2, 5 * 3)
    assert np.array_equal(kernels[1, 0, 2 * 2 : 3 * 2, 4 * 3 : 5 * 3], weight[2, 4, 1, 0])


def test_others_have_none():
    assert ReLU().kernels() is None
    assert Linear(4, 3, rng=np.random.default_rng(0)).kernels() is None

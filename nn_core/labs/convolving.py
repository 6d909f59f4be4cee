"""One convolution with given kernels: what the pages of the Labs show is what `Conv2d` computes."""

from __future__ import annotations

import numpy as np

from nn_core.initializers import zeros
from nn_core.layers import Array, Conv2d
from nn_core.network import Sequential


def convolution(
    weight: Array, image_shape: tuple[int, int, int], stride: int = 1, padding: int = 0, padding_mode: str = "zeros"
) -> Sequential:
    """A network of one `Conv2d` over images `(C, H, W)`, in float64, with kernels `weight` `(F, C, kh, kw)`, bias 0.

    Raises:
        SettingsError: the kernels do not fit the images, or an argument is out of its range.
    """
    filters, channels, height, width = weight.shape
    size = (height, width)
    rng = np.random.default_rng(0)  # which zeros do not ask
    layer = Conv2d(channels, filters, size, stride, padding, padding_mode, rng=rng, init=zeros)
    network = Sequential(layer, input_shape=image_shape).clone(np.float64)
    network.layers[0].parameters["weight"][...] = weight
    return network


def convolve(images: Array, weight: Array, stride: int = 1, padding: int = 0, padding_mode: str = "zeros") -> Array:
    """Images `(N, C, H, W)` through kernels `weight` `(F, C, kh, kw)`: `(N, F, rows, columns)`, float64.

    Raises:
        SettingsError: the kernels do not fit the images, or an argument is out of its range.
    """
    channels, height, width = images.shape[1:]
    return convolution(weight, (channels, height, width), stride, padding, padding_mode)(images)

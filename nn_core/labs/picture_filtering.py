"""A picture under one kernel, and its answer pooled."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from nn_core.errors import SettingsError
from nn_core.labs.convolving import convolve
from nn_core.layers import Array, AvgPool2d, MaxPool2d
from nn_core.network import Sequential

#: Pixels of the longer side of a picture: enough to see, and little enough to answer at once.
LONGEST_SIDE = 320


@dataclass(frozen=True, slots=True, eq=False)
class Filtering:
    """What is done to a picture: the kernel `(k, k)`, the padding around the picture, the pooling of the answer.

    With `summed`, all channels go under the same kernel and the results are added up, as one filter of a network does
    it; else every channel is a picture of its own.
    """

    kernel: Array
    padding: int = 0
    padding_mode: str = "zeros"
    summed: bool = True
    pool_size: int = 2
    pool_stride: int = 2


@dataclass(frozen=True, slots=True, eq=False)
class Filtered:
    """Maps `(channels, rows, columns)`, float64: under the kernel, and after max and average pooling."""

    maps: Array
    largest: Array
    means: Array


def filter_picture(picture: Array, filtering: Filtering) -> Filtered:
    """The answer of `Conv2d`, `MaxPool2d` and `AvgPool2d` to a picture `(C, H, W)`.

    Raises:
        SettingsError: the picture is too large, or smaller than the kernel or than the pooling window.
    """
    channels, height, width = picture.shape
    if max(height, width) > LONGEST_SIDE:
        raise SettingsError(f"The picture has {width}×{height} pixels, more than {LONGEST_SIDE} along a side.")
    k, p = len(filtering.kernel), filtering.padding
    if k > min(height, width) + 2 * p:
        raise SettingsError(f"The kernel of {k}×{k} is larger than the picture of {width}×{height} with its padding.")
    if filtering.summed:
        weight = np.broadcast_to(filtering.kernel, (1, channels, k, k))
        maps = convolve(picture[None], weight, 1, p, filtering.padding_mode)[0]
    else:
        maps = convolve(picture[:, None], filtering.kernel[None, None], 1, p, filtering.padding_mode)[:, 0]
    if filtering.pool_size > min(maps.shape[1:]):
        pool = f"{filtering.pool_size}×{filtering.pool_size}"
        raise SettingsError(f"The pooling window of {pool} is larger than the {maps.shape[2]}×{maps.shape[1]} answer.")
    size, stride = filtering.pool_size, filtering.pool_stride
    return Filtered(maps, _pooled(MaxPool2d(size, stride), maps), _pooled(AvgPool2d(size, stride), maps))


def _pooled(layer: MaxPool2d | AvgPool2d, maps: Array) -> Array:
    network = Sequential(layer, input_shape=maps.shape).clone(np.float64)
    pooled: Array = network(maps[None])[0]
    return pooled

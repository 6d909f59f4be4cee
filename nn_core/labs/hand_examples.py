"""Convolutions to begin with: worked numbers whose answer is known."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from nn_core.labs.hand_convolution import HandConvolution
from nn_core.layers import Array

_CROSS = np.array([[1, 0, 1], [0, 1, 0], [1, 0, 1]], np.float64)
_SLANTED = np.array(
    [[1, 1, 1, 0, 0], [0, 1, 1, 1, 0], [0, 0, 1, 1, 1], [0, 0, 1, 1, 0], [0, 1, 1, 0, 0]],
    np.float64,
)


def worked(stride: int = 1) -> HandConvolution:
    """The 5×5 image and the 3×3 kernel that texts explain convolution by: the first value is 4 (bias 0, then ReLU)."""
    return HandConvolution(_SLANTED[None], _CROSS[None, None], np.zeros(1), stride=stride, relu=True)


def deep() -> HandConvolution:
    """Three channels of 5×5 in zero padding, two filters, stride 2: 3×3×2 values by (3·3·3 + 1)·2 = 56 parameters."""
    image = _digits("01201 20012 12100 02121 10022 11020 02112 20101 12020 01210 21001 00212 12010 20121 01102")
    kernels = _digits("210 111 021 120 011 211 102 110 121 012 121 210 201 112 011 110 021 102") - 1
    bias = np.array([1.0, 0.0])
    return HandConvolution(image.reshape(3, 5, 5), kernels.reshape(2, 3, 3, 3), bias, stride=2, padding=1)


def edges() -> HandConvolution:
    """A bright square under Sobel's kernel: positive where it begins, negative where it ends."""
    image = np.zeros((1, 7, 7))
    image[:, 2:5, 2:] = 1.0  # it reaches the right rim, where zeros and replicated edges make a difference
    sobel = np.array([[-1.0, 0.0, 1.0], [-2.0, 0.0, 2.0], [-1.0, 0.0, 1.0]])
    return HandConvolution(image, sobel[None, None], np.zeros(1), padding=1)


def turning() -> HandConvolution:
    """A single bright point: correlation answers the kernel upside down, convolution the kernel itself."""
    image = np.zeros((1, 5, 5))
    image[0, 2, 2] = 1.0
    counting = np.arange(1.0, 10.0).reshape(1, 1, 3, 3)
    return HandConvolution(image, counting, np.zeros(1), turned=True)


def _digits(rows: str) -> Array:
    return np.array([int(digit) for digit in rows.replace(" ", "")], np.float64)


#: What there is to begin with, by its name.
EXAMPLES: dict[str, Callable[[], HandConvolution]] = {
    "5×5 image, 3×3 kernel": worked,
    "the same with stride 2": lambda: worked(stride=2),
    "three channels, two filters": deep,
    "an edge and its padding": edges,
    "a point under a turned kernel": turning,
}

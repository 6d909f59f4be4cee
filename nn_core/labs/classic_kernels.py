"""The kernels of image processing that everybody meets: edges, blurs, sharpening, relief."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from nn_core.layers import Array


@dataclass(frozen=True, slots=True, eq=False)
class ClassicKernel:
    """A kernel `(k, k)`, float64, read-only, and what it answers to, in a sentence."""

    name: str
    family: str
    values: Array
    about: str


def sums_to_zero(kernel: Array) -> bool:
    """Whether an even picture leaves nothing under this kernel."""
    return bool(abs(float(kernel.sum())) < 1e-9)


def _kernel(name: str, family: str, values: object, about: str) -> ClassicKernel:
    array = np.array(values, np.float64)
    array.setflags(write=False)
    return ClassicKernel(name, family, array, about)


def _binomial(side: int) -> Array:
    """The Gaussian in whole numbers: a row of Pascal's triangle times itself, adding up to 1."""
    row = np.ones(1)
    for _ in range(side - 1):
        row = np.convolve(row, [1.0, 1.0])
    square = np.outer(row, row)
    blur: Array = square / square.sum()
    return blur


_SOBEL = np.array([[-1.0, 0.0, 1.0], [-2.0, 0.0, 2.0], [-1.0, 0.0, 1.0]])
_PREWITT = np.array([[-1.0, 0.0, 1.0]] * 3)
_EDGE, _BLUR, _OTHER = "Edges", "Blur", "Others"

#: Every kernel, in the order of a list to choose from.
CLASSIC_KERNELS = (
    _kernel("Sobel x", _EDGE, _SOBEL, "Positive where it gets brighter to the right, negative where darker."),
    _kernel("Sobel y", _EDGE, _SOBEL.T, "Positive where it gets brighter downwards, negative where darker."),
    _kernel("Prewitt x", _EDGE, _PREWITT, "As Sobel x, with all three rows counting the same."),
    _kernel("Prewitt y", _EDGE, _PREWITT.T, "As Sobel y, with all three columns counting the same."),
    _kernel(
        "Laplacian",
        _EDGE,
        [[0, 1, 0], [1, -4, 1], [0, 1, 0]],
        "The sum of both second derivatives: it changes its sign where an edge is steepest.",
    ),
    _kernel(
        "Laplacian, 8 neighbours",
        _EDGE,
        [[1, 1, 1], [1, -8, 1], [1, 1, 1]],
        "The Laplacian that also looks along both diagonals.",
    ),
    _kernel("Box blur 3×3", _BLUR, np.full((3, 3), 1 / 9), "The mean of nine neighbours."),
    _kernel("Box blur 5×5", _BLUR, np.full((5, 5), 1 / 25), "The mean of twenty-five neighbours."),
    _kernel("Gaussian 3×3", _BLUR, _binomial(3), "A mean that counts near neighbours more: (1 2 1)/4 both ways."),
    _kernel("Gaussian 5×5", _BLUR, _binomial(5), "A wider one: (1 4 6 4 1)/16 both ways."),
    _kernel("Motion blur", _BLUR, np.eye(7) / 7, "The mean along a diagonal, as if the camera had moved."),
    _kernel("Identity", _OTHER, [[0, 0, 0], [0, 1, 0], [0, 0, 0]], "The picture itself: only the middle counts."),
    _kernel(
        "Sharpen",
        _OTHER,
        [[0, -1, 0], [-1, 5, -1], [0, -1, 0]],
        "The picture minus its Laplacian: differences from the neighbours grow.",
    ),
    _kernel(
        "Emboss",
        _OTHER,
        [[-2, -1, 0], [-1, 1, 1], [0, 1, 2]],
        "A relief lit from one corner: the picture plus its slope along the diagonal.",
    ),
)
KERNELS_BY_NAME = {kernel.name: kernel for kernel in CLASSIC_KERNELS}

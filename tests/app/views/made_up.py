"""A made-up network for the views: what a session would hand them."""

from __future__ import annotations

import numpy as np

from nn_core.description import LayerInfo

LAYERS = [
    LayerInfo(0, "0", "Conv2d", "conv 5×5×8", (8, 24, 24), 208, "(5·5·1+1)·8 = 208"),
    LayerInfo(1, "1", "ReLU", "relu", (8, 24, 24), 0, ""),
    LayerInfo(2, "2", "MaxPool2d", "max-pool 2", (8, 12, 12), 0, ""),
    LayerInfo(3, "3", "Conv2d", "conv 5×5×16", (16, 8, 8), 3216, "(5·5·8+1)·16 = 3216"),
    LayerInfo(4, "4", "Flatten", "flatten", (1024,), 0, ""),
    LayerInfo(5, "5", "Linear", "linear 10", (10,), 10250, "(1024+1)·10 = 10250"),
]


def kernels(seed: int = 0) -> dict[int, np.ndarray]:
    rng = np.random.default_rng(seed)
    shapes = {0: (8, 1, 5, 5), 3: (16, 8, 5, 5)}
    return {index: rng.normal(0, 0.3, shape).astype(np.float32) for index, shape in shapes.items()}


def maps(seed: int = 0) -> dict[int, np.ndarray]:
    rng = np.random.default_rng(seed)
    signed = {0, 3, 4, 5}  # a flattened convolution is signed as well
    values = {layer.index: rng.normal(0, 1, layer.output_shape).astype(np.float32) for layer in LAYERS}
    return {index: value if index in signed else np.abs(value) for index, value in values.items()}

"""The perceptron: a vote with a threshold, the gates made of it, and its learning rule."""

from __future__ import annotations

import numpy as np

from nn_core.layers import Array


def fires(weights: Array, bias: float, inputs: Array) -> Array:
    """1 where w·x + b > 0, else 0; `inputs` (…, n), the answer (…) float64. Rosenblatt 1958."""
    answer: Array = (inputs @ weights + bias > 0).astype(np.float64)
    return answer

"""Activations as functions of one number: what the layers themselves answer, forwards and backwards."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from nn_core.layers import Array, Identity, Layer, LeakyReLU, ReLU, Scratch, Sigmoid, Softmax, Softplus, Step, Tanh


@dataclass(frozen=True, slots=True)
class Activation:
    """One activation and what is worth knowing of it; `make` takes the slope of leaky ReLU, which others pass over."""

    name: str
    make: Callable[[float], Layer]
    equation: str
    derivative: str
    output_range: str
    saturates: str  # where the derivative is nearly 0
    kink: str = ""  # what the layer answers where there is no derivative


ACTIVATIONS: dict[str, Activation] = {
    one.name: one
    for one in (
        Activation(
            "step",
            lambda slope: Step(),
            "f(x) = 1 where x > 0, else 0",
            "f′(x) = 0",
            "0 or 1",
            "everywhere: no gradient passes",
            "At the jump, x = 0, there is no derivative; the layer answers f(0) = 0 and f′(0) = 0.",
        ),
        Activation(
            "identity",
            lambda slope: Identity(),
            "f(x) = x",
            "f′(x) = 1",
            "(−∞, ∞)",
            "nowhere; but layers with it between them are no more than one layer",
        ),
        Activation(
            "sigmoid",
            lambda slope: Sigmoid(),
            "f(x) = 1 / (1 + e⁻ˣ)",
            "f′(x) = f(x) · (1 − f(x)), at most ¼",
            "(0, 1)",
            "far from 0 on both sides",
        ),
        Activation(
            "tanh",
            lambda slope: Tanh(),
            "f(x) = (eˣ − e⁻ˣ) / (eˣ + e⁻ˣ)",
            "f′(x) = 1 − f(x)², at most 1",
            "(−1, 1)",
            "far from 0 on both sides",
        ),
        Activation(
            "ReLU",
            lambda slope: ReLU(),
            "f(x) = max(x, 0)",
            "f′(x) = 1 where x > 0, else 0",
            "[0, ∞)",
            "for all x ≤ 0: a unit that never rises above it learns no more",
            "At the kink, x = 0, any slope from 0 to 1 would do; the layer answers f′(0) = 0, as PyTorch's.",
        ),
        Activation(
            "leaky ReLU",
            LeakyReLU,
            "f(x) = x where x > 0, else a · x",
            "f′(x) = 1 where x > 0, else a",
            "(−∞, ∞)",
            "nowhere while a > 0",
            "At the kink, x = 0, any slope from a to 1 would do; the layer answers f′(0) = a, as PyTorch's.",
        ),
        Activation(
            "softplus",
            lambda slope: Softplus(),
            "f(x) = ln(1 + eˣ)",
            "f′(x) = 1 / (1 + e⁻ˣ), the sigmoid",
            "(0, ∞)",
            "far below 0; above it is nearly x",
        ),
    )
}


def response(layer: Layer, x: Array) -> tuple[Array, Array]:
    """f(x) and f′(x) of an element-wise layer for x `(n,)`, from its own forward and backward in float64."""
    scratch = Scratch()
    rows = np.array(x, np.float64)[None]  # one feature of n samples
    y = layer.forward(rows, scratch, training=True, rng=None).copy()
    slope = layer.backward(np.ones_like(rows), scratch, {}, need_dx=True)
    assert slope is not None
    return y[0], slope[0].copy()


def softmax_response(logits: Array, temperature: float = 1.0) -> tuple[Array, Array]:
    """Probabilities `(k,)` of logits `(k,)` over `temperature`, and their Jacobian `(k, k)`, ∂p_i / ∂logit_j.

    The Jacobian is the layer's backward of every unit vector, and so for temperature 1 diag(p) − p·pᵀ.
    """
    layer, scratch, count = Softmax(), Scratch(), len(logits)
    columns = np.repeat(np.asarray(logits, np.float64)[:, None] / temperature, count, axis=1)
    p = layer.forward(columns, scratch, training=True, rng=None)[:, 0].copy()
    rows = layer.backward(np.eye(count), scratch, {}, need_dx=True)
    assert rows is not None
    return p, rows.T / temperature

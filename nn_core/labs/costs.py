"""Losses as functions of one score: what the losses themselves answer, and their gradient with regard to the score."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from nn_core.layers import Array, Scratch, Sigmoid
from nn_core.losses import BCEWithLogitsLoss, CrossEntropyLoss, Loss, MSELoss, softmax

#: The loss (n,) and its gradient (n,) for scores z (n,) and one target t in [0, 1].
Cost = Callable[[Array, float], tuple[Array, Array]]


@dataclass(frozen=True, slots=True)
class CostKind:
    """One loss of a score z that a class is given, with p = 1 / (1 + e⁻ᶻ) as its probability."""

    name: str
    equation: str
    gradient: str
    about: str
    cost: Cost


def squared_error(z: Array, target: float) -> tuple[Array, Array]:
    """`MSELoss` behind a `Sigmoid` layer: (p − t)², and the gradient through both of them."""
    sigmoid, scratch = Sigmoid(), Scratch()
    p = sigmoid.forward(np.array(z, np.float64)[None], scratch, training=True, rng=None)
    loss, gradient = _each(MSELoss(), p.T, np.full((len(z), 1), target))
    through = sigmoid.backward(gradient.T, scratch, {}, need_dx=True)
    assert through is not None
    return loss, through[0].copy()


def binary_cross_entropy(z: Array, target: float) -> tuple[Array, Array]:
    """`BCEWithLogitsLoss` of one output."""
    loss, gradient = _each(BCEWithLogitsLoss(), np.array(z, np.float64)[:, None], np.full((len(z), 1), target))
    return loss, gradient[:, 0]


def softmax_cross_entropy(z: Array, target: float) -> tuple[Array, Array]:
    """`CrossEntropyLoss` of two classes, the other one with the score 0: then softmax gives p and 1 − p."""
    scores = np.stack([np.array(z, np.float64), np.zeros(len(z))], axis=1)
    loss, gradient = _each(CrossEntropyLoss(), scores, np.tile([target, 1 - target], (len(z), 1)))
    return loss, gradient[:, 0]


COSTS: dict[str, CostKind] = {
    one.name: one
    for one in (
        CostKind(
            "squared error",
            "L = (p − t)²",
            "∂L/∂z = 2 · (p − t) · p · (1 − p)",
            "Behind a sigmoid its gradient vanishes where the answer is confidently wrong: learning stalls there.",
            squared_error,
        ),
        CostKind(
            "binary cross-entropy",
            "L = −t · ln p − (1 − t) · ln(1 − p)",
            "∂L/∂z = p − t",
            "A question of its own to each output. The worse the answer, the steeper the way back.",
            binary_cross_entropy,
        ),
        CostKind(
            "softmax cross-entropy",
            "L = −Σₖ tₖ · ln pₖ",
            "∂L/∂zₖ = pₖ − tₖ",
            "One question to all classes. With two classes, the other's score at 0, it is the binary one.",
            softmax_cross_entropy,
        ),
    )
}


def judged(scores: Array, target: Array) -> tuple[Array, float, Array]:
    """Probabilities `(k,)`, softmax cross-entropy and its gradient `(k,)` of k scores, for target probabilities."""
    row = np.asarray(scores, np.float64)[None]
    loss, gradient = CrossEntropyLoss()(row, np.asarray(target, np.float64)[None])
    return softmax(row)[0], loss, gradient[0]


def soft_target(label: int, classes: int, smoothing: float) -> Array:
    """The target of a class: (1 − s) · one-hot + s / k, as the loss's `label_smoothing` makes it."""
    target: Array = np.full(classes, smoothing / classes)
    target[label] += 1 - smoothing
    return target


def _each(loss: Loss, outputs: Array, targets: Array) -> tuple[Array, Array]:
    """The loss of every sample `(n,)`, which a batch would add up, and its gradient."""
    rows = [slice(i, i + 1) for i in range(len(outputs))]
    costs = np.array([loss(outputs[row], targets[row])[0] for row in rows])
    return costs, loss(outputs, targets, 1)[1]

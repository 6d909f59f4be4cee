"""Losses: how wrong a batch of outputs is, and which way is better."""

from __future__ import annotations

from typing import Protocol

import numpy as np

from nn_core.errors import SettingsError
from nn_core.layers import Array


class Loss(Protocol):
    """Judges outputs `(N, K)` by targets: class numbers `(N,)`, or wanted outputs `(N, K)` (probabilities).

    Returns the sum of the losses of these samples over `count` (their number if not given), and its gradient
    `(N, K)`. With the size of the whole batch as `count`, the parts of a batch add up to the mean over it.
    """

    def __call__(self, outputs: Array, targets: Array, count: int | None = None) -> tuple[float, Array]: ...


class CrossEntropyLoss:
    """−Σ_k t_k · log softmax(outputs)_k, mean over the batch, as `torch.nn.CrossEntropyLoss`.

    With `label_smoothing` s the target of a class is t = (1 − s) · one-hot + s / K (Szegedy et al. 2016, section 7).

    Raises:
        SettingsError: `label_smoothing` is not in [0, 1).
    """

    def __init__(self, label_smoothing: float = 0.0) -> None:
        if not 0 <= label_smoothing < 1:
            raise SettingsError(f"label_smoothing (={label_smoothing}) must lie in [0, 1)")
        self.label_smoothing = label_smoothing

    def __call__(self, outputs: Array, targets: Array, count: int | None = None) -> tuple[float, Array]:
        wanted = one_hot(targets, outputs)
        if self.label_smoothing:
            wanted *= 1 - self.label_smoothing
            wanted += self.label_smoothing / outputs.shape[1]
        shifted = outputs - outputs.max(axis=1, keepdims=True)
        gradient = np.exp(shifted)
        totals = gradient.sum(axis=1, keepdims=True)
        shifted -= np.log(totals)  # now the logarithm of softmax
        share = 1 / (count or len(outputs))
        loss = -share * float(np.vdot(wanted, shifted))
        gradient /= totals
        gradient -= wanted
        gradient *= outputs.dtype.type(share)
        return loss, gradient


class MSELoss:
    """(y − t)², mean over the batch and the outputs, as `torch.nn.MSELoss`; classes become one-hot targets."""

    def __call__(self, outputs: Array, targets: Array, count: int | None = None) -> tuple[float, Array]:
        difference = outputs - one_hot(targets, outputs)
        share = 1 / ((count or len(outputs)) * outputs.shape[1])
        return float(np.vdot(difference, difference)) * share, difference * outputs.dtype.type(2 * share)


def one_hot(targets: Array, like: Array) -> Array:
    """Targets as a new array `(N, K)` of the outputs' type: 1 for the class and 0 elsewhere, or the given values."""
    if targets.ndim == 2:
        return targets.astype(like.dtype)
    wanted = np.zeros_like(like)
    wanted[np.arange(len(targets)), targets] = 1
    return wanted


def softmax(outputs: Array) -> Array:
    """Probabilities `(N, K)` from outputs `(N, K)`: e^(x_k) / Σ_j e^(x_j)."""
    exponentials = np.exp(outputs - outputs.max(axis=1, keepdims=True))
    probabilities: Array = exponentials / exponentials.sum(axis=1, keepdims=True)
    return probabilities


LOSSES = ("cross-entropy", "mse")


def make_loss(name: str, label_smoothing: float = 0.0) -> Loss:
    """The loss of that name.

    Raises:
        SettingsError: there is none.
    """
    if name == "cross-entropy":
        return CrossEntropyLoss(label_smoothing)
    if name == "mse":
        return MSELoss()
    raise SettingsError(f"loss (={name!r}) must be one of {', '.join(LOSSES)}")

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
        self.label_smoothing = _smoothing(label_smoothing)

    def __call__(self, outputs: Array, targets: Array, count: int | None = None) -> tuple[float, Array]:
        wanted = _smoothed(one_hot(targets, outputs), self.label_smoothing, 1 / outputs.shape[1])
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
    """(y − t)², mean over the batch and the outputs, as `torch.nn.MSELoss`; classes become one-hot targets.

    With `label_smoothing` s the targets 0 and 1 become s/2 and 1 − s/2: 0.2 makes the 0.1 and 0.9 that sigmoids reach.

    Raises:
        SettingsError: `label_smoothing` is not in [0, 1).
    """

    def __init__(self, label_smoothing: float = 0.0) -> None:
        self.label_smoothing = _smoothing(label_smoothing)

    def __call__(self, outputs: Array, targets: Array, count: int | None = None) -> tuple[float, Array]:
        difference = outputs - _smoothed(one_hot(targets, outputs), self.label_smoothing, 1 / 2)
        share = 1 / ((count or len(outputs)) * outputs.shape[1])
        return float(np.vdot(difference, difference)) * share, difference * outputs.dtype.type(2 * share)


class SquaredErrorLoss(MSELoss):
    """½ Σ_k (y_k − t_k)², mean over the batch: the textbooks' error, with the gradient y − t (Mitchell 1997, eq. 4.13).

    K / 2 times `MSELoss`, from which it has the soft targets.
    """

    def __call__(self, outputs: Array, targets: Array, count: int | None = None) -> tuple[float, Array]:
        loss, gradient = super().__call__(outputs, targets, count)
        half = outputs.shape[1] / 2
        gradient *= outputs.dtype.type(half)
        return loss * half, gradient


class BCEWithLogitsLoss:
    """−t · log σ(y) − (1 − t) · log(1 − σ(y)), mean over the batch and the outputs, as `torch.nn.BCEWithLogitsLoss`.

    σ is the sigmoid: each output is asked a question of its own. Worked out as max(y, 0) − y·t + log(1 + e^(−|y|)),
    where nothing overflows. Classes become one-hot targets; with `label_smoothing` s they are s/2 and 1 − s/2.

    Raises:
        SettingsError: `label_smoothing` is not in [0, 1).
    """

    def __init__(self, label_smoothing: float = 0.0) -> None:
        self.label_smoothing = _smoothing(label_smoothing)

    def __call__(self, outputs: Array, targets: Array, count: int | None = None) -> tuple[float, Array]:
        wanted = _smoothed(one_hot(targets, outputs), self.label_smoothing, 1 / 2)
        small = np.exp(-np.abs(outputs))
        share = 1 / ((count or len(outputs)) * outputs.shape[1])
        costs = np.maximum(outputs, 0)
        costs -= outputs * wanted
        costs += np.log1p(small)
        gradient = np.where(outputs >= 0, 1, small) / (1 + small)  # σ(y)
        gradient -= wanted
        gradient *= outputs.dtype.type(share)
        return share * float(costs.sum()), gradient


def _smoothing(value: float) -> float:
    if not 0 <= value < 1:
        raise SettingsError(f"label_smoothing (={value}) must lie in [0, 1)")
    return value


def _smoothed(wanted: Array, smoothing: float, towards: float) -> Array:
    """(1 − smoothing) · wanted + smoothing · towards, in place."""
    if smoothing:
        wanted *= 1 - smoothing
        wanted += smoothing * towards
    return wanted


def one_hot(targets: Array, like: Array) -> Array:
    """Targets as a new array `(N, K)` of the outputs' type: 1 for the class and 0 elsewhere, or the given values."""
    if targets.ndim == 2:
        return targets.astype(like.dtype)
    wanted = np.zeros_like(like)
    wanted[np.arange(len(targets)), targets] = 1
    return wanted


def soft_targets(name: str, label_smoothing: float) -> tuple[float, float]:
    """What a loss wants of the nine wrong outputs and of the right one: 0 and 1, nearer by `label_smoothing`."""
    low = label_smoothing / (10 if name == "cross-entropy" else 2)
    return low, 1 - label_smoothing + low


def repetition(loss: str, last: str) -> str:
    """What to say where a loss does once more what the layer of the title `last` has done; empty where it does not."""
    if last != {"cross-entropy": "softmax", "binary-cross-entropy": "sigmoid"}.get(loss):
        return ""
    return f"The loss {loss} has a {last} of its own: with another as the last layer the network learns badly."


def softmax(outputs: Array) -> Array:
    """Probabilities `(N, K)` from outputs `(N, K)`: e^(x_k) / Σ_j e^(x_j)."""
    exponentials = np.exp(outputs - outputs.max(axis=1, keepdims=True))
    probabilities: Array = exponentials / exponentials.sum(axis=1, keepdims=True)
    return probabilities


_KINDS: dict[str, type[CrossEntropyLoss] | type[MSELoss] | type[BCEWithLogitsLoss]] = {
    "cross-entropy": CrossEntropyLoss,
    "mse": MSELoss,
    "squared-error": SquaredErrorLoss,
    "binary-cross-entropy": BCEWithLogitsLoss,
}
LOSSES = tuple(_KINDS)


def make_loss(name: str, label_smoothing: float = 0.0) -> Loss:
    """The loss of that name.

    Raises:
        SettingsError: there is none.
    """
    if name not in _KINDS:
        raise SettingsError(f"loss (={name!r}) must be one of {', '.join(LOSSES)}")
    return _KINDS[name](label_smoothing)

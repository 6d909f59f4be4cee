"""A network of two inputs, two hidden and two output neurons, small enough to be worked out by hand.

All neurons are sigmoids, each layer has one bias for both of its neurons, the error is E = Σ ½ (target − out)².
Weights are numbered as people do: w1 w2 lead to h1, w3 w4 to h2, w5 w6 to o1, w7 w8 to o2.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace

import numpy as np
from numpy.typing import NDArray

from nn_core.errors import SettingsError

Floats = NDArray[np.float64]

WEIGHTS = tuple(f"w{number}" for number in range(1, 9))
BIASES = ("b1", "b2")
#: The most updates of one run.
MOST_UPDATES = 1_000_000


def _numbers(*values: float) -> Floats:
    made = np.array(values, np.float64)
    made.setflags(write=False)
    return made


@dataclass(frozen=True, slots=True, eq=False)
class Example:
    """All that is given: inputs (2,), targets (2,), weights w1 to w8 (8,), a bias a layer (2,)."""

    inputs: Floats = field(default_factory=lambda: _numbers(0.05, 0.10))
    targets: Floats = field(default_factory=lambda: _numbers(0.01, 0.99))
    weights: Floats = field(default_factory=lambda: _numbers(0.15, 0.20, 0.25, 0.30, 0.40, 0.45, 0.50, 0.55))
    biases: Floats = field(default_factory=lambda: _numbers(0.35, 0.60))

    def __post_init__(self) -> None:
        for name, size in (("inputs", 2), ("targets", 2), ("weights", 8), ("biases", 2)):
            values = getattr(self, name)
            if values.shape != (size,) or not np.isfinite(values).all():
                raise SettingsError(f"{name} (={values.tolist()}) must be {size} finite numbers")

    @property
    def hidden(self) -> Floats:
        """The weights to the hidden layer (neuron, input)."""
        return self.weights[:4].reshape(2, 2)

    @property
    def output(self) -> Floats:
        """The weights to the output layer (neuron, hidden neuron)."""
        return self.weights[4:].reshape(2, 2)


@dataclass(frozen=True, slots=True, eq=False)
class Forward:
    """What the way forwards gives; each (2,), neuron by neuron."""

    net_hidden: Floats
    out_hidden: Floats
    net_output: Floats
    out_output: Floats
    errors: Floats  # of each output: ½ (target − out)²

    @property
    def total(self) -> float:
        """E, the sum of both errors."""
        return float(self.errors.sum())


@dataclass(frozen=True, slots=True, eq=False)
class Backward:
    """What the way backwards gives: the factors of the chain rule, and their products."""

    error_by_out: Floats  # ∂E/∂out of the outputs (2,)
    slope_output: Floats  # ∂out/∂net of the outputs (2,)
    delta_output: Floats  # ∂E/∂net of the outputs (2,)
    shares: Floats  # ∂E_o/∂out_h (hidden, output): what each output's error owes to a hidden neuron
    slope_hidden: Floats  # ∂out/∂net of the hidden neurons (2,)
    delta_hidden: Floats  # ∂E/∂net of the hidden neurons (2,)
    weights: Floats  # ∂E/∂w1 to ∂E/∂w8 (8,)
    biases: Floats  # ∂E/∂b1, ∂E/∂b2 (2,)


def forward(example: Example) -> Forward:
    """net = Σ w·x + b, out = 1 / (1 + e^−net), layer after layer."""
    net_hidden = example.hidden @ example.inputs + example.biases[0]
    out_hidden = _sigmoid(net_hidden)
    net_output = example.output @ out_hidden + example.biases[1]
    out_output = _sigmoid(net_output)
    return Forward(net_hidden, out_hidden, net_output, out_output, 0.5 * (example.targets - out_output) ** 2)


def backward(example: Example, found: Forward) -> Backward:
    """The chain rule, from the error back to each weight: ∂E/∂w = ∂E/∂out · ∂out/∂net · ∂net/∂w."""
    error_by_out = found.out_output - example.targets
    slope_output = found.out_output * (1 - found.out_output)
    delta_output = error_by_out * slope_output
    shares = example.output.T * delta_output
    slope_hidden = found.out_hidden * (1 - found.out_hidden)
    delta_hidden = shares.sum(axis=1) * slope_hidden
    to_hidden, to_output = np.outer(delta_hidden, example.inputs), np.outer(delta_output, found.out_hidden)
    return Backward(
        error_by_out,
        slope_output,
        delta_output,
        shares,
        slope_hidden,
        delta_hidden,
        np.concatenate([to_hidden.ravel(), to_output.ravel()]),
        np.array([delta_hidden.sum(), delta_output.sum()]),
    )


def update(example: Example, found: Backward, rate: float, *, biases: bool) -> Example:
    """w ← w − rate · ∂E/∂w, all at once; the biases too if they are to learn."""
    moved = example.biases - rate * found.biases if biases else example.biases
    return replace(example, weights=example.weights - rate * found.weights, biases=moved)


def updates(example: Example, rate: float, count: int, *, biases: bool) -> Iterator[tuple[Example, float]]:
    """`count` updates one after the other; each with the error that is left after it.

    Raises:
        SettingsError: a rate that is not positive, or a count out of 1 to `MOST_UPDATES`.
    """
    if not 0 < rate < float("inf"):
        raise SettingsError(f"rate (={rate}) must be a positive number")
    if not 1 <= count <= MOST_UPDATES:
        raise SettingsError(f"count (={count}) must be from 1 to {MOST_UPDATES}")
    found = forward(example)
    for _ in range(count):
        example = update(example, backward(example, found), rate, biases=biases)
        found = forward(example)
        yield example, found.total


def _sigmoid(values: Floats) -> Floats:
    """1 / (1 + e^−x) without overflow."""
    small = np.exp(-np.abs(values))
    return np.where(values >= 0, 1 / (1 + small), small / (1 + small))

"""The perceptron: a vote with a threshold, gates made of it, and its learning rule.

Rosenblatt, "The perceptron: a probabilistic model for information storage and organization in the brain" (1958).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from nn_core.errors import SettingsError
from nn_core.layers import Array

#: The four inputs of a gate, in the order of their truth table (4, 2).
INPUTS = np.array([[0.0, 0.0], [0.0, 1.0], [1.0, 0.0], [1.0, 1.0]])
INPUTS.setflags(write=False)


@dataclass(frozen=True, slots=True)
class Gate:
    """What a gate answers to the rows of `INPUTS`, and a neuron (two weights, bias) that does so, if there is one."""

    name: str
    targets: tuple[int, int, int, int]
    neuron: tuple[float, float, float] | None


GATES = {
    gate.name: gate
    for gate in (
        Gate("NAND", (1, 1, 1, 0), (-2.0, -2.0, 3.0)),
        Gate("AND", (0, 0, 0, 1), (2.0, 2.0, -3.0)),
        Gate("OR", (0, 1, 1, 1), (2.0, 2.0, -1.0)),
        Gate("XOR", (0, 1, 1, 0), None),
    )
}


def total(weights: Array, bias: float, inputs: Array) -> Array:
    """w·x + b of `inputs` (…, n): (…). Raises SettingsError unless there are as many weights as inputs."""
    if weights.ndim != 1 or inputs.shape[-1:] != weights.shape:
        raise SettingsError(f"weights {weights.shape} do not fit inputs {inputs.shape}: one weight an input")
    found: Array = inputs @ weights + bias
    return found


def fires(weights: Array, bias: float, inputs: Array) -> Array:
    """1 where w·x + b > 0, else 0; float64 of the shape (…) for `inputs` (…, n). A threshold θ is the bias b = −θ."""
    answer: Array = (total(weights, bias, inputs) > 0).astype(np.float64)
    return answer


def half_adder(first: int, second: int) -> dict[str, int]:
    """The outputs of five NANDs that add two bits, by name; `sum` and `carry` are the last two.

    With a NAND b = `both`: sum = (a NAND both) NAND (b NAND both), carry = both NAND both.
    """
    both = _nand(first, second)
    left, right = _nand(first, both), _nand(second, both)
    return {"both": both, "left": left, "right": right, "sum": _nand(left, right), "carry": _nand(both, both)}


def _nand(first: int, second: int) -> int:
    neuron = GATES["NAND"].neuron
    assert neuron is not None
    return int(fires(np.array(neuron[:2]), neuron[2], np.array([first, second], np.float64)))


@dataclass(frozen=True, slots=True)
class Lesson:
    """One sample shown to the neuron, and what it made of it."""

    epoch: int  # 1, 2, …: the pass over all samples
    sample: int  # its row
    output: int
    target: int
    weights: tuple[float, ...]  # after the lesson
    bias: float
    learnt: bool  # a whole pass went without a mistake: nothing will change any more
    seen_in: int  # at the end of a pass: the earlier one that ended with the same numbers, 0 if none did

    @property
    def error(self) -> int:
        """Target less output: what the weights move by, times the input."""
        return self.target - self.output


def lessons(inputs: Array, targets: Array, weights: Array, bias: float) -> Iterator[Lesson]:
    """Show the samples (N, n) in their order, again and again: w += (t − y) x, b += (t − y), y of the present weights.

    Ends after a pass without a mistake. Where no line parts the ones from the zeros there is no such pass, and the
    numbers of some pass come back: from there on everything repeats (`Lesson.seen_in`).

    Raises:
        SettingsError: shapes that do not fit, or targets that are not 0 or 1.
    """
    if inputs.ndim != 2 or targets.shape != inputs.shape[:1] or not np.isin(targets, (0, 1)).all():
        raise SettingsError(f"targets (={targets.tolist()}) must be 0 or 1, one for each of {len(inputs)} samples")
    weights = np.array(weights, np.float64)
    ends: dict[tuple[float, ...], int] = {}
    epoch, clean = 1, False
    while not clean:
        clean = True
        for sample, (row, target) in enumerate(zip(inputs, targets, strict=True)):
            output = int(fires(weights, bias, row))
            error = int(target) - output
            weights, bias, clean = weights + error * row, bias + error, clean and not error
            last = sample == len(inputs) - 1
            key = (*np.round(weights, 9).tolist(), round(bias, 9))
            seen = ends.setdefault(key, epoch) if last else 0
            learnt = last and clean
            again = seen if seen != epoch and not learnt else 0
            yield Lesson(epoch, sample, output, int(target), tuple(weights.tolist()), bias, learnt, again)
        epoch += 1

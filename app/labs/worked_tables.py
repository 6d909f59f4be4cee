"""The numbers of the worked example in full, weight by weight and neuron by neuron."""

from __future__ import annotations

import numpy as np

from app.labs.number_table import CHOSEN, NumberTable
from app.views.wording import indexed
from nn_core.labs.worked_example import BIASES, WEIGHTS, Backward, Example, Forward

_DECIMALS = 9
_CELL = (112, 24)  # logical pixels


class WeightTable(NumberTable):
    """Weights and biases: as they are, what the error owes them, and as they will be."""

    def __init__(self) -> None:
        super().__init__("workedWeightTable", "Weights, gradients and next weights", (10, 3))
        self.setLabels([indexed(name) for name in (*WEIGHTS, *BIASES)], ("now", "∂E/∂w", "after the update"))
        self.setCellSize(*_CELL)
        self.setDecimals(_DECIMALS)

    def show_numbers(self, example: Example, back: Backward | None, after: Example | None, chosen: int) -> None:
        """Show what is known; the weight number `chosen` is marked."""
        empty = np.full(10, np.nan)
        now = np.concatenate([example.weights, example.biases])
        gradients = empty if back is None else np.concatenate([back.weights, back.biases])
        later = empty if after is None else np.concatenate([after.weights, after.biases])
        self.setValues(np.column_stack([now, gradients, later]))
        self.setMarks({(chosen, column): CHOSEN for column in range(3)})


class NeuronTable(NumberTable):
    """Every neuron's numbers, forwards and backwards."""

    def __init__(self) -> None:
        super().__init__("workedNeuronTable", "Numbers of every neuron", (5, 4))
        self.setLabels(("net", "out", "∂E/∂out", "∂out/∂net", "∂E/∂net"), ("h₁", "h₂", "o₁", "o₂"))
        self.setCellSize(90, 24)
        self.setDecimals(_DECIMALS)

    def show_numbers(self, there: Forward | None, back: Backward | None) -> None:
        """Show what is known."""
        values = np.full((5, 4), np.nan)
        if there is not None:
            values[0] = *there.net_hidden, *there.net_output
            values[1] = *there.out_hidden, *there.out_output
        if back is not None:
            values[2] = *back.shares.sum(axis=1), *back.error_by_out
            values[3] = *back.slope_hidden, *back.slope_output
            values[4] = *back.delta_hidden, *back.delta_output
        self.setValues(values)

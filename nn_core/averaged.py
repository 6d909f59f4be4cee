"""The moving average of a network's values over the steps of a run: steadier than any single step leaves them."""

from __future__ import annotations

import numpy as np

from nn_core.layers import Array
from nn_core.network import Sequential


class AveragedModel:
    """a ← decay · a + (1 − decay) · p after each step, a = p after the first (Polyak and Juditsky 1992, weighted).

    As `torch.optim.swa_utils.AveragedModel` with `get_ema_multi_avg_fn(decay)` and `use_buffers=True`: the running
    averages of batch normalisation take part. `network` reads what is in `vector`.
    """

    def __init__(self, network: Sequential, decay: float) -> None:
        self.decay = decay
        self.vector = network.vector.copy()
        self.network = network.over(self.vector)
        self._spare = self.vector.copy()

    def update(self, vector: Array, step: int) -> None:
        """Take in the values that step `step` (1 for the first) has left."""
        if step == 1:
            self.vector[...] = vector
            return
        np.subtract(vector, self.vector, out=self._spare)
        self._spare *= vector.dtype.type(1 - self.decay)
        self.vector += self._spare

"""Where a run stands between two steps."""

from __future__ import annotations

from dataclasses import dataclass

from nn_core.early_stopping import Best
from nn_core.layers import Array


@dataclass(frozen=True, slots=True)
class RunState:
    """All that an exact resume needs beside the settings and the data: copies, made between two steps."""

    step: int
    vector: Array
    memory: dict[str, Array]
    epoch: EpochTotals
    frozen: tuple[int, ...] = ()
    average: Array | None = None
    best: Best | None = None  # of a run with patience
    data: str = ""  # the mark of the images that it trains on; empty where it was not kept
    held_out: int | None = None  # training images that it is measured on; None where it was not kept
    taught_by: str = ""  # the mark of its teachers; empty where it has none


@dataclass(slots=True)
class EpochTotals:
    """Sums over the batches of the epoch that is under way."""

    images: int = 0
    loss: float = 0.0
    correct: float = 0.0
    seconds: float = 0.0

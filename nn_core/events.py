"""What a training run reports while it goes on: small frozen records, in the order in which they happen."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True, slots=True)
class BatchDone:
    """One optimiser step: mean loss and share of right answers (0 to 1) over the batch, before the step."""

    step: int  # optimiser steps since the start of the run, 1 after the first
    epoch: float  # epochs of training data seen, 0.5 is halfway through the first
    loss: float
    accuracy: float
    images: int  # images in this batch
    seconds: float  # training time since the start of the run, without pauses


@dataclass(frozen=True, slots=True)
class Evaluated:
    """Mean loss and accuracy over `images` images of the test split, in prediction mode."""

    step: int
    epoch: float
    loss: float
    accuracy: float
    images: int


@dataclass(frozen=True, slots=True)
class Validated:
    """Mean loss and accuracy over the `images` images that are held out of training, in prediction mode."""

    step: int
    epoch: float
    loss: float
    accuracy: float
    images: int


@dataclass(frozen=True, slots=True)
class EpochDone:
    """One pass over the training data; after it, when its turn has come, the whole test split and what is held out."""

    epoch: int  # 1 after the first
    step: int
    train_loss: float
    train_accuracy: float
    test_loss: float | None  # None in an epoch without evaluation
    test_accuracy: float | None
    seconds: float  # of its steps, and until it was evaluated, with whatever the caller did meanwhile
    images_per_s: float  # of training alone
    validation_loss: float | None = None  # None where nothing is held out, too
    validation_accuracy: float | None = None


@dataclass(frozen=True, slots=True)
class Restored:
    """The run is over, and the parameters are those again that were best on the images held out: after `best_epoch`."""

    step: int
    best_epoch: int
    validation_accuracy: float
    test_loss: float
    test_accuracy: float


@dataclass(frozen=True, slots=True)
class Snapshot:
    """All parameters and running averages at one moment: a read-only copy of the network's `vector`."""

    step: int
    epoch: float
    vector: NDArray[np.floating[Any]]


@dataclass(frozen=True, slots=True)
class Working:
    """Something that takes a while beside training: loading, drawing the pen strokes, evaluating."""

    what: str
    done: int
    total: int


@dataclass(frozen=True, slots=True)
class Finished:
    """The run has come to its end: all epochs are done, or it has stopped early."""

    step: int


@dataclass(frozen=True, slots=True)
class Failed:
    """The run cannot go on; `message` is one sentence for the user."""

    message: str


Event = BatchDone | Evaluated | Validated | EpochDone | Restored | Snapshot | Working | Finished | Failed

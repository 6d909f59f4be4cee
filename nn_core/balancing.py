"""Class-balanced shuffling: every class comes equally often, however many images it has."""

from __future__ import annotations

import numpy as np

from nn_core.layers import Array
from nn_core.randomness import Purpose, generator


def balanced_order(labels: Array, seed: int, epoch: int) -> Array:
    """Places in `labels` `(N,)` for one epoch, `(N,)`: N images in rounds, each with every class once, in random order.

    Each class goes through its own images shuffled, and begins again with another shuffle after the last (class-aware
    sampling, Shen, Lin and Huang 2016, "Relay backpropagation"). The next epoch goes on where this one ends, so that
    of a large class all images come in time. With K classes the counts of an epoch differ by 1 at most, ⌊N / K⌋ or
    ⌈N / K⌉: the last round is cut where K does not divide N, and what is cut off is passed over.
    """
    classes = np.unique(labels)
    rounds = -(-len(labels) // len(classes))
    columns = [_stream(np.flatnonzero(labels == one), int(one), seed, epoch * rounds, rounds) for one in classes]
    table = np.stack(columns, axis=1)  # (rounds, classes)
    order: Array = generator(seed, Purpose.ORDER, epoch).permuted(table, axis=1).ravel()[: len(labels)]
    return order


def _stream(places: Array, one: int, seed: int, start: int, count: int) -> Array:
    """`count` of the endless sequence of shuffled passes through a class's images, from number `start` on."""
    first, skipped = divmod(start, len(places))
    passes = -(-(skipped + count) // len(places))
    shuffled = [generator(seed, Purpose.BALANCE, one, first + i).permutation(places) for i in range(passes)]
    return np.concatenate(shuffled)[skipped : skipped + count]

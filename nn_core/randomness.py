"""Random numbers that depend on the seed and on what they are for, and on nothing that happened before."""

from __future__ import annotations

from enum import IntEnum

import numpy as np


class Purpose(IntEnum):
    """What a run draws random numbers for; each has a stream of its own."""

    INITIAL = 0
    ORDER = 1
    AUGMENT = 2
    DROPOUT = 3
    PEN_TRAIN = 4
    PEN_TEST = 5
    REPLAY = 6
    DOUBT_DIGITS = 7
    DOUBT_OTHERS = 8
    BALANCE = 9
    PRETRAIN = 10
    DOUBT_NUMBERS = 11
    DOUBT_ROWS = 12


def generator(seed: int, purpose: Purpose, *place: int) -> np.random.Generator:
    """The generator for a purpose at a place (an epoch; a step and a part) of the run with that seed.

    So a run has no random state to keep: resumed at any step, with any number of threads, it draws the same numbers.
    """
    return np.random.default_rng([seed, purpose, *place])

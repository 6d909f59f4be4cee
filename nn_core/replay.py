"""What a lesson is made of: own digits to learn, others held back, and known ones again so that they stay known."""

from __future__ import annotations

from collections.abc import Collection, Generator, Sequence
from pathlib import Path

import numpy as np

from nn_core.data import Dataset, Split, find_datasets, load_dataset
from nn_core.errors import DataError
from nn_core.events import Working
from nn_core.layers import Array
from nn_core.loading import draw_strokes
from nn_core.own_digits import OwnDigit
from nn_core.randomness import Purpose, generator

MNIST = "mnist"
#: Own digits are held back when there are at least so many, and then about this share of them.
HOLD_BACK_FROM, HELD_SHARE = 10, 0.2
#: For each image of an own digit so many known ones are shown.
KNOWN_FOR_ONE = 7
#: An own digit is shown twenty times, always a little differently; all of them together at least and at most so often,
#: but each four times, however many there are.
MOST_EACH, LEAST_EACH, LEAST_SHOWN, MOST_SHOWN = 20, 4, 480, 3000
PEN_KNOWN, PEN_HELD_OUT = 6000, 2000  # pen strokes that are drawn where there is no MNIST


def hold_back(digits: Sequence[OwnDigit], taught: Collection[str] = ()) -> tuple[list[OwnDigit], list[OwnDigit]]:
    """Part digits into those to learn and those held back to judge by; fewer than `HOLD_BACK_FROM` are all learnt.

    A digit is held back when the number that its key is lies in the first fifth of all such numbers, so always or
    never, whatever comes beside it; where none does, the least one is. The keys in `taught` have been learnt before and
    would flatter.
    """
    fresh = [digit for digit in digits if digit.key not in taught]
    if len(digits) < HOLD_BACK_FROM or not fresh:
        return list(digits), []
    limit = max(HELD_SHARE, min(map(_place, fresh)))
    held = [digit for digit in fresh if _place(digit) <= limit]
    keys = {digit.key for digit in held}
    return [digit for digit in digits if digit.key not in keys], held


def _place(digit: OwnDigit) -> float:
    return int(digit.key, 16) / float(1 << 64)


def as_split(digits: Sequence[OwnDigit]) -> Split:
    """The images that a network reads from own digits, with their labels.

    Raises:
        DataError: there is no ink in any of them.
    """
    inked = [(digit.image, digit.label) for digit in digits if digit.image is not None]
    if not inked:
        raise DataError("There is no ink in these digits: draw one, and say what it was meant to be.")
    return Split(np.stack([image for image, _ in inked]), np.array([label for _, label in inked], np.uint8))


def mixed(own: Split, known: Split, seed: int) -> Split:
    """Own digits, all equally often, and `KNOWN_FOR_ONE` times as many known ones drawn by the seed."""
    rounds = rounds_for(len(own))
    count = KNOWN_FOR_ONE * rounds * len(own)
    rng = generator(seed, Purpose.REPLAY)
    again = rng.choice(len(known), count, replace=count > len(known))
    images: Array = np.concatenate([np.tile(own.images, (rounds, 1, 1)), known.images[again]])
    return Split(images, np.concatenate([np.tile(own.labels, rounds), known.labels[again]]))


def rounds_for(count: int) -> int:
    """How often each of `count` own digits is shown in a lesson."""
    shown = min(max(MOST_EACH * count, LEAST_SHOWN), MOST_SHOWN)
    return max(LEAST_EACH, -(-shown // count))


def known_digits(folder: Path) -> Generator[Working, None, Dataset]:
    """MNIST where it is in the folder, else pen strokes that are drawn now, always the same ones.

    Raises:
        DataError: MNIST is there and damaged.
    """
    if MNIST in find_datasets(folder):
        yield Working("Loading MNIST", 0, 1)
        return load_dataset(folder, MNIST)
    return (yield from draw_strokes(PEN_KNOWN, PEN_HELD_OUT))

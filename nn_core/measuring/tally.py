"""What a reader made of many digits, in figures."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

BINS = 15  # of the calibration error, as in most of what is published
NOTHING = -1  # the digit read where nothing was seen


@dataclass(frozen=True, slots=True, eq=False)
class Tally:
    """N answers: `labels` and `digits` read (N,), NOTHING where none was; `confidence` (N,) in 0..1; `sure` (N,)."""

    labels: NDArray[np.intp]
    digits: NDArray[np.intp]
    confidence: NDArray[np.float64]
    sure: NDArray[np.bool_]

    @property
    def right(self) -> NDArray[np.bool_]:
        """Where the likeliest digit is the one that was written, whether or not it is called unsure."""
        right: NDArray[np.bool_] = self.digits == self.labels
        return right

    def accuracy(self) -> float:
        """The share of `right`."""
        return float(self.right.mean())

    def unsure(self) -> int:
        """How many are called unsure, or nothing."""
        return int((~self.sure).sum())

    def confusion(self) -> NDArray[np.int64]:
        """Counts (10, 11): a row a digit written, a column a digit read, the last one nothing."""
        counts = np.zeros((10, 11), np.int64)
        np.add.at(counts, (self.labels, self.digits), 1)  # NOTHING, −1, is the last column
        return counts

    def groups(self, names: Sequence[str]) -> dict[str, tuple[int, int]]:
        """Right answers and all answers by name (N,), in the order of the alphabet; an empty name is none."""
        right, found = self.right, np.asarray(names)
        return {
            str(name): (int(right[found == name].sum()), int((found == name).sum()))
            for name in np.unique(found)
            if name
        }

    def calibration_error(self, bins: int = BINS) -> float:
        """Expected calibration error: Σ_b n_b/N · |share right in b − mean confidence in b|, over equal bins of 0..1.

        Source: Naeini, Cooper, Hauskrecht, "Obtaining Well Calibrated Probabilities Using Bayesian Binning" (2015).
        """
        place = np.clip(np.ceil(self.confidence * bins).astype(np.intp) - 1, 0, bins - 1)
        gap = np.bincount(place, self.right - self.confidence, bins)
        return float(np.abs(gap).sum() / len(self.labels))


def figures_of_numbers(written: Sequence[str], read: Sequence[str]) -> dict[str, Any]:
    """How many numbers are read whole, how many are taken for as many digits as they have, and this for each digit.

    Where the count of digits differs, none of them counts as read right. `mistakes` are pairs of written and read.
    """
    pairs = list(zip(written, read, strict=True))
    right = sum(one == other for one, other in pairs)
    digits = [
        (digit, len(one) == len(other) and other[place] == digit)
        for one, other in pairs
        for place, digit in enumerate(one)
    ]
    counts = {name: [ok for digit, ok in digits if digit == name] for name in sorted({digit for digit, _ in digits})}
    return {
        "accuracy": right / len(pairs),
        "n": len(pairs),
        "right": right,
        "right_count": sum(len(one) == len(other) for one, other in pairs),
        "by_digit": {name: {"accuracy": sum(ok) / len(ok), "right": sum(ok), "n": len(ok)}
                     for name, ok in counts.items()},
        "mistakes": [[one, other] for one, other in pairs if one != other],
    }  # fmt: skip

"""How a model reads other people's digits: `python -m benchmarks.pendigits FILE [MODEL]`, one of UCI's PenDigits.

44 people in Istanbul wrote 10,992 digits on a tablet (Alpaydin and Alimoglu 1998, CC BY 4.0), in the way of much of the
world: a 1 has a flag, and often a foot. The files keep eight points a digit, evenly spaced along its line; lifts of the
pen are not kept. So those digits are read that hardly anybody lifts the pen for. The points were stretched to a square
afterwards. But only one width makes their distances equal again, and that is taken. Neither network nor pen is trained
or fitted on them; ways of writing a 1 and a 7 were added to the pen after a look at them.

The files: `pendigits.tra` and `pendigits.tes` from https://archive.ics.uci.edu/dataset/81, or `penbased.dat` of KEEL,
which has both. Prints one JSON object; a line for people goes to stderr.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from benchmarks import common
from benchmarks.common import BenchmarkError, Found, say
from nn_core.data import Split
from nn_core.fitting import digit_images
from nn_core.pieces import Pieces

UNLIFTED = (
    0,
    1,
    2,
    3,
    6,
    8,
)  # digits that are mostly written in one movement, and not with loops finer than the points
_POINTS, _RANGE = 8, 100
_WIDTHS = np.exp(np.linspace(np.log(0.2), np.log(1.5), 50))  # shares of the height that a digit may be wide
_FINE = 6  # pieces of line between two points
_AT_MOST = 16 << 20  # bytes of a file


def measure(file: Path, name: str) -> Found:
    """The share of those digits that a model reads right, and how many of each it does not."""
    from cli.output import named_model

    split = pendigits(file)
    read = named_model(name).reader().all_probabilities(split.images / np.float32(255)).argmax(axis=1)
    right = read == split.labels
    say(f"{name} reads {right.mean():.2%} of {len(split):,} digits right")
    wrong = {str(digit): int((~right & (split.labels == digit)).sum()) for digit in UNLIFTED}
    of = {digit: int((split.labels == int(digit)).sum()) for digit in wrong}
    taken = read[~right & (split.labels == 1)]
    ones_as = {str(digit): int((taken == digit).sum()) for digit in range(10) if (taken == digit).any()}
    return {
        "model": name,
        "n": len(split),
        "accuracy": float(right.mean()),
        "wrong": wrong,
        "of": of,
        "ones_as": ones_as,
    }


def pendigits(file: Path) -> Split:
    """Return the unlifted digits of a file as the canvas would show them to a network.

    Raises:
        BenchmarkError: it cannot be read, or is no such file.
    """
    points, labels = _rows(file)
    chosen = np.isin(labels, UNLIFTED)
    points, labels = points[chosen], labels[chosen]
    if not len(labels):
        raise BenchmarkError(f"{file} has none of the digits {', '.join(map(str, UNLIFTED))}")
    points[..., 0] *= _widths(points)[:, None]
    lines = _smooth(_POINTS) @ points
    owner = np.repeat(np.arange(len(lines)), lines.shape[1] - 1)
    start, end = (part.reshape(-1, 2).astype(np.float32) for part in (lines[:, :-1], lines[:, 1:]))
    images = digit_images(Pieces(owner, start, end, np.ones(len(owner), np.float32)), len(points))
    return Split(np.rint(images * 255).astype(np.uint8), labels.astype(np.uint8))


def _rows(file: Path) -> tuple[NDArray[np.float64], NDArray[np.int64]]:
    """Points (N, 8, 2), y downwards, and labels (N,)."""
    try:
        if file.stat().st_size > _AT_MOST:
            raise BenchmarkError(f"{file} has {file.stat().st_size:,} bytes, more than such a file can have")
        if not (lines := [line for line in file.read_text("ascii").splitlines() if line.strip() and line[0] != "@"]):
            raise ValueError("it has no rows")
        rows = np.loadtxt(lines, np.int64, delimiter=",", comments=None, ndmin=2)
    except (OSError, ValueError) as why:
        raise BenchmarkError(f"{file} cannot be read as a file of PenDigits: {why}") from why
    if rows.shape[1] != 2 * _POINTS + 1 or rows.min() < 0 or rows.max() > _RANGE or rows[:, -1].max() > 9:
        raise BenchmarkError(f"{file} is no file of PenDigits: 16 numbers up to {_RANGE} and a digit in every row")
    points = rows[:, :-1].reshape(-1, _POINTS, 2).astype(np.float64)
    points[..., 1] = _RANGE - points[..., 1]
    return points, rows[:, -1]


def _widths(points: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return for each digit (N,) the width at which its points are most evenly spaced; the median forgives corners."""
    steps = np.diff(points, axis=1)
    spaced = np.sqrt((_WIDTHS[:, None, None] * steps[..., 0]) ** 2 + steps[..., 1] ** 2)
    usual = np.maximum(np.median(spaced, axis=-1, keepdims=True), 1e-9)
    found: NDArray[np.float64] = _WIDTHS[np.abs(spaced / usual - 1).mean(axis=-1).argmin(axis=0)]
    return found


def _smooth(count: int) -> NDArray[np.float64]:
    """Return (P, count): a smooth line through points, as a matrix on them (Catmull and Rom 1974)."""
    points = np.eye(count)
    ends = 2 * points[[0, -1]] - points[[1, -2]]
    before, here, there, after = (np.concatenate([ends[:1], points, ends[1:]])[k : k + count - 1] for k in range(4))
    t = np.linspace(0.0, 1.0, _FINE, endpoint=False)[:, None]
    square, cube = 2 * before - 5 * here + 4 * there - after, 3 * (here - there) + after - before
    line = here[:, None] + (t * (there - before)[:, None] + t**2 * square[:, None] + t**3 * cube[:, None]) / 2
    return np.concatenate([line.reshape(-1, count), points[-1:]])


def main() -> int:
    """Measure, and print what was found."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("file", type=Path, help="pendigits.tra, pendigits.tes or penbased.dat")
    parser.add_argument("model", nargs="?", default="default", help="a file, or one that ships (%(default)s)")
    a = parser.parse_args()
    return common.run(lambda: measure(a.file, a.model))


if __name__ == "__main__":
    sys.exit(main())

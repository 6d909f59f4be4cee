"""Files of handwritten digits as pen strokes: where each point was, which stroke and digit it belongs to, and by whom.

An `.npz` file with `points` (P, 2), x to the right and y down; `stroke_ends`, one past the last point of each stroke;
`digit_ends`, one past the last stroke of each digit; `labels`, 0 to 9; and, if they are known, `provider` and
`writer`, a text a digit each.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from nn_core.errors import DataError
from nn_core.measuring.npz import Wanted, read_arrays

Line = NDArray[np.float32]  # (P, 2): one stroke
UNKNOWN = "unknown"  # the provider, or the writer, where a file names none

_FARTHEST = 1e6
_LONGEST_NAME = 64
_MOST_STROKES, _MOST_POINTS = 1_000_000, 100_000  # in all, and of one digit
_NAMES = ("provider", "writer")
_ARRAYS = [
    Wanted("points", "f", 2),
    Wanted("stroke_ends", "iu", 1),
    Wanted("digit_ends", "iu", 1),
    Wanted("labels", "iu", 1),
    Wanted("provider", "U", 1, optional=True),
    Wanted("writer", "U", 1, optional=True),
]


@dataclass(frozen=True, slots=True, eq=False)
class PenDigit:
    """One digit: its strokes, scaled so that the longer side is 1 and it starts at (0, 0), and what it shows."""

    lines: tuple[Line, ...]
    label: int
    provider: str = UNKNOWN
    writer: str = UNKNOWN


def read_pen_file(path: Path) -> list[PenDigit]:
    """Return the digits in a file of pen strokes, in their order.

    Raises:
        DataError: the file is missing, damaged or too large, or what it holds does not fit together.
    """
    arrays = read_arrays(path, _ARRAYS)
    fault = _fault(arrays)
    if fault:
        raise DataError(f"{path}: {fault}")
    points = arrays["points"].astype(np.float32)
    strokes = np.split(points, arrays["stroke_ends"][:-1].astype(np.int64))
    ends = arrays["digit_ends"].astype(np.int64).tolist()
    labels = arrays["labels"].tolist()
    names = [arrays[name].tolist() if name in arrays else [UNKNOWN] * len(labels) for name in _NAMES]
    return [
        PenDigit(scaled(strokes[start:end]), label, provider, writer)
        for start, end, label, provider, writer in zip([0, *ends[:-1]], ends, labels, *names, strict=True)
    ]


def scaled(lines: list[Line]) -> tuple[Line, ...]:
    """Return lines moved and scaled so that they start at (0, 0) and their longer side is 1; a dot stays a dot."""
    low = np.min([line.min(axis=0) for line in lines], axis=0)
    high = np.max([line.max(axis=0) for line in lines], axis=0)
    longer = float((high - low).max())
    return tuple((line - low) / np.float32(longer or 1.0) for line in lines)


def _fault(arrays: dict[str, NDArray[Any]]) -> str:
    """What does not fit together; empty where all does."""
    points, labels = arrays["points"], arrays["labels"]
    if points.shape[1] != 2:
        return f"'points' has the shape {points.shape}, and pairs of x and y are expected"
    if not (np.abs(points) <= _FARTHEST).all():
        return f"'points' holds what is not a number between -{_FARTHEST:g} and {_FARTHEST:g}"
    fault = _ends_fault("stroke_ends", arrays["stroke_ends"], len(points), "points")
    fault = fault or _ends_fault("digit_ends", arrays["digit_ends"], len(arrays["stroke_ends"]), "strokes")
    if fault:
        return fault
    fault = _size_fault(arrays["stroke_ends"], arrays["digit_ends"])
    if fault:
        return fault
    count = len(arrays["digit_ends"])
    for name in ("labels", *_NAMES):
        if name in arrays and len(arrays[name]) != count:
            return f"{name!r} has {len(arrays[name])} entries for {count} digits"
    wrong = np.flatnonzero((labels < 0) | (labels > 9))
    if len(wrong):
        return f"the label of digit {wrong[0]} is {labels[wrong[0]]}, and digits are 0 to 9"
    return next(filter(None, (_names_fault(name, arrays[name]) for name in _NAMES if name in arrays)), "")


def _size_fault(stroke_ends: NDArray[Any], digit_ends: NDArray[Any]) -> str:
    if len(stroke_ends) > _MOST_STROKES:
        return f"it holds {len(stroke_ends):,} strokes; at most {_MOST_STROKES:,} are read"
    points = int(np.diff(stroke_ends[digit_ends - 1], prepend=0).max())
    return f"a digit has {points:,} points; at most {_MOST_POINTS:,} can be read" if points > _MOST_POINTS else ""


def _names_fault(kind: str, names: NDArray[Any]) -> str:
    if names.dtype.itemsize > 4 * _LONGEST_NAME:
        return f"{kind!r} may hold names of up to {_LONGEST_NAME} characters"
    odd = next((name for name in np.unique(names).tolist() if not name.isprintable()), "")
    return f"{kind!r} holds the name {odd!r}, which cannot be printed" if odd else ""


def _ends_fault(name: str, ends: NDArray[Any], count: int, what: str) -> str:
    if not len(ends):
        return f"{name!r} is empty: there is nothing to read"
    if ends[0] < 1 or not (ends[1:] > ends[:-1]).all():
        return f"{name!r} must begin above 0 and rise from each entry to the next"
    return "" if ends[-1] == count else f"{name!r} ends at {ends[-1]}, and there are {count} {what}"

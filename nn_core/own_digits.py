"""Own digits: what the user has drawn and said what it was meant to be, alone and in files."""

from __future__ import annotations

import hashlib
import math
import time
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from itertools import pairwise
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from nn_core.errors import DataError
from nn_core.files import write_atomically
from nn_core.ink import Mark, Marks, Picture, Stroke, digit_image
from nn_core.layers import Array
from nn_core.tensorfile import FileKind, read_tensor_file, tensor_bytes

OWN_ENDING = ".digits"
LARGEST_FILE = 256 << 20
MOST_DIGITS = 100_000  # in one file
_KIND = FileKind("digitscope-own-digits", "1", "collection of own digits", LARGEST_FILE, DataError)
_LATEST = 1 << 45  # milliseconds since 1970: the year 3084

#: The tensors of a file, with type and axes: D digits of M marks of P points, Q pixels of pictures. A picture has two
#: points, its corner and its size, and no width; a stroke has no rows and columns.
_TENSORS: dict[str, tuple[type[np.generic], int]] = {
    "labels": (np.uint8, 1),  # (D,)
    "made": (np.int64, 1),  # (D,) milliseconds since 1970, UTC
    "answers": (np.float32, 2),  # (D, 10) the probabilities given then, NaN where there was no answer
    "mark_ends": (np.int64, 1),  # (D,) one past the last mark of each digit
    "point_ends": (np.int64, 1),  # (M,) one past the last point of each mark
    "points": (np.float32, 2),  # (P, 2) canvas units
    "widths": (np.float64, 1),  # (M,) canvas units
    "erases": (np.uint8, 1),  # (M,) 0 or 1
    "rasters": (np.int64, 2),  # (M, 2) rows and columns
    "ink": (np.uint8, 1),  # (Q,) 255 is ink
}


@dataclass(frozen=True, eq=False)
class OwnDigit:
    """A drawing, the digit it was meant to be, when it was kept (milliseconds since 1970, UTC), the answer given then.

    Two with the same `key` are the same drawing, whatever they are labelled.

    Raises:
        DataError: there is no ink, the label is no digit, or the time or the answer cannot be.
    """

    marks: Marks
    label: int
    made: int = field(default_factory=lambda: time.time_ns() // 1_000_000)
    probabilities: NDArray[np.float32] | None = None  # (10,)

    def __post_init__(self) -> None:
        if not 0 <= self.label <= 9:
            raise DataError(f"label (={self.label}) of an own digit must be 0 to 9")
        if not 0 <= self.made < _LATEST:
            raise DataError(f"time (={self.made}) of an own digit must lie between 0 and {_LATEST}")
        given = self.probabilities
        if given is not None and not (given.shape == (10,) and given.min() >= 0 and given.max() <= 1):
            raise DataError("the answer to an own digit must be ten probabilities")
        if not self.marks:
            raise DataError("an own digit must have at least one stroke")

    @cached_property
    def key(self) -> str:
        """Sixteen hexadecimal digits that follow from the drawing alone."""
        packed = _pack_marks([self.marks])
        digest = hashlib.sha256()
        for name, values in packed.items():
            digest.update(f"{name} {values.shape}\n".encode() + values.tobytes())
        return digest.hexdigest()[:16]

    @cached_property
    def image(self) -> NDArray[np.uint8] | None:
        """What a network reads from it today, (28, 28) with ink 255, or None where an eraser has left nothing."""
        found = digit_image(self.marks)
        return None if found is None else np.rint(found * 255).astype(np.uint8)

    @property
    def read(self) -> int | None:
        """The digit that was the likeliest when it was kept."""
        return None if self.probabilities is None else int(self.probabilities.argmax())

    @property
    def was_wrong(self) -> bool:
        """Whether the answer given then was another digit than it is labelled now."""
        return self.read is not None and self.read != self.label

    def labelled(self, label: int) -> OwnDigit:
        """The same drawing, meant to be another digit."""
        return replace(self, label=label)


def save_own_digits(path: Path, digits: Sequence[OwnDigit]) -> None:
    """Write digits into one file.

    Raises:
        DataError: it could not be written; an older file is unharmed.
    """
    try:
        write_atomically(path, own_digits_bytes(digits))
    except OSError as why:
        raise DataError(f"{path} could not be written: {why.strerror or why}. Choose another place.") from why


def own_digits_bytes(digits: Sequence[OwnDigit]) -> bytes:
    """The bytes of a file of own digits."""
    nothing = np.full(10, np.nan, np.float32)
    answers = [nothing if digit.probabilities is None else digit.probabilities for digit in digits]
    named: dict[str, Array] = {
        "labels": np.array([digit.label for digit in digits], np.uint8),
        "made": np.array([digit.made for digit in digits], np.int64),
        "answers": np.array(answers, np.float32).reshape(-1, 10),
        **_pack_marks([digit.marks for digit in digits]),
    }
    return tensor_bytes(_KIND, named, {})


def load_own_digits(path: Path) -> list[OwnDigit]:
    """Read a file of own digits.

    Raises:
        DataError: it is missing, damaged, too large, or no such file.
    """
    tensors, _ = read_tensor_file(path, _KIND)
    try:
        _check(tensors)
        return _unpack(tensors)
    except DataError as why:
        raise DataError(f"{path} cannot be used as own digits: {why}") from why


def merged(digits: Iterable[OwnDigit], more: Iterable[OwnDigit]) -> list[OwnDigit]:
    """All of `digits`, then those of `more` whose drawing is not among them."""
    found: dict[str, OwnDigit] = {}
    for digit in (*digits, *more):
        found.setdefault(digit.key, digit)
    return list(found.values())


def _pack_marks(drawings: Sequence[Marks]) -> dict[str, Array]:
    marks = [mark for drawing in drawings for mark in drawing]
    points = [_points(mark) for mark in marks]
    pictures = [mark for mark in marks if isinstance(mark, Picture)]
    ink = [np.rint(picture.ink * 255).astype(np.uint8).ravel() for picture in pictures]
    rasters = [mark.ink.shape if isinstance(mark, Picture) else (0, 0) for mark in marks]
    return {
        "mark_ends": np.cumsum([len(drawing) for drawing in drawings], dtype=np.int64),
        "point_ends": np.cumsum([len(each) for each in points], dtype=np.int64),
        "points": np.concatenate([*points, np.empty((0, 2), np.float32)]),
        "widths": np.array([mark.width if isinstance(mark, Stroke) else 0.0 for mark in marks], np.float64),
        "erases": np.array([isinstance(mark, Stroke) and mark.erase for mark in marks], np.uint8),
        "rasters": np.array(rasters, np.int64).reshape(-1, 2),
        "ink": np.concatenate([*ink, np.empty(0, np.uint8)]),
    }


def _points(mark: Mark) -> NDArray[np.float32]:
    if isinstance(mark, Stroke):
        return mark.points
    return np.array([(mark.left, mark.top), (mark.width, mark.height)], np.float32)


def _check(tensors: dict[str, Array]) -> None:
    """Refuse tensors that do not fit each other, before anything is made of them."""
    if set(tensors) != set(_TENSORS):
        raise DataError(f"it holds {', '.join(sorted(tensors))[:200]}, not {', '.join(sorted(_TENSORS))}")
    for name, (kind, axes) in _TENSORS.items():
        found = tensors[name]
        if found.dtype != kind or found.ndim != axes:
            raise DataError(f"its {name} are {found.dtype} of shape {found.shape}")
    digits, marks = len(tensors["labels"]), len(tensors["widths"])
    if digits > MOST_DIGITS:
        raise DataError(f"it holds {digits:,} digits; at most {MOST_DIGITS:,} are read")
    wanted = {"made": (digits,), "answers": (digits, 10), "mark_ends": (digits,), "point_ends": (marks,)}
    wanted |= {"points": (len(tensors["points"]), 2), "erases": (marks,), "rasters": (marks, 2)}
    for name, shape in wanted.items():
        if tensors[name].shape != shape:
            raise DataError(f"its {name} have the shape {tensors[name].shape}, not {shape}")
    for name, end in (("mark_ends", marks), ("point_ends", len(tensors["points"]))):
        edges = np.concatenate([[0], tensors[name]])
        if (edges[1:] <= edges[:-1]).any() or edges[-1] != end:
            raise DataError(f"its {name} do not rise to {end}")
    sides = tensors["rasters"].tolist()
    if any(min(pair) < 0 for pair in sides) or sum(math.prod(pair) for pair in sides) != len(tensors["ink"]):
        raise DataError("its rasters do not fit its ink")


def _unpack(tensors: dict[str, Array]) -> list[OwnDigit]:
    marks = _unpack_marks(tensors)
    edges = [0, *tensors["mark_ends"].tolist()]
    found = []
    for i, (first, last) in enumerate(pairwise(edges)):
        given = tensors["answers"][i]
        label, made = int(tensors["labels"][i]), int(tensors["made"][i])
        found.append(OwnDigit(tuple(marks[first:last]), label, made, None if np.isnan(given).all() else given.copy()))
    return found


def _unpack_marks(tensors: dict[str, Array]) -> list[Mark]:
    edges, used = [0, *tensors["point_ends"].tolist()], 0
    found: list[Mark] = []
    for i, (first, last) in enumerate(pairwise(edges)):
        points, (rows, columns) = tensors["points"][first:last], tensors["rasters"][i].tolist()
        if rows == columns == 0:
            found.append(Stroke(points, float(tensors["widths"][i]), bool(tensors["erases"][i])))
            continue
        if len(points) != 2:
            raise DataError(f"a picture has {len(points)} points, not its corner and its size")
        ink = tensors["ink"][used : used + rows * columns].reshape(rows, columns)
        used += rows * columns
        found.append(Picture((ink / 255).astype(np.float32), *points.ravel().tolist()))
    return found

"""Own digits: what the user has drawn and said what it was meant to be, alone and in files."""

from __future__ import annotations

import hashlib
import time
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from itertools import pairwise
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from nn_core.errors import DataError
from nn_core.files import save_bytes
from nn_core.ink import Marks, digit_image
from nn_core.layers import Array
from nn_core.mark_tensors import (
    MARK_TENSORS,
    check_marks,
    check_shapes,
    check_tensors,
    marks_to_keep,
    pack_marks,
    unpack_marks,
)
from nn_core.tensorfile import FileKind, read_tensor_file, tensor_bytes

OWN_ENDING = ".digits"
LARGEST_FILE = 256 << 20
MOST_DIGITS = 100_000  # in one file
CERTAIN = 0.99  # from this probability on, another answer is a reason to look at a label again
_KIND = FileKind(
    "digitscope-own-digits", "1", "file of own digits", "as the window exports it", LARGEST_FILE, DataError
)
_LATEST = 1 << 45  # milliseconds since 1970: the year 3084

#: The tensors of a file, with type and axes: D digits.
_TENSORS: dict[str, tuple[type[np.generic], int]] = {
    "labels": (np.uint8, 1),  # (D,)
    "made": (np.int64, 1),  # (D,) milliseconds since 1970, UTC
    "answers": (np.float32, 2),  # (D, 10) the probabilities given then, NaN where there was no answer
    **MARK_TENSORS,
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
        packed = pack_marks([self.marks])
        digest = hashlib.sha256()
        for name, values in packed.items():
            digest.update(f"{name} {values.shape}\n".encode() + values.tobytes())
        return digest.hexdigest()[:16]

    @cached_property
    def image(self) -> NDArray[np.uint8] | None:
        """What a network reads from it today, uint8 (28, 28), or None where an eraser has left nothing."""
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

    @property
    def certainty(self) -> float:
        """The probability of the likeliest digit when it was kept, 0 where there was no answer."""
        return 0.0 if self.probabilities is None else float(self.probabilities.max())

    @property
    def contradicted(self) -> bool:
        """Whether the answer given then was another digit with a certainty of `CERTAIN` or more."""
        return self.was_wrong and self.certainty >= CERTAIN

    def labelled(self, label: int) -> OwnDigit:
        """The same drawing, meant to be another digit."""
        return replace(self, label=label)


def save_own_digits(path: Path, digits: Sequence[OwnDigit]) -> None:
    """Write digits into one file.

    Raises:
        DataError: it could not be written, or not be read again; an older file is unharmed.
    """
    save_bytes(path, own_digits_bytes(digits))


def own_digits_bytes(digits: Sequence[OwnDigit]) -> bytes:
    """The bytes of a file of own digits.

    Raises:
        DataError: one of them is too large to be kept, or they are too many.
    """
    if len(digits) > MOST_DIGITS:
        raise DataError(f"{len(digits):,} digits are too many for one file: at most {MOST_DIGITS:,} can be read again")
    nothing = np.full(10, np.nan, np.float32)
    answers = [nothing if digit.probabilities is None else digit.probabilities for digit in digits]
    named: dict[str, Array] = {
        "labels": np.array([digit.label for digit in digits], np.uint8),
        "made": np.array([digit.made for digit in digits], np.int64),
        "answers": np.array(answers, np.float32).reshape(-1, 10),
        **marks_to_keep([digit.marks for digit in digits]),
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


def _check(tensors: dict[str, Array]) -> None:
    """Refuse tensors that do not fit each other, before anything is made of them."""
    check_tensors(tensors, _TENSORS)
    digits = len(tensors["labels"])
    if digits > MOST_DIGITS:
        raise DataError(f"it holds {digits:,} digits; at most {MOST_DIGITS:,} are read")
    check_shapes(tensors, {"made": (digits,), "answers": (digits, 10), "mark_ends": (digits,)})
    check_marks(tensors)


def _unpack(tensors: dict[str, Array]) -> list[OwnDigit]:
    marks = unpack_marks(tensors)
    edges = [0, *tensors["mark_ends"].tolist()]
    found = []
    for i, (first, last) in enumerate(pairwise(edges)):
        given = tensors["answers"][i]
        label, made = int(tensors["labels"][i]), int(tensors["made"][i])
        found.append(OwnDigit(tuple(marks[first:last]), label, made, None if np.isnan(given).all() else given.copy()))
    return found

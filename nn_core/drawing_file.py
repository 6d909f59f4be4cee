"""Drawing files: strokes and pictures as they are on the canvas, and what a network made of them."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from nn_core.errors import DataError
from nn_core.files import save_bytes
from nn_core.ink import Marks
from nn_core.layers import Array
from nn_core.mark_tensors import MARK_TENSORS, check_marks, check_shapes, check_tensors, marks_to_keep, unpack_marks
from nn_core.tensorfile import FileKind, read_tensor_file, tensor_bytes

DRAWING_ENDING = ".drawing"
_KIND = FileKind("digitscope-drawing", "1", "drawing file", "as the window saves it", 64 << 20, DataError)
#: A answers of ten probabilities each, one or none.
_TENSORS: dict[str, tuple[type[np.generic], int]] = {**MARK_TENSORS, "answers": (np.float32, 2)}
_LONGEST = 200  # characters of a name or a word


@dataclass(frozen=True, slots=True, eq=False)
class Drawing:
    """Marks; ten probabilities, where a network has given them; the network's name and what it said.

    Raises:
        DataError: there are no marks, the answer is not ten probabilities, or a text is too long.
    """

    marks: Marks
    probabilities: NDArray[np.float32] | None = None  # (10,)
    model: str = ""
    text: str = ""  # the digit, or `?`

    def __post_init__(self) -> None:
        given = self.probabilities
        if not self.marks:
            raise DataError("a drawing must have at least one stroke")
        if given is not None and not (given.shape == (10,) and given.min() >= 0 and given.max() <= 1):
            raise DataError("the answer to a drawing must be ten probabilities")
        if max(len(self.model), len(self.text)) > _LONGEST:
            raise DataError(f"the name of a model and its answer have at most {_LONGEST} characters")


def save_drawing(path: Path, drawing: Drawing) -> None:
    """Write a drawing into a file.

    Raises:
        DataError: it is too large, or could not be written; an older file is unharmed.
    """
    given = drawing.probabilities
    answers = np.empty((0, 10), np.float32) if given is None else np.asarray(given, np.float32)[None]
    tensors = {**marks_to_keep([drawing.marks]), "answers": answers}
    save_bytes(path, tensor_bytes(_KIND, tensors, {"model": drawing.model, "text": drawing.text}))


def load_drawing(path: Path) -> Drawing:
    """Read a drawing file.

    Raises:
        DataError: it is missing, damaged, too large, or no such file.
    """
    tensors, said = read_tensor_file(path, _KIND)
    try:
        return _unpacked(tensors, said)
    except DataError as why:
        raise DataError(f"{path} cannot be used as a drawing: {why}") from why


def _unpacked(tensors: dict[str, Array], said: dict[str, str]) -> Drawing:
    check_tensors(tensors, _TENSORS)
    answers = tensors["answers"]
    if len(answers) > 1:
        raise DataError(f"it holds {len(answers):,} answers, not one")
    check_shapes(tensors, {"answers": (len(answers), 10), "mark_ends": (1,)})
    check_marks(tensors)
    given = answers[0].copy() if len(answers) else None
    return Drawing(tuple(unpack_marks(tensors)), given, said.get("model", ""), said.get("text", ""))

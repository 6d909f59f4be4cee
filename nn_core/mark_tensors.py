"""Drawings as tensors: what files of drawings have in common."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from nn_core.errors import DataError
from nn_core.ink import CANVAS_SIDE, Mark, Marks, Picture, Stroke
from nn_core.layers import Array

#: With type and axes: D drawings of M marks of P points, Q pixels of pictures. A picture has two points, its corner and
#: its size, and no width; a stroke has no rows and columns.
MARK_TENSORS: dict[str, tuple[type[np.generic], int]] = {
    "mark_ends": (np.int64, 1),  # (D,) one past the last mark of each drawing
    "point_ends": (np.int64, 1),  # (M,) one past the last point of each mark
    "points": (np.float32, 2),  # (P, 2) canvas units
    "widths": (np.float64, 1),  # (M,) canvas units
    "erases": (np.uint8, 1),  # (M,) 0 or 1
    "rasters": (np.int64, 2),  # (M, 2) rows and columns
    "ink": (np.uint8, 1),  # (Q,) 255 is ink
}
#: What is read of one drawing. The window keeps one picture of 560 pixels, and who draws for minutes stays far below.
MOST_MARKS, MOST_POINTS, MOST_PICTURES, LONGEST_SIDE = 2_000, 100_000, 100, 2_000
_MOST_IN_ALL = 500_000  # marks: more take the window's breath for seconds
#: Of lines in canvas units times points of erasers: in one drawing, and beside it in each of many. Who scrubs for a
#: minute has 1e7.
_MOST_ERASING, _USUAL_ERASING = 1e9, 1e6


def pack_marks(drawings: Sequence[Marks]) -> dict[str, Array]:
    """Return drawings as `MARK_TENSORS`; the ink of pictures goes by steps of 1/255."""
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


def marks_to_keep(drawings: Sequence[Marks]) -> dict[str, Array]:
    """Return drawings as `pack_marks` does, for a file: what could not be read again is not written.

    Raises:
        DataError: one of them is too large.
    """
    packed = pack_marks(drawings)
    _check_sizes(packed)
    _check_erasing(packed)
    return packed


def _points(mark: Mark) -> NDArray[np.float32]:
    if isinstance(mark, Stroke):
        return mark.points
    return np.array([(mark.left, mark.top), (mark.width, mark.height)], np.float32)


def check_tensors(tensors: Mapping[str, Array], wanted: Mapping[str, tuple[type[np.generic], int]]) -> None:
    """Refuse tensors of other names, types or axes.

    Raises:
        DataError: which it is.
    """
    if set(tensors) != set(wanted):
        raise DataError(f"it holds {', '.join(sorted(tensors))[:200]}, not {', '.join(sorted(wanted))}")
    for name, (kind, axes) in wanted.items():
        found = tensors[name]
        if found.dtype != kind or found.ndim != axes:
            raise DataError(f"its {name} are {found.dtype} of shape {found.shape}")


def check_shapes(tensors: Mapping[str, Array], wanted: Mapping[str, tuple[int, ...]]) -> None:
    """Refuse tensors of other shapes.

    Raises:
        DataError: which it is.
    """
    for name, shape in wanted.items():
        if tensors[name].shape != shape:
            raise DataError(f"its {name} have the shape {tensors[name].shape}, not {shape}")


def check_marks(tensors: Mapping[str, Array]) -> None:
    """Refuse `MARK_TENSORS` that do not fit each other, before anything is made of them.

    Raises:
        DataError: what does not fit.
    """
    marks, points = len(tensors["widths"]), len(tensors["points"])
    check_shapes(tensors, {"point_ends": (marks,), "points": (points, 2), "erases": (marks,), "rasters": (marks, 2)})
    for name, end in (("mark_ends", marks), ("point_ends", points)):
        edges = np.concatenate([[0], tensors[name]])
        if (edges[1:] <= edges[:-1]).any() or edges[-1] != end:
            raise DataError(f"its {name} do not rise to {end}")
    if marks > _MOST_IN_ALL:
        raise DataError(f"its drawings have {marks:,} marks; at most {_MOST_IN_ALL:,} can be read")
    _check_sizes(tensors)
    _check_rasters(tensors["rasters"].tolist(), len(tensors["ink"]))
    _check_erasing(tensors)


def _check_erasing(tensors: Mapping[str, Array]) -> None:
    """Refuse drawings with so much to erase that it would take minutes: lines are cut small where an eraser passes."""
    if not len(tensors["points"]):
        return
    points = np.clip(np.nan_to_num(tensors["points"]), 0.0, CANVAS_SIDE)
    lengths = np.abs(np.diff(points, axis=0, append=points[-1:])).max(axis=1).astype(np.float64)
    lengths[tensors["point_ends"] - 1] = 0.0  # from the end of one mark to the next there is no line
    starts = np.concatenate([[0], tensors["point_ends"][:-1]])
    counts, erases = np.diff(tensors["point_ends"], prepend=0), tensors["erases"] > 0
    drawing = np.repeat(np.arange(len(tensors["mark_ends"])), np.diff(tensors["mark_ends"], prepend=0))
    drawn = np.bincount(drawing, np.where(erases, 0, np.add.reduceat(lengths, starts) + counts))
    erasing = drawn * np.bincount(drawing, np.where(erases, counts, 0))
    if erasing.sum() > _MOST_ERASING + _USUAL_ERASING * len(erasing):
        raise DataError("more is erased in its drawings than can be read in seconds")


def _check_sizes(tensors: Mapping[str, Array]) -> None:
    """Refuse drawings that nobody draws: they would take minutes to read."""
    marks = np.concatenate([[0], tensors["mark_ends"]])
    points = np.concatenate([[0], tensors["point_ends"]])[marks]
    pictures = np.concatenate([[0], np.cumsum(tensors["rasters"].any(axis=1))])[marks]
    limits = {"marks": (marks, MOST_MARKS), "points": (points, MOST_POINTS), "pictures": (pictures, MOST_PICTURES)}
    for what, (ends, most) in limits.items():
        found = int(np.diff(ends).max(initial=0))
        if found > most:
            raise DataError(f"a drawing has {found:,} {what}; at most {most:,} can be read")


def _check_rasters(sides: Sequence[Sequence[int]], pixels: int) -> None:
    """Refuse rasters, (rows, columns) of each mark, that are too large or of other sizes than the pixels allow."""
    for rows, columns in sides:
        none = rows == columns == 0  # a stroke
        if not none and not (0 < rows <= LONGEST_SIDE and 0 < columns <= LONGEST_SIDE):
            raise DataError(f"its rasters (one is {rows:,} × {columns:,}) must have sides from 1 to {LONGEST_SIDE:,}")
    if sum(math.prod(pair) for pair in sides) != pixels:
        raise DataError("its rasters do not fit its ink")


def unpack_marks(tensors: Mapping[str, Array]) -> list[Mark]:
    """Return all marks, one drawing after the other, of tensors that `check_marks` lets pass.

    Raises:
        DataError: a mark cannot be, as a picture without a place.
    """
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

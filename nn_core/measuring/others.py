"""Files of drawings that are no digits, which a reader should be unsure of.

JSON: `{"drawings": [{"shows": name, "strokes": [[x, y, x, y, …], …], "size": share}, …]}`. Strokes may have any scale;
x runs to the right and y down. `size` is the longer side as a share of the canvas' side; without it any will do.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from nn_core.errors import DataError
from nn_core.measuring.pen_file import Line, scaled

_MOST_BYTES = 1 << 24
_LONGEST_NAME = 64
_FARTHEST = 1e6


@dataclass(frozen=True, slots=True, eq=False)
class Other:
    """One drawing: what it shows, its strokes with a longer side of 1 (a dot's is 0), and its size or None for any."""

    shows: str
    lines: tuple[Line, ...]
    size: float | None = None


def read_others(path: Path) -> list[Other]:
    """Return the drawings in a file, in their order.

    Raises:
        DataError: the file is missing or too large, or is not as it must be.
    """
    try:
        if not path.is_file():
            what = "is not a file" if path.exists() else "does not exist"
            raise DataError(f"{path} {what}: give a JSON file of drawings")
        if path.stat().st_size > _MOST_BYTES:
            raise DataError(f"{path} has {path.stat().st_size:,} bytes; at most {_MOST_BYTES:,} are read")
        found = json.loads(path.read_bytes())
    except OSError as why:
        raise DataError(f"{path} cannot be read: {why.strerror or why}") from why
    except (ValueError, RecursionError) as why:
        raise DataError(f"{path} is not a JSON file of drawings: {why}") from why
    drawings = found.get("drawings") if isinstance(found, dict) else None
    if not isinstance(drawings, list) or not drawings:
        raise DataError(f"{path} has no list of 'drawings'")
    return [_other(entry, f"{path}: drawing {number}") for number, entry in enumerate(drawings)]


def _other(entry: Any, where: str) -> Other:
    if not isinstance(entry, dict) or not isinstance(entry.get("strokes"), list) or not entry["strokes"]:
        raise DataError(f"{where} has no list of 'strokes'")
    shows, size = entry.get("shows"), entry.get("size")
    if not isinstance(shows, str) or not shows.isprintable() or len(shows) > _LONGEST_NAME:
        raise DataError(f"{where} does not tell in at most {_LONGEST_NAME} characters what it shows")
    if size is not None and not (_is_number(size) and 0 <= size <= 1):
        raise DataError(f"{where} has the size {size!r:.40}; it must lie between 0 and 1")
    return Other(shows, scaled([_line(stroke, where) for stroke in entry["strokes"]]), size)


def _line(stroke: Any, where: str) -> Line:
    if not isinstance(stroke, list) or not stroke or len(stroke) % 2:
        raise DataError(f"{where} has a stroke that is not a list of x, y, x, y …")
    if not all(_is_number(value) and -_FARTHEST <= value <= _FARTHEST for value in stroke):
        raise DataError(f"{where} has a stroke with what is not a number between -{_FARTHEST:g} and {_FARTHEST:g}")
    return np.array(stroke, np.float32).reshape(-1, 2)


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)

"""Files of pen strokes, made for a test."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np

from nn_core.ink import Stroke
from nn_core.pen import pen_drawing


def arrays_of(labels: list[int], seed: int = 0) -> dict[str, np.ndarray]:
    """What a file holds: digits that the program draws, by the providers `a` and `b` in turn."""
    rng = np.random.default_rng(seed)
    drawings = [[mark for mark in pen_drawing(label, rng=rng) if isinstance(mark, Stroke)] for label in labels]
    strokes = [stroke.points for drawing in drawings for stroke in drawing]
    return {
        "points": np.concatenate(strokes),
        "stroke_ends": np.cumsum([len(points) for points in strokes]),
        "digit_ends": np.cumsum([len(drawing) for drawing in drawings]),
        "labels": np.array(labels, np.uint8),
        "provider": np.array([("a", "b")[i % 2] for i in range(len(labels))]),
    }


def write(path: Path, digits: list[int], **other: Any) -> Path:
    """Write such a file; arrays in `other` stand in their places, None takes one out."""
    arrays = arrays_of(digits) | other
    np.savez_compressed(path, **{name: values for name, values in arrays.items() if values is not None})
    return path

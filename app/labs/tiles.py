"""Many small pictures as one."""

from __future__ import annotations

import numpy as np


def tiled(images: np.ndarray, columns: int, between: float) -> np.ndarray:
    """Images `(N, S, S)` as one `(1, H, W)`, so many in a row, with lines of a value between."""
    count, side, _ = images.shape
    rows = -(-count // columns)
    framed = np.full((rows * columns, side + 1, side + 1), between, np.float32)
    framed[:count, :side, :side] = images
    blocks = framed.reshape(rows, columns, side + 1, side + 1).transpose(0, 2, 1, 3)
    whole: np.ndarray = blocks.reshape(1, rows * (side + 1), columns * (side + 1))[:, :-1, :-1]
    return whole

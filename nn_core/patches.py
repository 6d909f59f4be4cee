"""Patches of ink: what hangs together on a grid, and which of it was meant to be there."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

_SPECK = 0.04  # of the largest patch's cells: what is smaller was not written
_DIGIT = 0.06  # of the longer side: the least that a digit reaches over
_RIM = 0.04  # of the rim's cells: ink that is cut off takes less
_ACROSS, _THIN = 0.9, 3.0  # of a side, and cells: a line from one end to the other


def patches(mask: NDArray[np.bool_]) -> NDArray[np.intp]:
    """Return the number of the patch that each cell (H, W) belongs to, 1 to n, and 0 where the mask is false.

    Cells hang together along their sides and corners. Each cell takes the least number around it, and the number that
    the cell with that number has taken, until nothing changes.
    """
    height, width = mask.shape
    inside = np.pad(mask, 1)
    numbers = np.where(inside, np.arange(inside.size).reshape(inside.shape), inside.size)
    while True:
        around = [numbers[i : i + height, j : j + width] for i in range(3) for j in range(3)]
        least = np.pad(np.minimum.reduce(around), 1, constant_values=inside.size)
        taken = np.where(inside, least, inside.size)
        known = np.append(taken.ravel(), inside.size)
        taken = known[known[taken]]
        if np.array_equal(taken, numbers):
            break
        numbers = taken
    _, found = np.unique(numbers[1:-1, 1:-1][mask], return_inverse=True)
    labels = np.zeros(mask.shape, np.intp)
    labels[mask] = found + 1
    return labels


def written(mask: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """Return the cells (H, W) of a mask that look written: no specks, and nothing that lies along the rim or crosses.

    The edge of a sheet, a shadow and printed lines do. Where nothing else is large enough to be a digit, as in a
    picture cut close to the ink, they are kept.
    """
    labels = patches(mask)
    sizes = np.bincount(labels.ravel())
    sizes[0] = 0
    kept = np.where(_along_the_rim(labels, sizes), 0, sizes)
    if not len(kept) > 1 or _extents(labels).max(axis=1)[kept > 0].max(initial=0) < _DIGIT * max(mask.shape):
        kept = sizes
    found: NDArray[np.bool_] = (kept > _SPECK * kept.max())[labels]
    return found


def _along_the_rim(labels: NDArray[np.intp], sizes: NDArray[np.intp]) -> NDArray[np.bool_]:
    """Tell of each patch whether it takes much of the rim, or is a line from one side to the other."""
    rim = np.concatenate([labels[0], labels[-1], labels[:, 0], labels[:, -1]])
    share = np.bincount(rim, minlength=len(sizes)) / len(rim)
    extents = _extents(labels)
    crosses = (extents >= _ACROSS * np.array(labels.shape)).any(axis=1) & (share > 0)
    thin = sizes <= _THIN * extents.max(axis=1)
    found: NDArray[np.bool_] = (share > _RIM) | (crosses & thin)
    return found


def _extents(labels: NDArray[np.intp]) -> NDArray[np.intp]:
    """Return the rows and columns (n + 1, 2) that each patch reaches over."""
    places, which = np.nonzero(labels), labels[labels > 0]
    found = np.zeros((int(labels.max()) + 1, 2), np.intp)
    for axis, place in enumerate(places):
        low, high = np.full(len(found), labels.size), np.full(len(found), -1)
        np.minimum.at(low, which, place)
        np.maximum.at(high, which, place)
        found[:, axis] = np.maximum(high - low + 1, 0)
    return found

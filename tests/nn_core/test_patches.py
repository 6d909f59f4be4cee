"""What hangs together, and what was written."""

from __future__ import annotations

import numpy as np

from nn_core.patches import patches, written


def _mask(text: str) -> np.ndarray:
    return np.array([[cell == "#" for cell in row] for row in text.split()])


def test_cells_hang_together_along_sides_and_corners() -> None:
    mask = _mask("#..## .#..# ..#.. ....# #...#")
    labels = patches(mask)
    assert (labels > 0).tolist() == mask.tolist()
    assert labels.max() == 4
    assert labels[0, 0] == labels[1, 1] == labels[2, 2]
    assert labels[0, 3] == labels[1, 4] != labels[0, 0]
    assert labels[3, 4] == labels[4, 4] != labels[0, 3]


def test_a_long_spiral_is_one_patch() -> None:
    mask = np.ones((41, 41), bool)
    for k in range(1, 20, 2):
        mask[k, k : 41 - k] = mask[40 - k, k : 41 - k] = mask[k : 41 - k, k] = mask[k : 41 - k, 40 - k] = False
        mask[k + 1, k] = True
    assert patches(mask).max() == 1


def test_nothing_is_no_patch() -> None:
    nothing = np.zeros((5, 7), bool)
    assert patches(nothing).max() == 0
    assert not written(nothing).any()


def test_specks_edges_and_lines_were_not_written() -> None:
    mask = np.zeros((60, 80), bool)
    mask[20:40, 30:34] = mask[20:24, 30:45] = True  # a stroke
    digit = mask.copy()
    mask[3, 3] = True  # a speck
    mask[:, :6] = True  # the edge of a sheet
    mask[50, 8:] = True  # a printed line
    mask[10] = True
    np.testing.assert_array_equal(written(mask), digit)


def test_ink_that_fills_the_picture_is_kept() -> None:
    mask = np.zeros((40, 30), bool)
    mask[:6] = mask[:, 24:] = True  # a 7, cut close
    np.testing.assert_array_equal(written(mask), mask)


def test_ink_that_is_cut_off_is_kept_beside_other_ink() -> None:
    mask = np.zeros((60, 80), bool)
    mask[:25, 20:24] = mask[20:50, 50:54] = True
    np.testing.assert_array_equal(written(mask), mask)

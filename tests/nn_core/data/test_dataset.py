"""The two splits: what they refuse, and that nobody can change what they hold."""

from __future__ import annotations

import dataclasses

import numpy as np
import pytest

from nn_core.data import Dataset, Split
from nn_core.errors import DataError
from tests.nn_core.data.idx_files import digits

IMAGES, LABELS = digits(5, seed=0)


def test_holds_read_only_views_and_leaves_the_callers_arrays_alone() -> None:
    images, labels = IMAGES.copy(), LABELS.copy()
    split = Split(images, labels)
    assert len(split) == 5
    assert np.shares_memory(split.images, images)
    for array in (split.images, split.labels):
        with pytest.raises(ValueError, match="read-only"):
            array[0] = 1
    assert images.flags.writeable
    assert labels.flags.writeable


def test_is_frozen() -> None:
    split = Split(IMAGES, LABELS)
    with pytest.raises(dataclasses.FrozenInstanceError):
        split.labels = LABELS  # type: ignore[misc]
    assert Dataset("noise", split, split) != Dataset("noise", split, split)  # compared as objects, never array by array


@pytest.mark.parametrize(
    "images, labels, words",
    [
        (IMAGES[:, :27], LABELS, r"uint8 of shape \(5, 27, 28\) where images"),
        (IMAGES.reshape(5, 784), LABELS, r"shape \(5, 784\) where images"),
        (IMAGES.astype(np.float32), LABELS, "float32 of shape .* where images"),
        (IMAGES[:0], LABELS[:0], "no image at all"),
        (IMAGES, IMAGES, r"uint8 of shape \(5, 28, 28\) where labels"),
        (IMAGES, LABELS.astype(np.int64), "int64 of shape .* where labels"),
        (IMAGES, LABELS[:4], "4 labels for 5 images"),
        (IMAGES, np.array([0, 9, 10, 3, 26], np.uint8), "label 10 at place 2"),
    ],
)
def test_what_does_not_belong_together_is_refused(images: np.ndarray, labels: np.ndarray, words: str) -> None:
    with pytest.raises(DataError, match=words):
        Split(images, labels)

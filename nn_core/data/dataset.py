"""Digits in memory: images and labels as bytes, in a training and a test split."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass

import numpy as np

from nn_core.data.idx import Bytes
from nn_core.errors import DataError

SIDE = 28  # pixels along each edge of an image
CLASSES = 10


@dataclass(frozen=True, slots=True, eq=False)
class Split:
    """Images of one digit each and what they show; the arrays held are read-only views of those given.

    Raises:
        DataError: wrong shape or type, no image at all, unequal counts, or a label above 9.
    """

    images: Bytes  # uint8 (N, 28, 28), ink 255 on paper 0
    labels: Bytes  # uint8 (N,), 0 to 9

    def __post_init__(self) -> None:
        fault = image_fault(self.images) or label_fault(self.labels, len(self.images))
        if fault:
            raise DataError(f"this split of a dataset {fault}")
        object.__setattr__(self, "images", _read_only(self.images))
        object.__setattr__(self, "labels", _read_only(self.labels))

    def __len__(self) -> int:
        return len(self.labels)

    def first(self, count: int) -> Split:
        """The first `count` of them, all with 0 or when there are no more."""
        return Split(self.images[:count], self.labels[:count]) if count else self

    def mark(self) -> str:
        """A word that a split with other labels, or with more or fewer of them, does not have."""
        return f"{len(self)}-{hashlib.sha256(self.labels.tobytes()).hexdigest()[:16]}"


@dataclass(frozen=True, slots=True, eq=False)
class Dataset:
    """What a network learns from, what it is examined with, and what shows on the way when it has learnt enough."""

    name: str
    train: Split
    test: Split
    validation: Split | None = None  # held out of the training split
    held_out: int = 0  # training images that are the test instead of the set's own
    #: Of what sets the training images come, in their order: name and number of each; empty where all are of this one.
    origins: tuple[tuple[str, int], ...] = ()


def image_fault(images: Bytes) -> str:
    """What keeps an array from being a split's images, as the end of a sentence; empty when nothing does."""
    if images.dtype != np.uint8 or images.ndim != 3 or images.shape[1:] != (SIDE, SIDE):
        found = f"{images.dtype} of shape {images.shape}"
        return f"holds {found} where images, uint8 of shape (N, {SIDE}, {SIDE}), are expected"
    return "" if len(images) else "holds no image at all"


def label_fault(labels: Bytes, count: int) -> str:
    """What keeps an array from labelling `count` images, as the end of a sentence; empty when nothing does."""
    if labels.dtype != np.uint8 or labels.ndim != 1:
        return f"holds {labels.dtype} of shape {labels.shape} where labels, uint8 of shape (N,), are expected"
    if len(labels) != count:
        return f"holds {len(labels)} labels for {count} images"
    wrong = np.flatnonzero(labels >= CLASSES)
    return f"holds the label {labels[wrong[0]]} at place {wrong[0]}, and digits end at 9" if len(wrong) else ""


def _read_only(array: Bytes) -> Bytes:
    view = array.view()
    view.flags.writeable = False
    return view

"""Digits for the Labs' experiments: MNIST where it is, else another set of the folder, else drawn pen strokes."""

from __future__ import annotations

from collections.abc import Generator
from dataclasses import replace
from pathlib import Path

import numpy as np

from nn_core.data import Dataset, Split, find_datasets, load_dataset
from nn_core.errors import SettingsError
from nn_core.events import Working
from nn_core.loading import PEN_STROKES
from nn_core.pen import pen_blocks
from nn_core.randomness import Purpose, generator

#: Of the pen strokes only as many test digits are drawn as the experiments look at.
PEN_TESTED = 1000


def digits_for(folder: Path, images: int) -> Generator[Working, None, Dataset]:
    """The first `images` training digits, as many as there are, and the test digits; yields how far it is.

    Raises:
        DataError: a set is there, but damaged.
        SettingsError: `images` is not positive.
    """
    if images < 1:
        raise SettingsError(f"images (={images}) must be at least 1")
    found = find_datasets(folder)
    if not found:
        return (yield from _drawn(images))
    name = "mnist" if "mnist" in found else next(iter(found))
    yield Working(f"Loading {name}", 0, 1)
    dataset = load_dataset(folder, name)
    train = dataset.train
    return replace(dataset, train=Split(train.images[:images], train.labels[:images]))


class KeptDigits:
    """Digits that are loaded once, and kept for as long as the same are wanted."""

    def __init__(self) -> None:
        self._wanted: tuple[Path, int] | None = None
        self._dataset: Dataset | None = None

    def get(self, folder: Path, images: int) -> Generator[Working, None, Dataset]:
        """As `digits_for`."""
        if self._dataset is None or self._wanted != (folder, images):
            self._dataset = yield from digits_for(folder, images)
            self._wanted = folder, images
        return self._dataset


def _drawn(images: int) -> Generator[Working, None, Dataset]:
    """The first of the digits that `load` draws for training, and the first for the test."""
    splits, done, total = [], 0, images + PEN_TESTED
    for count, purpose in ((images, Purpose.PEN_TRAIN), (PEN_TESTED, Purpose.PEN_TEST)):
        blocks = []
        for block in pen_blocks(count, rng=generator(0, purpose)):
            blocks.append(block)
            done += len(block)
            yield Working("Drawing pen strokes", done, total)
        pictures = np.concatenate([block.images for block in blocks])
        splits.append(Split(pictures, np.concatenate([block.labels for block in blocks])))
    return Dataset(PEN_STROKES, splits[0], splits[1])

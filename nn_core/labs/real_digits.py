"""Digits for the Labs' experiments: MNIST where it is, else another set of the folder, else drawn pen strokes."""

from __future__ import annotations

from collections.abc import Generator
from dataclasses import replace
from pathlib import Path

from nn_core.data import Dataset, Split, find_datasets, load_dataset
from nn_core.errors import SettingsError
from nn_core.events import Working
from nn_core.loading import draw_strokes

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
        return (yield from draw_strokes(images, PEN_TESTED))
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

"""From the name of a dataset to the dataset."""

from __future__ import annotations

from collections.abc import Generator
from pathlib import Path

import numpy as np

from nn_core.data import Dataset, Split, load_dataset
from nn_core.errors import SettingsError
from nn_core.events import Working
from nn_core.pen import pen_blocks
from nn_core.randomness import Purpose, generator

#: The embedded dataset: it needs no file, the program draws it.
PEN_STROKES = "strokes"
PEN_TRAIN, PEN_TEST = 60_000, 10_000


def load(name: str, folder: Path, hold_out: int = 0) -> Generator[Working, None, Dataset]:
    """Load a dataset by name; yields how far it is, returns it.

    `strokes` are drawn by the program, always the same ones; other names are those of sets in `folder`. Names joined
    by `+` are trained on together, and the first one's test split is the test; one that is named twice counts twice:
    `mnist+mnist+strokes`; of `strokes` as many again are drawn. With `hold_out` the last images of the first one's
    training split are the test instead, for choosing settings honestly.

    Raises:
        DataError: a set is missing or damaged.
        SettingsError: there is no name, or `hold_out` leaves nothing.
    """
    names = name.split("+")
    if not all(names):
        raise SettingsError(f"dataset (={name!r}) must be a name, or names joined by +")
    sets: dict[str, Dataset] = {}
    for one in dict.fromkeys(names):
        if one == PEN_STROKES:
            sets[one] = yield from _draw(PEN_TRAIN * names.count(one), with_test=not sets)
        else:
            yield Working(f"Loading {one}", 0, 1)
            sets[one] = load_dataset(folder, one)
    if hold_out:
        sets[names[0]] = _without_last(sets[names[0]], hold_out)
    if len(names) == 1:
        return sets[name]
    parts = [sets[one].train for place, one in enumerate(names) if one != PEN_STROKES or one not in names[:place]]
    images = np.concatenate([part.images for part in parts])
    labels = np.concatenate([part.labels for part in parts])
    return Dataset(name, Split(images, labels), sets[names[0]].test)


def _without_last(dataset: Dataset, count: int) -> Dataset:
    if not 0 < count < len(dataset.train):
        raise SettingsError(f"hold-out (={count}) must lie between 1 and {len(dataset.train) - 1}")
    images, labels = dataset.train.images, dataset.train.labels
    return Dataset(dataset.name, Split(images[:-count], labels[:-count]), Split(images[-count:], labels[-count:]))


def _draw(count: int, with_test: bool) -> Generator[Working, None, Dataset]:
    """Draw the pen strokes; the test split only when somebody will look at it."""
    total = count + (PEN_TEST if with_test else 0)
    train = yield from _draw_split(count, Purpose.PEN_TRAIN, 0, total)
    test = (yield from _draw_split(PEN_TEST, Purpose.PEN_TEST, count, total)) if with_test else train
    return Dataset(PEN_STROKES, train, test)


def _draw_split(count: int, purpose: Purpose, before: int, total: int) -> Generator[Working, None, Split]:
    blocks = []
    for block in pen_blocks(count, rng=generator(0, purpose)):
        blocks.append(block)
        before += len(block)
        yield Working("Drawing pen strokes", before, total)
    images = np.concatenate([block.images for block in blocks])
    return Split(images, np.concatenate([block.labels for block in blocks]))

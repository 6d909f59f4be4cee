"""From the name of a dataset to the dataset."""

from __future__ import annotations

from collections.abc import Generator
from pathlib import Path

import numpy as np

from nn_core.data import Dataset, Split, load_dataset
from nn_core.errors import SettingsError
from nn_core.events import Working
from nn_core.randomness import Purpose, generator

#: The embedded dataset: it needs no file, the program draws it.
PEN_STROKES = "strokes"
PEN_TRAIN, PEN_TEST = 60_000, 10_000


def load(name: str, folder: Path, hold_out: int = 0, validation: int = 0) -> Generator[Working, None, Dataset]:
    """Load a dataset by name; yields how far it is, returns it.

    `strokes` are drawn by the program, always the same ones; other names are those of sets in `folder`. Names joined
    by `+` are trained on together, and the first one's test split is the test; one that is named twice counts twice:
    `mnist+mnist+strokes`; of `strokes` as many again are drawn. With `hold_out` the last images of the first one's
    training split are the test instead, for choosing settings honestly. Then the last `validation` of what is left are
    held out of training, for the run itself to be watched by; however often a set is named, none of them is among the
    images trained on.

    Raises:
        DataError: a set is missing or damaged.
        SettingsError: there is no name, or `hold_out` or `validation` leaves nothing.
    """
    names = name.split("+")
    if not all(names):
        raise SettingsError(f"dataset (={name!r}) must be a name, or names joined by +")
    sets: dict[str, Dataset] = {}
    for one in dict.fromkeys(names):
        if one == PEN_STROKES:
            sets[one] = yield from draw_strokes(PEN_TRAIN * names.count(one), 0 if sets else PEN_TEST)
        else:
            yield Working(f"Loading {one}", 0, 1)
            sets[one] = load_dataset(folder, one)
    first = sets[names[0]]
    if hold_out:
        rest, last = _parted(first.train, hold_out, "hold-out")
        first = sets[names[0]] = Dataset(first.name, rest, last, held_out=hold_out)
    if validation:
        rest, last = _parted(first.train, validation, "validation")
        first = sets[names[0]] = Dataset(first.name, rest, first.test, last, hold_out)
    if len(names) == 1:
        return sets[name]
    order = [one for place, one in enumerate(names) if one != PEN_STROKES or one not in names[:place]]
    images = np.concatenate([sets[one].train.images for one in order])
    labels = np.concatenate([sets[one].train.labels for one in order])
    origins = tuple((one, len(sets[one].train)) for one in order)
    return Dataset(name, Split(images, labels), first.test, first.validation, hold_out, origins)


def _parted(split: Split, count: int, what: str) -> tuple[Split, Split]:
    """All but the last `count` images of a split, and those."""
    if not 0 < count < len(split):
        raise SettingsError(f"{what} (={count}) must lie between 1 and {len(split) - 1}")
    images, labels = split.images, split.labels
    return Split(images[:-count], labels[:-count]), Split(images[-count:], labels[-count:])


def draw_strokes(trained: int = PEN_TRAIN, tested: int = PEN_TEST) -> Generator[Working, None, Dataset]:
    """Draw so many pen strokes to train on and to test with, of which the first are always the same ones.

    With none to test with, the test split is the training split: nobody will look at it.
    """
    train = yield from _draw_split(trained, Purpose.PEN_TRAIN, 0, trained + tested)
    test = (yield from _draw_split(tested, Purpose.PEN_TEST, trained, trained + tested)) if tested else train
    return Dataset(PEN_STROKES, train, test)


def _draw_split(count: int, purpose: Purpose, before: int, total: int) -> Generator[Working, None, Split]:
    from nn_core.pen import pen_blocks  # where strokes are drawn alone: the window starts without the pen

    blocks = []
    for block in pen_blocks(count, rng=generator(0, purpose)):
        blocks.append(block)
        before += len(block)
        yield Working("Drawing pen strokes", before, total)
    images = np.concatenate([block.images for block in blocks])
    return Split(images, np.concatenate([block.labels for block in blocks]))

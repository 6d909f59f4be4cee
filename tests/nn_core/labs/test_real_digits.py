"""Digits for the Labs, wherever they come from."""

from __future__ import annotations

import numpy as np
import pytest

from nn_core.errors import SettingsError
from nn_core.labs.real_digits import PEN_TESTED, KeptDigits, digits_for
from nn_core.loading import PEN_STROKES
from nn_core.pen import pen_digits
from nn_core.randomness import Purpose, generator
from tests.nn_core.data.idx_files import MNIST_NAMES, idx_bytes, write


def last(steps):
    while True:
        try:
            next(steps)
        except StopIteration as end:
            return end.value


def test_an_empty_folder_gives_the_first_pen_strokes(tmp_path):
    found = last(digits_for(tmp_path, 30))
    assert (found.name, len(found.train), len(found.test)) == (PEN_STROKES, 30, PEN_TESTED)
    first = pen_digits(30, rng=generator(0, Purpose.PEN_TRAIN))
    assert np.array_equal(found.train.images, first.images)


def folder_of_50(path):
    drawn = pen_digits(50, rng=np.random.default_rng(0))
    for name, values in zip(MNIST_NAMES, (drawn.images, drawn.labels, drawn.images, drawn.labels), strict=True):
        write(path / "mine" / name, idx_bytes(values))
    return path


def test_a_set_of_the_folder_gives_its_first_images(tmp_path):
    found = last(digits_for(folder_of_50(tmp_path), 20))
    assert (found.name, len(found.train), len(found.test)) == ("mine", 20, 50)


def test_no_image_is_an_error(tmp_path):
    with pytest.raises(SettingsError, match=r"images \(=0\)"):
        last(digits_for(tmp_path, 0))


def test_digits_are_kept_while_the_same_are_wanted(tmp_path):
    digits, folder = KeptDigits(), folder_of_50(tmp_path)
    first = last(digits.get(folder, 10))
    assert last(digits.get(folder, 10)) is first
    assert len(last(digits.get(folder, 20)).train) == 20

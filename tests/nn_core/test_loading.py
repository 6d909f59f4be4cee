"""Datasets by name, alone and joined."""

from __future__ import annotations

from collections.abc import Generator
from pathlib import Path

import numpy as np
import pytest

from nn_core.data import Dataset
from nn_core.errors import DataError, SettingsError
from nn_core.loading import load
from tests.nn_core.data.idx_files import TEST, TRAIN, write_set


def loaded(name: str, folder: Path, hold_out: int = 0, validation: int = 0) -> Dataset:
    loading: Generator[object, None, Dataset] = load(name, folder, hold_out, validation)
    while True:
        try:
            next(loading)
        except StopIteration as end:
            return end.value


@pytest.fixture
def folder(tmp_path):
    write_set(tmp_path / "one", seed=1)
    write_set(tmp_path / "two", seed=5)
    return tmp_path


def test_a_name_alone(folder):
    dataset = loaded("one", folder)
    assert len(dataset.train) == TRAIN
    assert len(dataset.test) == TEST


def test_joined_names_train_together_and_the_first_one_tests(folder):
    one, two, both = loaded("one", folder), loaded("two", folder), loaded("one+two+one", folder)
    assert np.array_equal(both.train.images, np.concatenate([one.train.images, two.train.images, one.train.images]))
    assert np.array_equal(both.test.images, one.test.images)


def test_what_is_held_out_is_nowhere_in_the_training_images(folder):
    one, held = loaded("one", folder), loaded("one+one", folder, 2)
    assert np.array_equal(held.test.images, one.train.images[-2:])
    assert np.array_equal(held.train.images, np.concatenate([one.train.images[:-2]] * 2))


def test_what_the_run_is_watched_by_is_nowhere_else(folder):
    one, held = loaded("one", folder), loaded("one+two+one", folder, 2, 3)
    assert np.array_equal(held.test.images, one.train.images[-2:])
    assert held.validation is not None
    assert np.array_equal(held.validation.images, one.train.images[-5:-2])
    rest = one.train.images[:-5]
    assert np.array_equal(held.train.images, np.concatenate([rest, loaded("two", folder).train.images, rest]))
    assert one.validation is None


def test_names_and_counts_that_do_not_exist(folder):
    with pytest.raises(DataError, match="three"):
        loaded("one+three", folder)
    with pytest.raises(SettingsError, match=r"dataset \(='one\+'\)"):
        loaded("one+", folder)
    with pytest.raises(SettingsError, match="hold-out"):
        loaded("one", folder, TRAIN)
    with pytest.raises(SettingsError, match="validation"):
        loaded("one", folder, 2, TRAIN - 2)


def test_strokes_named_twice_are_drawn_anew(folder, monkeypatch):
    monkeypatch.setattr("nn_core.loading.PEN_TRAIN", 6)
    monkeypatch.setattr("nn_core.loading.PEN_TEST", 4)
    once, twice, both = (loaded(name, folder) for name in ("strokes", "strokes+strokes", "strokes+one+strokes"))
    assert len(twice.train) == 12
    assert np.array_equal(twice.train.images[:6], once.train.images)
    assert len({image.tobytes() for image in twice.train.images}) == 12
    assert np.array_equal(both.train.images, np.concatenate([twice.train.images, loaded("one", folder).train.images]))
    assert np.array_equal(both.test.images, once.test.images)


def test_loading_can_be_given_up(folder):
    loading = load("strokes", folder)
    assert next(loading).total == 70_000
    loading.close()

"""The folder of own digits: whole files, one digit each, whoever writes beside."""

from __future__ import annotations

import os

import numpy as np
import pytest

from nn_core.errors import DataError
from nn_core.ink import Stroke
from nn_core.own_digits import OwnDigit
from nn_core.own_store import OwnStore


def digit(number: int, label: int = 3) -> OwnDigit:
    return OwnDigit((Stroke(np.array([(60, 60), (100 + number, 200)]), 20.0),), label, number)


ONE, TWO = digit(1), digit(2)


def test_digits_are_kept_changed_and_removed(tmp_path):
    store = OwnStore(tmp_path / "not" / "there")
    assert store.look() == ([], [])
    store.keep([ONE, TWO])
    assert store.look() == ([], [])  # what was written here is no news
    other = OwnStore(store.folder)
    assert sorted(other.look()[0]) == sorted([ONE.key, TWO.key])
    assert other.load(ONE.key).label == 3
    other.keep([ONE.labelled(8)])
    other.remove([TWO.key, TWO.key])
    assert store.look() == ([ONE.key], [TWO.key])
    assert store.load(ONE.key).label == 8
    with pytest.raises(DataError, match="does not exist"):
        store.load(TWO.key)


def test_a_damaged_file_harms_no_other(tmp_path):
    store = OwnStore(tmp_path)
    store.keep([ONE, TWO])
    path = tmp_path / f"{ONE.key}.digits"
    path.write_bytes(path.read_bytes()[:-20])
    fresh = OwnStore(tmp_path)
    assert len(fresh.look()[0]) == 2
    with pytest.raises(DataError, match=ONE.key):
        fresh.load(ONE.key)
    assert fresh.load(TWO.key).key == TWO.key


def test_a_file_under_another_name_is_refused(tmp_path):
    store = OwnStore(tmp_path)
    store.keep([ONE])
    os.rename(tmp_path / f"{ONE.key}.digits", tmp_path / f"{TWO.key}.digits")
    with pytest.raises(DataError, match="another drawing"):
        store.load(TWO.key)


def test_strangers_in_the_folder_are_left_alone(tmp_path):
    for name in ("notes.txt", "backup.digits", f".{ONE.key}.digits.x.part"):
        (tmp_path / name).write_text("mine")
    assert OwnStore(tmp_path).look() == ([], [])


@pytest.mark.skipif(os.name != "posix", reason="links need rights elsewhere")
def test_a_link_to_nothing_is_passed_over(tmp_path):
    (tmp_path / f"{ONE.key}.digits").symlink_to(tmp_path / "gone")
    assert OwnStore(tmp_path).look() == ([], [])


def test_a_folder_that_cannot_be_is_told(tmp_path):
    (tmp_path / "file").write_text("in the way")
    store = OwnStore(tmp_path / "file")
    assert store.look() == ([], [])
    with pytest.raises(DataError, match="file could not be made"):
        store.keep([ONE])

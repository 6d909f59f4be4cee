"""Augmentation in words: read, checked, and written again."""

from __future__ import annotations

import pytest

from nn_core.augment import Augmentation
from nn_core.augment_text import AMOUNTS, NONE, augmentation_text, parse_augmentation
from nn_core.errors import SettingsError


def test_amounts_are_read_and_what_is_not_named_is_0():
    found = parse_augmentation("rotation=15, noise = 0.05,flip-horizontal")
    assert (found.rotation, found.noise, found.flip_horizontal) == (15, 0.05, 0.5)
    assert (found.shift, found.elastic, found.flip_vertical) == (0, 0, 0)
    assert parse_augmentation("usual") == Augmentation()
    assert parse_augmentation("usual,crop=4,shift=0") == Augmentation(crop=4, shift=0)


@pytest.mark.parametrize("name", AMOUNTS)
def test_each_amount_has_its_range(name):
    amount = AMOUNTS[name]
    assert getattr(parse_augmentation(f"{name}={amount.most}"), amount.field) == amount.most
    for value in (-0.1, amount.most + 0.1, "nan", "inf", "much"):
        with pytest.raises(SettingsError, match=f"{name} .='{value}'. must lie between 0 and"):
            parse_augmentation(f"{name}={value}")


@pytest.mark.parametrize("text, told", [
    ("blur=3", "'blur'"),
    ("", "''"),
    ("noise", "noise .=''. must lie"),
    ("noise=0.1,usual", "'usual'"),
    ("noise=0.1,noise=0.2", "noise twice"),
    ("grid=5", "'grid'"),
])  # fmt: skip
def test_what_is_no_augmentation_is_named(text, told):
    with pytest.raises(SettingsError, match=told):
        parse_augmentation(text)


@pytest.mark.parametrize("text", ["usual", "rotation=15,noise=0.05,flip-horizontal=0.3", "crop=4"])
def test_there_and_back(text):
    assert augmentation_text(parse_augmentation(text)) == text
    assert augmentation_text(NONE) == ""
